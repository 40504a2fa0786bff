//! Copies in the data centre's cache and in KV: when they are at hand, and that only whole ones are used.

use serde_json::json;

use crate::harness::{Faulty, is_current, is_labelled, timers};

/// Without a copy in memory, and none in KV: a copy in the cache is a copy at hand for the first reader too.
#[test]
fn a_copy_in_the_cache_is_at_hand_for_the_first_reader_of_an_isolate() {
    let names = [
        "/embed?variant=banner",
        "/signed/status.json",
        "/api/v2/status.json",
        "/badge.svg",
        "/panel.json?lang=de",
        "/history.atom",
    ];
    let faulty = Faulty::with_old_copies(&names);
    faulty.fresh_isolate();
    faulty.faults("object=hang");
    for name in names {
        assert!(is_labelled(&faulty.edge.get(name)), "{name}");
    }
    let counted = faulty.faults("");
    let asked = names.len() as u64;
    assert_eq!(timers(&counted, 300..=1_000), asked, "each waits a second: {counted}");
    assert_eq!(timers(&counted, 1_001..=60_000), asked, "only the question itself has five: {counted}");
}

/// So it is for whoever needs the document for something else, or has heard of a newer version of it.
#[test]
fn a_copy_in_the_cache_is_at_hand_for_the_loader_and_for_who_has_heard_of_more() {
    let faulty = Faulty::with_old_copies(&["/bulletin.json?lang=de", "/panel.json?lang=de"]);
    faulty.fresh_isolate();
    faulty.faults("object=hang");
    let loader = faulty.edge.get("/widget.js?lang=de").expect(200).text();
    assert!(loader.contains("\"unconfirmed_since\":\""), "{}", &loader[loader.len() - 200..]);
    assert!(is_labelled(&faulty.edge.get("/panel.json?lang=de&at=999999")));
    let counted = faulty.faults("");
    assert_eq!(
        timers(&counted, 2_001..=60_000),
        2,
        "only the questions themselves have five seconds: {counted}"
    );
}

#[test]
fn a_copy_in_kv_that_is_not_what_was_put_there_is_not_used() {
    let faulty = Faulty::start();
    faulty.copied(0);
    faulty.fresh_isolate();
    for fault in ["garbage", "half", "other", "large", "sync", "throw"] {
        faulty.faults(&format!("object=throw&cache=none&kv={fault}"));
        for path in ["/", "/status.json"] {
            let answer = faulty.edge.get(path).expect(503);
            assert!(answer.header("retry-after").is_some(), "{fault} {path}");
            assert!(!answer.text().contains("The worker failed"), "{fault} {path}: {}", answer.text());
        }
    }
    // Nothing of it stayed, and KV is asked again.
    faulty.faults("object=throw&cache=none");
    for path in ["/", "/status.json"] {
        assert!(is_labelled(&faulty.edge.get(path)), "{path}");
    }
    let counted = faulty.faults("");
    assert_eq!(counted["kv"], 2, "{counted}");
}

/// What a binding does at once, without a promise, is an outcome as well.
#[test]
fn a_cache_that_throws_at_once_changes_nothing() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("cache=sync&put=sync&delete=sync");
    let answer = faulty.edge.get("/status.json");
    assert!(is_current(&answer));
    let counted = faulty.faults("cache=sync&put=sync&delete=sync");
    assert_eq!(counted["object /status.json"], 1, "the object is asked: {counted}");
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    assert_eq!(faulty.edge.status()["notice"]["body"], "Hello");
}
