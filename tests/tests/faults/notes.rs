//! What the isolates of a data centre tell each other through its cache, as one of them hears it: there is only one here.

use std::time::Duration;

use candor_tests::Listener;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Faulty, is_current};

#[test]
fn who_is_turned_away_hears_of_changes_by_copies() {
    let faulty = Faulty::start();
    // Another isolate was turned away by the object.
    faulty.faults("note=crowd");
    let stream = Listener::open(&faulty.edge.url("/events?lang=en"), &[]);
    stream.event("bulletin");
    // A change by the clock, of which this isolate is not told.
    let at = |seconds| (Timestamp::now() + Duration::from_secs(seconds)).to_string();
    faulty.edge.accept(&json!({ "type": "maintenance.schedule", "id": "disks", "name": "New disks",
        "components": ["checkins"], "body": "We replace disks.",
        "scheduled_for": at(8), "scheduled_until": at(3_600) }));
    let level = loop {
        let bulletin: Value = serde_json::from_str(&stream.event("bulletin").data).unwrap();
        if bulletin["level"] != "none" {
            break bulletin["level"].clone();
        }
    };
    assert_eq!(level, "maintenance");
    stream.event("confirmed");
    let counted = faulty.faults("");
    assert!(counted["object /changes"].is_null(), "it asks there for nobody: {counted}");
}

#[test]
fn who_finds_that_another_one_asks_waits_for_its_copy_but_not_for_long() {
    let faulty = Faulty::start();
    let version = faulty.edge.version();
    let asks = |document: &str, version: u64| format!("note=asks{document}@{version}");
    // Another isolate asks for the same document and knows the same version.
    faulty.faults(&asks("/metrics.json", version));
    assert!(is_current(&faulty.edge.get("/metrics.json").expect(200)));
    // Then another document is asked for, and then this one by an isolate that knows another version.
    let counted = faulty.faults(&asks("/status.json", version));
    assert_eq!(counted["object /metrics.json"], 1, "there is no copy, so it asks itself: {counted}");
    let looks = counted["cache"].as_u64().unwrap();
    assert!((3..=7).contains(&looks), "every fifth of a second, for less than one: {counted}");
    assert!(is_current(&faulty.edge.get("/history.atom").expect(200)));
    let counted = faulty.faults(&asks("/history.rss", version - 1));
    assert_eq!(counted["cache"], 1, "{counted}");
    assert!(is_current(&faulty.edge.get("/history.rss").expect(200)));
    let counted = faulty.faults("");
    assert_eq!(counted["cache"], 1, "{counted}");
}
