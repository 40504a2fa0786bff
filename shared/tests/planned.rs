//! Maintenance whose real times differ from the plan, and what is said of times that contradict each other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use candor_shared::rules::advice;
use candor_shared::state::{Maintenance, MaintenanceStatus};
use candor_shared::update::parse;
use common::{Page, time};

fn schedule(page: &mut Page, id: &str, from: &str, until: &str, more: &str) {
    page.send(&format!(
        r#"{{"type":"maintenance.schedule","id":"{id}","name":"n","body":"b","scheduled_for":"{from}","scheduled_until":"{until}"{more}}}"#
    ));
}

fn maintenance(page: &Page) -> &Maintenance {
    page.state.maintenances.values().next().unwrap()
}

/// A step that is reported says nothing of the steps before it.
#[test]
fn only_a_report_of_the_start_says_when_it_began() {
    for (status, began) in
        [("in_progress", Some(time("2026-03-01T14:00:00Z"))), ("verifying", None), ("completed", None)]
    {
        let mut page = Page::new("2026-03-01T12:00:00Z");
        schedule(&mut page, "m", "2026-03-01T13:00:00Z", "2026-03-01T15:00:00Z", r#","automatic":false"#);
        page.at("2026-03-01T14:00:00Z");
        page.send(&format!(r#"{{"type":"maintenance.update","status":"{status}","body":"b"}}"#));
        assert_eq!(maintenance(&page).started_at, began, "{status}");
        if status != "completed" {
            page.at("2026-03-01T14:30:00Z");
            page.send(r#"{"type":"maintenance.update","status":"completed","body":"b"}"#);
        }
        assert_eq!(maintenance(&page).started_at, began, "{status}");
        assert_eq!(maintenance(&page).status, MaintenanceStatus::Completed);
    }
    // Back at work after a check: the work goes on from then at the latest, and nobody knows since when.
    let mut page = Page::new("2026-03-01T12:00:00Z");
    schedule(&mut page, "m", "2026-03-01T13:00:00Z", "2026-03-01T15:00:00Z", r#","automatic":false"#);
    page.at("2026-03-01T14:00:00Z");
    page.send(r#"{"type":"maintenance.update","status":"verifying","body":"b"}"#);
    page.at("2026-03-01T14:10:00Z");
    page.send(r#"{"type":"maintenance.update","status":"in_progress","body":"b"}"#);
    assert_eq!(maintenance(&page).started_at, None);
}

/// Work that begins early may say in the same update when it ends.
#[test]
fn early_work_may_end_before_it_was_to_begin() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    schedule(&mut page, "m", "2026-03-01T14:00:00Z", "2026-03-01T15:00:00Z", "");
    page.send(r#"{"type":"maintenance.update","status":"in_progress","body":"Early.","scheduled_until":"2026-03-01T12:30:00Z"}"#);
    let of = maintenance(&page);
    assert_eq!(
        (of.scheduled_for, of.scheduled_until, of.started_at),
        (time("2026-03-01T12:00:00Z"), time("2026-03-01T12:30:00Z"), Some(time("2026-03-01T12:00:00Z")))
    );
}

/// An operator who moves it by hand has to verify it, too.
#[test]
fn a_check_that_nobody_reports_is_late() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    let more = r#","automatic":false,"verify_at":"2026-03-01T14:00:00Z""#;
    schedule(&mut page, "m", "2026-03-01T13:00:00Z", "2026-03-01T15:00:00Z", more);
    page.at("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"maintenance.update","status":"in_progress","body":"b"}"#);
    let mut is_late = |at: &str, update: Option<&str>| {
        page.at(at);
        update.map(|status| {
            page.send(&format!(r#"{{"type":"maintenance.update","status":"{status}","body":"b"}}"#))
        });
        maintenance(&page).late
    };
    assert!(!is_late("2026-03-01T13:59:00Z", None));
    assert!(is_late("2026-03-01T14:01:00Z", None));
    assert!(!is_late("2026-03-01T14:02:00Z", Some("verifying")));
    assert!(is_late("2026-03-01T15:00:01Z", None));
    assert!(!is_late("2026-03-01T15:01:00Z", Some("completed")));
}

/// The clock has taken the step already: an answer to a report of it says so, and how real times are imported.
#[test]
fn a_report_of_what_the_clock_did_names_the_way_to_import() {
    let start = || {
        let mut page = Page::new("2026-10-20T12:00:00Z");
        schedule(
            &mut page,
            "m",
            "2026-10-10T01:00:00Z",
            "2026-10-10T02:00:00Z",
            r#","at":"2026-10-01T00:00:00Z""#,
        );
        assert_eq!(maintenance(&page).completed_at, Some(time("2026-10-10T02:00:00Z")));
        page
    };
    for at in ["2026-10-10T02:30:00Z", "2026-10-11T00:00:00Z", "2026-10-20T12:00:00Z"] {
        let mut page = start();
        let body = format!(
            r#"{{"type":"maintenance.update","maintenance":"m","status":"completed","body":"b","at":"{at}"}}"#
        );
        let events = page.send(&body);
        let said = advice(&page.state, &parse(body.as_bytes()).unwrap()[0], &events, page.now).join("\n");
        assert!(said.contains("\"automatic\": false") && said.contains("2026-10-10T02:00"), "{at}: {said}");
    }
    for at in ["2026-10-10T01:05:00Z", "2026-10-10T01:59:00Z", "2026-10-10T00:50:00Z"] {
        let mut page = start();
        let (_, text) = page.refused(&format!(r#"{{"type":"maintenance.update","maintenance":"m","status":"in_progress","body":"b","at":"{at}"}}"#));
        assert!(text.starts_with("/at: ") && text.contains("\"automatic\": false"), "{at}: {text}");
    }
    // Who moves it by hand is told nothing of the clock.
    let mut page = Page::new("2026-10-20T12:00:00Z");
    schedule(
        &mut page,
        "m",
        "2026-10-10T01:00:00Z",
        "2026-10-10T02:00:00Z",
        r#","at":"2026-10-01T00:00:00Z","automatic":false"#,
    );
    page.send(
        r#"{"type":"maintenance.update","status":"in_progress","body":"b","at":"2026-10-10T01:03:00Z"}"#,
    );
    let (_, text) = page.refused(
        r#"{"type":"maintenance.update","status":"completed","body":"b","at":"2026-10-10T01:01:00Z"}"#,
    );
    assert!(!text.contains("automatic"), "{text}");
}

/// The pointer names a time that was sent, and the text the other one and its value.
#[test]
fn a_contradiction_is_told_of_a_field_that_was_sent() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    schedule(
        &mut page,
        "m",
        "2026-03-01T13:00:00Z",
        "2026-03-01T16:00:00Z",
        r#","verify_at":"2026-03-01T15:00:00Z""#,
    );
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"none","body":"b","started_at":"2026-03-01T11:00:00Z","detected_at":"2026-03-01T11:30:00Z"}"#);
    for (sent, pointer, other, value) in [
        (r#""scheduled_until":"2026-03-01T14:00:00Z""#, "/scheduled_until", "verify_at", "15:00"),
        (r#""scheduled_until":"2026-03-01T12:30:00Z""#, "/scheduled_until", "scheduled_for", "13:00"),
        (r#""scheduled_for":"2026-03-01T17:00:00Z""#, "/scheduled_for", "scheduled_until", "16:00"),
        (r#""scheduled_for":"2026-03-01T15:30:00Z""#, "/scheduled_for", "verify_at", "15:00"),
        (r#""verify_at":"2026-03-01T16:30:00Z""#, "/verify_at", "scheduled_until", "16:00"),
        (r#""verify_at":"2026-03-01T12:30:00Z""#, "/verify_at", "scheduled_for", "13:00"),
        (
            r#""verify_at":"2026-03-01T16:30:00Z","scheduled_until":"2026-03-01T16:20:00Z""#,
            "/verify_at",
            "scheduled_until",
            "16:20",
        ),
    ] {
        let (_, text) =
            page.refused(&format!(r#"{{"type":"maintenance.update","maintenance":"m","body":"b",{sent}}}"#));
        assert!(text.starts_with(&format!("{pointer}: ")), "{sent}: {text}");
        assert!(text.contains(&format!("\"{other}\"")) && text.contains(value), "{sent}: {text}");
    }
    for (sent, pointer, other, value) in [
        (r#""started_at":"2026-03-01T11:45:00Z""#, "/started_at", "detected_at", "11:30"),
        (r#""detected_at":"2026-03-01T10:45:00Z""#, "/detected_at", "started_at", "11:00"),
        (
            r#""started_at":"2026-03-01T11:50:00Z","detected_at":"2026-03-01T11:40:00Z""#,
            "/detected_at",
            "started_at",
            "11:50",
        ),
    ] {
        let (_, text) = page.refused(&format!(r#"{{"type":"incident.amend","incident":"i",{sent}}}"#));
        assert!(text.starts_with(&format!("{pointer}: ")), "{sent}: {text}");
        assert!(text.contains(&format!("\"{other}\"")) && text.contains(value), "{sent}: {text}");
    }
}

#[test]
fn work_that_takes_longer_is_verified_later() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"n","body":"b","scheduled_for":"2026-03-01T13:00:00Z","verify_at":"2026-03-01T13:40:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.at("2026-03-01T13:30:00Z");
    page.send(r#"{"type":"maintenance.update","body":"It takes an hour longer.","scheduled_until":"2026-03-01T15:00:00Z"}"#);
    page.at("2026-03-01T14:00:00Z");
    assert_eq!(maintenance(&page).status, MaintenanceStatus::InProgress);
    assert_eq!(maintenance(&page).verify_at, Some(time("2026-03-01T14:40:00Z")));
    // Given, it is what was given; shorter, the check stays where it was.
    page.send(r#"{"type":"maintenance.update","body":"b","scheduled_until":"2026-03-01T16:00:00Z","verify_at":"2026-03-01T15:50:00Z"}"#);
    assert_eq!(maintenance(&page).verify_at, Some(time("2026-03-01T15:50:00Z")));
    page.send(r#"{"type":"maintenance.update","body":"b","scheduled_until":"2026-03-01T15:55:00Z"}"#);
    assert_eq!(maintenance(&page).verify_at, Some(time("2026-03-01T15:50:00Z")));
    page.at("2026-03-01T15:50:00Z");
    assert_eq!(maintenance(&page).status, MaintenanceStatus::Verifying);
}

#[test]
fn a_plan_that_moves_takes_its_check_along() {
    for (by, from, verify, until) in [
        ("later", "2026-03-01T15:00:00Z", "2026-03-01T15:40:00Z", "2026-03-01T16:00:00Z"),
        ("earlier", "2026-03-01T12:30:00Z", "2026-03-01T13:10:00Z", "2026-03-01T13:30:00Z"),
    ] {
        let mut page = Page::new("2026-03-01T12:00:00Z");
        schedule(
            &mut page,
            "m",
            "2026-03-01T13:00:00Z",
            "2026-03-01T14:00:00Z",
            r#","verify_at":"2026-03-01T13:40:00Z""#,
        );
        page.send(&format!(
            r#"{{"type":"maintenance.update","body":"b","scheduled_for":"{from}","scheduled_until":"{until}"}}"#
        ));
        assert_eq!(maintenance(&page).verify_at, Some(time(verify)), "{by}");
    }
    // Another window: what is refused is the check that is on record.
    let mut page = Page::new("2026-03-01T12:00:00Z");
    schedule(
        &mut page,
        "m",
        "2026-03-01T13:00:00Z",
        "2026-03-01T16:00:00Z",
        r#","verify_at":"2026-03-01T14:00:00Z""#,
    );
    let (_, why) = page.refused(r#"{"type":"maintenance.update","body":"b","scheduled_for":"2026-03-01T15:00:00Z","scheduled_until":"2026-03-01T17:00:00Z"}"#);
    assert!(why.contains("\"verify_at\" (2026-03-01T14:00:00.000Z)"), "{why}");
}

#[test]
fn work_that_follows_work_leaves_no_gap() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    for (id, from, until) in [("a", "12:10", "12:20"), ("b", "12:20", "12:30"), ("c", "12:30", "12:40")] {
        schedule(
            &mut page,
            id,
            &format!("2026-03-01T{from}:00Z"),
            &format!("2026-03-01T{until}:00Z"),
            r#","components":["api"]"#,
        );
    }
    page.at("2026-03-01T12:35:00Z");
    let api = page.state.components.values().next().unwrap();
    assert_eq!((api.shown.as_str(), api.since), ("under_maintenance", time("2026-03-01T12:10:00Z")));
}

/// The hint is of use where the clock was faster, and nowhere else.
#[test]
fn who_was_faster_is_told_only_if_it_was_the_clock() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    schedule(&mut page, "m", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", "");
    page.at("2026-03-01T12:50:00Z");
    page.send(r#"{"type":"maintenance.update","body":"b"}"#);
    let late =
        r#"{"type":"maintenance.update","body":"b","status":"in_progress","at":"2026-03-01T12:49:00Z"}"#;
    assert!(!page.refused(late).1.contains("by itself"));
    page.at("2026-03-01T13:05:00Z");
    assert!(page.refused(late).1.contains("by itself"));
}
