//! The page's Durable Object: the only writer, and the source of every edition.
//!
//! Everything between reading the clock and having stored runs without an `await`, so that no other
//! request comes in between. The answer leaves after the storage has it (the runtime's output gate).

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use candor_shared::{
    ChangeCounts, EntityKind, Event, MetricsDocument, Moment, State as PageState, Time, TimeZone, Update,
    WINDOWS, advance, advice, apply, check_size, gauntlet, metrics, next_change, parse, status_document,
    window_start,
};
use serde_json::{Value, json};
use worker::{Delay, Env, Method, Request, Response, Result, State, durable_object};

use crate::answer::{AnswerBody, AnswerResult};
use crate::audit::Wanted;
use crate::document::Document;
use crate::edition::Rendered;
use crate::http::{self, POLICY_HEADER, VERSION_HEADER};
use crate::ledger::{Accepted, CLOCK, Ledger, LogLine, Remember};
use crate::page;
use crate::problem::Problem;
use crate::publish::{Source, publish};
use crate::rate::Rates;
use crate::read::Copied;
use crate::settings::{LAST_GOOD, Settings, WrongSetting, settings};
use crate::submission::Submission;
use crate::{clock, log};

/// How often the copy is confirmed again while it is read: 5 minutes, in milliseconds.
const COPY_MILLIS: i64 = 5 * 60 * 1000;
/// The longest time that the alarm is set for: 30 days, in milliseconds.
const LONGEST_ALARM_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long the measures of one version are good, and a document that says when it was true: a minute, in
/// milliseconds.
const DATED_MILLIS: i64 = 60 * 1000;
/// How often the page, which holds measures, is copied at the most: half a minute.
const PAGE_COPY_MILLIS: i64 = 30 * 1000;
/// Documents that are kept ready.
const READY: usize = 256;
/// The part of the object's id that names the page in feeds and in the API.
const PAGE_ID_CHARS: usize = 12;
/// How soon a copy that failed is tried again: 10 seconds, in milliseconds.
const COPY_RETRY_MILLIS: i64 = 10 * 1000;

/// The page in memory, equal to what is stored.
struct Live {
    ledger: Ledger,
    state: PageState,
    version: u64,
    published_at: Time,
    /// Names the page.
    page_id: Rc<str>,
    settings: Rc<Settings>,
    /// The documents of this version that somebody has asked for, by their names, and when each was rendered.
    ready: BTreeMap<String, (Time, Rendered)>,
    /// The measures, as they were last asked for: the version, when, and the document.
    measures: Option<(u64, Time, Rc<MetricsDocument>)>,
}

/// The Durable Object.
#[durable_object(alarm)]
pub struct StatusPage {
    state: State,
    env: Env,
    live: Rc<RefCell<Option<Live>>>,
    rates: RefCell<Rates>,
    copies: Rc<Copies>,
    /// For when the alarm is set: setting it again costs a write.
    alarm: Cell<Option<Time>>,
}

/// What is known of the copy in KV.
#[derive(Default)]
struct Copies {
    running: Cell<bool>,
    /// Whether there is something newer than what is put there now.
    wanted: Cell<bool>,
    /// The version in KV, and when it was put there.
    there: Cell<Option<(u64, Time)>>,
    /// When the page was put there.
    page_at: Cell<Option<Time>>,
    failed_at: Cell<Option<Time>>,
}

/// What an accepted request is answered.
struct Answer {
    status: u16,
    version: u64,
    body: String,
    replayed: bool,
}

