//! The Markdown files of the project: their blocks, links and headings.

use candor_tests::paths;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::path::Path;

/// A code block.
pub(crate) struct Block {
    /// The text after the opening fence. Empty for a block without a language.
    pub(crate) language: String,
    pub(crate) text: String,
    /// The line of the opening fence, counted from 1.
    pub(crate) line: usize,
}

/// A Markdown file.
pub(crate) struct Document {
    /// The path from the root of the project, with `/`.
    pub(crate) path: String,
    pub(crate) blocks: Vec<Block>,
    /// The destination of each link and image, with the line.
    pub(crate) links: Vec<(String, usize)>,
    /// Each code span in prose, with the line.
    pub(crate) names: Vec<(String, usize)>,
    /// The anchors of the headings.
    pub(crate) anchors: BTreeSet<String>,
}

impl Document {
    /// Reads the file at a path from the root of the project.
    pub(crate) fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(paths::root().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        Self::parse(path, &text)
    }

    fn parse(path: &str, text: &str) -> Self {
        let mut document = Self {
            path: path.to_owned(),
            blocks: Vec::new(),
            links: Vec::new(),
            names: Vec::new(),
            anchors: BTreeSet::new(),
        };
        let mut heading: Option<String> = None;
        let mut block: Option<Block> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = text[..range.start].matches('\n').count() + 1;
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.into_string(),
                        CodeBlockKind::Indented => {
                            panic!("{path}:{line}: an indented code block has no language: use a fence")
                        }
                    };
                    block = Some(Block { language, text: String::new(), line });
                }
                Event::End(TagEnd::CodeBlock) => document.blocks.extend(block.take()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    assert!(
                        document.anchors.insert(anchor),
                        "{path}:{line}: two headings have the same anchor"
                    );
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    document.links.push((dest_url.into_string(), line));
                }
                Event::Text(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::Code(name) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&name);
                    }
                    document.names.push((name.into_string(), line));
                }
                _ => {}
            }
        }
        document
    }
}

/// The anchor of a heading, as forges derive it: lower case, without punctuation, `-` for each space.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Every Markdown file of the project, except generated and downloaded ones.
pub(crate) fn all() -> Vec<Document> {
    let mut found = Vec::new();
    walk(&paths::root(), "", &mut found);
    found.sort();
    assert!(found.iter().any(|path| path == "README.md"), "{found:?}");
    found.iter().map(|path| Document::read(path)).collect()
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !name.starts_with('.') && !["target", "node_modules"].contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), found);
            }
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

#[test]
fn blocks_links_and_headings_are_found() {
    let text = "# The `status.json`, and more\n\n1. a\n\n   ```sh\n   echo [no](link)\n   ```\n\n| a |\n| - |\n| [`x`](y.md#z) |\n\n```\nbare\n```\n";
    let document = Document::parse("x.md", text);
    assert_eq!(document.anchors, BTreeSet::from(["the-statusjson-and-more".to_owned()]));
    assert_eq!(document.links, [("y.md#z".to_owned(), 11)]);
    assert_eq!(document.names, [("status.json".to_owned(), 1), ("x".to_owned(), 11)]);
    let blocks: Vec<_> = document
        .blocks
        .iter()
        .map(|block| (block.language.as_str(), block.text.as_str(), block.line))
        .collect();
    assert_eq!(blocks, [("sh", "echo [no](link)\n", 5), ("", "bare\n", 13)]);
}
