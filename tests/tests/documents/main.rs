//! Checks the documents: every command runs as printed, every JSON block parses, every link resolves.

mod blocks;
mod links;
mod markdown;

use blocks::Page;
use serde_json::json;

/// Declares a test for each document with blocks to run.
macro_rules! documents {
    ($($(#[$doc:meta])* $test:ident($path:literal, $page:expr, $check:expr);)*) => {
        const RUN: &[&str] = &[$($path),*];
        $($(#[$doc])* #[test] fn $test() {
            let (edge, printed) = blocks::run($path, $page);
            let check: fn(&candor_tests::Edge, &str) = $check;
            check(&edge, &printed);
        })*
    };
}

#[track_caller]
fn assert_printed(printed: &str, words: &[&str]) {
    for word in words {
        assert!(printed.contains(word), "{word} in {printed}");
    }
}

documents! {
    /// Contains the first curl command that a reader sees.
    the_readme_runs("README.md", Page::Ready, |edge, _| {
        assert_eq!(edge.status()["incidents"][0]["name"], "Check-ins are failing");
    });
    the_guide_for_apps_runs("docs/apps.md", Page::Empty, |_, _| {});
    the_guide_for_backups_runs("docs/backup.md", Page::Ready, |_, printed| {
        assert_printed(printed, &["version 5, ", "{\"manifest\":{\"format\":1,"]);
    });
    the_guide_for_deploying_runs("docs/deploying.md", Page::Empty, |edge, _| {
        assert_eq!(edge.status()["page"]["name"], "Trailmark");
    });
    the_guide_for_keys_runs("docs/keys.md", Page::Ready, |edge, printed| {
        assert_printed(printed, &["whsec_", "whpk_", "whsk_"]);
        assert_eq!(edge.status()["components"][0]["status"], "degraded_performance");
    });
    /// Promises, post-mortems, changes and metrics.
    the_guide_for_operators_runs("docs/operating.md", Page::Empty, |_, printed| {
        assert_printed(printed, &[
            "\"gauntlet\"", "\"followups_open\":1", "\"similar_changes\"", "\"time_to_resolve\"", "`five_whys`",
        ]);
    });
    the_guide_for_readers_runs("docs/reading.md", Page::Ready, |_, printed| {
        assert_printed(printed, &["\"schema\":1", "304\n", "200 /feed.json", "200 summary", "\"entries\"", "\"kty\":\"OKP\""]);
    });
    the_example_for_mirrors_runs("examples/mirror/README.md", Page::Addressed, |edge, printed| {
        assert_printed(printed, &[&format!("\"url\":\"{}\"", edge.url(""))]);
    });
    /// From the first component to a resolved incident.
    the_example_for_operators_runs("examples/operator/README.md", Page::Empty, |edge, printed| {
        assert_printed(printed, &["\"id\":\"checkins-down\"", "\"would_show\"", "Check-ins are failing"]);
        let status = edge.status();
        assert_eq!(status["incidents"], json!([]), "the last block resolves the incident");
        assert_eq!(status["indicator"], "none");
    });
}

#[test]
fn every_block_runs_or_is_listed_with_a_reason() {
    blocks::check_all(RUN);
}
