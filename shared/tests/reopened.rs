//! What a reopened incident holds again, and what components lost, against what was shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::collections::BTreeMap;

use candor_shared::published::statuspage::Statuspage;
use candor_shared::record::{History, IncidentRecord, RemovedComponents, lost};
use candor_shared::rules::Event;
use candor_shared::state::{ComponentState, Entry, IncidentStatus};
use candor_shared::text::Id;
use candor_shared::time::Time;
use candor_shared::words::Words;
use common::Page;
use proptest::prelude::*;

/// A page that keeps what the storage would: the entries of incidents, and what components were set to.
struct Kept {
    page: Page,
    entries: BTreeMap<Id, Vec<Entry<IncidentStatus>>>,
    set: BTreeMap<Id, Vec<(Time, ComponentState)>>,
}

impl Kept {
    fn new(now: &str) -> Self {
        Self { page: Page::new(now), entries: BTreeMap::new(), set: BTreeMap::new() }
    }

    /// Sends an update; false if it is refused.
    fn send(&mut self, update: &str) -> bool {
        let Ok(events) = self.page.try_send(update) else { return false };
        for event in events {
            match event {
                Event::IncidentOpened { id, entry } | Event::IncidentUpdated { id, entry, .. } => {
                    self.entries.entry(id).or_default().push(entry);
                }
                Event::ComponentSet { id, set: Some(state), at } => {
                    self.set.entry(id).or_default().push((at, state));
                }
                _ => {}
            }
        }
        true
    }

    fn sent(&mut self, now: &str, update: &str) {
        self.page.at(now);
        assert!(self.send(update), "{update}");
    }

    fn records(&self) -> Vec<IncidentRecord> {
        let record = |(id, entries): (&Id, &Vec<_>)| IncidentRecord {
            incident: self.page.state.incidents[id].clone(),
            entries: entries.clone(),
            postmortem: None,
            removed: RemovedComponents::default(),
        };
        self.entries.iter().map(record).collect()
    }

    /// What a component lost since it was made, in thousandths of milliseconds.
    fn lost(&self, id: &Id) -> i64 {
        let incidents = self.records().into_iter().map(|record| (record.incident, record.entries));
        let history = History { incidents: incidents.collect(), set: self.set.clone() };
        let component = &self.page.state.components[id];
        let lost = lost([component], &history, component.created_at, self.page.now);
        lost.get(id).copied().unwrap_or_default()
    }
}

fn id(text: &str) -> Id {
    Id::try_from(text.to_owned()).unwrap()
}

