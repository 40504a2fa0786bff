//! A storage that can be read and takes no more, while the clock has something to change.

use std::collections::BTreeMap;

use candor_shared::time::Time;

use super::page::{Page, SET_UP, refused, settings_with, time};
use crate::document::Document;
use crate::object::copies::Copies;
use crate::object::failure::Failure;
use crate::object::health::{Observed, Surroundings, observe};
use crate::object::submission::Submission;
use crate::settings::{Editions, Settings, WrongSetting, parse_keys};
use crate::storage::{Sql, Standby, may_be_stored};

const WORK: &str = r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#;
const NOTICE: &str = r#"{"type":"notice.post","body":"Hello."}"#;

/// A page at version 4 whose maintenance begins, and whose storage does not take that.
fn full() -> Page {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(WORK);
    page.now = time("2026-03-01T13:00:01Z");
    page.faults.fail_commit();
    page
}

fn later(page: &mut Page, seconds: i64) {
    page.now = Time::from_millis(page.now.as_millis().saturating_add(seconds.saturating_mul(1000))).unwrap();
}

fn observed(page: &mut Page) -> Observed {
    observed_with(page, &super::page::settings())
}

fn observed_with(page: &mut Page, settings: &Settings) -> Observed {
    let around = Surroundings {
        settings,
        copies: &Copies::default(),
        mirrors: None,
        started_at: page.now,
        changed_late: None,
        writes: &BTreeMap::new(),
        storage_bytes: 0,
        query: "",
    };
    observe(&mut page.live, &around, page.now).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// A clock that was ahead, there or here, does not make a standby look fresh.
#[test]
fn a_confirmation_from_the_future_has_the_age_of_what_is_shown() {
    let mut page = Page::new();
    page.send(SET_UP);
    let published_at = page.now;
    page.now = time("2026-03-01T12:02:00Z");
    page.live.standby = Some(Standby { confirmed_at: time("2026-03-01T13:00:00Z"), promoted: None });
    let standby = observed(&mut page).health.standby.unwrap();
    assert_eq!((standby.confirmed_at, standby.confirmation_age), (Some(published_at), Some(120.0)));
}

#[test]
fn what_is_stored_is_shown_until_the_storage_takes_the_change() {
    let mut page = full();
    let before = page.live.document(&Document::Status, page.now).unwrap().unwrap();
    page.live.keep_up(page.now).unwrap();
    assert!(page.faults.end(), "it was tried");
    assert_eq!((page.live.version(), page.live.overdue(page.now)), (4, Some(time("2026-03-01T13:00:00Z"))));
    // The version names what it named before, and everything can be read.
    let after = page.live.document(&Document::Status, page.now).unwrap().unwrap();
    assert_eq!((after.etag, after.body), (before.etag, before.body));
    for path in ["/", "/history", "/bulletin.json", "/maintenances/disks", "/metrics.json"] {
        assert!(page.document(&Document::at(path, "").unwrap()).is_some(), "{path}");
    }
    // Ten seconds later it is tried again, and not with each question until then; that is what the alarm is set for, too.
    let tried = page.now;
    page.faults.fail_commit();
    for _ in 0..9 {
        later(&mut page, 1);
        page.live.keep_up(page.now).unwrap();
        assert_eq!(page.live.next_attempt(page.now).unwrap().millis_since(tried), 10_000);
    }
    assert!(!page.faults.end());
    page.faults.fail_commit();
    later(&mut page, 1);
    page.live.keep_up(page.now).unwrap();
    assert!(page.faults.end());
    later(&mut page, 10);
    page.live.keep_up(page.now).unwrap();
    assert_eq!((page.live.version(), page.live.overdue(page.now)), (5, None));
    assert_eq!(page.live.next_attempt(page.now), Some(time("2026-03-01T14:00:00Z")));
    page.restart();
    assert_eq!(page.live.version(), 5);
}

#[test]
fn a_moment_with_the_clock_ahead_does_not_put_off_the_next_attempt() {
    let mut page = full();
    page.now = time("2026-03-02T13:00:00Z");
    page.live.keep_up(page.now).unwrap();
    assert!(page.faults.end());
    page.now = time("2026-03-01T13:00:02Z");
    assert_eq!(page.live.next_attempt(page.now), Some(page.now));
    page.live.keep_up(page.now).unwrap();
    assert_eq!(page.live.version(), 5);
}

/// An update would be applied to a page on which nothing has begun.
#[test]
fn an_update_is_refused_and_written_once_the_storage_takes_it() {
    let mut page = full();
    page.live.keep_up(page.now).unwrap();
    let request = page.request(NOTICE);
    assert!(matches!(page.submit(&request), Err(Failure::Storage(_))), "whenever the last attempt was");
    assert_eq!(page.live.version(), 4);
    assert!(page.faults.end());
    assert_eq!(page.submit(&request).unwrap().version, 6, "after what was due before it");
    assert_eq!(page.status()["notice"]["body"], "Hello.");
}

#[test]
fn health_says_that_nobody_can_write_once_all_keys_have_expired() {
    let mut page = full();
    page.faults.end();
    let secret = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let mut refusal = |ends: [&str; 2]| {
        let key = |(index, end): (usize, &str)| {
            let secret = secret.replace('C', &index.to_string());
            format!(r#"{{"id":"k{index}","secret":"whsec_{secret}","role":"operator"{end}}}"#)
        };
        let keys: Vec<String> = ends.into_iter().enumerate().map(key).collect();
        let keys = Ok(parse_keys(&format!("[{}]", keys.join(","))).unwrap());
        let settings = Settings { keys, ..settings_with(Editions::default()) };
        observed_with(&mut page, &settings).refusal()
    };
    let (past, later) = (r#","not_after":"2026-03-01T09:00:00Z""#, r#","not_after":"2026-03-01T13:00:01Z""#);
    let problem = refusal([past, later]).unwrap();
    assert_eq!(problem.status, 503);
    assert!(problem.detail.contains("Nobody can write"), "{}", problem.detail);
    assert!(problem.detail.contains("the last one at 2026-03-01T13:00:01"), "{}", problem.detail);
    assert!(
        refusal([past, ""]).is_none() && refusal([past, r#","not_after":"2026-03-01T13:00:02Z""#]).is_none()
    );
}

#[test]
fn health_names_the_change_that_cannot_be_stored() {
    let mut page = full();
    let problem = observed(&mut page).refusal().unwrap();
    assert_eq!((problem.status, problem.retry_after), (503, Some(5)));
    assert!(problem.detail.contains("due since 2026-03-01T13:00:00"), "{}", problem.detail);
    assert!(problem.detail.contains("version 4") && !problem.detail.contains("nothing was written"));
    // Metrics go on, and say for how long.
    later(&mut page, 60);
    assert_eq!(observed(&mut page).health.alarm.lag, 61.0);
    page.faults.end();
    later(&mut page, 10);
    let well = observed(&mut page);
    assert!(well.refusal().is_none() && well.health.version == 5);
}

/// If the storage is not as memory has it, the storage is right.
#[test]
fn what_the_storage_has_replaces_what_memory_has() {
    let mut page = full();
    page.faults.end();
    // Somebody has stored this version, so that nobody else can.
    page.sql.run("INSERT INTO log (version, received_at, at, key, body, events) VALUES (5, ?1, ?1, 'clock', 'null', '[]')", vec![page.now.as_millis().into()]).unwrap();
    page.live.keep_up(page.now).unwrap();
    assert_eq!(page.live.version(), 5);
}

#[test]
fn a_storage_that_cannot_be_read_either_shows_nothing() {
    let mut page = full();
    page.faults.fail_after(0);
    assert!(matches!(page.live.keep_up(page.now), Err(Failure::Storage(_))));
}

/// Of a request that changes nothing, as of every other one, either all is remembered or nothing.
#[test]
fn a_request_is_remembered_as_a_whole_or_not_at_all() {
    let mut page = Page::new();
    page.send(SET_UP);
    let same = r#"{"type":"component.set","id":"api","name":"API"}"#;
    for statements in 0..12 {
        let mut request = page.request(same);
        request.idempotency = Some(format!("key {statements}"));
        page.faults.fail_after(statements);
        let outcome = page.submit(&request);
        if !page.faults.end() {
            assert_eq!(outcome.unwrap().status, 200);
            return;
        }
        assert!(outcome.is_err());
        let again = page.submit(&request).unwrap();
        assert!((again.status, again.replayed) == (200, false), "after {statements} statements");
    }
    panic!("it takes fewer statements");
}

/// Only the object's own binding keeps a request from it.
#[test]
fn without_the_binding_of_the_object_there_is_none_to_ask() {
    for (name, expected) in [("PAGE", true), ("LAST_GOOD", false)] {
        let wrong = WrongSetting { name, problem: "no binding has this name".to_owned() };
        let settings = Settings { bindings: Err(wrong), ..settings_with(Editions::default()) };
        assert_eq!(settings.without_page().is_some(), expected, "{name}");
    }
    assert!(settings_with(Editions::default()).without_page().is_none());
}

/// A commit that fails may have been made; everything else that fails was not.
#[test]
fn what_may_be_stored_is_told_from_what_is_not() {
    for (is_in_doubt, after_restart) in [(false, 2), (true, 3)] {
        let mut page = Page::new();
        page.send(SET_UP);
        let request = page.request(NOTICE);
        if is_in_doubt {
            page.faults.fail_after_commit()
        } else {
            page.faults.fail_commit()
        }
        let Err(Failure::Storage(error)) = page.submit(&request) else { panic!("it failed") };
        assert_eq!(may_be_stored(&error), is_in_doubt);
        page.faults.end();
        page.restart();
        assert_eq!(page.live.version(), after_restart);
    }
}

/// A monitor cannot create what it watches, so it is not told to.
#[test]
fn a_monitor_is_told_who_creates_its_component() {
    let mut page = Page::new();
    page.send(SET_UP);
    for body in [
        r#"{"type":"component.set","id":"new","status":"operational"}"#,
        r#"[{"type":"component.set","id":"api","status":"operational"},{"type":"component.set","id":"new","status":"major_outage"}]"#,
    ] {
        let monitors = ["api", "new"].map(|id| id.to_owned().try_into().unwrap()).into();
        let request = Submission { monitors: Some(monitors), ..page.request(body) };
        let problem = refused(page.submit(&request));
        let pointer = if body.starts_with('[') { "/1/id" } else { "/id" };
        assert_eq!((problem.status, problem.pointer.as_deref()), (422, Some(pointer)), "{body}");
        assert!(
            problem.detail.contains("operator's key") && !problem.detail.contains("needs a"),
            "{}",
            problem.detail
        );
    }
    page.send(r#"{"type":"component.set","id":"new","name":"New"}"#);
    let monitors = ["new".to_owned().try_into().unwrap()].into();
    let body = r#"{"type":"component.set","id":"new","status":"major_outage"}"#;
    let request = Submission { monitors: Some(monitors), ..page.request(body) };
    assert!(page.submit(&request).is_ok());
}
