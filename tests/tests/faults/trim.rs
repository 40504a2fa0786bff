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

/// Looks at the page two days later, and waits until the alarm has deleted lines, if it does.
fn two_days_later(faulty: &Faulty) -> Value {
    faulty.faults("clock=172800000");
    faulty.edge.get("/status.json");
    faulty.grow_old();
    faulty.faults("");
    signed(faulty, "GET", "/v1/log", b"").expect(200).json()
}

#[test]
fn the_alarm_trims_the_log_behind_a_confirmed_export() {
    let faulty = Faulty::with_settings(&[("CANDOR_LOG_DAYS", "1")]);
    let newest = faulty.edge.version();
    let export = signed(&faulty, "GET", "/v1/export", b"").expect(200).text();
    assert_eq!(two_days_later(&faulty)["begins"], Value::Null, "nothing is confirmed");

    let end = export.lines().last().unwrap();
    let confirmed = signed(&faulty, "POST", "/v1/export", end.as_bytes()).expect(200).json();
    assert_eq!(confirmed["version"], newest);
    let log = eventually("the old lines are gone", Duration::from_secs(60), || {
        Some(two_days_later(&faulty)).filter(|log| log["begins"].is_object())
    });
    assert_eq!(log["begins"], json!({"from": newest, "before": confirmed}));
    assert_eq!((log["entries"].as_array().unwrap().len(), &log["next"]), (1, &Value::Null));
    // Nobody else notices.
    assert_eq!(faulty.edge.version(), newest);
    let accepted = faulty.edge.accept(&json!({"type":"notice.post","body":"We move."}));
    assert_eq!(accepted["version"], newest + 1);
}
