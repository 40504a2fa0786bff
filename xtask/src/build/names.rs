//! Shortens the names of the imports and exports between the widget's module and its glue. wasm-bindgen's names
//! contain hashes, which do not compress and occur in both files.

use crate::{npm, process};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The map of new names that the optimiser prints.
#[derive(serde::Deserialize)]
struct Renamed {
    /// Module, name, new name. The new module name is always `a`.
    imports: Vec<(String, String, String)>,
    /// Name, new name.
    exports: Vec<(String, String)>,
}

/// Renames in both files. Each pair is the input path and the output path.
pub(super) fn shorten(features: &[&str], module: (&Path, &Path), glue: (&Path, &Path)) -> Result<()> {
    let mut command = npm::program("wasm-opt")?;
    command.arg("--minify-imports-and-exports-and-modules").args(features);
    command.arg(module.0).arg("-o").arg(module.1);
    let map = process::output(&mut command)
        .context("wasm-opt could not shorten the widget's imports and exports")?;
    let map: Renamed = serde_json::from_str(&map).context("wasm-opt printed no map of the new names")?;
    let text = fs::read_to_string(glue.0).with_context(|| format!("cannot read {}", glue.0.display()))?;
    fs::write(glue.1, rename(&text, &map)?).with_context(|| format!("cannot write {}", glue.1.display()))
}

/// In the glue, imports are fields of an object under the module's name, and exports are fields of `wasm`.
fn rename(glue: &str, map: &Renamed) -> Result<String> {
    let mut left: BTreeMap<&str, &str> =
        map.imports.iter().map(|(_, name, new)| (name.as_str(), new.as_str())).collect();
    let imports = left.clone();
    let exports: BTreeMap<&str, &str> =
        map.exports.iter().map(|(name, new)| (name.as_str(), new.as_str())).collect();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut out = String::new();
    let mut rest = glue;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        out.push_str(before);
        let new = if out.ends_with("wasm.") {
            exports.get(name)
        } else if after.starts_with(':') {
            left.remove(name);
            imports.get(name)
        } else {
            None
        };
        out.push_str(new.unwrap_or(&name));
        rest = after;
    }
    out.push_str(rest);
    if let Some(name) = left.keys().next() {
        bail!("the glue does not have the import {name}");
    }
    for module in map.imports.iter().map(|(module, ..)| module.as_str()) {
        out = out.replace(&format!("\"{module}\":"), "\"a\":");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Renamed {
        Renamed {
            imports: vec![("./w.js".to_owned(), "__wbg_new_5e41".to_owned(), "b".to_owned())],
            exports: vec![("mount".to_owned(), "c".to_owned()), ("memory".to_owned(), "d".to_owned())],
        }
    }

    #[test]
    fn the_glue_uses_the_modules_new_names() {
        let glue = "const it = { __wbg_new_5e41: function() { return wasm.memory.buffer } };
            export function mount() { wasm.mount() } imports = { \"./w.js\": it }";
        let short = "const it = { b: function() { return wasm.d.buffer } };
            export function mount() { wasm.c() } imports = { \"a\": it }";
        assert_eq!(rename(glue, &map()).unwrap(), short);
    }

    #[test]
    fn an_import_that_the_glue_lacks_is_an_error() {
        assert!(rename("wasm.mount()", &map()).is_err());
    }
}