impl worker::DurableObject for StatusPage {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            live: Rc::default(),
            rates: RefCell::default(),
            copies: Rc::default(),
            alarm: Cell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match (request.method(), request.path().as_str()) {
            (Method::Post, "/updates") => {
                let submission: Submission = serde_json::from_slice(&request.bytes().await?)?;
                let answer = self.submit(&submission);
                self.after_write().await;
                match answer {
                    Ok(answer) => {
                        let response = Response::builder()
                            .with_status(answer.status)
                            .with_header("content-type", "application/json")?
                            .with_header("cache-control", "no-store")?
                            .with_header(VERSION_HEADER, &answer.version.to_string())?;
                        let response = match answer.replayed {
                            true => response.with_header("idempotency-replayed", "true")?,
                            false => response,
                        };
                        Ok(response.fixed(answer.body.into_bytes()))
                    }
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/log") => {
                let url = request.url()?;
                match self.log(url.query().unwrap_or_default()) {
                    Ok(body) => Ok(Response::builder()
                        .with_header("content-type", "application/json")?
                        .with_header("cache-control", "no-store")?
                        .fixed(body.into_bytes())),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/health") => match self.document(&Document::Status) {
                Ok(current) => Response::from_json(&json!({
                    "status": "ok",
                    "version": current.map_or(0, |(version, _)| version),
                })),
                Err(problem) => http::problem(&problem),
            },
            (Method::Get, path) => {
                let url = request.url()?;
                let Some(document) = Document::at(path, url.query().unwrap_or_default()) else {
                    return http::problem(&Problem::not_found("The page has no such path."));
                };
                match self.document(&document) {
                    Ok(Some((version, rendered))) => {
                        self.after_write().await;
                        let response = Response::builder()
                            .with_header("content-type", document.media_type())?
                            .with_header("etag", &rendered.etag)?
                            .with_header(VERSION_HEADER, &version.to_string())?;
                        let response = match &rendered.policy {
                            Some(policy) => response.with_header(POLICY_HEADER, policy)?,
                            None => response,
                        };
                        Ok(response.fixed(rendered.body.into_bytes()))
                    }
                    Ok(None) => http::problem(&Problem::no_document(&document)),
                    Err(problem) => http::problem(&problem),
                }
            }
            _ => http::problem(&Problem::not_found("The page has no such path.")),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.alarm.set(None);
        // Asking lets everything happen that is due. Ringing twice changes nothing.
        if let Err(problem) = self.document(&Document::Status) {
            return Err(worker::Error::RustError(problem.detail));
        }
        self.after_write().await;
        Response::empty()
    }
}

fn storage_failed(error: &worker::Error) -> Problem {
    log::error("the storage failed", &[("error", &error.to_string())]);
    Problem::unavailable("The storage does not answer; nothing was written. Try again in a few seconds.")
}

impl StatusPage {
    /// Runs `work` on the page in memory, loading it first if need be. If it fails on the storage,
    /// memory is forgotten, so that what is stored and what is in memory cannot differ.
    fn with_live<T>(
        &self,
        work: impl FnOnce(&mut Live) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Problem> {
        let mut slot = self.live.borrow_mut();
        let outcome = match slot.as_mut() {
            Some(live) => work(live),
            None => match Live::load(self.state.storage(), &self.state.id().to_string(), settings(&self.env))
            {
                Ok(live) => work(slot.insert(live)),
                Err(error) => return Err(storage_failed(&error)),
            },
        };
        outcome.map_err(|failure| match failure {
            Failure::Refused(problem) => *problem,
            Failure::Storage(error) => {
                *slot = None;
                storage_failed(&error)
            }
        })
    }

    /// A document, after everything that is due by now, and the page's version.
    fn document(&self, document: &Document) -> std::result::Result<Option<(u64, Rendered)>, Problem> {
        let now = clock::now();
        self.with_live(|live| {
            live.catch_up(now)?;
            let rendered = live.document(document, now)?;
            Ok(rendered.map(|rendered| (live.version, rendered)))
        })
    }

    /// A page of the log.
    fn log(&self, query: &str) -> std::result::Result<String, Problem> {
        let wanted = Wanted::read(query)?;
        self.with_live(|live| {
            let lines = live.ledger.log(wanted.before, wanted.limit)?;
            Ok(serde_json::to_string(&wanted.page(lines))?)
        })
    }

    fn submit(&self, submission: &Submission) -> std::result::Result<Answer, Problem> {
        let settings = settings(&self.env);
        let per_minute = match &settings.writes_per_minute {
            Ok(rate) => *rate,
            Err(wrong) => return Err(Problem::unavailable(wrong.detail())),
        };
        let now = clock::now();
        self.with_live(|live| {
            let now = now.max(live.published_at);
            live.catch_up(now)?;
            live.submit(submission, now, |updates| {
                let taken = self.rates.borrow_mut().take(&submission.key, updates, per_minute, now);
                taken.map_err(|seconds| Problem::too_many(per_minute, seconds))
            })
        })
    }

    /// What follows from a new state: the alarm, and the copy in KV.
    async fn after_write(&self) {
        let (next, version) = match self.live.borrow().as_ref() {
            Some(live) if live.version > 0 => (next_change(&live.state), live.version),
            _ => return,
        };
        if let Some(next) = next.filter(|next| self.alarm.get() != Some(*next)) {
            // Far alarms are refused by the runtime; this one rings, and is set again.
            let wait = next.millis_since(clock::now()).clamp(0, LONGEST_ALARM_MILLIS);
            match self.state.storage().set_alarm(wait).await {
                Ok(()) => self.alarm.set(Some(next)),
                Err(error) => log::error("the alarm could not be set", &[("error", &error.to_string())]),
            }
        }
        self.copy(version);
    }

    /// Puts the last-known-good copies into KV: one at a time, so that an older one never overtakes, and
    /// the newest one last.
    fn copy(&self, version: u64) {
        let now = clock::now();
        let copies = &self.copies;
        let current = copies
            .there
            .get()
            .is_some_and(|(there, at)| there == version && now.millis_since(at) < COPY_MILLIS);
        let waits = copies.failed_at.get().is_some_and(|at| now.millis_since(at) < COPY_RETRY_MILLIS);
        if current || waits {
            return;
        }
        copies.wanted.set(true);
        if copies.running.replace(true) {
            return;
        }
        let (copies, live, env) = (copies.clone(), Rc::clone(&self.live), self.env.clone());
        self.state.wait_until(async move {
            while copies.wanted.replace(false) {
                // The answer goes first.
                Delay::from(Duration::ZERO).await;
                let now = clock::now();
                let page_is_due =
                    copies.page_at.get().is_none_or(|at| now.millis_since(at) >= PAGE_COPY_MILLIS);
                let (version, documents) = match live.borrow_mut().as_mut() {
                    Some(live) => (live.version, live.copies(page_is_due, now)),
                    None => break,
                };
                match put(&env, version, &documents, now).await {
                    Ok(()) => {
                        copies.there.set(Some((version, now)));
                        copies.failed_at.set(None);
                        if page_is_due {
                            copies.page_at.set(Some(now));
                        }
                    }
                    Err(error) => {
                        copies.failed_at.set(Some(now));
                        log::error(
                            "the last-known-good copy could not be stored",
                            &[("error", &error.to_string())],
                        );
                    }
                }
            }
            copies.running.set(false);
        });
    }
}

async fn put(env: &Env, version: u64, documents: &[(Document, Rendered)], confirmed_at: Time) -> Result<()> {
    let kv = env.kv(LAST_GOOD)?;
    for (document, rendered) in documents {
        let copied = Copied { confirmed_at, version, policy: rendered.policy.clone() };
        kv.put(&document.path(), rendered.body.as_str())?.metadata(copied)?.execute().await?;
    }
    Ok(())
}

enum Failure {
    Refused(Box<Problem>),
    Storage(worker::Error),
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl Live {
    fn load(storage: worker::Storage, object_id: &str, settings: Rc<Settings>) -> Result<Self> {
        let ledger = Ledger::open(storage)?;
        let stored = ledger.load()?;
        Ok(Self {
            ledger,
            state: stored.state,
            version: stored.version,
            published_at: stored.published_at,
            page_id: object_id.chars().take(PAGE_ID_CHARS).collect::<String>().into(),
            settings,
            ready: BTreeMap::new(),
            measures: None,
        })
    }

    /// A document of this version: rendered when it is first asked for, and every minute if it says when it was true.
    fn document(&mut self, document: &Document, now: Time) -> std::result::Result<Option<Rendered>, Failure> {
        let name = document.path();
        if let Some((at, rendered)) = self.ready.get(&name)
            && (!document.is_dated() || now.millis_since(*at) < DATED_MILLIS)
        {
            return Ok(Some(rendered.clone()));
        }
        let (page_id, settings) = (Rc::clone(&self.page_id), Rc::clone(&self.settings));
        let wrong = |wrong: &WrongSetting| Problem::unavailable(wrong.detail());
        let measures = match document.has_measures() && self.version > 0 {
            true => Some(self.measures(now)?),
            false => None,
        };
        let source = Source {
            ledger: &self.ledger,
            state: &self.state,
            version: self.version,
            published_at: self.published_at,
            now,
            page_id: &page_id,
            frame_ancestors: settings.frame_ancestors.as_ref().map_err(wrong)?,
            hub: settings.hub.as_ref().map_err(wrong)?.as_ref().map(candor_shared::Url::as_str),
        };
        let rendered = match (document, self.version) {
            (Document::Home, 0) => Some(page::nothing_yet(&source)?),
            (_, 0) => None,
            _ => publish(document, &source, measures.as_deref())?,
        };
        if let Some(rendered) = &rendered {
            if self.ready.len() >= READY {
                self.ready.clear();
            }
            self.ready.insert(name, (now, rendered.clone()));
        }
        Ok(rendered)
    }

    /// What KV is to have. A page that cannot be rendered is no reason to keep the status from it.
    fn copies(&mut self, page: bool, now: Time) -> Vec<(Document, Rendered)> {
        let documents = [Some(Document::Status), page.then_some(Document::Home)];
        let mut copies = Vec::new();
        for document in documents.into_iter().flatten() {
            match self.document(&document, now) {
                Ok(Some(rendered)) => copies.push((document, rendered)),
                Ok(None) => {}
                Err(Failure::Storage(error)) => {
                    log::error("a copy could not be rendered", &[("error", &error.to_string())]);
                }
                Err(Failure::Refused(problem)) => {
                    log::error("a copy could not be rendered", &[("error", &problem.detail)]);
                }
            }
        }
        copies
    }

    /// Lets everything happen that is due, each instant as a version of its own.
    fn catch_up(&mut self, now: Time) -> std::result::Result<(), Failure> {
        if next_change(&self.state).is_none_or(|next| next > now) {
            return Ok(());
        }
        let mut state = self.state.clone();
        let lines = clock_lines(&mut state, self.version, now);
        let version = lines.last().map_or(self.version, |line| line.version);
        let status = status_of(&state, version, now)?;
        self.ledger.commit(&lines, &state, None, now)?;
        self.replace(state, version, now, status);
        Ok(())
    }

    /// The measures. They are taken when somebody asks, once a version and once a minute, so that the
    /// cost of a write does not grow with the history.
    fn measures(&mut self, now: Time) -> std::result::Result<Rc<MetricsDocument>, Failure> {
        if let Some((version, at, measures)) = &self.measures
            && *version == self.version
            && now.millis_since(*at) < DATED_MILLIS
        {
            return Ok(Rc::clone(measures));
        }
        let days = WINDOWS.iter().copied().max().unwrap_or_default();
        let history = self.ledger.history(window_start(days, now))?;
        let zone = self.state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
        let measures = Rc::new(metrics(&history, self.state.components.values(), &zone, self.version, now));
        self.measures = Some((self.version, now, Rc::clone(&measures)));
        Ok(measures)
    }

    fn replace(&mut self, mut state: PageState, version: u64, now: Time, status: Rendered) {
        state.forget_closed();
        (self.state, self.version, self.published_at) = (state, version, now);
        self.ready.clear();
        self.ready.insert(Document::Status.path(), (now, status));
    }

    fn submit(
        &mut self,
        submission: &Submission,
        now: Time,
        take: impl FnOnce(usize) -> std::result::Result<(), Problem>,
    ) -> std::result::Result<Answer, Failure> {
        let signature = format!("signature {}", submission.signature);
        let named = submission.idempotency.as_ref().map(|name| format!("{} {name}", submission.key));
        if let Some(replay) = self.replayed(&signature, named.as_deref(), submission)? {
            return Ok(replay);
        }
        if let Some(wanted) = submission.if_match
            && wanted != self.version
        {
            // The condition is not signed: without it, a copy of the request would be accepted.
            self.use_up(signature, submission, now)?;
            return Err(Problem::precondition_failed(wanted, self.version).into());
        }

        let body = submission.body.as_bytes();
        let updates = parse(body).map_err(Problem::from)?;
        let raw: Value = serde_json::from_slice(body)?;
        let (raw, is_array) = match raw {
            Value::Array(raw) => (raw, true),
            raw => (vec![raw], false),
        };
        take(updates.len())?;

        let mut state = self.state.clone();
        let mut version = self.version;
        let (mut lines, mut results, mut advices) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (update, body)) in updates.iter().zip(raw).enumerate() {
            let base = if is_array { format!("/{index}") } else { String::new() };
            let refused = |rejection| Problem::from(rejection).within(&base);
            submission.role().permits(update).map_err(refused)?;
            version = version.saturating_add(1);
            for needed in update.needs(version) {
                self.ledger.recall(&needed, &mut state)?;
            }
            let events = apply(&mut state, update, Moment { now, version }).map_err(refused)?;
            for text in advice(&state, update, &events) {
                if !advices.contains(&text) {
                    advices.push(text);
                }
            }
            let id = events.first().and_then(|event| event.entity().1).cloned();
            let url = place(&events).and_then(|path| state.page.address(&path));
            let report = match update {
                Update::PostmortemPublish(publish) => Some(gauntlet(&publish.text)),
                _ => None,
            };
            let similar_changes = self.similar_changes(update, now)?;
            results.push(AnswerResult { kind: update.name(), id, url, gauntlet: report, similar_changes });
            lines.push(LogLine {
                version,
                at: update.at().unwrap_or(now),
                key: submission.key.to_string(),
                body,
                events,
            });
        }

        check_size(&self.state, &state).map_err(Problem::from)?;
        // What was dated back may be due already.
        lines.extend(clock_lines(&mut state, version, now));
        let version = lines.last().map_or(version, |line| line.version);

        let dry_run = submission.dry_run.then_some(true);
        let would_show = submission.dry_run.then(|| status_document(&state, version, now));
        let body =
            serde_json::to_string(&AnswerBody { version, results, advice: advices, dry_run, would_show })?;
        if submission.dry_run {
            // Nothing is stored but that this signature is used up: a copy of it writes nothing.
            self.use_up(signature, submission, now)?;
            return Ok(Answer { status: 200, version: self.version, body, replayed: false });
        }
        let status = status_of(&state, version, now)?;
        let fingerprint = &submission.fingerprint;
        let remember = Remember { signature, name: named, fingerprint, version, answer: &body };
        self.ledger.commit(&lines, &state, Some(&remember), now)?;
        self.replace(state, version, now, status);
        Ok(Answer { status: 201, version, body, replayed: false })
    }

    /// Remembers a signature under which nothing was written.
    fn use_up(&self, signature: String, submission: &Submission, now: Time) -> Result<()> {
        let fingerprint = &submission.fingerprint;
        self.ledger.remember(&Remember { signature, name: None, fingerprint, version: 0, answer: "" }, now)
    }

    /// How changes of the same kind went in the last 365 days, if this update plans one.
    fn similar_changes(&self, update: &Update, now: Time) -> Result<Option<ChangeCounts>> {
        let Update::MaintenanceSchedule(schedule) = update else { return Ok(None) };
        let Some(kind) = schedule.change.as_ref().and_then(|change| change.kind.as_ref()) else {
            return Ok(None);
        };
        let history = self.ledger.changes_of_kind(kind)?;
        Ok(Some(ChangeCounts::of_kind(kind, window_start(365, now), &history)))
    }

    /// What a request is answered that was accepted before.
    fn replayed(
        &self,
        signature: &str,
        named: Option<&str>,
        submission: &Submission,
    ) -> std::result::Result<Option<Answer>, Failure> {
        if let Some(name) = named
            && let Some(accepted) = self.ledger.accepted(name)?
        {
            if accepted.fingerprint != submission.fingerprint {
                let detail = "Another request was accepted under this Idempotency-Key (or webhook-id). Choose a new one.";
                return Err(Problem::conflict(detail).into());
            }
            let Accepted { version, answer: body, .. } = accepted;
            return Ok(Some(Answer { status: 201, version, body, replayed: true }));
        }
        match self.ledger.accepted(signature)? {
            None => Ok(None),
            Some(accepted) if accepted.version == 0 => Err(Problem::conflict(
                "This signature was used already, for a dry run or under a condition that did not hold. Sign the request again (a second later) to send it.",
            )
            .into()),
            Some(accepted) => {
                let detail = format!(
                    "This signed request was accepted before, as version {}. Nothing was applied twice. To send the same again, sign it again, a second later.",
                    accepted.version
                );
                Err(Problem::conflict(detail).into())
            }
        }
    }
}

/// The page of what an update made or changed.
fn place(events: &[Event]) -> Option<String> {
    match events.first()?.entity() {
        (EntityKind::Incident | EntityKind::Postmortem, Some(id)) => {
            Some(Document::Incident(id.clone()).path())
        }
        (EntityKind::Maintenance, Some(id)) => Some(Document::Maintenance(id.clone()).path()),
        _ => None,
    }
}

/// `status.json`, rendered before the version is stored: what cannot be told is not accepted.
fn status_of(state: &PageState, version: u64, now: Time) -> serde_json::Result<Rendered> {
    Rendered::json(&Document::Status, version, &status_document(state, version, now))
}

/// Lets everything happen that is due: a line for each instant, so that no line grows with how long
/// nobody looked.
fn clock_lines(state: &mut PageState, mut version: u64, now: Time) -> Vec<LogLine> {
    let mut lines = Vec::new();
    while let Some(at) = next_change(state).filter(|at| *at <= now) {
        version = version.saturating_add(1);
        let events = advance(state, at);
        lines.push(LogLine { version, at, key: CLOCK.to_owned(), body: Value::Null, events });
    }
    lines
}
