//! A page in memory on SQLite in memory, and how tests send to it.

use std::rc::Rc;

use candor_shared::text::Id;
use candor_shared::time::Time;
use serde_json::Value;

use crate::document::Document;
use crate::http::Problem;
use crate::object::failure::Failure;
use crate::object::live::{Answer, Live};
use crate::object::submission::Submission;
use crate::settings::{Editions, MetricsAccess, Settings};
use crate::storage::memory::{Faults, MemorySql};

pub(super) const OPEN: &str = r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"30m"}"#;

pub(super) const SET_UP: &str = r#"[{"type":"page.set","name":"Trailmark","url":"https://status.example.com"},{"type":"component.set","id":"api","name":"API"}]"#;

pub(super) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub(super) fn settings() -> Rc<Settings> {
    Rc::new(settings_with(Editions::default()))
}

pub(super) fn settings_with(editions: Editions) -> Settings {
    Settings {
        keys: Ok(Vec::new()),
        writes_per_minute: Ok(600),
        frame_ancestors: Ok("*".to_owned()),
        hub: Ok(None),
        follows: Ok(None),
        copies: Ok(true),
        editions: Ok(editions),
        push: Ok(Vec::new()),
        log_days: Ok(None),
        metrics: Ok(MetricsAccess::Signed),
        bindings: Ok(()),
    }
}

/// A page with its database and a clock.
pub(super) struct Page {
    pub(super) sql: MemorySql,
    pub(super) faults: Rc<Faults>,
    pub(super) live: Live,
    object_id: &'static str,
    pub(super) now: Time,
    pub(super) signatures: u32,
}

impl Page {
    pub(super) fn new() -> Self {
        Self::of_object("0123456789abcdef")
    }

    /// A page in a deployment whose object has this id.
    pub(super) fn of_object(object_id: &'static str) -> Self {
        let (sql, faults) = MemorySql::new();
        let live = Live::load(Box::new(sql.clone()), object_id, settings()).unwrap();
        Self { sql, faults, live, object_id, now: time("2026-03-01T12:00:00Z"), signatures: 0 }
    }

    /// Loads the page from the storage again, as a restarted object does.
    pub(super) fn restart(&mut self) {
        self.restart_with(settings());
    }

    /// The same, with other settings.
    pub(super) fn restart_with(&mut self, settings: Rc<Settings>) {
        self.live = Live::load(Box::new(self.sql.clone()), self.object_id, settings).unwrap();
    }

    /// A request with a signature of its own.
    pub(super) fn request(&mut self, body: &str) -> Submission {
        self.signatures = self.signatures.saturating_add(1);
        Submission {
            key: Id::try_from("ops".to_owned()).unwrap(),
            monitors: None,
            signature: self.signatures.to_string(),
            received_at: None,
            idempotency: None,
            webhook: None,
            fingerprint: body.to_owned(),
            if_match: None,
            if_match_etags: Vec::new(),
            dry_run: false,
            body: body.to_owned(),
        }
    }

    pub(super) fn submit(&mut self, submission: &Submission) -> Result<Answer, Failure> {
        self.live.catch_up(self.now)?;
        self.live.submit(submission, self.now, |_| Ok(()))
    }

    pub(super) fn send(&mut self, body: &str) -> Answer {
        let request = self.request(body);
        self.submit(&request).unwrap_or_else(|failure| panic!("{body}: {failure:?}"))
    }

    pub(super) fn document(&mut self, document: &Document) -> Option<String> {
        let rendered = self.live.document(document, self.now);
        rendered.unwrap().map(|rendered| rendered.body)
    }

    pub(super) fn status(&mut self) -> Value {
        self.document(&Document::Status).map_or(Value::Null, |body| serde_json::from_str(&body).unwrap())
    }
}

pub(super) fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Problem {
    match outcome {
        Err(Failure::Refused(problem)) => *problem,
        other => panic!("not refused: {other:?}"),
    }
}

/// Why a request is refused.
pub(super) fn turned_down(page: &mut Page, body: &str) -> Problem {
    let request = page.request(body);
    refused(page.submit(&request))
}

pub(super) fn html(page: &mut Page, path: &str) -> Option<String> {
    page.document(&Document::at(path, "").unwrap())
}
