//! Reads the stories in `examples/stories`.

use crate::paths;
use serde_json::Value;

/// The requests of a story in order, each with its file's name and its body.
pub fn chapters(story: &str) -> Vec<(String, Value)> {
    let folder = paths::root().join("examples/stories").join(story);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let chapter = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
    };
    files.into_iter().map(chapter).collect()
}
