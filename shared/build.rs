//! Makes `words.rs` from `locales/`: the enums `Word` and `Count` from the keys of `en.json`, and the words of each language.
//! Fails if a language lacks a key or has one that English does not have.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an error here stops the build, and says why"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

/// The categories of CLDR, in the order in which the words of a count are written.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// The group of the words that depend on a number.
const COUNTS: &str = "count";

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("locales");
    let read = |name: &str| -> Map<String, Value> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let english = flat(&read("en.json"));
    let is_count = |key: &str| key.starts_with(COUNTS);
    let words: Vec<&String> = english.keys().filter(|key| !is_count(key)).collect();
    let counts: Vec<&String> = english.keys().filter(|key| is_count(key)).collect();

    let mut out = String::new();
    enumeration(&mut out, "Word", "What is said: the name of a text in `locales/`.", &words, &english);
    enumeration(&mut out, "Count", "What is said with a number.", &counts, &english);
    let mut names = Vec::new();
    for (tag, cldr) in &read("cldr.json") {
        let its = flat(&read(&format!("{tag}.json")));
        let missing = english.keys().filter(|key| !its.contains_key(*key));
        let more = its.keys().filter(|key| !english.contains_key(*key));
        let wrong: Vec<&String> = missing.chain(more).collect();
        assert!(
            wrong.is_empty(),
            "locales/{tag}.json and locales/en.json do not have the same keys: {wrong:?}"
        );
        let mut lines: Vec<String> = words.iter().map(|key| line(&its[*key])).collect();
        for key in &counts {
            let text = |category: &&str| its[*key].get(*category).map_or_else(String::new, line);
            lines.extend(CATEGORIES.iter().map(text));
        }
        let name = tag.to_uppercase().replace('-', "_");
        let list = |name: &str| -> Vec<String> { cldr[name].as_array().unwrap().iter().map(line).collect() };
        writeln!(
            out,
            "static {name}: Language = Language {{ tag: {tag:?}, name: {}, is_right_to_left: {}, plural: {}, decimal: {}, percent: {}, day: {}, months_short: {:?}, month: {}, months: {:?}, moment: {}, clock: {}, list: {}, lines: {:?} }};",
            cldr["name"],
            cldr["direction"] == "rtl",
            cldr["plural"],
            quoted(&cldr["decimal"]),
            quoted(&cldr["percent"]),
            quoted(&cldr["day"]),
            list("months_short").join("\n"),
            quoted(&cldr["month"]),
            list("months").join("\n"),
            quoted(&cldr["moment"]),
            quoted(&cldr["clock"]),
            quoted(&cldr["list"]),
            lines.join("\n"),
        )
        .unwrap();
        names.push(format!("&{name}"));
    }
    writeln!(out, "static LANGUAGES: &[&Language] = &[{}];", names.join(", ")).unwrap();
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("words.rs"), out).unwrap();
}

/// The texts of a file by their keys, such as `level.major`. A count keeps its categories.
fn flat(file: &Map<String, Value>) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (group, value) in file {
        match value.as_object() {
            Some(texts) => {
                all.extend(texts.iter().map(|(key, text)| (format!("{group}.{key}"), text.clone())))
            }
            None => drop(all.insert(group.clone(), value.clone())),
        }
    }
    all
}

/// A text, which must be one line.
fn line(text: &Value) -> String {
    let text = text.as_str().unwrap_or_else(|| panic!("not a text: {text}"));
    assert!(!text.contains('\n') && !text.is_empty(), "a text is one line: {text:?}");
    text.to_owned()
}

fn quoted(text: &Value) -> String {
    format!("{:?}", line(text))
}

fn enumeration(
    out: &mut String,
    name: &str,
    about: &str,
    keys: &[&String],
    english: &BTreeMap<String, Value>,
) {
    writeln!(out, "/// {about}\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum {name} {{").unwrap();
    for key in keys {
        let text = &english[*key];
        let text = text.get("other").unwrap_or(text).as_str().unwrap();
        writeln!(out, "    /// `{key}`: \u{201c}{text}\u{201d}\n    {},", variant(key)).unwrap();
    }
    let variants: Vec<String> = keys.iter().map(|key| format!("Self::{}", variant(key))).collect();
    writeln!(
        out,
        "}}\nimpl {name} {{\n    /// All of them.\n    pub const ALL: &'static [Self] = &[{}];\n}}",
        variants.join(", ")
    )
    .unwrap();
}

/// `page.last_change` becomes `PageLastChange`; the group of counts is left out.
fn variant(key: &str) -> String {
    let parts = key.split(['.', '_']).skip(usize::from(key.starts_with(COUNTS)));
    parts.map(|part| format!("{}{}", part[..1].to_ascii_uppercase(), &part[1..])).collect()
}
