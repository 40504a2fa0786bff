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
    faulty.faults("note=asks");
    assert!(is_current(&faulty.edge.get("/panel.json?lang=en").expect(200)));
    let counted = faulty.faults("note=asks/status");
    assert_eq!(counted["object /panel.json"], 1, "there is none, so it asks itself: {counted}");
    let looks = counted["cache"].as_u64().unwrap();
    assert!((3..=7).contains(&looks), "for a second, every fifth of it: {counted}");
    // Whatever stands there about another document.
    assert!(is_current(&faulty.edge.get("/metrics.json").expect(200)));
    let counted = faulty.faults("");
    assert_eq!(counted["object /metrics.json"], 1, "{counted}");
    assert_eq!(counted["cache"], 1, "{counted}");
}
