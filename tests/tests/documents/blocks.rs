//! Runs the code blocks of a document in order, against a worker of its own: `sh` blocks run as printed, `json` blocks
//! are parsed. Every other block is in [`NOT_RUN`] with the reason.

use crate::markdown::{self, Block, Document};
use candor_tests::{Edge, paths, sign};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// The blocks that this test does not run: the file, the first line of the block, and the reason.
const NOT_RUN: &[(&str, &str, &str)] = &[
    (
        "ARCHITECTURE.md",
        "an operator's curl ──> edge/write: verify the signature ──> edge/object: the Durable Object, the only writer",
        "a diagram",
    ),
    ("CONTRIBUTING.md", "cargo xtask dev", "tests/tests/dev.rs runs it"),
    ("README.md", SCRIPT_TAG, "tests/tests/widget.rs opens such a page"),
    (
        "README.md",
        "cargo xtask dev     # build everything, run the worker on this machine, print its addresses and a curl line to paste",
        "tests/tests/dev.rs runs the first command; the second one runs this test",
    ),
    (
        "SECURITY.md",
        "npx wrangler secret put CANDOR_KEYS      # paste the array without the key that leaked",
        "the command needs an account",
    ),
    ("SECURITY.md", "npx wrangler secret put CANDOR_EDITION_KEY", "the command needs an account"),
    (
        "docs/apps.md",
        "@Serializable data class Bulletin(val direction: String, val lines: List<Line> = emptyList(), val phrases: Phrases? = null, @SerialName(\"unconfirmed_since\") val unconfirmedSince: String? = null)",
        "it needs an Android device; the document says that it has not run",
    ),
    (
        "docs/apps.md",
        "struct Bulletin: Decodable { let direction: String; let lines: [Line]?, phrases: Phrases?, unconfirmed_since: String? }",
        "it needs an iOS device; the document says that it has not run",
    ),
    (
        "docs/apps.md",
        "import { useEffect, useState } from 'react'",
        "it needs React Native; the document says that it has not run",
    ),
    (
        "docs/backup.md",
        "export CANDOR_URL=https://status.example.com",
        "placeholders for the reader's address and key",
    ),
    (
        "docs/reading.md",
        "const events = new EventSource('https://status.example.com/events?lang=en')",
        "tests/tests/live.rs opens pages that do the same",
    ),
    (
        "docs/backup.md",
        "examples/backup/verify.sh candor-2026-11-27.ndjson",
        "tests/tests/restore.rs runs it",
    ),
    (
        "docs/backup.md",
        "examples/backup/restore.sh candor-2026-11-27.ndjson",
        "tests/tests/restore.rs runs it",
    ),
    (
        "docs/backup.md",
        "17 3 * * *  . $HOME/candor.env && /opt/candor/examples/backup/backup.sh /var/backups/candor-$(date +\\%F).ndjson",
        "a line of a crontab; tests/tests/restore.rs runs the script",
    ),
    (
        "docs/backup.md",
        "file=/var/backups/candor-2026-11-27.ndjson",
        "tests/tests/push.rs runs it, with a bucket of its own",
    ),
    ("docs/deploying.md", "cargo xtask build", "the commands need an account"),
    ("docs/drill.md", "export KEY_ID=ops SECRET=whsec_…", "placeholders for the reader's key"),
    (
        "docs/drill.md",
        "curl --max-time 10 https://status.example.com/healthz",
        "tests/tests/standby/ does the drill",
    ),
    (
        "docs/drill.md",
        "curl --aws-sigv4 \"candor:candor\" --user \"$KEY_ID:$SECRET\" --json '{\"type\":\"page.promote\"}' https://standby.example.net/v1/standby",
        "tests/tests/standby/ does the drill",
    ),
    (
        "docs/drill.md",
        "curl --aws-sigv4 \"candor:candor\" --user \"$KEY_ID:$SECRET\" --json @update.json https://standby.example.net/v1/updates",
        "tests/tests/standby/ does the drill",
    ),
    (
        "docs/drill.md",
        "node merge.mjs --from https://standby.example.net --to https://status.example.com --dry-run",
        "tests/tests/standby/ does the drill",
    ),
    (
        "docs/drill.md",
        "node merge.mjs --from https://standby.example.net --to https://status.example.com --follow",
        "tests/tests/standby/ does the drill",
    ),
    (
        "docs/drill.md",
        "export CANDOR_URL=https://standby.example.net && examples/backup/backup.sh standby.ndjson",
        "tests/tests/standby/merging.rs does the same",
    ),
    ("docs/drill.md", "curl https://status.example.com/status.json", "tests/tests/standby/ does the drill"),
    (
        "docs/operating.md",
        "export CANDOR_URL=https://status.example.com",
        "placeholders for the reader's address and key",
    ),
    (
        "docs/operating.md",
        "[[analytics_engine_datasets]]",
        "tests/tests/faults/log.rs starts a worker with it",
    ),
    (
        "docs/operating.md",
        "SELECT blob2 AS outcome, blob5 AS why, SUM(_sample_interval * double1) AS requests",
        "it needs an account with data",
    ),
    (
        "docs/operating.md",
        "SELECT blob3 AS document, blob2 AS rung, SUM(_sample_interval * double1) AS reads",
        "it needs an account with data",
    ),
    (
        "docs/operating.md",
        "SELECT toStartOfInterval(timestamp, INTERVAL '5' MINUTE) AS at, SUM(_sample_interval * double1) AS answers",
        "it needs an account with data",
    ),
    (
        "docs/operating.md",
        "SELECT blob2 AS outcome, SUM(_sample_interval * double1) AS copies, MAX(double2) AS longest_ms",
        "it needs an account with data",
    ),
    (
        "examples/standby/README.md",
        "cargo xtask build",
        "it needs a second machine; tests/tests/standby/ runs what was built",
    ),
    (
        "examples/standby/README.md",
        "CANDOR_KEYS=[{\"id\":\"ops\",\"secret\":\"whsec_…\",\"role\":\"operator\"}]",
        "a file of settings with placeholders",
    ),
    (
        "examples/standby/README.md",
        "FIRST=https://status.example.com",
        "a file of settings with placeholders",
    ),
    ("examples/standby/README.md", "standby.example.net {", "a file of Caddy's"),
    (
        "docs/widget.md",
        "#app { inset: var(--candor-height, 0px) 0 0 } /* position: fixed; inset: 0 */",
        "tests/tests/hosts/pages.rs has such an app",
    ),
    ("docs/widget.md", SCRIPT_TAG, "tests/tests/widget.rs opens such a page"),
    (
        "docs/widget.md",
        "<script type=\"module\" src=\"https://status.example.com/element.js\"></script>",
        "tests/tests/variants/ opens such a page",
    ),
    (
        "docs/widget.md",
        "import { status, refresh, subscribe } from 'https://status.example.com/element.js'",
        "tests/tests/variants/element.rs calls these",
    ),
    ("docs/widget.md", "import 'candor-status'", "tests/tests/npm.rs builds with these"),
    (
        "docs/widget.md",
        "use candor_widget::{StatusBanner, StatusPanel, use_status};",
        "widget/src/lib.rs compiles it; tests/tests/yew_app.rs runs such an application",
    ),
    (
        "examples/operator/README.md",
        "export CANDOR_URL=https://status.example.com",
        "placeholders for the reader's address and keys",
    ),
    (
        "examples/stories/checkin-2010/README.md",
        "cargo xtask story checkin-2010 --url http://127.0.0.1:8787          # as history, with its real times",
        "tests/tests/story.rs runs these",
    ),
    (
        "examples/stories/marketplace-2010/README.md",
        "cargo xtask story marketplace-2010 --url http://127.0.0.1:8787",
        "it needs `cargo xtask dev`; shared/tests/record.rs applies the story",
    ),
    ("examples/yew-app/README.md", "cargo xtask dev", "tests/tests/dev.rs runs it"),
    (
        "examples/yew-app/README.md",
        "cargo install --locked trunk --version ^0.21",
        "Trunk is no tool of the project; tests/tests/yew_app.rs runs what xtask builds in the same way",
    ),
    ("examples/yew-app/README.md", "cargo xtask test yew_app", "it runs tests/tests/yew_app.rs"),
    ("widget/npm/README.md", "import 'candor-status'", "tests/tests/npm.rs builds with it"),
    (
        "widget/npm/README.md",
        "<candor-status src=\"https://status.example.com\" variant=\"banner\"></candor-status>",
        "tests/tests/npm.rs builds with it",
    ),
    (
        "widget/npm/README.md",
        "import { subscribe } from 'candor-status'",
        "tests/tests/npm.rs builds with it",
    ),
    (
        "docs/widget.md",
        "<script async src=\"/status/widget.js\" data-src=\"https://status.example.com\"",
        "tests/tests/mirrors.rs has the same tag with addresses of this machine",
    ),
];
const SCRIPT_TAG: &str = "<script async src=\"https://status.example.com/widget.js\" data-variant=\"banner\" data-position=\"top\"></script>";

