//! The page's Durable Object: the only writer, and the source of every edition.
//!
//! Everything between reading the clock and having stored runs without an `await`, so that no other
//! request comes in between. The answer leaves after the storage has it (the runtime's output gate).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use candor_shared::{
    ChangeCounts, Gauntlet, Id, Moment, State as PageState, StatusDocument, Time, TimeZone, Update, WINDOWS,
    advance, advice, apply, check_size, gauntlet, metrics, next_change, parse, status_document, window_start,
};
use serde::Serialize;
use serde_json::{Value, json};
use worker::{Env, Method, Request, Response, Result, State, durable_object};

use crate::edition::{self, METRICS, Rendered, STATUS};
use crate::http::{self, VERSION_HEADER};
use crate::ledger::{Accepted, CLOCK, Ledger, LogLine, Remember};
use crate::problem::Problem;
use crate::rate::Rates;
use crate::settings::{LAST_GOOD, settings};
use crate::submission::Submission;
use crate::{clock, log};

/// The key under which KV has the last-known-good copy.
pub const KV_STATUS: &str = "status.json";
/// How often the copy is confirmed again while it is read: 5 minutes, in milliseconds.
const COPY_MILLIS: i64 = 5 * 60 * 1000;
/// The longest time that the alarm is set for: 30 days, in milliseconds.
const LONGEST_ALARM_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long the measures of one version are good: a minute, in milliseconds.
const MEASURES_MILLIS: i64 = 60 * 1000;
/// How soon a copy that failed is tried again: 10 seconds, in milliseconds.
const COPY_RETRY_MILLIS: i64 = 10 * 1000;

/// The page in memory, equal to what is stored.
struct Live {
    ledger: Ledger,
    state: PageState,
    version: u64,
    published_at: Time,
    edition: Rendered,
    /// The measures, as they were last asked for: the version, when, and the document.
    measures: Option<(u64, Time, Rendered)>,
}

/// The Durable Object.
#[durable_object(alarm)]
pub struct StatusPage {
    state: State,
    env: Env,
    live: RefCell<Option<Live>>,
    rates: RefCell<Rates>,
    copies: Rc<Copies>,
    /// For when the alarm is set: setting it again costs a write.
    alarm: Cell<Option<Time>>,
}

/// What is known of the copy in KV.
#[derive(Default)]
struct Copies {
    running: Cell<bool>,
    /// What is to be put there next.
    wanted: RefCell<Option<(u64, String, Time)>>,
    /// The version in KV, and when it was put there.
    there: Cell<Option<(u64, Time)>>,
    failed_at: Cell<Option<Time>>,
}

/// What an accepted request is answered.
struct Answer {
    status: u16,
    version: u64,
    body: String,
    replayed: bool,
}

/// The body of that answer.
#[derive(Serialize)]
struct AnswerBody<'a> {
    /// The version that the last update made, or would make.
    version: u64,
    /// What became of each update, in their order.
    results: Vec<AnswerResult<'a>>,
    /// What a good update would also have.
    advice: Vec<String>,
    /// Present if nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_run: Option<bool>,
    /// What would be shown, if nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    would_show: Option<StatusDocument>,
}

/// What became of one update.
#[derive(Serialize)]
struct AnswerResult<'a> {
    /// Its type.
    #[serde(rename = "type")]
    kind: &'a str,
    /// The id of what it made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    /// Where a person reads more.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Of a post-mortem: how it runs the gauntlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    gauntlet: Option<Gauntlet>,
    /// Of a planned change: how others of its kind went in the last 365 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    similar_changes: Option<ChangeCounts>,
}

