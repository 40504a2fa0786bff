//! The printed curl lines, run as they are printed.

use candor_tests::{Edge, paths};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// The blocks of a Markdown file that are marked as this language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = markdown;
    let (open, close) = (format!("\n```{language}\n"), "\n```");
    while let Some(start) = rest.find(&open) {
        let after = &rest[start + open.len()..];
        let end = after.find(close).expect("the block ends");
        blocks.push(after[..end].to_owned());
        rest = &after[end..];
    }
    blocks
}

fn run(edge: &Edge, block: &str, folder: &Path) -> String {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", block])
        .current_dir(folder)
        .env("CANDOR_URL", edge.url(""))
        .env("KEY_ID", &edge.keys.ops.id)
        .env("SECRET", &edge.keys.ops.secret)
        .env("PROBE_ID", &edge.keys.probe.id)
        .env("PROBE_SECRET", &edge.keys.probe.secret)
        .env("NO_PROXY", "*")
        .output()
        .expect("bash is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{block}\n{said}\n{errors}");
    said
}

#[test]
fn the_operators_page_runs_as_printed() {
    let edge = Edge::start();
    let folder = paths::root().join("examples/operator");
    let text = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let blocks = blocks(&text, "sh");
    assert!(blocks.len() >= 10, "{} blocks", blocks.len());
    let (mut shown, mut opened, mut tried) = (false, false, false);
    for block in &blocks {
        let before = edge.version();
        let said = run(&edge, block, &folder);
        if block.contains("dry_run") {
            tried = true;
            assert_eq!(edge.version(), before, "a dry run stores nothing");
        } else if block.contains("/v1/updates") {
            assert!(edge.version() > before, "{block}\n{said}");
        }
        if block.contains("@open.json") && !block.contains("dry_run") {
            opened = true;
            assert_eq!(edge.status()["incidents"][0]["id"], "checkins-down");
        }
        if block.contains("status.json") {
            shown = true;
            assert!(said.contains("Check-ins are failing"), "{said}");
        }
    }
    assert!(tried && opened && shown);
    let status = edge.status();
    assert_eq!(status["incidents"], json!([]), "at the end everything is resolved");
    assert_eq!(status["indicator"], "none");
}

/// The first curl line that a reader meets.
#[test]
fn the_curl_line_of_the_front_page_runs_as_printed() {
    let edge = Edge::start();
    edge.set_up_page();
    let text = std::fs::read_to_string(paths::root().join("README.md")).expect("there is a README.md");
    let blocks = blocks(&text, "sh");
    let block = blocks.iter().find(|block| block.contains("--aws-sigv4")).expect("it has a curl line");
    // The reader's own address and key stand where the page has examples.
    let printed = text_between(block, "--user \"", "\"").expect("--user \"ID:SECRET\"");
    let address = text_between(block, "http", "/v1/updates").expect("an address");
    let own = block
        .replace(printed, &format!("{}:{}", edge.keys.ops.id, edge.keys.ops.secret))
        .replace(&format!("http{address}"), &edge.url(""));
    run(&edge, &own, &paths::root());
    assert!(edge.version() > 1);
}

/// The section about promises, post-mortems, changes and measures.
#[test]
fn the_lines_of_telling_the_truth_run_as_printed() {
    let edge = Edge::start();
    let text = std::fs::read_to_string(paths::root().join("README.md")).expect("there is a README.md");
    let section =
        text_between(&text, "\n## Telling the truth\n", "\n### Signatures").expect("there is the section");
    let blocks = blocks(section, "sh");
    assert!(blocks.len() >= 5, "{} blocks", blocks.len());
    let said: String = blocks.iter().map(|block| run(&edge, block, &paths::root())).collect();
    for wanted in
        ["\"gauntlet\"", "\"followups_open\":1", "\"similar_changes\"", "\"time_to_resolve\"", "`five_whys`"]
    {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
}

fn text_between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let start = text.find(from)? + from.len();
    let length = text[start..].find(to)?;
    Some(&text[start..start + length])
}
