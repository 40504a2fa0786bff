//! The page's Durable Object: the routes between the worker and the page, and the alarm.
//!
//! Nothing between reading the clock and the commit awaits, so that no other request runs in between. The runtime holds
//! the response back until the commit is durable (the output gate).

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use candor_shared::time::Time;
use serde::Serialize;
use worker::{Env, Error, Method, Request, Response, ResponseBuilder, State, durable_object};

use super::alarm::Alarm;
use super::changes::{CHANGES, Changes};
use super::copies::Copies;
use super::failure::Failure;
use super::gauges::{MEDIA_TYPE, exposition};
use super::live::{Answer, Live};
use super::log_page::Wanted;
use super::parts::{part_from, part_of};
use super::push::Mirrors;
use super::rate::Rates;
use super::standby::SignedOrder;
use super::submission::Submission;
use crate::document::Document;
use crate::http::{
    self, CLOCK_HEADER, EPOCH_HEADER, KNOWN_HEADER, LAST_KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER,
    PUBLISHED_HEADER, Problem, VERSION_HEADER,
};
use crate::log::Level;
use crate::render::Rendered;
use crate::settings::settings;
use crate::storage::{CHUNK_BYTES, DurableSql, ExportPart, Progress};
use crate::target::target;
use crate::{clock, log};

/// The Durable Object. It loads the page into memory at the first request.
#[durable_object(alarm)]
pub struct StatusPage {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) live: Rc<RefCell<Option<Live>>>,
    pub(super) rates: RefCell<Rates>,
    pub(super) copies: Rc<Copies>,
    pub(super) changes: Changes,
    pub(super) mirrors: Rc<OnceCell<Rc<Mirrors>>>,
    pub(super) alarm: Rc<Alarm>,
    /// How late the alarm made the last change that was due, in milliseconds.
    pub(super) changed_late: Cell<Option<i64>>,
    /// When this instance started.
    pub(super) started_at: Time,
    /// The requests to write since then, by outcome.
    pub(super) writes: RefCell<BTreeMap<String, u64>>,
}

