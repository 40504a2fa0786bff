//! Which resolved incidents are news: those that the page reported as over within the last hour.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use candor_shared::bulletin::{Level, bulletin};
use candor_shared::rules::Event;
use candor_shared::words::Words;
use common::{Page, time};

fn open(page: &mut Page, id: &str) {
    page.send(&format!(
        r#"{{"type":"incident.open","id":"{id}","name":"{id}","impact":"minor","body":"b"}}"#
    ));
}

fn resolve(page: &mut Page, id: &str, more: &str) {
    page.send(&format!(
        r#"{{"type":"incident.update","incident":"{id}","status":"resolved","body":"b"{more}}}"#
    ));
}

fn news(page: &Page) -> Vec<String> {
    page.document().resolved.iter().map(|entry| entry.id.to_string()).collect()
}

/// What was over for a day or more when the page says so is no news, however the page gets to know.
#[test]
fn what_was_over_for_a_day_is_no_news() {
    for (over, is_news) in [
        ("2026-03-02T12:00:00Z", false),
        ("2026-03-05T12:00:00Z", false),
        ("2026-03-05T12:00:01Z", true),
        ("2026-03-06T11:20:00Z", true),
    ] {
        let page = || {
            let mut page = Page::new("2026-03-01T10:00:00Z");
            open(&mut page, "i");
            page.at("2026-03-06T12:00:00Z");
            page
        };
        // Said at once, with its time.
        let mut dated = page();
        resolve(&mut dated, "i", &format!(r#","at":"{over}""#));
        // Corrected afterwards.
        let mut amended = page();
        resolve(&mut amended, "i", "");
        assert_eq!(news(&amended), ["i"]);
        let events =
            amended.send(&format!(r#"{{"type":"incident.amend","incident":"i","resolved_at":"{over}"}}"#));
        let left = events.iter().any(|event| matches!(event, Event::IncidentPast { .. }));
        assert_eq!(left, !is_news, "{over}: {events:?}");
        for page in [&mut dated, &mut amended] {
            assert_eq!(news(page), if is_news { vec!["i"] } else { vec![] }, "{over}");
            let said = bulletin(&page.state, &Words::default(), 7, page.now, page.now);
            assert_eq!(said.level, if is_news { Level::Resolved } else { Level::None }, "{over}");
            // Visitors who saw it as open until now hear for an hour that it is over.
            page.at("2026-03-06T12:59:59Z");
            assert_eq!(news(page).is_empty(), !is_news, "{over}");
            page.at("2026-03-06T13:00:00Z");
            assert!(news(page).is_empty(), "{over}");
        }
    }
}

#[test]
fn what_ended_last_comes_first() {
    let mut page = Page::new("2026-03-01T10:00:00Z");
    for id in ["a", "b", "c"] {
        open(&mut page, id);
    }
    page.at("2026-03-01T12:00:00Z");
    resolve(&mut page, "a", "");
    page.at("2026-03-01T12:01:00Z");
    resolve(&mut page, "b", r#","at":"2026-03-01T11:20:00Z""#);
    assert_eq!(news(&page), ["a", "b"]);
    page.at("2026-03-01T12:02:00Z");
    resolve(&mut page, "c", r#","at":"2026-03-01T11:40:00Z""#);
    assert_eq!(news(&page), ["a", "c", "b"]);
    page.send(r#"{"type":"incident.amend","incident":"a","resolved_at":"2026-03-01T11:30:00Z"}"#);
    assert_eq!(news(&page), ["c", "a", "b"]);
    // The first that the page reported leaves first.
    page.at("2026-03-01T13:00:00Z");
    assert_eq!(news(&page), ["c", "b"]);
}

/// Someone who closed the banner sees it again after each update, whatever its date, also after a correction.
#[test]
fn an_update_that_is_dated_back_is_another_line() {
    let mut page = Page::new("2026-03-01T10:00:00Z");
    open(&mut page, "i");
    let key =
        |page: &Page| bulletin(&page.state, &Words::default(), 7, page.now, page.now).lines[0].key.clone();
    page.at("2026-03-01T11:00:00Z");
    page.send(r#"{"type":"incident.amend","incident":"i","name":"Search is slow"}"#);
    let mut known = key(&page);
    for (now, at) in
        [("2026-03-01T11:01:00Z", "2026-03-01T10:50:00Z"), ("2026-03-01T11:02:00Z", "2026-03-01T10:51:00Z")]
    {
        page.at(now);
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"i","impact":"critical","body":"Worse.","at":"{at}"}}"#
        ));
        assert_ne!(key(&page), known);
        known = key(&page);
        assert_eq!(page.state.incidents.values().next().unwrap().modified_at(), time(now));
    }
    // That it is over is news from the time of the announcement.
    page.at("2026-03-01T11:30:00Z");
    resolve(&mut page, "i", r#","at":"2026-03-01T11:10:00Z""#);
    assert_eq!(key(&page), "resolved/i@1772364600000");
}
