//! The documents are true: every command in them runs as printed, every JSON block is parsed, every link leads
//! somewhere.

mod blocks;
mod links;
mod markdown;

use blocks::Page;
use serde_json::json;

/// A test for each document that has something to run.
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
    /// The first curl line that a reader meets.
    the_readme("README.md", Page::Ready, |edge, _| {
        assert_eq!(edge.status()["incidents"][0]["name"], "Check-ins are failing");
    });
    the_guide_for_apps("docs/apps.md", Page::Empty, |_, _| {});
    the_guide_for_deploying("docs/deploying.md", Page::Empty, |edge, _| {
        assert_eq!(edge.status()["page"]["name"], "Trailmark");
    });
    the_guide_for_keys("docs/keys.md", Page::Ready, |edge, printed| {
        assert_printed(printed, &["whsec_", "whpk_"]);
        assert_eq!(edge.status()["components"][0]["status"], "degraded_performance");
    });
    /// Promises, post-mortems, changes and measures.
    the_guide_for_operators("docs/operating.md", Page::Empty, |_, printed| {
        assert_printed(printed, &[
            "\"gauntlet\"", "\"followups_open\":1", "\"similar_changes\"", "\"time_to_resolve\"", "`five_whys`",
        ]);
    });
    the_guide_for_readers("docs/reading.md", Page::Ready, |_, printed| {
        assert_printed(printed, &["\"schema\":1", "304\n", "200 /feed.json", "200 summary", "\"entries\""]);
    });
    /// From the first component to a resolved incident.
    the_operators_example("examples/operator/README.md", Page::Empty, |edge, printed| {
        assert_printed(printed, &["\"id\":\"checkins-down\"", "\"would_show\"", "Check-ins are failing"]);
        let status = edge.status();
        assert_eq!(status["incidents"], json!([]), "at the end everything is resolved");
        assert_eq!(status["indicator"], "none");
    });
}

#[test]
fn every_block_is_run_or_has_a_reason_not_to() {
    blocks::check_all(RUN);
}
