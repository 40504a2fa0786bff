//! Pins the stored and the published JSON. A change of the stored form needs a migration. A change of the published
//! form needs a new schema, unless it only adds fields.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::fs;
use std::path::Path;

use candor_shared::bulletin::bulletin;
use candor_shared::words::Words;
use common::Page;

/// A page with three components. With [`open`], the outage of the README and of the size budget.
fn outage() -> Page {
    let mut page = Page::new("2010-10-04T15:00:00Z");
    page.send(r#"{"type":"page.set","name":"Check-in status","url":"https://status.example.com/"}"#);
    for (id, name) in [("checkins", "Check-ins"), ("website", "Website"), ("api", "API")] {
        page.send(&format!(r#"{{"type":"component.set","id":"{id}","name":"{name}"}}"#));
    }
    page
}

fn open(page: &mut Page) {
    page.at("2010-10-04T15:12:00Z");
    page.send(
        r#"{"type":"incident.open","id":"checkins-down","name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage","website":"partial_outage"},"started_at":"2010-10-04T15:00:00Z",
        "body":"We broke check-ins: one of our databases took on more than it could hold, and moving data off it went wrong. Nothing you saved is lost. We are on it, all of us, and the next word comes within half an hour, even if it is only that we are still at it.",
        "next_update_in":"30m"}"#,
    );
}

/// Compares JSON with a file. The file has exactly the published bytes, so that `cargo xtask size` can measure it.
fn pinned(name: &str, json: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, json).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, json, "{name} changed; if that is intended, run again with UPDATE_SNAPSHOTS=1");
}

#[test]
fn status_json_with_one_incident_is_pinned() {
    let mut page = outage();
    open(&mut page);
    pinned("status.json", &serde_json::to_string(&page.document()).unwrap());
}

#[test]
fn status_json_of_a_healthy_page_is_pinned() {
    pinned("healthy.json", &serde_json::to_string(&outage().document()).unwrap());
}

/// In Greek, whose words take about the most bytes.
#[test]
fn bulletins_are_pinned() {
    let text = |page: &Page, language: &str| {
        let words = Words::of(language).unwrap();
        let bulletin = bulletin(&page.state, &words, page.version, page.now, page.now);
        // The edge publishes it with the style sheet of the banner.
        let styles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../widget/css/banner.css");
        serde_json::to_string(&bulletin.styled(&fs::read_to_string(styles).unwrap())).unwrap()
    };
    let mut page = outage();
    pinned("bulletin-healthy.json", &text(&page, "el"));
    open(&mut page);
    pinned("bulletin.json", &text(&page, "el"));
}