/// The placeholders for the reader's address and key in printed commands.
const PRINTED_ADDRESS: &str = "https://status.example.com";
const PRINTED_KEY: &str = "ops:whsec_…";

/// The state of the page before the first block.
#[derive(Clone, Copy)]
pub(crate) enum Page {
    /// No updates.
    Empty,
    /// The page of [`Edge::set_up_page`].
    Ready,
    /// The same, and its address is where it is.
    Addressed,
}

/// Runs the `sh` blocks and parses the `json` blocks of a document in order. Returns the worker and the output of the
/// commands.
pub(crate) fn run(path: &str, page: Page) -> (Edge, String) {
    let document = Document::read(path);
    let edge = Edge::start();
    if !matches!(page, Page::Empty) {
        edge.set_up_page();
    }
    if matches!(page, Page::Addressed) {
        edge.accept(&json!({"type":"page.set","url":edge.url("")}));
    }
    let folder = paths::root().join(path);
    let folder = folder.parent().expect("the document is in a folder");
    let mut printed = String::new();
    for block in &document.blocks {
        let place = format!("{path}:{}", block.line);
        match block.language.as_str() {
            "sh" => printed.push_str(&command(&edge, block, folder, &place)),
            "json" => json(&edge, block, &place),
            _ => {}
        }
    }
    (edge, printed)
}

