//! A clock that was ahead for a moment: nothing that was noted then keeps anything from being done afterwards.

use super::page::{OPEN, Page, SET_UP, html, refused, time};
use crate::document::Document;
use crate::http::Problem;
use crate::object::submission::Submission;
use crate::storage::{Sql, Standby};
use candor_shared::time::Time;

const NOW: &str = "2026-03-01T12:00:00Z";
const TOMORROW: &str = "2026-03-02T12:00:00Z";

/// A page on which something was done while its clock was a day ahead. It is not any more.
fn was_ahead(moment: impl FnOnce(&mut Page)) -> Page {
    let mut page = Page::new();
    page.send(SET_UP);
    page.now = time(TOMORROW);
    moment(&mut page);
    page.now = time(NOW);
    page
}

#[test]
fn what_states_a_time_states_the_right_one_again() {
    let mut page = was_ahead(|page| {
        for path in ["/", "/metrics.json"] {
            let body = page.document(&Document::at(path, "").unwrap()).unwrap();
            assert!(body.contains("2026-03-02T"), "{path}: {body}");
        }
        page.live.names(page.now).unwrap();
    });
    for path in ["/", "/metrics.json"] {
        let body = page.document(&Document::at(path, "").unwrap()).unwrap();
        assert!(!body.contains("2026-03-02T"), "{path}: {body}");
    }
}

