//! The alarm deletes old lines of the log when the clock says that they are old, and an export that has them was confirmed.

use candor_tests::{Answer, eventually, sign};
use serde_json::{Value, json};
use std::time::Duration;

use crate::harness::Faulty;

/// Sends a request that an operator signed.
fn signed(faulty: &Faulty, method: &str, path: &str, body: &[u8]) -> Answer {
    let headers = sign::webhook(&faulty.edge.keys.ops, &sign::unique_id(), jiff::Timestamp::now(), body);
    faulty.edge.send(method, path, &headers, Some(body).filter(|body| !body.is_empty()))
}

#[test]
fn the_alarm_trims_the_log_behind_a_confirmed_export() {
    let faulty = Faulty::with_settings(&[("CANDOR_LOG_DAYS", "1")]);
    let newest = faulty.edge.version();
    let export = signed(&faulty, "GET", "/v1/export", b"").expect(200).text();
    let end = export.lines().last().unwrap();
    let confirmed = signed(&faulty, "POST", "/v1/export", end.as_bytes()).expect(200).json();
    assert_eq!(confirmed["version"], newest);
    assert_eq!(faulty.edge.get("/healthz").expect(200).json()["export"]["exported_version"], newest);

    // The runtime's own clock rings the alarm; the object's is two days ahead when it does, and when it looks again five seconds later.
    let begins = jiff::Timestamp::now() + Duration::from_secs(5);
    faulty.edge.accept(&json!({"type":"maintenance.schedule","id":"disks","name":"Disks","body":"b",
        "scheduled_for":begins.to_string(),"scheduled_until":(begins + Duration::from_secs(3600)).to_string()}));
    faulty.faults("clock=172800000");
    std::thread::sleep(Duration::from_secs(14));
    faulty.faults("");
    let log = eventually("the old lines are gone", Duration::from_secs(10), || {
        let log = signed(&faulty, "GET", "/v1/log", b"").expect(200).json();
        Some(log).filter(|log| log["begins"].is_object())
    });
    assert_eq!(log["begins"], json!({"from": newest + 1, "before": confirmed}));
    let entries = log["entries"].as_array().unwrap();
    assert_eq!((&entries.last().unwrap()["version"], &log["next"]), (&json!(newest + 1), &Value::Null));
    // Nobody else notices.
    let version = faulty.edge.version();
    assert_eq!(entries[0]["version"], version);
    let accepted = faulty.edge.accept(&json!({"type":"notice.post","body":"We move."}));
    assert_eq!(accepted["version"], version + 1);
}