#[test]
fn stored_entities_are_pinned() {
    let mut page = outage();
    open(&mut page);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Larger disks","body":"We swap the disks.","components":["api"],"scheduled_for":"2010-10-06T01:00:00Z","verify_at":"2010-10-06T01:40:00Z","scheduled_until":"2010-10-06T02:00:00Z"}"#);
    page.send(r#"{"type":"notice.post","body":"We talk about it on Friday.","url":"https://status.example.com/talk","until":"2010-10-08T00:00:00Z"}"#);
    let state = &page.state;
    let mut stored = String::new();
    let mut line = |json: serde_json::Result<String>| stored.push_str(&format!("{}\n", json.unwrap()));
    line(serde_json::to_string(&state.page));
    state.components.values().take(1).for_each(|c| line(serde_json::to_string(c)));
    state.incidents.values().for_each(|i| line(serde_json::to_string(i)));
    state.maintenances.values().for_each(|m| line(serde_json::to_string(m)));
    line(serde_json::to_string(&state.notice));
    pinned("stored.jsonl", &stored);
}

/// The same page in several languages, with an incident that was just resolved.
fn several_languages() -> Page {
    let mut page = outage();
    page.send(r#"{"type":"page.set","language":"de"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":{"de":"Kaputt","en":"Broken"},"impact":"minor","body":{"de":"Wir sind dran.","en":"We are on it."},"impact_note":{"de":"Alle.","en":"Everybody."}}"#);
    page.send(r#"{"type":"incident.open","id":"j","name":{"de":"Aus","en":"Down"},"impact":"minor","body":{"de":"Wir sind dran.","en":"We are on it."}}"#);
    page.send(r#"{"type":"incident.update","incident":"j","status":"resolved","body":{"de":"Vorbei.","en":"Over."}}"#);
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":{"de":"Umbau","en":"Works"},"body":{"de":"Neue Platten.","en":"New disks."},"scheduled_for":"2010-10-05T01:00:00Z","scheduled_until":"2010-10-05T02:00:00Z"}"#);
    page.at("2010-10-04T15:00:01Z");
    page.send(r#"{"type":"notice.post","title":{"de":"Freitag","en":"Friday"},"body":{"de":"Wir reden.","en":"We talk."}}"#);
    page
}

#[test]
fn several_languages_are_pinned_as_stored_and_published() {
    let page = several_languages();
    let state = &page.state;
    let mut stored = String::new();
    let mut line = |json: serde_json::Result<String>| stored.push_str(&format!("{}\n", json.unwrap()));
    line(serde_json::to_string(&state.page));
    for incident in state.incidents.values() {
        line(serde_json::to_string(incident));
        let read: candor_shared::state::Incident =
            serde_json::from_str(&serde_json::to_string(incident).unwrap()).unwrap();
        assert_eq!(read, *incident);
    }
    state.maintenances.values().for_each(|m| line(serde_json::to_string(m)));
    line(serde_json::to_string(&state.notice));
    pinned("stored-languages.jsonl", &stored);
    pinned("status-languages.json", &serde_json::to_string(&page.document()).unwrap());
}

/// A page without checks is stored as before there were any.
#[test]
fn checks_are_pinned_as_stored() {
    let mut page = outage();
    let stored = |page: &Page| serde_json::to_string(&page.state.page).unwrap();
    let without = stored(&page);
    page.send(r#"{"type":"page.set","checks":[{"name":"API","url":"https://api.example.com/health","component":"api"},{"name":"Website","url":"https://example.com"}]}"#);
    let with = format!(
        r#"{},"checks":[{{"name":"API","url":"https://api.example.com/health","component":"api"}},{{"name":"Website","url":"https://example.com"}}]}}"#,
        without.trim_end_matches('}')
    );
    assert_eq!(stored(&page), with);
    page.send(r#"{"type":"page.set","checks":null}"#);
    assert_eq!(stored(&page), without);
}

/// `stored-0.jsonl` has what the first version stored.
#[test]
fn entities_of_the_first_version_load_with_defaults() {
    use candor_shared::state::{Component, Incident, Maintenance, Notice};
    let old = include_str!("snapshots/stored-0.jsonl");
    let lines: Vec<&str> = old.lines().collect();
    let page: candor_shared::state::Page = serde_json::from_str(lines[0]).unwrap();
    let component: Component = serde_json::from_str(lines[1]).unwrap();
    let incident: Incident = serde_json::from_str(lines[2]).unwrap();
    let maintenance: Maintenance = serde_json::from_str(lines[3]).unwrap();
    let notice: Notice = serde_json::from_str(lines[4]).unwrap();
    assert_eq!((page.time_zone, component.position), (None, 2));
    assert!(
        incident.is_open()
            && incident.language.is_none()
            && !incident.overdue
            && incident.roles.communications.is_none()
    );
    assert!(maintenance.is_public() && maintenance.change.is_none());
    assert!(notice.details.is_none());
}

/// `stored-1.jsonl` has what the second version stored: `told_until` is now `news_until`, and a task's `state` is
/// `status`.
#[test]
fn renamed_fields_load() {
    use candor_shared::state::{Followup, FollowupStatus, Incident};
    let old = include_str!("snapshots/stored-1.jsonl");
    let lines: Vec<&str> = old.lines().collect();
    let incidents: Vec<Incident> =
        lines[1..3].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(incidents[0].news_until, None);
    assert_eq!(incidents[1].news_until, Some(common::time("2010-10-04T16:00:00Z")));
    let followup: Followup = serde_json::from_str(lines.last().unwrap()).unwrap();
    assert_eq!(followup.status, FollowupStatus::Done);
}

#[test]
fn logged_events_are_pinned() {
    let mut page = outage();
    page.at("2010-10-04T15:12:00Z");
    let mut events = page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b","components":{"api":"partial_outage"}}"#);
    events.extend(page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#));
    events.extend(page.at("2010-10-04T16:12:00Z"));
    let logged: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    pinned("events.jsonl", &format!("{}\n", logged.join("\n")));
}
