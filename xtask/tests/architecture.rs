//! Checks the allowed arrows between folders and files by their imports. A failure names the line that breaks a rule.
//!
//! A folder imports only from the folders before it in the list of its crate. Files do not import each other in a
//! circle. A `mod.rs` only declares and re-exports. No file is longer than 400 lines.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders and files at the root of a crate, lowest first.
const SHARED: &[&str] = &[
    "limits",
    "time",
    "text",
    "words",
    "state",
    "bulletin",
    "review",
    "record",
    "panel",
    "published",
    "update",
    "rules",
    "schema",
    "lib",
];
const EDGE: &[&str] = &[
    "clock",
    "redact",
    "log",
    "target",
    "wait",
    "document",
    "names",
    "http",
    "settings",
    "meter",
    "storage",
    "render",
    "assets",
    "object",
    "write",
    "read",
    "simulation",
    "openapi",
    "fuzz",
    "lib",
];
/// The largest number of lines of a file.
const LINES: usize = 400;

/// The files that a file imports, each with the line of the first import.
type Imports = BTreeMap<PathBuf, usize>;

struct Crate {
    source: PathBuf,
    layers: &'static [&'static str],
    files: BTreeMap<PathBuf, Imports>,
}

impl Crate {
    fn read(name: &str, layers: &'static [&'static str]) -> Self {
        let source = xtask::paths::root().join(name).join("src");
        let mut all = Vec::new();
        list(&source, &mut all);
        let files = all.into_iter().map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let imports = imports(&source, &file, &text);
            (file, imports)
        });
        Self { files: files.collect(), source, layers }
    }

    fn layer(&self, file: &Path) -> usize {
        let first = file.strip_prefix(&self.source).unwrap().components().next().unwrap();
        let name = Path::new(first.as_os_str()).with_extension("");
        let name = name.to_string_lossy();
        let place = self.layers.iter().position(|layer| *layer == name);
        place.unwrap_or_else(|| panic!("{name} is in no layer: add it to the list in this test at its place"))
    }

    /// Imports from a lower folder to a higher one.
    fn upward(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (file, imports) in &self.files {
            for (target, line) in imports {
                if self.layer(target) > self.layer(file) {
                    let rule = format!("{} may not import from {}", shown(file), shown(target));
                    found.push(format!("{}:{line}: {rule}", shown(file)));
                }
            }
        }
        found
    }

    /// Circles of files, each as the lines of its imports.
    fn circles(&self) -> Vec<String> {
        let mut found = Vec::new();
        for file in self.files.keys() {
            if let Some(path) = self.way_back(file) {
                let lines = path
                    .windows(2)
                    .map(|pair| format!("{}:{}", shown(&pair[0]), self.files[&pair[0]][&pair[1]]));
                found.push(format!("circle: {}", lines.collect::<Vec<_>>().join(" -> ")));
            }
        }
        found
    }

    /// The shortest path of imports from a file back to itself.
    fn way_back(&self, start: &PathBuf) -> Option<Vec<PathBuf>> {
        let mut ways = vec![vec![start.clone()]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for target in self.files.get(way.last()?).into_iter().flat_map(BTreeMap::keys) {
                    let mut way = way.clone();
                    way.push(target.clone());
                    if target == start {
                        return Some(way);
                    }
                    if seen.insert(target.clone()) {
                        longer.push(way);
                    }
                }
            }
            ways = longer;
        }
        None
    }
}

fn list(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

fn shown(file: &Path) -> String {
    file.strip_prefix(xtask::paths::root()).unwrap().display().to_string()
}

/// The lines of a file with their numbers, without comments and without the unit tests at the end.
fn code(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().take_while(|line| *line != "mod tests {");
    lines
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim().starts_with("//"))
        .collect()
}

fn imports(source: &Path, file: &Path, text: &str) -> Imports {
    let mut found = Imports::new();
    let mut add = |target: Option<PathBuf>, line: usize| {
        if let Some(target) = target.filter(|target| target != file) {
            found.entry(target).or_insert(line);
        }
    };
    for (line, path) in paths(&code(text)) {
        add(resolve(source, file, &path), line);
    }
    for (line, text) in code(text) {
        let name = text
            .trim()
            .trim_start_matches("pub ")
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        if let Some(name) = name {
            add(resolve(source, file, &["self".to_owned(), name.to_owned()]), line);
        }
    }
    found
}

/// Every path that begins with `crate::`, `super::` or `self::`. A group yields one path for each of its members.
fn paths(code: &[(usize, &str)]) -> Vec<(usize, Vec<String>)> {
    let mut text = String::new();
    let mut line_of = Vec::new();
    for (number, line) in code {
        text.push_str(line);
        text.push('\n');
        line_of.resize(text.len(), *number);
    }
    let mut found = Vec::new();
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(root) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '"') {
                continue;
            }
            spread(&text[at..], at, &[], &mut |path, at| found.push((line_of[at], path)));
        }
    }
    found
}

