//! The measures on the real statements: what is summed once gives what summing everything gives.

use candor_shared::time::Time;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::page::{Page, SET_UP, html, time};
use crate::storage::Sql;

fn count(page: &Page, table: &str) -> i64 {
    let rows = page.sql.run(&format!("SELECT count(*) AS count FROM {table}"), vec![]).unwrap();
    rows[0]["count"].as_i64().unwrap()
}

fn metrics(page: &mut Page) -> Value {
    page.live.catch_up(page.now).unwrap();
    // An edition keeps its measures for a minute.
    page.restart();
    serde_json::from_str(&html(page, "/metrics.json").unwrap()).unwrap()
}

/// The measures with nothing summed before.
fn from_scratch(page: &mut Page) -> Value {
    for table in ["uptime_sum", "incident_measure"] {
        page.sql.run(&format!("DELETE FROM {table}"), vec![]).unwrap();
    }
    metrics(page)
}

/// So many minutes before or after a time.
fn minutes_after(time: Time, minutes: i64) -> Time {
    Time::from_millis(time.as_millis().saturating_add(minutes.saturating_mul(60_000))).unwrap()
}

/// Something that happens on a page, after so many minutes.
#[derive(Clone, Debug)]
enum Step {
    Set(u8, &'static str, Option<i64>),
    Flap(u8, u8),
    Remove(u8),
    Open(u8, u8, &'static str, i64),
    Update(u8, &'static str),
    Amend(u8, Option<i64>, Option<i64>),
    Zone(&'static str),
    Read,
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let state = || {
        prop::sample::select(vec!["operational", "degraded_performance", "partial_outage", "major_outage"])
    };
    let status = prop::sample::select(vec!["investigating", "monitoring", "resolved", "resolved"]);
    let zone = prop::sample::select(vec!["Etc/UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland"]);
    let step = prop_oneof![
        3 => (0..2u8, state(), prop::option::of(0..3000i64)).prop_map(|(c, s, ago)| Step::Set(c, s, ago)),
        1 => (0..2u8, 1..40u8).prop_map(|(c, n)| Step::Flap(c, n)),
        1 => (0..2u8).prop_map(Step::Remove),
        2 => (0..4u8, 0..2u8, state(), 0..3000i64).prop_map(|(i, c, s, ago)| Step::Open(i, c, s, ago)),
        3 => (0..4u8, status).prop_map(|(i, s)| Step::Update(i, s)),
        2 => (0..4u8, prop::option::of(0..5000i64), prop::option::of(0..3000i64)).prop_map(|(i, s, e)| Step::Amend(i, s, e)),
        1 => zone.prop_map(Step::Zone),
        3 => Just(Step::Read),
    ];
    prop::collection::vec((0..900i64, step), 1..40)
}

/// Does a step. A refusal is as good as a success: both must leave the measures true.
fn take(page: &mut Page, step: &Step) {
    let now = page.now;
    let ago = |minutes: i64| minutes_after(now, minutes.saturating_neg()).to_string();
    let component = |n: u8| ["api", "web"][usize::from(n)];
    fn send(page: &mut Page, update: &Value) {
        let request = page.request(&update.to_string());
        let _ = page.submit(&request);
    }
    match step {
        Step::Set(c, state, minutes) => {
            let mut update =
                json!({"type":"component.set","id":component(*c),"name":component(*c),"status":state});
            if let Some(minutes) = minutes {
                update["at"] = ago(*minutes).into();
            }
            send(page, &update);
        }
        Step::Flap(c, times) => {
            for n in 0..*times {
                let state = if n % 2 == 0 { "major_outage" } else { "operational" };
                send(page, &json!({"type":"component.set","id":component(*c),"status":state}));
                page.now = page.now.after("10s".parse().unwrap());
            }
        }
        Step::Remove(c) => send(page, &json!({"type":"component.remove","id":component(*c)})),
        Step::Open(i, c, state, minutes) => send(
            page,
            &json!({"type":"incident.open","id":format!("i{i}"),"name":"n","impact":"major","body":"b","components":{component(*c):state},"started_at":ago(*minutes)}),
        ),
        Step::Update(i, status) => {
            send(
                page,
                &json!({"type":"incident.update","incident":format!("i{i}"),"status":status,"body":"b"}),
            );
        }
        Step::Amend(i, started, resolved) => {
            let mut update = json!({"type":"incident.amend","incident":format!("i{i}")});
            if let Some(minutes) = started {
                update["started_at"] = ago(*minutes).into();
            }
            if let Some(minutes) = resolved {
                update["resolved_at"] = ago(*minutes).into();
            }
            send(page, &update);
        }
        Step::Zone(zone) => send(page, &json!({"type":"page.set","time_zone":zone})),
        Step::Read => {
            page.live.catch_up(page.now).unwrap();
            html(page, "/metrics.json");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// However reads and writes follow each other, the stored sums give what summing everything again gives.
    #[test]
    fn what_is_summed_once_is_what_summing_everything_gives(steps in steps()) {
        let mut page = Page::new();
        page.send(SET_UP);
        for (minutes, step) in &steps {
            page.now = minutes_after(page.now, *minutes);
            take(&mut page, step);
        }
        page.now = minutes_after(page.now, 2);
        page.live.catch_up(page.now).unwrap();
        let in_memory: Value = serde_json::from_str(&html(&mut page, "/metrics.json").unwrap()).unwrap();
        let summed = metrics(&mut page);
        prop_assert_eq!(&in_memory, &summed, "memory and storage are the same");
        prop_assert_eq!(summed, from_scratch(&mut page));
    }
}

/// A year in which twenty components change often: days that are over are one row each, and reading reads little.
#[test]
fn days_that_are_over_are_summed_into_one_row_each() {
    let mut page = Page::new();
    page.now = time("2025-11-20T00:00:00Z");
    let components: Vec<Value> =
        (0..20).map(|n| json!({"type":"component.set","id":format!("c{n}"),"name":"C"})).collect();
    page.send(&Value::from(components).to_string());
    // Every ten minutes for a hundred days, as the updates of a monitor would be stored.
    page.sql.run("INSERT INTO component_state (component, at, state) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 288000) SELECT 'c' || (i % 20), ?1 + (i / 20) * 600000, CASE (i / 20) % 2 WHEN 0 THEN 'major_outage' ELSE 'operational' END FROM n", vec![page.now.as_millis().into()]).unwrap();
    page.now = time("2026-02-27T12:30:00Z");
    let document = metrics(&mut page);
    let day = |document: &Value, n: usize| document["uptime"][7]["days"][n]["ratio"].as_f64().unwrap();
    assert!((0..89).all(|n| (day(&document, n) - 0.5).abs() < 1e-9), "{document}");
    assert_eq!(count(&page, "uptime_sum"), 89 + 13, "the days that are over, and the hours of today");
    // What is over is not read again: were it gone, the document would be the same.
    page.sql
        .run(
            "DELETE FROM component_state WHERE at < ?",
            vec![time("2026-02-27T11:00:00Z").as_millis().into()],
        )
        .unwrap();
    assert!(metrics(&mut page) == document, "a day that is over was read again");
    // The next day, today has become one row.
    page.now = time("2026-02-28T00:10:00Z");
    metrics(&mut page);
    assert_eq!(count(&page, "uptime_sum"), 90);
}

/// A component that comes back on the day on which it was removed begins anew.
#[test]
fn a_component_that_comes_back_has_no_past() {
    let mut page = Page::new();
    page.now = time("2026-03-01T06:00:00Z");
    page.send(SET_UP);
    page.send(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    page.now = time("2026-03-01T10:00:00Z");
    metrics(&mut page);
    page.send(r#"{"type":"component.remove","id":"api"}"#);
    page.send(r#"{"type":"component.set","id":"api","name":"API","status":"operational"}"#);
    page.now = time("2026-03-01T20:00:00Z");
    let summed = metrics(&mut page);
    assert_eq!(summed["uptime"][0]["days"][89]["ratio"], 1.0);
    assert_eq!(summed, from_scratch(&mut page));
}

/// A read does not fail because the storage takes no more.
#[test]
fn a_storage_that_takes_no_more_can_still_be_read() {
    let mut page = Page::new();
    page.send(SET_UP);
    let open = json!({"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","at":"2026-02-01T10:00:00Z"});
    let close = json!({"type":"incident.update","incident":"i","status":"resolved","body":"b","at":"2026-02-01T11:00:00Z"});
    page.send(&json!([open, close]).to_string());
    page.now = time("2026-03-05T12:00:00Z");
    page.faults.fail_commit();
    let read = metrics(&mut page);
    assert!(page.faults.end(), "it was tried");
    assert_eq!((count(&page, "uptime_sum"), count(&page, "incident_measure")), (0, 0));
    assert_eq!(read, metrics(&mut page));
    assert_ne!(count(&page, "uptime_sum"), 0);
}

/// An earlier program writes without deleting what it makes untrue: the next start deletes all that is derived.
#[test]
fn what_an_earlier_program_wrote_is_noticed() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.now = time("2026-03-05T12:00:00Z");
    metrics(&mut page);
    assert_ne!(count(&page, "uptime_sum"), 0);
    page.restart();
    assert_ne!(count(&page, "uptime_sum"), 0, "nothing was written");
    page.sql.run("INSERT INTO log (version, received_at, at, key, body, events) VALUES (3, ?1, ?1, 'ops', 'null', '[]')", vec![page.now.as_millis().into()]).unwrap();
    page.restart();
    assert_eq!(count(&page, "uptime_sum"), 0);
}

/// Incidents that are over are not read again, and those that are open are.
#[test]
fn incidents_that_are_over_are_measured_once() {
    let mut page = Page::new();
    page.send(SET_UP);
    for n in 0..30 {
        let open = json!({"type":"incident.open","id":format!("i{n}"),"name":"n","impact":"major","body":"b","at":"2026-02-01T10:00:00Z"});
        let close = json!({"type":"incident.update","incident":format!("i{n}"),"status":"resolved","body":"b","at":"2026-02-01T11:00:00Z"});
        page.send(&json!([open, close]).to_string());
    }
    page.send(r#"{"type":"incident.open","id":"open","name":"n","impact":"major","body":"b"}"#);
    assert_eq!(metrics(&mut page)["windows"][0]["incidents"], 31);
    assert_eq!(count(&page, "incident_measure"), 30);
    page.sql.run("DELETE FROM entry WHERE id LIKE 'i%'", vec![]).unwrap();
    let window = &metrics(&mut page)["windows"][0];
    assert_eq!((&window["incidents"], &window["time_between_updates"]["count"]), (&json!(31), &json!(30)));
    page.send(r#"{"type":"incident.amend","incident":"i3","resolved_at":"2026-02-01T10:30:00Z"}"#);
    assert_eq!(count(&page, "incident_measure"), 29);
    assert_eq!(metrics(&mut page)["windows"][0]["time_to_resolve"]["mean"], 3600.0 - 1800.0 / 30.0);
}

/// Changes are counted by kind and outcome, whatever their number.
#[test]
fn changes_are_counted_by_kind_and_outcome() {
    let mut page = Page::new();
    page.send(SET_UP);
    let change = |id: &str, kind: Option<&str>| json!({"type":"maintenance.schedule","id":id,"name":"n","body":"b","scheduled_for":"2026-03-01T11:58:00Z","scheduled_until":"2026-03-01T12:30:00Z","change":{"kind":kind}});
    for (id, kind, outcome) in [
        ("a", Some("db"), Some("succeeded")),
        ("b", Some("db"), Some("failed")),
        ("c", Some("db"), None),
        ("d", None, Some("rolled_back")),
    ] {
        page.send(&change(id, kind).to_string());
        let mut done = json!({"type":"maintenance.update","maintenance":id,"status":"completed","body":"b"});
        if let Some(outcome) = outcome {
            done["outcome"] = outcome.into();
        }
        page.send(&done.to_string());
    }
    let changes = metrics(&mut page)["windows"][0]["changes"].clone();
    let counts = |total, succeeded, rolled_back, failed| json!({"total":total,"succeeded":succeeded,"rolled_back":rolled_back,"failed":failed});
    assert_eq!(changes["by_kind"], json!({"db": counts(3, 1, 0, 1)}));
    assert_eq!((&changes["total"], &changes["rolled_back"]), (&json!(4), &json!(1)));
    let answer: Value = serde_json::from_str(&page.send(&change("e", Some("db")).to_string()).body).unwrap();
    assert_eq!(answer["results"][0]["similar_changes"], counts(3, 1, 0, 1));
    page.now = time("2027-03-02T12:00:00Z");
    assert_eq!(metrics(&mut page)["windows"][2]["changes"]["total"], 0, "more than a year ago");
}
