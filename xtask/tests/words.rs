//! What paints has no words: no text of `shared/locales` stands in a script or in the source of a component.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let all = all.flatten().map(|entry| entry.path());
    all.filter(|path| path.extension().is_some_and(|known| known == ending)).collect()
}

/// The texts that visitors read, in every language, as they are written. A lower-case word alone is left out: it may be a term of the
/// code.
fn words() -> BTreeSet<String> {
    fn collect(value: &Value, words: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                for part in text.split(['{', '}']).map(str::trim) {
                    let is_text = part.contains(' ')
                        || part.starts_with(char::is_uppercase)
                        || part.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
                    if is_text && part.chars().count() > 3 {
                        words.insert(part.to_owned());
                    }
                }
            }
            Value::Object(fields) => fields.values().for_each(|value| collect(value, words)),
            Value::Array(items) => items.iter().for_each(|value| collect(value, words)),
            _ => {}
        }
    }
    let mut words = BTreeSet::new();
    for file in files(&root().join("shared/locales"), "json") {
        if file.file_stem().is_some_and(|name| name != "cldr") {
            collect(&serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap(), &mut words);
        }
    }
    assert!(words.len() > 2_000 && words.contains("All systems operational"), "{}", words.len());
    words
}

/// The texts in quotation marks in a line of code that is not a comment.
fn quoted(line: &str) -> Vec<String> {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with('*') || line.starts_with("/*") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for quote in ['\'', '"', '`'] {
        found.extend(line.split(quote).skip(1).step_by(2).map(|text| text.trim().to_owned()));
    }
    found
}

#[test]
fn what_paints_has_no_words() {
    let widget = root().join("widget");
    let scripts = ["loader", "element"].map(|folder| files(&widget.join(folder), "js"));
    let sources = files(&widget.join("src"), "rs");
    let words = words();
    let mut found = Vec::new();
    for file in scripts.into_iter().flatten().chain(sources) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("\nmod tests").next().unwrap_or_default();
        for (line, content) in code.lines().enumerate() {
            for said in quoted(content) {
                let is_word = words.contains(&said)
                    || words.iter().any(|word| word.contains(' ') && said.contains(word.as_str()));
                if is_word {
                    found.push(format!("{}:{}: {said}", file.display(), line + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "move these to shared/locales:\n{}\n", found.join("\n"));
}

#[test]
fn a_word_in_a_script_is_found() {
    let words = words();
    for line in ["x.title = 'Dismiss'", "let a = \"Partial outage\"", "say(`Alle Systeme laufen normal`)"] {
        assert!(quoted(line).iter().any(|said| words.contains(said)), "{line}");
    }
    for line in ["// 'Dismiss'", "addEventListener('offline', x)", "level == 'resolved'"] {
        assert!(!quoted(line).iter().any(|said| words.contains(said)), "{line}");
    }
}
