//! Checks that relative links and file names in the documents resolve.

use crate::markdown::{self, Document};
use candor_tests::paths;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The prefixes that mark a name in a document as a path.
const FOLDERS: [&str; 8] = ["docs/", "edge/", "examples/", "fuzz/", "shared/", "tests/", "widget/", "xtask/"];

#[test]
fn every_relative_link_resolves() {
    let documents: BTreeMap<String, Document> =
        markdown::all().into_iter().map(|document| (document.path.clone(), document)).collect();
    let mut broken = Vec::new();
    for document in documents.values() {
        for (link, line) in &document.links {
            if let Err(problem) = resolve(&documents, document, link) {
                broken.push(format!("{}:{line}: {link}: {problem}", document.path));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn resolve(documents: &BTreeMap<String, Document>, from: &Document, link: &str) -> Result<(), &'static str> {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme)) {
        return Ok(());
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match path {
        "" => from.path.clone(),
        _ => join(&from.path, path).ok_or("the path leaves the project")?,
    };
    if !paths::root().join(&target).exists() {
        return Err("the file does not exist");
    }
    match (anchor, documents.get(&target)) {
        (None, _) => Ok(()),
        (Some(anchor), Some(document)) if document.anchors.contains(anchor) => Ok(()),
        (Some(_), Some(_)) => Err("the heading does not exist"),
        (Some(_), None) => Err("only Markdown files have headings"),
    }
}

/// Resolves a link in the document at `from` to a path from the root of the project.
fn join(from: &str, link: &str) -> Option<String> {
    let mut path = Path::new(from).parent()?.to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => path = path.parent().map(PathBuf::from)?,
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path.to_string_lossy().into_owned())
}

/// A name in prose such as `shared/src/limits.rs` has to be an existing file or folder.
#[test]
fn every_named_file_exists() {
    let mut missing = Vec::new();
    for document in markdown::all() {
        // The changelog may name files that were removed.
        if document.path == "CHANGELOG.md" {
            continue;
        }
        for (name, line) in &document.names {
            let is_path = FOLDERS.iter().any(|folder| name.starts_with(folder)) && !name.contains(' ');
            if is_path && !paths::root().join(name).exists() {
                missing.push(format!("{}:{line}: {name}", document.path));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn links_resolve_relative_to_their_document() {
    assert_eq!(join("docs/a.md", "../README.md").as_deref(), Some("README.md"));
    assert_eq!(join("docs/a.md", "b.md").as_deref(), Some("docs/b.md"));
    assert_eq!(join("README.md", "../x"), None);
    assert_eq!(join("README.md", "/etc/hosts"), None);
}