impl worker::DurableObject for StatusPage {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            live: RefCell::default(),
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
            (Method::Get, path) if edition::is_document(path) => match self.document(path) {
                Ok(Some((version, edition))) => {
                    self.after_write().await;
                    Ok(Response::builder()
                        .with_header("content-type", "application/json")?
                        .with_header("etag", &edition.etag)?
                        .with_header(VERSION_HEADER, &version.to_string())?
                        .fixed(edition.body.into_bytes()))
                }
                Ok(None) => http::problem(&Problem::no_document(path)),
                Err(problem) => http::problem(&problem),
            },
            (Method::Get, "/health") => match self.document(STATUS) {
                Ok(current) => Response::from_json(&json!({
                    "status": "ok",
                    "version": current.map_or(0, |(version, _)| version),
                })),
                Err(problem) => http::problem(&problem),
            },
            _ => http::problem(&Problem::not_found("The page has no such path.")),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.alarm.set(None);
        // Asking lets everything happen that is due. Ringing twice changes nothing.
        if let Err(problem) = self.document(STATUS) {
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
            None => match Live::load(self.state.storage()) {
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
    fn document(&self, path: &str) -> std::result::Result<Option<(u64, Rendered)>, Problem> {
        let now = clock::now();
        self.with_live(|live| {
            live.catch_up(now)?;
            let edition = match path {
                _ if live.version == 0 => None,
                STATUS => Some(live.edition.clone()),
                METRICS => Some(live.measures(now)?),
                path => live.ledger.edition(path)?,
            };
            Ok(edition.map(|edition| (live.version, edition)))
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
        let (next, version, body) = match self.live.borrow().as_ref() {
            Some(live) if live.version > 0 => {
                (next_change(&live.state), live.version, live.edition.body.clone())
            }
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
        self.copy(version, body);
    }

    /// Puts the last-known-good copy into KV: one at a time, so that an older one never overtakes, and
    /// the newest one last.
    fn copy(&self, version: u64, body: String) {
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
        copies.wanted.replace(Some((version, body, now)));
        if copies.running.replace(true) {
            return;
        }
        let (copies, env) = (copies.clone(), self.env.clone());
        self.state.wait_until(async move {
            while let Some((version, body, now)) = copies.wanted.take() {
                match put(&env, body, now).await {
                    Ok(()) => {
                        copies.there.set(Some((version, now)));
                        copies.failed_at.set(None);
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

async fn put(env: &Env, body: String, confirmed_at: Time) -> Result<()> {
    let kv = env.kv(LAST_GOOD)?;
    Ok(kv.put(KV_STATUS, body)?.metadata(json!({ "confirmed_at": confirmed_at }))?.execute().await?)
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
    fn load(storage: worker::Storage) -> Result<Self> {
        let ledger = Ledger::open(storage)?;
        let stored = ledger.load()?;
        let edition = edition::status(&stored.state, stored.version, stored.published_at)?;
        if stored.version > 0 && stored.edition.as_ref() != Some(&edition) {
            // New software renders the same version anew.
            ledger.commit(&[], &stored.state, &edition, None, stored.published_at)?;
        }
        ledger.render_anew(&stored.state, stored.version)?;
        Ok(Self {
            ledger,
            state: stored.state,
            version: stored.version,
            published_at: stored.published_at,
            edition,
            measures: None,
        })
    }

    /// Lets everything happen that is due, each instant as a version of its own.
    fn catch_up(&mut self, now: Time) -> std::result::Result<(), Failure> {
        if next_change(&self.state).is_none_or(|next| next > now) {
            return Ok(());
        }
        let mut state = self.state.clone();
        let lines = clock_lines(&mut state, self.version, now);
        let version = lines.last().map_or(self.version, |line| line.version);
        let edition = edition::status(&state, version, now)?;
        self.ledger.commit(&lines, &state, &edition, None, now)?;
        self.replace(state, version, now, edition);
        Ok(())
    }

    /// The measures. They are taken when somebody asks, once a version and once a minute, so that the
    /// cost of a write does not grow with the history.
    fn measures(&mut self, now: Time) -> std::result::Result<Rendered, Failure> {
        if let Some((version, at, edition)) = &self.measures
            && *version == self.version
            && now.millis_since(*at) < MEASURES_MILLIS
        {
            return Ok(edition.clone());
        }
        let days = WINDOWS.iter().copied().max().unwrap_or_default();
        let history = self.ledger.history(window_start(days, now))?;
        let zone = self.state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
        let document = metrics(&history, self.state.components.values(), &zone, self.version, now);
        let edition = edition::document(self.version, &document)?;
        self.measures = Some((self.version, now, edition.clone()));
        Ok(edition)
    }

    fn replace(&mut self, mut state: PageState, version: u64, now: Time, edition: Rendered) {
        state.forget_closed();
        (self.state, self.version, self.published_at, self.edition) = (state, version, now, edition);
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
            let url = id.as_ref().and(state.page.url.as_ref()).map(ToString::to_string);
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
        let edition = edition::status(&state, version, now)?;
        let fingerprint = &submission.fingerprint;
        let remember = Remember { signature, name: named, fingerprint, version, answer: &body };
        self.ledger.commit(&lines, &state, &edition, Some(&remember), now)?;
        self.replace(state, version, now, edition);
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
