//! A bulletin with something of everything in it, made as the edge makes it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use candor_shared::bulletin::Bulletin;
use candor_shared::rules::{Moment, advance, apply};
use candor_shared::state::State;
use candor_shared::time::Time;
use candor_shared::update::parse;
use candor_shared::words::Words;

const UPDATES: &str = r#"[
    {"type":"page.set","name":"Trailmark","url":"https://status.example.com"},
    {"type":"component.set","id":"api","name":"API","is_group":true},
    {"type":"component.set","id":"checkins","name":"Check-ins","group":"api"},
    {"type":"component.set","id":"maps","name":"Maps"},
    {"type":"incident.open","id":"checkins-down","name":{"en":"Check-ins are failing","de":"Check-ins gehen nicht"},
        "impact":"major","components":{"checkins":"major_outage"},"next_update_in":"30m",
        "impact_note":"Check-ins answer with an error.",
        "body":"We broke check-ins.\n\nWe are **on it**:\n- *look*\n- fix `x`, see https://example.com/x"},
    {"type":"maintenance.schedule","id":"database","name":"Database work","body":"Reads only.",
        "scheduled_for":"2026-01-01T10:30:00Z","scheduled_until":"2026-01-01T11:30:00Z"},
    {"type":"notice.post","title":"Moving","body":"We move house."}
]"#;

/// The time of all of this.
pub fn now() -> Time {
    "2026-01-01T10:12:00Z".parse().unwrap()
}

/// What is said after these updates, a JSON array, in a language.
pub fn after(updates: &str, language: &str) -> Bulletin {
    let mut state = State::default();
    for (update, version) in parse(updates.as_bytes()).unwrap().into_iter().zip(1..) {
        apply(&mut state, &update, Moment { now: now(), version }).unwrap();
    }
    advance(&mut state, now());
    candor_shared::bulletin::bulletin(&state, &Words::of(language).unwrap(), 42, now(), now())
}

/// An incident, a maintenance and a notice, in a language.
pub fn bulletin(language: &str) -> Bulletin {
    after(UPDATES, language)
}
