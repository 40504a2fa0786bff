//! The last days on the status page, and the months of the history.

use std::fmt::Write;

use super::histories::minutes_after;
use super::page::{OPEN, Page, SET_UP, html, time};
use crate::document::Document;

/// Opens and resolves so many incidents of a minute, one every `minutes`, from a time on.
fn short_ones(page: &mut Page, from: &str, number: i64, minutes: i64) {
    for n in 0..number {
        let begins = minutes_after(time(from), n.saturating_mul(minutes));
        let at = |more: i64| minutes_after(begins, more).to_string();
        let id = format!("s{}-{n}", &from[8..10]);
        page.send(&format!(
            r#"[{{"type":"incident.open","id":"{id}","name":"Short","impact":"minor","body":"b","at":"{}"}},
                {{"type":"incident.update","incident":"{id}","status":"resolved","body":"b","at":"{}"}}]"#,
            at(0),
            at(1)
        ));
    }
}

/// What the status page says of its last days: the days, each with its text, the newest first.
fn days(page: &mut Page) -> Vec<String> {
    let home = html(page, "/").unwrap();
    let log = home.split_once("Last 14 days</h2>").unwrap().1.split_once("</ol>").unwrap().0;
    log.split("<li>").skip(1).map(str::to_owned).collect()
}

/// A day that is not shown whole says so, and nothing is said of a day that is not true.
#[test]
fn a_day_that_is_not_shown_whole_says_so() {
    // However the outages lie: on one day, over midnight, over many days.
    for (from, number, minutes) in [
        ("2026-02-27T12:00:00Z", 135, 20),
        ("2026-03-01T00:00:00Z", 60, 10),
        ("2026-02-20T00:00:00Z", 120, 90),
    ] {
        let mut page = Page::new();
        page.now = time("2026-02-01T00:00:00Z");
        page.send(SET_UP);
        page.now = time("2026-03-01T12:00:00Z");
        page.send(r#"[{"type":"incident.open","id":"old","name":"The old one","impact":"major","body":"b","at":"2026-02-19T10:00:00Z"},
            {"type":"incident.update","incident":"old","status":"resolved","body":"b","at":"2026-02-19T12:00:00Z"},
            {"type":"maintenance.schedule","id":"m","name":"The running work","body":"b","at":"2026-02-20T00:00:00Z","scheduled_for":"2026-02-24T08:00:00Z","scheduled_until":"2026-03-05T08:00:00Z"},
            {"type":"incident.open","id":"m","name":"The open one","impact":"minor","body":"b","at":"2026-02-25T10:00:00Z"}]"#);
        short_ones(&mut page, from, number, minutes);
        let days = days(&mut page);
        let today = &days[0];
        assert!(today.contains("/maintenances/m\"") && today.contains("/incidents/m\""), "{from}: {today}");
        let old = days.iter().find(|day| day.contains("datetime=\"2026-02-19\"")).unwrap();
        assert!(old.contains("/incidents/old\""), "{from}: {old}");
        let mut found = 0;
        for day in &days {
            let shown = day.matches("/incidents/s").count();
            let more = day.split_once(" more</a>").map_or(0, |(before, _)| {
                let number = before.rsplit_once('>').unwrap().1;
                number.replace(',', "").parse::<usize>().unwrap()
            });
            assert_eq!(more > 0, day.contains("/history/2026-"), "{from}: {day}");
            assert!(!day.contains("Nothing to report") || shown + more == 0, "{from}: {day}");
            found += shown + more;
        }
        // Each lasts a minute, and none goes over midnight.
        assert_eq!(found, usize::try_from(number).unwrap(), "{from}: {days:?}");
        let month = Document::at("/history/2026-02", "").unwrap();
        assert!(page.document(&month).is_some());
    }
}

/// A maintenance of which only later steps were reported is listed where those were, and nowhere before.
#[test]
fn nobody_claims_when_a_maintenance_began_that_was_only_completed() {
    for steps in
        [&["completed"][..], &["verifying"], &["verifying", "completed"], &["verifying", "in_progress"]]
    {
        let mut page = Page::new();
        page.now = time("2026-09-20T00:00:00Z");
        page.send(SET_UP);
        page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","automatic":false,"body":"b","components":["api"],"scheduled_for":"2026-09-30T10:00:00Z","scheduled_until":"2026-09-30T12:00:00Z"}"#);
        page.now = time("2026-11-27T12:00:00Z");
        for step in steps {
            page.send(&format!(
                r#"{{"type":"maintenance.update","maintenance":"m","status":"{step}","body":"b"}}"#
            ));
        }
        let mut said = String::new();
        let days = days(&mut page);
        for day in days.iter().filter(|day| day.contains("/maintenances/m\"")) {
            write!(said, "{day}").unwrap();
        }
        assert_eq!(said.matches("datetime=").count(), 1, "{steps:?}: {said}");
        assert!(said.contains("2026-11-27") && !said.contains(", "), "{steps:?}: {said}");
        for (month, is_there) in [("2026-09", false), ("2026-10", false), ("2026-11", true)] {
            assert_eq!(
                html(&mut page, &format!("/history/{month}")).is_some(),
                is_there,
                "{steps:?}: {month}"
            );
        }
        let own = html(&mut page, "/maintenances/m").unwrap();
        assert!(!own.contains("Really began"), "{steps:?}");
        let active = page.live.document(&Document::at("/status.json", "").unwrap(), page.now);
        assert!(active.unwrap().is_some());
    }
}

/// What an open incident has released is not affected now: no document about that component says so, and the record keeps it.
#[test]
fn nothing_about_a_released_component_says_that_it_is_affected() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"component.set","id":"mail","name":"Mail"}"#);
    page.send(r#"{"type":"incident.update","components":{"api":"partial_outage","mail":"major_outage"},"body":"b"}"#);
    page.send(r#"{"type":"incident.update","components":{"api":"operational"},"body":"b"}"#);
    for (path, query, wanted) in [
        ("/badge.svg", "component=api", "operational"),
        ("/bulletin.json", "components=api", r#""level":"none""#),
        ("/embed", "components=api", "All systems operational"),
        ("/status.json", "", r#""components":["mail"]"#),
        ("/bulletin.json", "", r#""components":["mail"]"#),
        ("/", "", "<dt>Components</dt><dd><span dir=\"auto\">Mail</span></dd>"),
        ("/incidents/down", "", "API, Mail"),
    ] {
        let body = page.document(&Document::at(path, query).unwrap()).unwrap();
        assert!(body.contains(wanted), "{path}?{query}: {body}");
    }
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#);
    assert!(html(&mut page, "/incidents/down").unwrap().contains("API, Mail"));
}

/// The answer links to no page that is not there.
#[test]
fn an_internal_maintenance_has_no_address() {
    for (visibility, is_there) in [("internal", false), ("public", true)] {
        let mut page = Page::new();
        page.send(SET_UP);
        for update in [
            format!(
                r#"{{"type":"maintenance.schedule","id":"m","name":"Disks","visibility":"{visibility}","body":"b","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}}"#
            ),
            r#"{"type":"maintenance.update","maintenance":"m","body":"b"}"#.to_owned(),
            r#"{"type":"maintenance.update","maintenance":"m","status":"in_progress","body":"b"}"#.to_owned(),
            r#"{"type":"maintenance.update","maintenance":"m","status":"completed","body":"b"}"#.to_owned(),
        ] {
            let answer = page.send(&update).body;
            assert_eq!(answer.contains("/maintenances/m"), is_there, "{answer}");
            assert_eq!(html(&mut page, "/maintenances/m").is_some(), is_there);
        }
    }
}