impl worker::DurableObject for StatusPage {
    fn new(state: State, env: Env) -> Self {
        let alarm = Rc::new(Alarm::new(state.storage()));
        alarm.trim(&settings(&env), Time::EPOCH, 0);
        Self {
            state,
            env,
            live: Rc::default(),
            rates: RefCell::default(),
            copies: Rc::default(),
            changes: Changes::default(),
            mirrors: Rc::default(),
            alarm,
            changed_late: Cell::default(),
            started_at: clock::now(),
            writes: RefCell::new([("accepted".to_owned(), 0)].into()),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response, Error> {
        match (request.method(), request.path().as_str()) {
            (Method::Post, "/updates") => {
                let submission: Submission = serde_json::from_slice(&request.bytes().await?)?;
                let answer = self.submit(&submission);
                self.count(&answer, submission.dry_run);
                self.after_write().await;
                match answer {
                    Ok(answer) => {
                        let response = self
                            .of_version(answer.version)?
                            .with_status(answer.status)
                            .with_header("content-type", "application/json")?;
                        let response = if answer.replayed {
                            response.with_header("idempotency-replayed", "true")?
                        } else {
                            response
                        };
                        Ok(response.fixed(answer.body.into_bytes()))
                    }
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/log") => {
                let url = request.inner().url();
                match self.log(target(&url).1) {
                    Ok(body) => Ok(self
                        .of_version(self.version())?
                        .with_header("content-type", "application/json")?
                        .fixed(body.into_bytes())),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/export") => match self.export(target(&request.inner().url()).1) {
                Ok(part) => {
                    let response = self
                        .of_version(self.version())?
                        .with_header("content-type", "application/x-ndjson")?;
                    let response = match &part.next {
                        Some(next) => response
                            .with_header("link", &format!("</v1/export?after={next}>; rel=\"next\""))?,
                        None => response,
                    };
                    Ok(response.fixed(part.lines.into_bytes()))
                }
                Err(problem) => http::problem(&problem),
            },
            (Method::Post, "/export") => {
                let line = request.bytes().await?;
                let confirmed = self.change(UNKNOWN, |live| live.confirm(&line, clock::now()));
                self.alarm.trim(&settings(&self.env), Time::EPOCH, 0);
                self.after_write().await;
                match confirmed {
                    Ok(confirmed) => self.json(&confirmed),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Post, "/restore") => {
                let part = request.bytes().await?;
                let outcome = self.restore(target(&request.inner().url()).1, &part);
                self.after_write().await;
                match outcome {
                    Ok(progress) => self.json(&progress),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/standby") => match self.with_live(|live| live.standing()) {
                Ok(standing) => self.json(&standing),
                Err(problem) => http::problem(&problem),
            },
            (Method::Post, "/standby") => {
                let order: SignedOrder = serde_json::from_slice(&request.bytes().await?)?;
                let outcome = self.change(UNKNOWN, |live| live.obey(&order, clock::now()));
                self.after_write().await;
                match outcome {
                    Ok(standing) => self.json(&standing),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, path @ ("/health" | "/metrics")) => {
                let observed = self.observe(target(&request.inner().url()).1);
                // Monitoring that asks often keeps the copies fresh, as readers do.
                self.after_write().await;
                match observed {
                    Ok(observed) if path == "/health" => match observed.refusal() {
                        Some(problem) => http::problem(&problem),
                        None => self.json(&observed.health),
                    },
                    Ok(observed) => Ok(self
                        .of_version(self.version())?
                        .with_header("content-type", MEDIA_TYPE)?
                        .fixed(exposition(&observed).into_bytes())),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, CHANGES) => self.changed(request.headers().get(KNOWN_HEADER)?).await,
            (Method::Get, path) => {
                let url = request.inner().url();
                let Some(document) = Document::at(path, target(&url).1) else {
                    return http::problem(&Problem::not_found("No document exists at this path."));
                };
                let last_known = request.headers().has(LAST_KNOWN_HEADER)?;
                let asked = clock::now();
                match self.document(&document, last_known) {
                    Ok(Some((version, confirmed_at, rendered))) => {
                        let published_at =
                            self.live.borrow().as_ref().map_or(Time::EPOCH, Live::published_at);
                        self.note_language(&document);
                        self.after_write().await;
                        let response = Response::builder()
                            .with_header("content-type", document.media_type())?
                            .with_header("etag", &rendered.etag)?
                            .with_header(CLOCK_HEADER, &asked.as_millis().to_string())?
                            .with_header(PUBLISHED_HEADER, &published_at.as_millis().to_string())?
                            .with_header(VERSION_HEADER, &version.to_string())?
                            .with_header(EPOCH_HEADER, &self.epoch())?;
                        let response = match confirmed_at.filter(|_| last_known) {
                            Some(at) => {
                                response.with_header(LAST_KNOWN_HEADER, &at.as_millis().to_string())?
                            }
                            None => response,
                        };
                        let response = match &rendered.policy {
                            Some(policy) => response.with_header(POLICY_HEADER, policy)?,
                            None => response,
                        };
                        Ok(response.fixed(rendered.body.into_bytes()))
                    }
                    // The worker gets the list of what there is, so that it need not ask for other names.
                    Ok(None) => {
                        match self.with_live(|live| {
                            Ok((live.version(), live.names(live.confirmed_at(clock::now()))?))
                        }) {
                            Ok((version, names)) => {
                                let listed = request.headers().get(LISTED_HEADER)?;
                                let has_list = listed.is_some_and(|listed| listed == version.to_string());
                                let names = if has_list { "null".into() } else { names };
                                Ok(Response::builder()
                                    .with_status(404)
                                    .with_header("content-type", "application/json")?
                                    .with_header(VERSION_HEADER, &version.to_string())?
                                    .with_header(EPOCH_HEADER, &self.epoch())?
                                    .fixed(names.as_bytes().to_vec()))
                            }
                            Err(problem) => http::problem(&problem),
                        }
                    }
                    Err(problem) => http::problem(&problem),
                }
            }
            _ => http::problem(&Problem::not_found("No document exists at this path.")),
        }
    }

    async fn alarm(&self) -> Result<Response, Error> {
        self.alarm.rang();
        let due = self.with_live(|live| Ok(live.next_change())).ok().flatten();
        let late = due.map(|due| clock::now().millis_since(due)).filter(|late| *late >= 0);
        // Reading a document first makes every change that is due. If the alarm rings twice, nothing is due the second time. What the
        // storage does not take is tried again when the alarm rings next.
        if let Err(problem) = self.document(&Document::Status, true) {
            return Err(Error::RustError(problem.detail));
        }
        let (version, next) =
            self.live.borrow().as_ref().map(|live| (live.version(), live.next_change())).unzip();
        if late.is_some() && next.flatten() != due {
            self.changed_late.set(late);
        }
        log::line(Level::Info, "alarm", "rang")
            .with_some("version", version)
            .with_some("late_ms", late)
            .write();
        self.push();
        self.trim();
        self.after_write().await;
        Response::empty()
    }
}

/// What a storage that fails leaves of an update: it is stored in one transaction, or not at all.
const NOTHING: &str = ", and nothing was written";
/// The same of a change that is more than one transaction. To send it again is harmless.
const UNKNOWN: &str = ", so it is not known whether this was done";

impl StatusPage {
    /// Runs `work`, which only reads, on the page in memory, after loading the page if it is not there. If the storage fails, drops
    /// the page from memory, so that memory and storage cannot differ.
    pub(super) fn with_live<T>(
        &self,
        work: impl FnOnce(&mut Live) -> Result<T, Failure>,
    ) -> Result<T, Problem> {
        self.change("", work)
    }

    /// The same for work that somebody asked to write something. `left`: what a storage that fails leaves of it.
    fn change<T>(
        &self,
        left: &str,
        work: impl FnOnce(&mut Live) -> Result<T, Failure>,
    ) -> Result<T, Problem> {
        let failed = |error: &Error| {
            log::error("the storage failed", &[("error", &error.to_string())]);
            Problem::unavailable(format!("The page's storage failed{left}. Try again in a few seconds."))
        };
        let mut slot = self.live.borrow_mut();
        let outcome = match slot.as_mut() {
            Some(live) => work(live),
            None => match Live::load(
                Box::new(DurableSql::new(self.state.storage())),
                &self.state.id().to_string(),
                settings(&self.env),
            ) {
                Ok(live) => work(slot.insert(live)),
                Err(error) => return Err(failed(&error)),
            },
        };
        outcome.map_err(|failure| match failure {
            Failure::Refused(problem) => *problem,
            Failure::Storage(error) => {
                *slot = None;
                failed(&error)
            }
        })
    }

    /// The epoch of the storage; empty if the page is not in memory.
    pub(super) fn epoch(&self) -> Rc<str> {
        self.live.borrow().as_ref().map_or_else(|| "".into(), Live::epoch)
    }

    /// The newest version; 0 if the page is not in memory.
    fn version(&self) -> u64 {
        self.live.borrow().as_ref().map_or(0, Live::version)
    }

    /// The beginning of an answer that is neither a document nor a problem. Without a version the worker takes it for somebody else's
    /// (`stub.rs`).
    fn of_version(&self, version: u64) -> Result<ResponseBuilder, Error> {
        Response::builder()
            .with_header("cache-control", "no-store")?
            .with_header(VERSION_HEADER, &version.to_string())?
            .with_header(EPOCH_HEADER, &self.epoch())
    }

    /// Such an answer in JSON.
    fn json(&self, body: &impl Serialize) -> Result<Response, Error> {
        let response = self.of_version(self.version())?.with_header("content-type", "application/json")?;
        Ok(response.fixed(serde_json::to_vec(body)?))
    }

    /// A document and the page's version, after every change that is due by now; and since when a standby cannot vouch for it, if it
    /// follows. `last_known`: whether it may be old.
    fn document(
        &self,
        document: &Document,
        last_known: bool,
    ) -> Result<Option<(u64, Option<Time>, Rendered)>, Problem> {
        let now = clock::now();
        self.with_live(|live| {
            live.keep_up(now)?;
            // What is signed says itself when it was true.
            if !last_known && !matches!(document, Document::Signed(_)) {
                live.refuse_unless_confirmed(now)?;
            }
            let confirmed_at = live.confirmed_at(now);
            let rendered = live.document(document, confirmed_at)?;
            let standby = live.is_following().then_some(confirmed_at);
            Ok(rendered.map(|rendered| (live.version(), standby, rendered)))
        })
    }

    /// A page of the audit log, as JSON.
    fn log(&self, query: &str) -> Result<String, Problem> {
        let wanted = Wanted::read(query)?;
        self.with_live(|live| live.log(wanted))
    }

    /// A part of the export.
    fn export(&self, query: &str) -> Result<ExportPart, Problem> {
        let part = part_of(query)?;
        self.with_live(|live| live.export(part, CHUNK_BYTES, clock::now()))
    }

    /// Restores a part of an export.
    fn restore(&self, query: &str, part: &[u8]) -> Result<Progress, Problem> {
        let from = part_from(query)?;
        self.change(UNKNOWN, |live| live.restore(from, part, clock::now()))
    }

    /// Applies a request to write. The time is never before the newest version, even if the clock went back.
    fn submit(&self, submission: &Submission) -> Result<Answer, Problem> {
        let settings = settings(&self.env);
        let per_minute = match &settings.writes_per_minute {
            Ok(rate) => *rate,
            Err(wrong) => return Err(Problem::unavailable(wrong.detail())),
        };
        let clock = clock::now();
        self.change(NOTHING, |live| {
            let now = clock.max(live.published_at());
            live.catch_up(now)?;
            live.submit(submission, now, |updates| {
                let taken = self.rates.borrow_mut().take(&submission.key, updates, per_minute, clock);
                taken.map_err(|seconds| Problem::too_many(per_minute, seconds))
            })
        })
    }
}