/// Runs a block. Checks that each update in it is stored, and that a dry run stores nothing.
fn command(edge: &Edge, block: &Block, folder: &Path, place: &str) -> String {
    let script = block
        .text
        .replace(PRINTED_ADDRESS, &edge.url(""))
        .replace(PRINTED_KEY, &format!("{}:{}", edge.keys.ops.id, edge.keys.ops.secret));
    let before = edge.version();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder)
        .env("CANDOR_URL", edge.url(""))
        .env("KEY_ID", &edge.keys.ops.id)
        .env("SECRET", &edge.keys.ops.secret)
        .env("PROBE_ID", &edge.keys.probe.id)
        .env("PROBE_SECRET", &edge.keys.probe.secret)
        .env("NO_PROXY", "*")
        .output()
        .expect("bash is installed");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{place}:\n{}\n{printed}\n{errors}", block.text);
    let requests = script.matches("/v1/updates").count();
    let dry = script.matches("/v1/updates?dry_run=true").count();
    let (grown, writes) = (edge.version() - before, u64::try_from(requests - dry).unwrap());
    if writes == 0 {
        assert_eq!(grown, 0, "{place}: the block posts no update, but the version changed\n{printed}");
    } else {
        // An update that changes nothing is accepted without a version, and its result says so.
        let unchanged = u64::try_from(printed.matches("\"unchanged\":true").count()).unwrap();
        assert!(grown + unchanged >= writes, "{place}: {grown} versions by {writes} requests\n{printed}");
    }
    printed
}

/// Parses a block. If it contains updates, the worker has to accept them in a dry run.
fn json(edge: &Edge, block: &Block, place: &str) {
    let value: Value = serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{place}: {error}"));
    let is_update = |value: &Value| value.get("type").is_some();
    let has_updates = match &value {
        Value::Array(values) => values.iter().any(is_update),
        value => is_update(value),
    };
    if has_updates {
        let body = value.to_string();
        let mut headers =
            sign::webhook(&edge.keys.ops, &sign::unique_id(), jiff::Timestamp::now(), body.as_bytes());
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        let answer = edge.send("POST", "/v1/updates?dry_run=true", &headers, Some(body.as_bytes()));
        assert_eq!(answer.status, 200, "{place}: {}", answer.text());
    }
}

/// Fails if a block is neither run nor in [`NOT_RUN`], or if an entry of [`NOT_RUN`] matches no block.
pub(crate) fn check_all(run: &[&str]) {
    let documents = markdown::all();
    let mut wrong = Vec::new();
    let mut unused: Vec<_> = NOT_RUN.iter().collect();
    for document in &documents {
        for Block { language, text, line } in &document.blocks {
            let place = format!("{}:{line}", document.path);
            if ["sh", "json"].contains(&language.as_str()) {
                if !run.contains(&document.path.as_str()) {
                    wrong.push(format!("{place}: no test runs this block of \"{language}\": add the document to tests/tests/documents/main.rs"));
                }
                continue;
            }
            let first = text.lines().next().unwrap_or_default();
            let matches =
                |(path, begins, _): &&(&str, &str, &str)| *path == document.path && *begins == first;
            if NOT_RUN.iter().any(|known| matches(&known)) {
                unused.retain(|known| !matches(known));
            } else {
                wrong.push(format!("{place}: no test runs this block of \"{language}\": add it to NOT_RUN in tests/tests/documents/blocks.rs, with a reason: {first}"));
            }
        }
    }
    for path in run {
        let document = documents.iter().find(|document| document.path == *path);
        if !document.is_some_and(|document| {
            document.blocks.iter().any(|b| ["sh", "json"].contains(&b.language.as_str()))
        }) {
            wrong.push(format!(
                "{path}: the document has no block to run: remove it from tests/tests/documents/main.rs"
            ));
        }
    }
    wrong.extend(
        unused
            .iter()
            .map(|(path, first, _)| format!("{path}: NOT_RUN names a block that does not exist: {first}")),
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
