//! Property tests: random sequences of updates against a model that is simple enough to be obviously correct.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::collections::BTreeMap;

use candor_shared::limits;
use candor_shared::published::status_document;
use candor_shared::rules::{Moment, advance, apply, largest_status, next_change};
use candor_shared::state::{ComponentState, Indicator, MaintenanceStatus, State};
use candor_shared::time::Time;
use candor_shared::update::parse_value;
use proptest::prelude::*;
use serde_json::{Value, json};

const START: i64 = 1_772_366_400_000; // 2026-03-01T12:00:00Z

/// An update, and how many minutes pass before it.
type Step = (Value, i64);

fn component() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d"])
}

fn state() -> impl Strategy<Value = &'static str> {
    prop::sample::select(ComponentState::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>())
}

fn held() -> impl Strategy<Value = BTreeMap<&'static str, &'static str>> {
    prop::collection::btree_map(component(), state(), 0..3)
}

fn update() -> impl Strategy<Value = Value> {
    let incident = prop::sample::select(vec!["i", "j", "k"]);
    let impact = prop::sample::select(vec!["none", "minor", "major", "critical"]);
    let status = prop::sample::select(vec!["investigating", "identified", "monitoring", "resolved"]);
    let work = prop::sample::select(vec!["m", "n"]);
    let work_status = prop::sample::select(vec!["scheduled", "in_progress", "verifying", "completed"]);
    prop_oneof![
        3 => (component(), state()).prop_map(|(id, state)| json!({"type":"component.set","id":id,"name":"n","status":state})),
        1 => component().prop_map(|id| json!({"type":"component.remove","id":id})),
        1 => prop::collection::vec(prop::option::of(component()), 0..3).prop_map(|named| {
            let check = |id: Option<&str>| id.map_or_else(
                || json!({"name":"n","url":"https://a.example"}),
                |id| json!({"name":"n","url":"https://a.example","component":id}),
            );
            json!({"type":"page.set","checks":named.into_iter().map(check).collect::<Vec<_>>()})
        }),
        3 => (incident.clone(), impact, held()).prop_map(|(id, impact, held)| json!({"type":"incident.open","id":id,"name":"n","impact":impact,"body":"b","components":held})),
        6 => (incident, status, held()).prop_map(|(id, status, held)| {
            let resolves = status == "resolved";
            let held: BTreeMap<_, _> = held.into_iter().map(|(id, state)| (id, if resolves { "operational" } else { state })).collect();
            json!({"type":"incident.update","incident":id,"status":status,"body":"b","components":held})
        }),
        2 => (work.clone(), prop::collection::btree_set(component(), 0..3), 1..600i64, 1..600i64).prop_map(|(id, components, starts, lasts)| {
            json!({"type":"maintenance.schedule","id":id,"name":"n","body":"b","components":components,"in_minutes":starts,"lasts":lasts})
        }),
        2 => (work, work_status).prop_map(|(id, status)| json!({"type":"maintenance.update","maintenance":id,"status":status,"body":"b"})),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((update(), 0..120i64), 1..60)
}

/// The model: what was set, and what each incident holds (and whether it is open).
#[derive(Default)]
struct Model {
    set: BTreeMap<String, ComponentState>,
    made: BTreeMap<String, Time>,
    incidents: BTreeMap<String, (bool, BTreeMap<String, ComponentState>)>,
    resolved: BTreeMap<String, Time>,
}

fn term(text: &Value) -> ComponentState {
    serde_json::from_value(text.clone()).unwrap()
}

impl Model {
    fn accepted(&mut self, update: &Value, now: Time) {
        let id = |field: &str| update[field].as_str().unwrap().to_owned();
        let holds = || -> BTreeMap<String, ComponentState> {
            update["components"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(id, state)| (id.clone(), term(state)))
                .collect()
        };
        match update["type"].as_str().unwrap() {
            "component.set" => {
                let before = self.set.insert(id("id"), term(&update["status"]));
                let made = self.made.entry(id("id")).or_insert(now);
                *made = if before.is_none() { now } else { *made };
            }
            "component.remove" => {
                self.set.remove(&id("id"));
            }
            "incident.open" => {
                self.incidents.insert(id("id"), (true, holds()));
            }
            "incident.update" => {
                let (open, held) = self.incidents.get_mut(&id("incident")).unwrap();
                let opens = update["status"] != "resolved";
                if opens && !*open {
                    let resolved = self.resolved[&id("incident")];
                    held.retain(|id, _| self.set.contains_key(id) && self.made[id] <= resolved);
                }
                if *open && !opens {
                    self.resolved.insert(id("incident"), now);
                }
                *open = opens;
                if opens {
                    held.extend(holds());
                }
            }
            _ => {}
        }
    }

    fn shown(&self, component: &str, state: &State) -> ComponentState {
        let held =
            self.incidents.values().filter(|(open, _)| *open).filter_map(|(_, held)| held.get(component));
        let work = state
            .maintenances
            .values()
            .any(|m| m.is_active() && m.components.iter().any(|c| c.as_str() == component));
        let set = self.set[component];
        let worst = held.copied().chain([set]).max().unwrap();
        if work { worst.max(ComponentState::UnderMaintenance) } else { worst }
    }
}

/// Runs the steps. After each, calls `check` with the state, the model, the update and whether it was accepted.
fn run(steps: &[Step], mut check: impl FnMut(&State, &Model, &Value, bool)) -> (State, u64, Time) {
    let (mut state, mut model, mut version) = (State::default(), Model::default(), 0);
    let mut now = Time::from_millis(START).unwrap();
    for (update, minutes) in steps {
        now = Time::from_millis(now.as_millis() + minutes * 60_000).unwrap();
        let mut update = update.clone();
        if let Some(object) = update.as_object_mut()
            && let Some(starts) = object.remove("in_minutes").and_then(|m| m.as_i64())
        {
            let lasts = object.remove("lasts").and_then(|m| m.as_i64()).unwrap();
            let at =
                |minutes: i64| Time::from_millis(now.as_millis() + minutes * 60_000).unwrap().to_string();
            object.insert("scheduled_for".into(), at(starts).into());
            object.insert("scheduled_until".into(), at(starts + lasts).into());
        }
        advance(&mut state, now);
        let parsed = parse_value(update.clone()).unwrap().remove(0);
        let before = state.clone();
        match apply(&mut state, &parsed, Moment { now, version: version + 1 }) {
            Ok(_) => {
                version += 1;
                model.accepted(&update, now);
                check(&state, &model, &update, true);
            }
            Err(_) => {
                assert_eq!(state, before, "a rejection changed the state");
                check(&state, &model, &update, false);
            }
        }
    }
    (state, version, now)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The shown status equals the model's after every update. So resolving an incident releases what that incident
    /// held, and nothing that another one still holds.
    #[test]
    fn a_component_shows_the_worst_status_that_is_set_or_held(steps in steps()) {
        run(&steps, |state, model, update, _| {
            for component in state.components.values() {
                let id = component.id.as_str();
                assert_eq!(component.shown, model.shown(id, state), "{id} after {update}");
            }
        });
    }

    #[test]
    fn no_sequence_reaches_a_forbidden_state(steps in steps()) {
        run(&steps, |state, _, update, accepted| {
            let exists = |id: &candor_shared::text::Id| state.components.contains_key(id);
            for incident in state.incidents.values() {
                assert_eq!(incident.is_open(), incident.resolved_at.is_none(), "{update}");
                assert!(incident.started_at <= incident.created_at && incident.created_at <= incident.updated_at);
                assert_eq!(incident.latest.status, incident.status);
                assert!(!incident.is_open() || incident.affected_now().all(exists), "an open incident holds a removed component: {update}");
                assert!(incident.is_open() || incident.next_update_at.is_none());
            }
            for maintenance in state.maintenances.values() {
                assert!(maintenance.scheduled_for < maintenance.scheduled_until);
                assert_eq!(maintenance.completed_at.is_some(), maintenance.status == MaintenanceStatus::Completed);
                assert!(!maintenance.is_open() || maintenance.components.iter().all(exists));
            }
            assert!(state.page.checks.iter().filter_map(|check| check.component.as_ref()).all(exists), "{update}");
            assert!(state.open_incidents().count() <= limits::OPEN_INCIDENTS);
            // The indicator is `none` exactly when nothing is wrong.
            let is_wrong = state.components.values().any(|c| c.shown != ComponentState::Operational)
                || state.open_incidents().any(|i| i.impact != candor_shared::state::Impact::None)
                || state.maintenances.values().any(candor_shared::state::Maintenance::is_active);
            assert_eq!(state.indicator() == Indicator::None, !is_wrong, "{update} {accepted}");
            // An incident is at least as bad as it says, and the page as each incident.
            for incident in state.open_incidents() {
                let severity = state.severity(incident);
                assert!((incident.impact.into()..=state.indicator()).contains(&severity), "{update} {severity}");
            }
        });
    }

    #[test]
    fn the_same_updates_give_the_same_bytes(steps in steps()) {
        let bytes = || {
            let (state, version, now) = run(&steps, |_, _, _, _| {});
            serde_json::to_vec(&status_document(&state, version, now)).unwrap()
        };
        prop_assert_eq!(bytes(), bytes());
    }

    /// `advance` gives the same state in one call as in one call per change.
    #[test]
    fn one_late_alarm_does_the_same_as_many_on_time(steps in steps(), minutes in 1..2_000i64) {
        let (state, ..) = run(&steps, |_, _, _, _| {});
        let (_, _, now) = run(&steps, |_, _, _, _| {});
        let end = Time::from_millis(now.as_millis() + minutes * 60_000).unwrap();
        let (mut late, mut on_time) = (state.clone(), state);
        advance(&mut late, end);
        while let Some(next) = next_change(&on_time).filter(|next| *next <= end) {
            advance(&mut on_time, next);
        }
        prop_assert_eq!(late, on_time);
    }

    /// `check_size` looks at the largest document that the clock can lead to.
    #[test]
    fn the_clock_never_makes_status_json_larger_than_the_bound(steps in steps()) {
        let (mut state, ..) = run(&steps, |_, _, _, _| {});
        let bound = largest_status(&state);
        loop {
            let document = serde_json::to_vec(&status_document(&state, u64::MAX, Time::EPOCH)).unwrap();
            prop_assert!(document.len() <= bound, "{} of {}", document.len(), bound);
            let Some(next) = next_change(&state) else { break };
            advance(&mut state, next);
        }
    }

    #[test]
    fn entities_are_equal_after_storage(steps in steps()) {
        let (state, ..) = run(&steps, |_, _, _, _| {});
        fn same<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(entity: &T) {
            let stored = serde_json::to_string(entity).unwrap();
            assert_eq!(&serde_json::from_str::<T>(&stored).unwrap(), entity);
        }
        same(&state.page);
        state.components.values().for_each(same);
        state.incidents.values().for_each(same);
        state.maintenances.values().for_each(same);
    }
}
