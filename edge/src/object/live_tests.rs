//! Tests of [`Live`] on SQLite in memory: applying, replaying, `If-Match`, the clock, and a storage that fails.

use std::rc::Rc;

use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde_json::{Value, json};

use super::failure::Failure;
use super::live::{Answer, Live};
use super::log_page::Wanted;
use super::submission::Submission;
use crate::document::Document;
use crate::http::Problem;
use crate::render::unconfirmed;
use crate::settings::Settings;
use crate::storage::memory::{Faults, MemorySql};

const OPEN: &str = r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"30m"}"#;
const SET_UP: &str = r#"[{"type":"page.set","name":"Trailmark","url":"https://status.example.com"},{"type":"component.set","id":"api","name":"API"}]"#;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn settings() -> Rc<Settings> {
    Rc::new(Settings {
        keys: Ok(Vec::new()),
        writes_per_minute: Ok(600),
        frame_ancestors: Ok("*".to_owned()),
        hub: Ok(None),
        bindings: Ok(()),
    })
}

/// A page with its database and a clock.
struct Page {
    sql: MemorySql,
    faults: Rc<Faults>,
    live: Live,
    now: Time,
    signatures: u32,
}

impl Page {
    fn new() -> Self {
        let (sql, faults) = MemorySql::new();
        let live = Live::load(Box::new(sql.clone()), "0123456789abcdef", settings()).unwrap();
        Self { sql, faults, live, now: time("2026-03-01T12:00:00Z"), signatures: 0 }
    }

    /// Loads the page from the storage again, as a restarted object does.
    fn restart(&mut self) {
        self.live = Live::load(Box::new(self.sql.clone()), "0123456789abcdef", settings()).unwrap();
    }

    /// A request with a signature of its own.
    fn request(&mut self, body: &str) -> Submission {
        self.signatures = self.signatures.saturating_add(1);
        Submission {
            key: Id::try_from("ops".to_owned()).unwrap(),
            monitors: None,
            signature: self.signatures.to_string(),
            idempotency: None,
            fingerprint: body.to_owned(),
            if_match: None,
            dry_run: false,
            body: body.to_owned(),
        }
    }

    fn submit(&mut self, submission: &Submission) -> Result<Answer, Failure> {
        self.live.catch_up(self.now)?;
        self.live.submit(submission, self.now, |_| Ok(()))
    }

    fn send(&mut self, body: &str) -> Answer {
        let request = self.request(body);
        self.submit(&request).unwrap_or_else(|failure| panic!("{body}: {failure:?}"))
    }

    fn document(&mut self, document: &Document) -> Option<String> {
        let rendered = self.live.document(document, self.now);
        rendered.unwrap().map(|rendered| rendered.body)
    }

    fn status(&mut self) -> Value {
        self.document(&Document::Status).map_or(Value::Null, |body| serde_json::from_str(&body).unwrap())
    }
}

fn refused(outcome: Result<Answer, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => *problem,
        other => panic!("not refused: {other:?}"),
    }
}

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

/// Renders every document of a page with a history.
#[test]
fn every_document_is_rendered_from_what_is_stored() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    page.send(r#"[{"type":"postmortem.publish","incident":"down","summary":"We broke it for five minutes."},{"type":"followup.set","id":"alarm","incident":"down","name":"Ring earlier"}]"#);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z","change":{"kind":"disk"}}"#);
    page.send(r#"{"type":"notice.post","body":"We move."}"#);
    for (path, query, expected) in [
        ("/status.json", "", "\"version\":"),
        ("/metrics.json", "", "\"uptime\""),
        ("/notice.json", "", "We move."),
        ("/postmortems/down.json", "", "five minutes"),
        ("/api/v2/summary.json", "", "Disks"),
        ("/api/v2/incidents.json", "", "postmortem"),
        ("/api/v2/scheduled-maintenances.json", "", "We swap disks."),
        ("/history.atom", "", "It works again."),
        ("/history.rss", "", "We swap disks."),
        ("/feed.json", "", "what happened"),
        ("/badge.svg", "", "operational"),
        ("/badge.svg", "component=api", "API"),
        ("/", "", "Trailmark"),
        ("/history", "", "March 2026"),
        ("/history/2026-03", "", "/incidents/down"),
        ("/incidents/down", "", "Ring earlier"),
        ("/maintenances/disks", "", "Planned maintenance"),
        ("/embed", "variant=inline", "We move."),
    ] {
        let document = Document::at(path, query).unwrap();
        let body = page.document(&document).unwrap_or_else(|| panic!("{path} does not exist"));
        assert!(body.contains(expected), "{path}: {body}");
    }
    for path in ["/incidents/none", "/maintenances/none", "/history/2020-01", "/postmortems/none.json"] {
        assert_eq!(page.document(&Document::at(path, "").unwrap()), None, "{path}");
    }
}

#[test]
fn what_nobody_confirmed_for_a_minute_does_not_say_that_all_is_well() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    let since = page.now;
    let well = [
        "All Systems Operational",
        "hero ok",
        "state ok",
        ">Resolved</h1>",
        r#":"none""#,
        r#":"operational""#,
    ];
    for (path, query, expected) in [
        ("/", "", "<h1 class=\"state\">Status unknown</h1>"),
        ("/embed", "", "<h1 class=\"state\">Status unknown</h1>"),
        ("/embed", "variant=badge", "data-version=\"0\""),
        ("/incidents/down", "", "<body data-doubt"),
        ("/api/v2/status.json", "", r#""indicator":"minor""#),
        ("/api/v2/summary.json", "", "Status unknown"),
        ("/api/v2/components.json", "", "degraded_performance"),
        ("/badge.svg", "", "unknown"),
        ("/status.json", "", "Status unknown"),
    ] {
        let document = Document::at(path, query).unwrap();
        let rendered = page.live.document(&document, page.now).unwrap().unwrap();
        let label = |now| unconfirmed(&document, 3, &rendered, since, now).unwrap().body;
        let old = label(time("2026-03-01T12:01:00Z"));
        assert!(old.contains(expected), "{path}: {old}");
        for word in well {
            // `status.json` says since when it is unconfirmed; its schema has no indicator for that.
            if path != "/status.json" || !word.starts_with(':') {
                assert!(!old.contains(word), "{path}: {word} in {old}");
            }
        }
        let young = label(time("2026-03-01T12:00:59Z"));
        if path != "/badge.svg" {
            assert!(!young.contains("Status unknown"), "{path}: a hiccup alarms nobody: {young}");
        }
    }
}