/// A write or a change that was dated tomorrow makes nothing that was sent before it new.
#[test]
fn a_request_is_applied_once_whatever_the_objects_clock_says() {
    let mut page = Page::new();
    page.send(SET_UP);
    let received = |page: &mut Page, body: &str, name: Option<&str>| Submission {
        received_at: Some(time(NOW)),
        idempotency: name.map(str::to_owned),
        ..page.request(body)
    };
    let plain = received(&mut page, OPEN, None);
    let named = received(&mut page, r#"{"type":"notice.post","body":"Once."}"#, Some("key one"));
    for request in [&plain, &named] {
        assert_eq!(page.submit(request).unwrap().status, 201);
    }
    // Another one, while the clock is two days ahead: it forgets what nobody can send again, by the clock that checked its signature.
    page.now = time("2026-03-03T12:00:01Z");
    let ahead = received(&mut page, r#"{"type":"notice.post","body":"Ahead."}"#, None);
    assert_eq!(page.submit(&ahead).unwrap().status, 201);
    assert_eq!(page.live.published_at(), page.now);
    for _ in 0..2 {
        // The page goes on at the time of its newest version.
        assert_eq!(refused(page.submit(&plain)).status, 409);
        let again =
            Submission { signature: "another".to_owned(), received_at: Some(time(NOW)), ..named.clone() };
        assert!(page.submit(&again).unwrap().replayed);
        page.restart();
    }
}

/// Nor does a dry run, or a write, of a sender whose clock was ahead together with both of ours, for a moment.
#[test]
fn a_moment_with_every_clock_ahead_makes_nothing_new() {
    for ahead in ["2026-03-01T12:20:00Z", "2026-03-02T13:00:00Z", "2036-03-01T12:00:00Z"] {
        for dry_run in [true, false] {
            let mut page = Page::new();
            page.send(SET_UP);
            let received = |page: &mut Page, body: &str, at: &str, name: Option<&str>| Submission {
                received_at: Some(time(at)),
                idempotency: name.map(str::to_owned),
                ..page.request(body)
            };
            let plain = received(&mut page, OPEN, NOW, None);
            let named = received(&mut page, r#"{"type":"notice.post","body":"Once."}"#, NOW, Some("key one"));
            for request in [&plain, &named] {
                assert_eq!(page.submit(request).unwrap().status, 201);
            }
            page.now = time(ahead);
            for _ in 0..20 {
                let other = received(&mut page, r#"{"type":"notice.post","body":"Ahead."}"#, ahead, None);
                page.submit(&Submission { dry_run, ..other }).unwrap();
            }
            page.now = time(NOW);
            page.restart();
            assert_eq!(refused(page.submit(&plain)).status, 409, "{ahead}");
            let again =
                Submission { signature: "another".to_owned(), received_at: Some(time(NOW)), ..named.clone() };
            assert!(page.submit(&again).unwrap().replayed, "{ahead}");
        }
    }
}

/// What has expired is forgotten all the same, but for the newest of each kind, so the storage is bounded.
#[test]
fn of_what_has_expired_a_bounded_number_stays() {
    let mut page = Page::new();
    page.send(SET_UP);
    let count = |page: &Page| {
        let rows = page.sql.run("SELECT count(*) AS rows FROM accepted", vec![]).unwrap();
        rows[0]["rows"].as_i64().unwrap()
    };
    let start = page.now;
    for number in 1..=2_500_i64 {
        page.now = Time::from_millis(start.as_millis() + number * 3_600_000).unwrap();
        let request = page.request(r#"{"type":"notice.post","body":"b"}"#);
        let name = (number % 2 == 0).then(|| format!("key {number}"));
        page.submit(&Submission { idempotency: name, ..request }).unwrap();
        // The newest thousand of each kind; and what has not expired: a signature, and the names of a day.
        assert!(count(&page) <= 2 * 1_000 + 1 + 13, "{number}: {}", count(&page));
    }
    assert!(count(&page) > 2_000);
    // A name that has expired is free again.
    let request = page.request(OPEN);
    let answer = page.submit(&Submission { idempotency: Some("key 2400".to_owned()), ..request }).unwrap();
    assert_eq!((answer.status, answer.replayed), (201, false));
}

#[test]
fn no_version_is_published_before_the_one_that_it_follows() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}"#);
    page.now = time("2026-03-01T12:59:00Z");
    // Published while the clock was ahead, by less than it takes for the maintenance to be due.
    page.send(r#"{"type":"notice.post","body":"Soon."}"#);
    let published_at = page.live.published_at();
    page.live.edition.published_at = time("2026-03-01T18:00:00Z");
    page.now = time("2026-03-01T13:00:01Z");
    page.live.catch_up(page.now).unwrap();
    assert_eq!((page.live.version(), page.live.overdue(page.now)), (6, None));
    assert!(published_at < page.live.published_at());
    assert_eq!(page.live.published_at(), time("2026-03-01T18:00:00Z"));
    page.restart();
    assert_eq!(page.live.published_at(), time("2026-03-01T18:00:00Z"));
}

/// What a standby heard from the future proves nothing; a clock that is a little ahead is one.
#[test]
fn a_standby_does_not_vouch_for_a_page_that_it_heard_of_tomorrow() {
    let mut page = Page::new();
    page.send(SET_UP);
    let published_at = page.live.published_at();
    let mut heard = |at: &str, now: &str| {
        page.live.standby = Some(Standby { confirmed_at: time(at), promoted: None });
        let refusal = page.live.refuse_unless_confirmed(time(now)).map_err(|Problem { status, .. }| status);
        (refusal, page.live.confirmed_at(time(now)))
    };
    let now = "2026-03-01T18:00:00Z";
    assert_eq!(heard("2026-03-01T17:59:50Z", now), (Ok(()), time("2026-03-01T17:59:50Z")));
    assert_eq!(heard("2026-03-01T18:00:05Z", now), (Ok(()), time(now)), "clocks differ");
    assert_eq!(heard("2026-03-01T17:59:30Z", now), (Err(503), time("2026-03-01T17:59:30Z")));
    assert_eq!(heard("2026-03-02T18:00:00Z", now), (Err(503), published_at));
    assert_eq!(heard("2026-03-02T18:00:00Z", "2026-02-01T00:00:00Z").0, Err(503));
}

#[test]
fn a_page_that_was_rendered_tomorrow_is_labelled_with_the_right_time() {
    let mut page = was_ahead(|page| drop(html(page, "/")));
    let home = html(&mut page, "/").unwrap();
    assert!(home.contains("data-confirmed=\"2026-03-01T12:00:00"), "{home}");
}

/// Whoever has dated a version into the future, by both clocks: what happens afterwards keeps its true time.
#[test]
fn after_a_version_of_tomorrow_events_keep_their_times_and_versions_their_order() {
    let mut page = was_ahead(|page| {
        page.send(r#"{"type":"component.set","id":"api","status":"degraded_performance"}"#);
    });
    let at = |page: &mut Page, text: &str, body: &str| {
        (page.now, page.live.heard_at) = (time(text), Some(time(text)));
        let request = page.request(body);
        let now = page.live.moment(page.now, page.now);
        assert_eq!(now, page.now, "it is that of the question");
        page.live.catch_up(now).unwrap();
        page.live.submit(&request, now, |_| Ok(())).unwrap_or_else(|failure| panic!("{body}: {failure:?}"));
    };
    let open = r#"{"type":"incident.open","id":"down","name":"Down","impact":"critical","body":"b","components":{"api":"major_outage"}}"#;
    at(&mut page, NOW, open);
    at(&mut page, "2026-03-01T12:30:00Z", r#"{"type":"component.set","id":"api","status":"operational"}"#);
    let version = page.live.version();
    assert_eq!(
        page.live.published_at(),
        time(TOMORROW),
        "no version is published before the one that it follows"
    );
    at(
        &mut page,
        "2026-03-01T13:00:00Z",
        r#"{"type":"incident.update","incident":"down","status":"resolved","body":"b"}"#,
    );
    page.restart();
    assert_eq!((page.live.version(), page.live.published_at()), (version + 1, time(TOMORROW)));
    let incident = html(&mut page, "/incidents/down").unwrap();
    assert!(
        incident.contains("2026-03-01T12:00:00") && incident.contains("2026-03-01T13:00:00"),
        "{incident}"
    );
    assert!(!incident.contains("2026-03-02"), "{incident}");
}

/// A version that one of the clocks knows of is no reason to go back behind it.
#[test]
fn a_clock_that_is_behind_does_not_date_anything_before_the_newest_version() {
    let mut page = Page::new();
    page.send(SET_UP);
    let published_at = page.live.published_at();
    let before = time("2026-03-01T11:50:00Z");
    assert_eq!(page.live.moment(before, time(NOW)), published_at, "the worker's");
    assert_eq!(page.live.moment(time("2026-03-01T11:59:55Z"), before), published_at, "a little");
    // The object's clock is behind, and the worker's is right.
    assert_eq!(page.live.moment(before, published_at), published_at, "behind");
    assert_eq!(page.live.moment(time(TOMORROW), time(TOMORROW)), time(TOMORROW));
}

/// What is done after a question, as copies are, makes no change that the question did not.
#[test]
fn without_a_question_nothing_changes_by_a_clock_that_is_ahead() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    let version = page.live.version();
    page.live.heard_at = Some(page.now);
    page.live.keep_up(time(TOMORROW)).unwrap();
    assert_eq!(page.live.version(), version);
    // A minute is not ahead.
    page.live.heard_at = Some(time("2026-03-01T12:59:30Z"));
    page.live.keep_up(time("2026-03-01T13:00:10Z")).unwrap();
    assert_eq!(page.live.version(), version + 1);
}

#[test]
fn how_long_kv_has_been_without_a_version_of_tomorrow_is_not_known() {
    let copies = crate::object::copies::Copies::default();
    let lag = |published_at: &str| copies.health(0, Some(time(published_at)), time(NOW)).lag;
    assert_eq!((lag(TOMORROW), lag(NOW)), (None, None), "nobody has looked");
    copies.has_looked();
    assert_eq!((lag(TOMORROW), lag("2026-03-01T11:59:00Z")), (None, Some(60.0)));
}
