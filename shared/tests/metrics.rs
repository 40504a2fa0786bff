//! The metrics: cases calculated by hand, and properties.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::collections::BTreeMap;

use candor_shared::record::{
    ChangeCounts, Changes, History, IncidentMeasures, Interval, MetricsDocument, Spread, UPTIME_DAYS,
    WINDOWS, lost, lost_of, metrics, uptime_by_day, window_start,
};
use candor_shared::rules::Event;
use candor_shared::state::{ComponentState, Entry, IncidentStatus};
use candor_shared::text::Id;
use candor_shared::time::{Time, TimeZone};
use common::Page;
use proptest::prelude::*;

/// A page that also records the history, as the edge's ledger does.
struct Recorded {
    page: Page,
    entries: BTreeMap<Id, Vec<Entry<IncidentStatus>>>,
    set: BTreeMap<Id, Vec<(Time, ComponentState)>>,
}

impl Recorded {
    fn new(now: &str) -> Self {
        Self { page: Page::new(now), entries: BTreeMap::new(), set: BTreeMap::new() }
    }

    fn send(&mut self, update: &str) {
        for event in self.page.send(update) {
            match event {
                Event::IncidentOpened { id, entry } | Event::IncidentUpdated { id, entry, .. } => {
                    self.entries.entry(id).or_default().push(entry)
                }
                Event::ComponentSet { id, set: Some(state), at } => {
                    self.set.entry(id).or_default().push((at, state))
                }
                _ => {}
            }
        }
    }

    fn metrics(&self, zone: &str) -> MetricsDocument {
        let (state, now) = (&self.page.state, self.page.now);
        let zone = TimeZone::try_from(zone.to_owned()).unwrap();
        let incidents: Vec<_> =
            state.incidents.values().map(|i| (i.clone(), self.entries[&i.id].clone())).collect();
        let measures: Vec<_> =
            incidents.iter().map(|(i, entries)| IncidentMeasures::of(i, entries)).collect();
        let history = History { incidents, set: self.set.clone() };
        let days = zone.last_days(now, UPTIME_DAYS).into_iter().map(|day| {
            let lost = lost(state.components.values(), &history, day.start, day.end.min(now));
            (day, lost)
        });
        let uptime = uptime_by_day(state.components.values(), &days.collect::<Vec<_>>(), now);
        metrics(&measures, WINDOWS.map(|days| self.changes(days)), uptime, &zone, 1, now)
    }

    fn changes(&self, days: u16) -> Changes {
        let mut changes = Changes::default();
        for maintenance in self.page.state.maintenances.values() {
            if let Some(change) = &maintenance.change
                && maintenance.completed_at.is_some_and(|at| at >= window_start(days, self.page.now))
            {
                let counts = ChangeCounts::completed(maintenance.outcome, 1);
                changes.all.add(&counts);
                changes.by_kind.entry(change.kind.clone().unwrap()).or_default().add(&counts);
            }
        }
        changes
    }
}

fn ratio(document: &MetricsDocument, date: &str) -> Option<f64> {
    document.uptime[0].days.iter().find(|day| day.date == date).unwrap().ratio
}