/// Reads one path with its groups and returns the length of its text.
fn spread(text: &str, at: usize, base: &[String], found: &mut impl FnMut(Vec<String>, usize)) -> usize {
    let mut path = base.to_owned();
    let mut read = 0;
    loop {
        let rest = &text[read..];
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if word > 0 {
            path.push(rest[..word].to_owned());
            read += word;
        }
        let rest = &text[read..];
        if let Some(group) = rest.strip_prefix("::{") {
            let mut inside = 0;
            loop {
                inside += group[inside..].len() - group[inside..].trim_start().len();
                if group[inside..].starts_with('}') {
                    return read + 3 + inside + 1;
                }
                let step = spread(&group[inside..], at + read + 3 + inside, &path, found);
                inside += step;
                inside += group[inside..].find([',', '}']).unwrap_or(0);
                if group[inside..].starts_with(',') {
                    inside += 1;
                }
                if step == 0 {
                    return read + 3 + inside;
                }
            }
        }
        if rest.starts_with("::") {
            read += 2;
            continue;
        }
        found(path, at);
        return read;
    }
}

/// The file of the deepest module in a path.
fn resolve(source: &Path, file: &Path, path: &[String]) -> Option<PathBuf> {
    let is_mod = file.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
    // The folder of the module's children.
    let own = if is_mod { file.parent()?.to_path_buf() } else { file.with_extension("") };
    let mut folder = match path.first()?.as_str() {
        "crate" => source.to_path_buf(),
        "super" => own.parent()?.to_path_buf(),
        _ => own,
    };
    let mut target = mod_file(&folder);
    for name in &path[1..] {
        if name == "super" {
            folder = folder.parent()?.to_path_buf();
            target = mod_file(&folder);
            continue;
        }
        let file = folder.join(name).with_extension("rs");
        if file.is_file() {
            return Some(file);
        }
        folder = folder.join(name);
        match mod_file(&folder) {
            Some(inner) => target = Some(inner),
            None => return target,
        }
    }
    target
}

fn mod_file(folder: &Path) -> Option<PathBuf> {
    ["mod.rs", "lib.rs"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())
}

fn crates() -> [Crate; 2] {
    [Crate::read("shared", SHARED), Crate::read("edge", EDGE)]
}

#[test]
fn no_folder_imports_from_a_higher_one() {
    let found: Vec<String> = crates().iter().flat_map(Crate::upward).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found: Vec<String> = crates().iter().flat_map(Crate::circles).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_mod_file_only_declares_and_re_exports() {
    let mut found = Vec::new();
    for file in crates().iter().flat_map(|known| known.files.keys()) {
        if file.file_name().is_some_and(|name| name == "mod.rs") {
            let text = fs::read_to_string(file).unwrap();
            let item = |line: &str| {
                ["fn ", "struct ", "enum ", "impl", "static "]
                    .iter()
                    .any(|kind| line.trim_start_matches("pub ").starts_with(kind))
            };
            found.extend(
                code(&text)
                    .iter()
                    .filter(|(_, line)| item(line))
                    .map(|(line, _)| format!("{}:{line}", shown(file))),
            );
        }
    }
    assert!(
        found.is_empty(),
        "a mod.rs declares and re-exports; move this into a file of its own:\n{}\n",
        found.join("\n")
    );
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let files = crates();
    let long = files.iter().flat_map(|known| known.files.keys()).filter_map(|file| {
        let lines = fs::read_to_string(file).unwrap().lines().count();
        (lines > LINES).then(|| format!("{}: {lines} lines, at most {LINES}", shown(file)))
    });
    let long: Vec<String> = long.collect();
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}

#[test]
fn paths_are_read_from_uses_groups_and_expressions() {
    let lines = "use crate::text::{Id, markdown::to_html};\nuse super::kind::{Kind, typed};\nlet x = crate::log::error(a);\n// crate::rules\n";
    let found: Vec<(usize, String)> =
        paths(&code(lines)).into_iter().map(|(line, path)| (line, path.join("::"))).collect();
    let wanted = [
        (1, "crate::text::Id"),
        (1, "crate::text::markdown::to_html"),
        (3, "crate::log::error"),
        (2, "super::kind::Kind"),
        (2, "super::kind::typed"),
    ];
    assert_eq!(found, wanted.map(|(line, path)| (line, path.to_owned())));
}

/// Every word that a page says is in `shared/locales`. Names of formats are the same in every language.
#[test]
fn pages_say_no_word_of_their_own() {
    const NAMES: [&str; 6] = ["Atom", "RSS", "JSON Feed", "API", "/v1/updates", "0 0 90 10"];
    let mut found = Vec::new();
    for file in crates().iter().flat_map(|known| known.files.keys()) {
        if !file.to_string_lossy().contains("render/page/") {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (line, content) in
            code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            // What stands in an element, or in an attribute that is read aloud.
            let said = content.split("{ \"").skip(1).chain(content.split("aria-label=\"").skip(1));
            for said in said.filter_map(|rest| rest.split('"').next()) {
                // A lower-case word alone is the name of a class or of a direction.
                let is_word = said.contains(char::is_alphabetic)
                    && (said.contains(' ') || said.starts_with(char::is_uppercase));
                if is_word && !NAMES.contains(&said) && !said.contains('{') {
                    found.push(format!("{}:{}: {said}", shown(file), line + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "move these to shared/locales:\n{}\n", found.join("\n"));
}