/// A removed component is made again after the incident that held it was reopened without it: it lost nothing.
#[test]
fn what_a_reopened_incident_no_longer_holds_is_not_down() {
    for others in ["", r#","y":"partial_outage""#, r#","y":"operational""#] {
        let mut kept = Kept::new("2026-11-01T00:00:00Z");
        kept.sent("2026-11-01T00:00:00Z", r#"{"type":"component.set","id":"x","name":"X"}"#);
        kept.sent("2026-11-01T00:00:00Z", r#"{"type":"component.set","id":"y","name":"Y"}"#);
        kept.sent("2026-11-27T10:00:00Z", &format!(r#"{{"type":"incident.open","id":"i","name":"I","impact":"minor","components":{{"x":"major_outage"{others}}},"body":"Down."}}"#));
        kept.sent(
            "2026-11-27T11:00:00Z",
            r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Up."}"#,
        );
        kept.sent("2026-11-27T11:30:00Z", r#"{"type":"component.remove","id":"x"}"#);
        kept.sent(
            "2026-11-27T12:00:00Z",
            r#"{"type":"incident.update","incident":"i","status":"monitoring","body":"Again."}"#,
        );
        kept.sent("2026-11-27T13:00:00Z", r#"{"type":"component.set","id":"x","name":"X again"}"#);
        kept.page.at("2026-11-27T15:00:00Z");
        assert_eq!(kept.lost(&id("x")), 0, "{others}");
        let record = kept.records().remove(0);
        assert!(!record.incident.affected_now().any(|affected| affected == &id("x")), "{others}");
        for (of, from, to) in &record.affected()[&3] {
            assert!(of.as_str() != "x" || from == to, "{others}: {of} {from} {to}");
        }
        let api = Statuspage {
            page_id: "p",
            state: &kept.page.state,
            words: &Words::default(),
            updated_at: kept.page.now,
        };
        let said = serde_json::to_value(api.incidents(&[record])).unwrap();
        for affected in said["incidents"][0]["incident_updates"][0]["affected_components"].as_array().unwrap()
        {
            assert!(
                affected["code"] != "x" || affected["new_status"] == "operational",
                "{others}: {affected}"
            );
        }
    }
}

/// A component that is made after the resolution is another one than the one that was held, even with its id.
#[test]
fn a_component_with_the_id_of_a_removed_one_is_not_held_again() {
    for made_at in ["2026-11-27T11:30:00Z", "2026-11-27T11:59:00Z", "2026-11-27T12:00:00Z"] {
        let mut kept = Kept::new("2026-11-01T00:00:00Z");
        kept.sent("2026-11-01T00:00:00Z", r#"{"type":"component.set","id":"x","name":"X"}"#);
        kept.sent("2026-11-01T00:00:00Z", r#"{"type":"component.set","id":"y","name":"Y"}"#);
        kept.sent("2026-11-27T10:00:00Z", r#"{"type":"incident.open","id":"i","name":"I","impact":"minor","components":{"x":"major_outage","y":"partial_outage"},"body":"Down."}"#);
        kept.sent(
            "2026-11-27T11:00:00Z",
            r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Up."}"#,
        );
        kept.sent("2026-11-27T11:15:00Z", r#"{"type":"component.remove","id":"x"}"#);
        kept.sent(made_at, r#"{"type":"component.set","id":"x","name":"Another X"}"#);
        kept.sent(
            "2026-11-27T12:00:00Z",
            r#"{"type":"incident.update","incident":"i","status":"monitoring","body":"Again."}"#,
        );
        kept.page.at("2026-11-27T15:00:00Z");
        let shown = |of: &str| kept.page.state.components[&id(of)].shown;
        assert_eq!(shown("x"), ComponentState::Operational, "{made_at}");
        assert_eq!(shown("y"), ComponentState::PartialOutage, "{made_at}");
        assert_eq!(kept.lost(&id("x")), 0, "{made_at}");
        // Named, it is held.
        kept.sent("2026-11-27T15:00:00Z", r#"{"type":"incident.update","incident":"i","components":{"x":"major_outage"},"body":"This one, too."}"#);
        assert_eq!(kept.page.state.components[&id("x")].shown, ComponentState::MajorOutage);
    }
}

/// A component from before the resolution is held again, also one that joined the incident late.
#[test]
fn what_was_held_and_is_still_there_is_held_again() {
    let mut kept = Kept::new("2026-11-27T09:00:00Z");
    kept.sent(
        "2026-11-27T10:00:00Z",
        r#"{"type":"incident.open","id":"i","name":"I","impact":"minor","body":"Down."}"#,
    );
    kept.sent("2026-11-27T10:30:00Z", r#"{"type":"component.set","id":"x","name":"X"}"#);
    kept.sent(
        "2026-11-27T10:30:00Z",
        r#"{"type":"incident.update","incident":"i","components":{"x":"major_outage"},"body":"X is down."}"#,
    );
    kept.sent(
        "2026-11-27T11:00:00Z",
        r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Up."}"#,
    );
    kept.sent(
        "2026-11-27T12:00:00Z",
        r#"{"type":"incident.update","incident":"i","status":"monitoring","body":"Again."}"#,
    );
    assert_eq!(kept.page.state.components[&id("x")].shown, ComponentState::MajorOutage);
}

fn update() -> impl Strategy<Value = String> {
    let component = prop::sample::select(vec!["x", "y"]);
    let state =
        prop::sample::select(vec!["operational", "degraded_performance", "partial_outage", "major_outage"]);
    let incident = prop::sample::select(vec!["i", "j"]);
    let status = prop::sample::select(vec!["investigating", "monitoring", "resolved", "resolved"]);
    let held = prop::option::of((component.clone(), state.clone()))
        .prop_map(|held| held.map_or_else(String::new, |(id, state)| format!(r#""{id}":"{state}""#)));
    prop_oneof![
        2 => (component.clone(), state).prop_map(|(id, state)| format!(r#"{{"type":"component.set","id":"{id}","name":"n","status":"{state}"}}"#)),
        2 => component.clone().prop_map(|id| format!(r#"{{"type":"component.set","id":"{id}","name":"n"}}"#)),
        3 => component.prop_map(|id| format!(r#"{{"type":"component.remove","id":"{id}"}}"#)),
        2 => (incident.clone(), held.clone()).prop_map(|(id, held)| format!(r#"{{"type":"incident.open","id":"{id}","name":"n","impact":"minor","components":{{{held}}},"body":"b"}}"#)),
        6 => (incident, status, held).prop_map(|(id, status, held)| {
            let held = if status == "resolved" { "" } else { &held };
            format!(r#"{{"type":"incident.update","incident":"{id}","status":"{status}","components":{{{held}}},"body":"b"}}"#)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// The record says what was shown: the loss of each component is its shown status over time, and the last entry of an incident
    /// leaves each component as the incident holds it.
    #[test]
    fn the_record_says_what_was_shown(steps in prop::collection::vec((update(), 1..90i64), 1..40)) {
        let mut kept = Kept::new("2026-03-01T12:00:00Z");
        // What each component has lost since it was made, by what was shown.
        let mut shown: BTreeMap<Id, (Time, i64)> = BTreeMap::new();
        for (update, minutes) in &steps {
            let before = kept.page.now;
            kept.page.at(&Time::from_millis(before.as_millis() + minutes * 60_000).unwrap().to_string());
            for (id, component) in &kept.page.state.components {
                let weight = match component.shown {
                    ComponentState::MajorOutage => 1000,
                    ComponentState::PartialOutage => 300,
                    _ => 0,
                };
                let of = shown.entry(id.clone()).or_insert((component.created_at, 0));
                if of.0 != component.created_at {
                    *of = (component.created_at, 0);
                }
                of.1 += weight * kept.page.now.millis_since(before.max(component.created_at));
            }
            kept.send(update);
        }
        for (id, component) in &kept.page.state.components {
            let wanted = shown.get(id).filter(|(made, _)| *made == component.created_at);
            prop_assert_eq!(kept.lost(id), wanted.map_or(0, |(_, lost)| *lost), "{} {:?}", id, steps);
        }
        for record in kept.records() {
            let held = |id: &Id| record.incident.components.get(id).filter(|_| record.incident.is_open());
            for (id, _, to) in &record.affected()[&record.incident.latest.number] {
                prop_assert_eq!(*to, held(id).copied().unwrap_or(ComponentState::Operational), "{} {:?}", id, steps);
            }
        }
    }
}
