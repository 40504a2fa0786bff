//! Applying, replaying, conditions, the clock, and storage that fails.

use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde_json::{Value, json};

use super::page::{OPEN, Page, SET_UP, refused, time, turned_down};
use crate::document::Document;
use crate::http::Problem;
use crate::object::failure::Failure;
use crate::object::log_page::Wanted;
use crate::object::submission::Submission;

#[test]
fn an_accepted_update_survives_a_restart() {
    let mut page = Page::new();
    assert_eq!(page.document(&Document::Status), None, "nothing is published yet");
    assert_eq!(page.send(SET_UP).version, 2);
    let answer = page.send(OPEN);
    assert_eq!((answer.status, answer.version, answer.replayed), (201, 3, false));
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["results"][0]["url"], "https://status.example.com/incidents/down");
    let before = page.status();
    assert_eq!((before["version"].as_u64(), before["indicator"].as_str()), (Some(3), Some("major")));
    page.restart();
    assert_eq!(page.status(), before);
}

/// Whatever text it is: the newest one, an older one, or one of the same request.
#[test]
fn an_amendment_that_repeats_a_text_changes_nothing() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(
        r#"{"type":"incident.open","id":"a","name":"A","impact":"major","body":{"en":"Down.","de":"Aus."}}"#,
    );
    page.send(r#"[{"type":"incident.update","incident":"a","body":"Two.\r\nLines."},{"type":"incident.update","incident":"a","body":"Three."}]"#);
    let amend = |number: u32, body: &str, more: &str| {
        format!(r#"{{"type":"incident.amend","incident":"a","update":{number},"body":{body}{more}}}"#)
    };
    let version = page.live.version();
    for same in [
        amend(1, r#"{"en":"Down.","de":"Aus."}"#, ""),
        amend(2, r#""Two.\nLines.""#, ""),
        amend(2, r#""Two.\r\nLines.""#, r#","name":"A","impact":"major""#),
        amend(3, r#""Three.""#, ""),
    ] {
        let problem = turned_down(&mut page, &same);
        assert!(
            problem.status == 422 && problem.detail.contains("changes nothing"),
            "{same}: {}",
            problem.detail
        );
    }
    let twice = [amend(1, r#""Down!""#, ""), amend(1, r#""Down!""#, "")];
    assert_eq!(turned_down(&mut page, &format!("[{}]", twice.join(","))).status, 422);
    let opened = r#"{"type":"incident.open","id":"b","name":"B","impact":"minor","body":"New."}"#;
    let repeats = r#"{"type":"incident.amend","incident":"b","update":1,"body":"New."}"#;
    assert_eq!(turned_down(&mut page, &format!("[{opened},{}]", repeats)).status, 422);
    assert_eq!(page.live.version(), version);
    // What corrects anything is accepted, also beside a text that stays.
    page.send(&amend(1, r#""Down.""#, ""));
    page.send(&amend(2, r#""Two.\nLines.""#, r#","name":"B""#));
    assert_eq!(turned_down(&mut page, &twice[1].replace("Down!", "Down.")).status, 422);
    page.send(&twice[0]);
}

#[test]
fn a_signature_is_accepted_once() {
    let mut page = Page::new();
    let request = page.request(OPEN);
    page.submit(&request).unwrap();
    let again = refused(page.submit(&request));
    assert_eq!(again.status, 409);
    assert!(again.detail.contains("as version 1"), "{}", again.detail);
    assert_eq!(page.live.version(), 1);
}

#[test]
fn an_idempotency_key_repeats_the_first_answer() {
    let mut page = Page::new();
    let named = |page: &mut Page, body: &str| {
        let request = page.request(body);
        Submission { idempotency: Some("key one".to_owned()), ..request }
    };
    let first = named(&mut page, OPEN);
    let first = page.submit(&first).unwrap();
    page.restart();
    let second = named(&mut page, OPEN);
    let second = page.submit(&second).unwrap();
    assert_eq!((second.body, second.version, second.replayed), (first.body, 1, true));
    let other = named(&mut page, r#"{"type":"notice.post","body":"Other."}"#);
    assert_eq!(refused(page.submit(&other)).status, 409);
    // Idempotency keys belong to the signing key: another key may use the same one.
    let request = named(&mut page, r#"{"type":"notice.post","body":"Other."}"#);
    let request = Submission { key: Id::try_from("ci".to_owned()).unwrap(), ..request };
    assert_eq!(page.submit(&request).unwrap().status, 201);
    // After a day the idempotency key has expired.
    page.now = time("2026-03-02T12:00:01Z");
    let later = named(&mut page, r#"{"type":"notice.post","body":"A day later."}"#);
    assert!(!page.submit(&later).unwrap().replayed);
}

/// Whichever of the two a client makes anew with each try.
#[test]
fn an_idempotency_key_and_a_webhook_id_each_name_the_request() {
    let mut page = Page::new();
    let send = |page: &mut Page, body: &str, key: Option<&str>, webhook: Option<&str>| {
        let (key, webhook) = (key.map(|key| format!("key {key}")), webhook.map(|id| format!("webhook {id}")));
        let (idempotency, webhook) = if key.is_some() { (key, webhook) } else { (webhook, None) };
        let request = Submission { idempotency, webhook, ..page.request(body) };
        page.submit(&request).map(|answer| (answer.version, answer.replayed))
    };
    assert_eq!(send(&mut page, OPEN, Some("a"), Some("1")).unwrap(), (1, false));
    for (key, webhook) in [
        (Some("a"), Some("2")),
        (Some("b"), Some("1")),
        (Some("a"), Some("1")),
        (Some("a"), None),
        (None, Some("1")),
    ] {
        assert_eq!(send(&mut page, OPEN, key, webhook).unwrap(), (1, true), "{key:?} {webhook:?}");
        page.restart();
    }
    let other = r#"{"type":"notice.post","body":"Other."}"#;
    for (key, webhook) in [(Some("a"), Some("3")), (Some("c"), Some("1")), (None, Some("1"))] {
        assert_eq!(refused(send(&mut page, other, key, webhook)).status, 409, "{key:?} {webhook:?}");
    }
    assert_eq!(send(&mut page, other, Some("1"), Some("a")).unwrap(), (2, false), "one is not the other");
}

#[test]
fn an_if_match_that_fails_changes_nothing() {
    let mut page = Page::new();
    page.send(SET_UP);
    let request = page.request(OPEN);
    let request = Submission { if_match: Some(7), ..request };
    let problem = refused(page.submit(&request));
    assert_eq!((problem.status, problem.version), (412, Some(2)));
    assert_eq!(page.live.version(), 2);
    // `If-Match` may be unsigned: a copy of the request without it must not be applied.
    let stripped = Submission { if_match: None, ..request };
    assert_eq!(refused(page.submit(&stripped)).status, 409);
    let request = page.request(OPEN);
    assert_eq!(page.submit(&Submission { if_match: Some(2), ..request }).unwrap().version, 3);
}

/// Another state can have the same number: that of a standby which was promoted, or of a page that was restored.
#[test]
fn an_etag_names_one_state_of_a_version() {
    let mut page = Page::new();
    page.send(SET_UP);
    let mut other = Page::new();
    other.send(&SET_UP.replace("Trailmark", "Elsewhere"));
    let etag_of = |page: &mut Page| page.live.document(&Document::Status, page.now).unwrap().unwrap().etag;
    let (present, foreign) = (etag_of(&mut page), etag_of(&mut other));
    let of = |page: &mut Page, etags: &[&str]| {
        let etags = etags.iter().map(|etag| (*etag).to_owned()).collect();
        Submission { if_match: Some(2), if_match_etags: etags, ..page.request(OPEN) }
    };
    for etags in [[foreign.as_str()].as_slice(), &["\"2-0000000000000000\"", &foreign], &["\"2-\""]] {
        let request = of(&mut page, etags);
        let problem = refused(page.submit(&request));
        assert_eq!((problem.status, problem.version), (412, Some(2)), "{etags:?}");
        assert!(problem.detail.contains(&present), "{}", problem.detail);
        let stripped = Submission { if_match: None, if_match_etags: Vec::new(), ..request };
        assert_eq!(refused(page.submit(&stripped)).status, 409, "{etags:?}");
    }
    page.restart();
    let request = of(&mut page, &[&foreign, &present]);
    assert_eq!(page.submit(&request).unwrap().version, 3);
}

/// Whatever becomes of a request, it costs its number of updates before anything is stored.
#[test]
fn every_verified_request_takes_from_the_allowance_of_its_key() {
    let mut page = Page::new();
    page.send(SET_UP);
    let submit = |page: &mut Page, submission: &Submission, allowed: bool| {
        let mut taken = Vec::new();
        let outcome = page.live.submit(submission, page.now, |updates| {
            taken.push(updates);
            if allowed { Ok(()) } else { Err(Problem::too_many(600, 1)) }
        });
        let status = match outcome {
            Ok(answer) => answer.status,
            Err(Failure::Refused(problem)) => problem.status,
            Err(Failure::Storage(error)) => panic!("{error}"),
        };
        (status, taken)
    };
    let accepted = page.request(r#"{"type":"notice.post","body":"One."}"#);
    let accepted = Submission { idempotency: Some("key one".to_owned()), ..accepted };
    assert_eq!(submit(&mut page, &accepted, true), (201, vec![1]));
    let used = page.request(OPEN);
    assert_eq!(submit(&mut page, &used, true), (201, vec![1]));
    let stale = Submission { if_match: Some(999), ..page.request(OPEN) };
    let two = Submission { if_match: Some(999), ..page.request(SET_UP) };
    let dry = Submission { dry_run: true, ..page.request(SET_UP) };
    let impossible = page.request(r#"{"type":"component.remove","id":"none"}"#);
    let other = Submission { idempotency: accepted.idempotency.clone(), ..page.request(OPEN) };
    let cases = [
        (&accepted, 201, 1),
        (&used, 409, 1),
        (&other, 409, 1),
        (&impossible, 404, 1),
        (&stale, 412, 1),
        (&two, 412, 2),
        (&dry, 200, 2),
    ];
    // Without an allowance nothing is stored, not even that a signature is used up: the same requests then get their answers.
    for (submission, _, cost) in cases {
        page.faults.fail_after(0);
        assert_eq!(submit(&mut page, submission, false), (429, vec![cost]));
        assert!(!page.faults.end(), "the storage was used before the allowance");
    }
    for (submission, status, cost) in cases {
        assert_eq!(submit(&mut page, submission, true), (status, vec![cost]));
    }
}

#[test]
fn a_dry_run_stores_nothing_and_uses_up_its_signature() {
    let mut page = Page::new();
    page.send(SET_UP);
    let before = page.status();
    let request = page.request(OPEN);
    let request = Submission { dry_run: true, ..request };
    let answer = page.submit(&request).unwrap();
    assert_eq!((answer.status, answer.version), (200, 2));
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&body["version"], &body["would_show"]["indicator"]), (&json!(3), &json!("major")));
    assert_eq!(page.status(), before);
    let real = Submission { dry_run: false, ..request };
    assert_eq!(refused(page.submit(&real)).status, 409);
}

#[test]
fn an_array_is_applied_together_or_not_at_all() {
    let mut page = Page::new();
    page.send(SET_UP);
    let before = page.status();
    let request =
        page.request(r#"[{"type":"notice.post","body":"One."},{"type":"component.remove","id":"none"}]"#);
    let problem = refused(page.submit(&request));
    assert_eq!((problem.status, problem.pointer.as_deref()), (404, Some("/1/id")));
    assert_eq!(page.status(), before);
    page.restart();
    assert_eq!(page.status(), before);
}

#[test]
fn a_monitor_may_set_only_its_components() {
    let mut page = Page::new();
    page.send(SET_UP);
    let probe = |page: &mut Page, body: &str| {
        let request = page.request(body);
        let monitors = Some([Id::try_from("api".to_owned()).unwrap()].into());
        let request = Submission { monitors, ..request };
        assert!(matches!(request.role(), Role::Monitor(_)));
        page.submit(&request)
    };
    assert!(probe(&mut page, r#"{"type":"component.set","id":"api","status":"major_outage"}"#).is_ok());
    let problem = refused(probe(&mut page, r#"{"type":"notice.post","body":"Mine."}"#));
    assert_eq!(problem.status, 403);
}

#[test]
fn the_clock_writes_a_version_for_each_instant_and_may_ring_twice() {
    let mut page = Page::new();
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}"#);
    assert_eq!(page.live.next_change(), Some(time("2026-03-02T12:00:00Z")), "a day before, it is listed");
    // Without a request for a week: listed, started, completed.
    page.now = time("2026-03-08T12:00:00Z");
    page.live.catch_up(page.now).unwrap();
    assert_eq!((page.live.version(), page.live.next_change()), (4, None));
    page.live.catch_up(page.now).unwrap();
    assert_eq!(page.live.version(), 4);
    page.restart();
    assert_eq!((page.live.version(), page.live.published_at()), (4, page.now));
    let log = page.live.log(Wanted { before: None, limit: 50 }).unwrap();
    let log: Value = serde_json::from_str(&log).unwrap();
    let lines: Vec<_> =
        log["entries"].as_array().unwrap().iter().map(|l| (&l["version"], &l["key"])).collect();
    let (clock, ops) = (json!("clock"), json!("ops"));
    assert_eq!(lines, [(&json!(4), &clock), (&json!(3), &clock), (&json!(2), &clock), (&json!(1), &ops)]);
}

/// Makes each statement of a request fail in turn: nothing of the request is stored, and the same request then succeeds.
#[test]
fn a_storage_that_fails_at_any_statement_stores_nothing() {
    for body in [
        OPEN,
        r#"{"type":"component.set","id":"api","status":"partial_outage"}"#,
        r#"[{"type":"notice.post","body":"One."},{"type":"page.set","name":"Other"}]"#,
    ] {
        let mut failures = 0;
        loop {
            let mut page = Page::new();
            page.send(SET_UP);
            let before = page.status();
            let request = page.request(body);
            page.faults.fail_after(failures);
            let outcome = page.submit(&request);
            let failed = page.faults.end();
            if !failed {
                assert!(outcome.is_ok());
                break;
            }
            assert!(matches!(outcome, Err(Failure::Storage(_))), "statement {failures} of {body}");
            failures += 1;
            // After such a failure the object drops the page from memory.
            page.restart();
            assert_eq!(page.status(), before, "statement {failures} of {body}");
            assert_eq!(page.submit(&request).ok().map(|answer| answer.status), Some(201));
        }
        assert!(failures > 4, "{body} was stored with {failures} statements");
    }
}

#[test]
fn a_transaction_that_cannot_be_committed_stores_nothing() {
    let mut page = Page::new();
    page.send(SET_UP);
    let before = page.status();
    let request = page.request(OPEN);
    page.faults.fail_commit();
    assert!(matches!(page.submit(&request), Err(Failure::Storage(_))));
    assert!(page.faults.end());
    page.restart();
    assert_eq!(page.status(), before);
    assert_eq!(page.submit(&request).ok().map(|answer| answer.version), Some(3));
}

/// A monitor that sends the same status every few seconds makes no version and no new ETag.
#[test]
fn an_update_that_changes_nothing_is_answered_and_makes_no_version() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    page.send(r#"{"type":"template.set","id":"down","body":"We broke it."}"#);
    let before = page.live.document(&Document::Status, page.now).unwrap();
    for (index, body) in [
        r#"{"type":"component.set","id":"api","status":"major_outage"}"#,
        r#"{"type":"component.set","id":"api","name":"API","status":"major_outage","position":0}"#,
        r#"{"type":"page.set","name":"Trailmark"}"#,
        r#"{"type":"template.set","id":"down","body":"We broke it."}"#,
        r#"[{"type":"page.set","name":"Trailmark"},{"type":"component.set","id":"api","name":"API"}]"#,
    ]
    .into_iter()
    .enumerate()
    {
        page.now = Time::from_millis(page.now.as_millis() + 5_000).unwrap();
        let answer = page.send(body);
        assert_eq!((answer.status, answer.version), (200, 4), "{index}: {body}");
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(answer["results"][0]["unchanged"], true, "{index}");
    }
    assert_eq!(page.live.document(&Document::Status, page.now).unwrap(), before);
    page.restart();
    assert_eq!(page.live.version(), 4);
    // The signature of such a request is used up: after a change it would change something.
    let request = page.request(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    assert_eq!(page.submit(&request).unwrap().status, 200);
    page.send(r#"{"type":"component.set","id":"api","status":"operational"}"#);
    assert_eq!(refused(page.submit(&request)).status, 409);
    // Under an Idempotency-Key the first answer comes again, with its status.
    for replayed in [false, true] {
        let request = page.request(r#"{"type":"page.set","name":"Trailmark"}"#);
        let answer =
            page.submit(&Submission { idempotency: Some("key same".to_owned()), ..request }).unwrap();
        assert_eq!((answer.status, answer.replayed), (200, replayed));
    }
    // In an array, only what changes something makes a version.
    let answer = page.send(r#"[{"type":"page.set","name":"Trailmark"},{"type":"page.set","name":"Trails"}]"#);
    assert_eq!((answer.status, answer.version), (201, 6));
}