fn with_component(since: &str) -> Recorded {
    let mut page = Recorded::new("2026-03-31T12:00:00Z");
    page.send(&format!(r#"{{"type":"component.set","id":"api","name":"API","at":"{since}"}}"#));
    page
}

fn incident(id: &str, state: &str, start: &str, end: &str) -> [String; 2] {
    [
        format!(
            r#"{{"type":"incident.open","id":"{id}","name":"n","impact":"major","body":"b","components":{{"api":"{state}"}},"at":"{start}"}}"#
        ),
        format!(
            r#"{{"type":"incident.update","incident":"{id}","status":"resolved","body":"b","at":"{end}"}}"#
        ),
    ]
}

#[test]
fn durations_are_measured_from_the_start_of_the_incident() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","started_at":"2026-03-30T10:00:00Z","detected_at":"2026-03-30T10:02:00Z","next_update_in":"30m","at":"2026-03-30T10:10:00Z"}"#);
    page.send(r#"{"type":"incident.update","body":"b","next_update_in":"30m","at":"2026-03-30T10:30:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2026-03-30T11:30:00Z"}"#);
    page.send(r#"{"type":"incident.open","id":"j","name":"n","impact":"major","body":"b","started_at":"2026-03-31T11:00:00Z","at":"2026-03-31T11:20:00Z"}"#);
    let document = page.metrics("Etc/UTC");
    let window = &document.windows[0];
    assert_eq!((window.days, window.incidents), (30, 2));
    assert_eq!(window.time_to_detect, Some(Spread { median: 120.0, mean: 120.0, max: 120.0, count: 1 }));
    assert_eq!(
        window.time_to_acknowledge,
        Some(Spread { median: 900.0, mean: 900.0, max: 1200.0, count: 2 })
    );
    assert_eq!(window.time_to_resolve, Some(Spread { median: 5400.0, mean: 5400.0, max: 5400.0, count: 1 }));
    assert_eq!(
        window.time_between_updates,
        Some(Spread { median: 2400.0, mean: 2400.0, max: 3600.0, count: 2 })
    );
    assert_eq!((window.promises.kept, window.promises.broken), (1, 1));
}

#[test]
fn a_reopened_incident_is_resolved_at_the_last_resolution() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    for update in incident("i", "major_outage", "2026-03-30T00:00:00Z", "2026-03-30T06:00:00Z") {
        page.send(&update);
    }
    page.send(r#"{"type":"incident.update","incident":"i","status":"investigating","body":"b","at":"2026-03-30T12:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"b","at":"2026-03-30T15:00:00Z"}"#);
    let document = page.metrics("Etc/UTC");
    assert_eq!(document.windows[0].time_to_resolve.unwrap().max, 15.0 * 3600.0);
    assert_eq!(
        document.windows[0].time_between_updates.unwrap().count,
        2,
        "the gap from the resolution to the reopening does not count"
    );
    assert_eq!(ratio(&document, "2026-03-30"), Some(1.0 - 9.0 / 24.0), "down for six and for three hours");
}

#[test]
fn a_corrected_end_stays_when_the_incident_is_reopened() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    for update in incident("i", "major_outage", "2026-03-30T00:00:00Z", "2026-03-30T06:00:00Z") {
        page.send(&update);
    }
    page.send(r#"{"type":"incident.amend","incident":"i","resolved_at":"2026-03-30T01:00:00Z"}"#);
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(1.0 - 1.0 / 24.0));
    page.send(r#"{"type":"incident.update","incident":"i","status":"investigating","body":"b","at":"2026-03-30T12:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"b","at":"2026-03-30T14:00:00Z"}"#);
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(1.0 - 3.0 / 24.0), "one hour and two");
}

#[test]
fn metrics_use_amended_times() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    for update in incident("i", "major_outage", "2026-03-30T06:00:00Z", "2026-03-30T12:00:00Z") {
        page.send(&update);
    }
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(0.75));
    page.send(r#"{"type":"incident.amend","incident":"i","started_at":"2026-03-30T03:00:00Z","resolved_at":"2026-03-30T09:00:00Z"}"#);
    let document = page.metrics("Etc/UTC");
    assert_eq!(ratio(&document, "2026-03-30"), Some(0.75));
    page.send(r#"{"type":"incident.amend","incident":"i","started_at":"2026-03-30T00:00:00Z"}"#);
    let document = page.metrics("Etc/UTC");
    assert_eq!(ratio(&document, "2026-03-30"), Some(1.0 - 9.0 / 24.0));
    assert_eq!(document.windows[0].time_to_resolve.unwrap().max, 9.0 * 3600.0);
}

#[test]
fn an_amended_end_cuts_later_outages() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","components":{"api":"major_outage"},"at":"2026-03-30T06:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","body":"b","components":{"api":"partial_outage"},"at":"2026-03-30T08:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2026-03-30T12:00:00Z"}"#);
    page.send(r#"{"type":"incident.amend","incident":"i","resolved_at":"2026-03-30T07:00:00Z"}"#);
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(1.0 - 1.0 / 24.0));
    // An update after the end does not make the outage longer.
    page.send(r#"{"type":"incident.update","incident":"i","body":"A note.","at":"2026-03-30T20:00:00Z"}"#);
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(1.0 - 1.0 / 24.0));
}

#[test]
fn an_amended_end_lengthens_outages_too() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","components":{"api":"major_outage"},"at":"2026-03-29T18:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2026-03-29T21:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","body":"It lasted until six.","at":"2026-03-30T08:00:00Z"}"#);
    page.send(r#"{"type":"incident.amend","incident":"i","resolved_at":"2026-03-30T06:00:00Z"}"#);
    let days = |page: &mut Recorded| {
        let document = page.metrics("Etc/UTC");
        ["2026-03-29", "2026-03-30"].map(|day| ratio(&document, day))
    };
    assert_eq!(days(&mut page), [Some(0.75), Some(0.75)], "beyond midnight");
    // Reopened, the first end stays corrected.
    page.send(r#"{"type":"incident.update","incident":"i","status":"investigating","body":"b","at":"2026-03-30T12:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"b","at":"2026-03-30T15:00:00Z"}"#);
    assert_eq!(days(&mut page), [Some(0.75), Some(15.0 / 24.0)]);
    page.send(r#"{"type":"incident.update","incident":"i","body":"It lasted until six again.","at":"2026-03-30T20:00:00Z"}"#);
    page.send(r#"{"type":"incident.amend","incident":"i","resolved_at":"2026-03-30T18:00:00Z"}"#);
    assert_eq!(days(&mut page), [Some(0.75), Some(0.5)]);
}

#[test]
fn a_reopened_incident_holds_what_the_resolution_named() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","components":{"api":"major_outage"},"at":"2026-03-30T00:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","components":{"api":"operational"},"at":"2026-03-30T06:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"investigating","body":"b","at":"2026-03-30T12:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2026-03-30T18:00:00Z"}"#);
    assert_eq!(ratio(&page.metrics("Etc/UTC"), "2026-03-30"), Some(0.5), "down for twelve of 24 hours");
}

#[test]
fn of_overlapping_outages_only_the_worst_counts() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    let [open_a, close_a] = incident("a", "partial_outage", "2026-03-30T00:00:00Z", "2026-03-30T12:00:00Z");
    let [open_b, close_b] = incident("b", "major_outage", "2026-03-30T06:00:00Z", "2026-03-30T12:00:00Z");
    [open_a, open_b, close_a, close_b].iter().for_each(|update| page.send(update));
    // Six hours at 30 %, six hours in full.
    let lost = (6.0 * 0.3 + 6.0) / 24.0;
    assert!((ratio(&page.metrics("Etc/UTC"), "2026-03-30").unwrap() - (1.0 - lost)).abs() < 1e-12);
}

#[test]
fn days_follow_the_time_zone_of_the_page() {
    let mut page = with_component("2026-03-20T12:00:00Z");
    // In Berlin 29 March has 23 hours: an outage from 22:00 to 05:00 local time lasts six hours.
    for update in incident("i", "major_outage", "2026-03-28T21:00:00Z", "2026-03-29T03:00:00Z") {
        page.send(&update);
    }
    let document = page.metrics("Europe/Berlin");
    assert_eq!(ratio(&document, "2026-03-28"), Some(1.0 - 2.0 / 24.0));
    assert_eq!(ratio(&document, "2026-03-29"), Some(1.0 - 4.0 / 23.0));
    assert_eq!(ratio(&document, "2026-03-19"), None, "the component did not exist yet");
    assert_eq!(ratio(&document, "2026-03-20"), Some(1.0));
    assert_eq!(document.uptime[0].days.len(), 90);
    assert_eq!(document.time_zone, "Europe/Berlin");
}

#[test]
fn a_set_status_counts_and_maintenance_does_not() {
    let mut page = with_component("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","status":"major_outage","at":"2026-03-30T00:00:00Z"}"#);
    page.send(r#"{"type":"component.set","id":"api","status":"operational","at":"2026-03-30T06:00:00Z"}"#);
    page.send(r#"{"type":"maintenance.schedule","name":"n","body":"b","components":["api"],"scheduled_for":"2026-03-30T12:00:00Z","scheduled_until":"2026-03-30T18:00:00Z","at":"2026-03-29T00:00:00Z","change":{"kind":"db"}}"#);
    page.send(
        r#"{"type":"maintenance.update","maintenance":"maintenance-4","outcome":"succeeded","body":"b"}"#,
    );
    let document = page.metrics("Etc/UTC");
    assert_eq!(ratio(&document, "2026-03-30"), Some(0.75));
    let changes = &document.windows[0].changes;
    assert_eq!((changes.all.total, changes.all.succeeded, changes.by_kind.len()), (1, 1, 1));
}

#[test]
fn the_document_is_pinned() {
    let mut page = with_component("2026-03-30T00:00:00Z");
    for update in incident("i", "major_outage", "2026-03-30T06:00:00Z", "2026-03-30T12:00:00Z") {
        page.send(&update);
    }
    let mut document = page.metrics("Etc/UTC");
    document.windows.truncate(1);
    document.uptime[0].days.drain(..87);
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

fn states() -> impl Strategy<Value = ComponentState> {
    prop::sample::select(ComponentState::ALL.to_vec())
}

fn at(minute: i64) -> Time {
    Time::from_millis(1_772_366_400_000 + minute * 60_000).unwrap()
}

fn intervals() -> impl Strategy<Value = Vec<Interval>> {
    let one = (0..2000i64, 1..700i64, states()).prop_map(|(from, length, state)| Interval {
        from: at(from),
        until: at(from + length),
        state,
    });
    prop::collection::vec(one, 0..12)
}

/// Uptime by counting minutes.
fn count_minutes(intervals: &[Interval], from: i64, until: i64) -> f64 {
    let weight = |state| match state {
        ComponentState::MajorOutage => 1.0,
        ComponentState::PartialOutage => 0.3,
        _ => 0.0,
    };
    let lost: f64 = (from..until)
        .map(|minute| {
            intervals
                .iter()
                .filter(|i| i.from <= at(minute) && at(minute) < i.until)
                .map(|i| weight(i.state))
                .fold(0.0, f64::max)
        })
        .sum();
    1.0 - lost / (until - from) as f64
}

proptest! {
    #[test]
    fn uptime_equals_counting_minutes(intervals in intervals(), from in 0..1000i64, length in 1..1440i64) {
        let lost = lost_of(&intervals, at(from), at(from + length));
        let ratio = 1.0 - lost as f64 / (length * 60_000 * 1000) as f64;
        prop_assert!((0.0..=1.0).contains(&ratio));
        prop_assert!((ratio - count_minutes(&intervals, from, from + length)).abs() < 1e-9);
    }

    #[test]
    fn a_duplicate_outage_counts_once(intervals in intervals()) {
        let twice: Vec<_> = intervals.iter().chain(&intervals).copied().collect();
        prop_assert_eq!(lost_of(&twice, at(0), at(1440)), lost_of(&intervals, at(0), at(1440)));
    }

    #[test]
    fn losses_of_periods_that_follow_each_other_add_up(intervals in intervals(), cut in 0..1440i64) {
        let parts = lost_of(&intervals, at(0), at(cut)) + lost_of(&intervals, at(cut), at(1440));
        prop_assert_eq!(parts, lost_of(&intervals, at(0), at(1440)));
    }

    #[test]
    fn splitting_an_interval_changes_nothing(intervals in intervals(), cut in 1..100i64) {
        let split: Vec<_> = intervals
            .iter()
            .flat_map(|i| {
                let middle = Time::from_millis(i.from.as_millis() + i.until.millis_since(i.from) * cut / 100).unwrap();
                [Interval { until: middle, ..*i }, Interval { from: middle, ..*i }]
            })
            .collect();
        prop_assert_eq!(lost_of(&split, at(0), at(1440)), lost_of(&intervals, at(0), at(1440)));
    }
}

#[test]
fn nothing_is_lost_in_an_empty_period() {
    let outage = Interval { from: at(0), until: at(10), state: ComponentState::MajorOutage };
    assert_eq!(lost_of(&[outage], at(5), at(5)), 0);
    assert_eq!(lost_of(&[outage], at(5), at(4)), 0);
}

/// Percentages over days weigh time: today counts as far as it has come, the first day from when the component began.
#[test]
fn a_ratio_over_days_weighs_time() {
    let mut page = Recorded::new("2026-01-01T00:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    // 80 days up, then down since midnight, for 55 minutes.
    page.page.at("2026-03-22T00:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    page.page.at("2026-03-22T00:55:00Z");
    let over = |page: &Recorded, days| page.metrics("Etc/UTC").uptime[0].over(days).unwrap();
    let wanted = 1.0 - 55.0 / (80.0 * 1440.0 + 55.0);
    assert!((over(&page, 90) - wanted).abs() < 1e-9, "{} for {wanted}", over(&page, 90));
    assert_eq!(over(&page, 1), 0.0);
    // The last two days: 1440 minutes up, 55 down.
    assert!((over(&page, 2) - 1440.0 / 1495.0).abs() < 1e-9);

    let mut young = Recorded::new("2026-03-22T23:50:00Z");
    young.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    young.page.at("2026-03-22T23:55:00Z");
    young.send(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    young.page.at("2026-03-23T00:20:00Z");
    // Five minutes up, five down on the first day, 20 down on the second.
    assert!((over(&young, 90) - 5.0 / 30.0).abs() < 1e-9, "{}", over(&young, 90));
    assert_eq!(Recorded::new("2026-03-22T23:50:00Z").metrics("Etc/UTC").uptime.len(), 0);
}
