//! Work of the past that is imported: the clock goes on between the updates of an array.

use serde_json::{Value, json};

use super::page::{Page, SET_UP, html, time, turned_down};

/// A maintenance that goes on by itself, with its planned times.
fn schedule(at: &str, from: &str, until: &str) -> Value {
    json!({"type":"maintenance.schedule","id":"m","name":"Disks","body":"We swap disks.","components":["api"],
        "at":at,"scheduled_for":from,"scheduled_until":until})
}

fn update(at: &str, more: &Value) -> Value {
    let mut update = json!({"type":"maintenance.update","maintenance":"m","body":"b","at":at});
    for (field, value) in more.as_object().unwrap() {
        update[field] = value.clone();
    }
    update
}

/// The page with these updates: in an array, or each by itself.
fn imported(updates: &[Value], in_array: bool) -> (Page, String) {
    let mut page = Page::new();
    page.now = time("2026-10-20T12:00:00Z");
    page.send(SET_UP);
    let mut answers = String::new();
    if in_array {
        answers = page.send(&Value::from(updates.to_vec()).to_string()).body;
    } else {
        for update in updates {
            answers.push_str(&page.send(&update.to_string()).body);
        }
    }
    (page, answers)
}

/// What the page says of the maintenance: without the path of the style sheet and the version, which differ.
fn shown(page: &mut Page) -> String {
    let html = html(page, "/maintenances/m").unwrap();
    html.split_once("<dl").unwrap().1.split_once("<footer").unwrap().0.to_owned()
}

#[test]
fn an_array_tells_what_its_updates_tell_one_by_one() {
    let october = || schedule("2026-10-01T00:00:00Z", "2026-10-10T01:00:00Z", "2026-10-10T02:00:00Z");
    for updates in [
        // The clock has completed it already.
        vec![october(), update("2026-10-10T02:30:00Z", &json!({"status":"completed"}))],
        // A note after the end.
        vec![october(), update("2026-10-12T00:00:00Z", &json!({}))],
        // Nothing but the plan.
        vec![october()],
    ] {
        let (mut one_by_one, advice) = imported(&updates, false);
        let (mut array, advice_of_all) = imported(&updates, true);
        assert_eq!(shown(&mut array), shown(&mut one_by_one), "{updates:?}");
        assert_eq!(
            advice.contains("automatic"),
            advice_of_all.contains("automatic"),
            "{advice} {advice_of_all}"
        );
    }
    let reported = [october(), update("2026-10-10T02:30:00Z", &json!({"status":"completed"}))];
    assert!(imported(&reported, true).1.contains(r#"\"automatic\": false"#));
}

/// In an array the end can be moved while the work is under way, as it was.
#[test]
fn the_clock_goes_on_between_the_updates_of_an_array() {
    for (until, moved, at) in [
        ("2026-06-30T21:30:00Z", "2026-06-30T23:30:00Z", "2026-06-30T21:00:00Z"),
        ("2026-06-30T21:30:00Z", "2026-06-30T22:00:00Z", "2026-06-30T20:31:00Z"),
        ("2026-06-30T22:00:00Z", "2026-06-30T23:00:00Z", "2026-06-30T21:59:59Z"),
    ] {
        let (mut page, _) = imported(
            &[
                schedule("2026-06-01T00:00:00Z", "2026-06-30T20:30:00Z", until),
                update(at, &json!({"scheduled_until": moved})),
            ],
            true,
        );
        let shown = shown(&mut page);
        let really = |word: &str| shown.split_once(word).unwrap().1.split_once("</dd>").unwrap().0.to_owned();
        assert!(really("Really began").contains("2026-06-30T20:30"), "{shown}");
        assert!(really("Really over").contains(&moved[..16]), "{shown}");
        let entry = shown.split_once("id=\"update-3\"").unwrap().1.split_once("</p>").unwrap().0;
        assert!(entry.contains("In progress"), "{entry}");
    }
}

/// What an array says of the past is as much in order as what is sent one by one, and the answer names the way to import.
#[test]
fn an_update_that_the_clock_has_passed_is_refused_with_the_way_to_import() {
    let mut page = Page::new();
    page.now = time("2026-10-20T12:00:00Z");
    page.send(SET_UP);
    let version = page.live.version();
    let past = [
        schedule("2026-10-01T00:00:00Z", "2026-10-10T01:00:00Z", "2026-10-10T02:00:00Z"),
        update("2026-10-10T03:00:00Z", &json!({})),
        update("2026-10-10T01:05:00Z", &json!({"status":"in_progress"})),
    ];
    let problem = turned_down(&mut page, &Value::from(past.to_vec()).to_string());
    assert_eq!((problem.status, problem.pointer.as_deref()), (422, Some("/2/at")));
    assert!(problem.detail.contains("\"automatic\": false"), "{}", problem.detail);
    assert_eq!(page.live.version(), version, "all of it or nothing");
    page.send(&past[0].to_string());
    let problem = turned_down(&mut page, &past[2].to_string());
    assert!(problem.detail.contains("\"automatic\": false"), "{}", problem.detail);
    // With it, the real times are what was reported.
    let mut by_hand = past[0].clone();
    by_hand["id"] = "by-hand".into();
    by_hand["automatic"] = false.into();
    let report = |at: &str, status: &str| {
        let mut report = update(at, &json!({"status":status}));
        report["maintenance"] = "by-hand".into();
        report
    };
    let real =
        [by_hand, report("2026-10-10T01:05:00Z", "in_progress"), report("2026-10-10T02:30:00Z", "completed")];
    page.send(&Value::from(real.to_vec()).to_string());
    let shown = html(&mut page, "/maintenances/by-hand").unwrap();
    assert!(shown.contains("2026-10-10T01:05") && shown.contains("2026-10-10T02:30"), "{shown}");
}

/// A promise of an array passes as well before an update that came later.
#[test]
fn what_else_comes_with_time_comes_between_updates_too() {
    for (late, overdue) in
        [("2026-10-10T10:29:00Z", 0), ("2026-10-10T10:31:00Z", 1), ("2026-10-10T12:00:00Z", 1)]
    {
        let (page, _) = imported(
            &[
                json!({"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b","at":"2026-10-10T10:00:00Z","next_update_in":"30m"}),
                json!({"type":"incident.update","incident":"i","status":"resolved","body":"b","at":late}),
            ],
            true,
        );
        use crate::storage::Sql;
        let rows =
            page.sql.run("SELECT events FROM log WHERE events LIKE '%promise_broken%'", vec![]).unwrap();
        assert_eq!(rows.len(), overdue, "{late} {rows:?}");
    }
}
