//! The page's Durable Object: the routes between the worker and the page, and the alarm.
//!
//! Nothing between reading the clock and the commit awaits, so that no other request runs in between. The runtime holds
//! the response back until the commit is durable (the output gate).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use candor_shared::time::Time;
use serde_json::json;
use worker::{Env, Error, Method, Request, Response, State, durable_object};

use super::changes::{CHANGES, Changes, HOLD_MILLIS, version_id};
use super::copies::Copies;
use super::failure::Failure;
use super::live::{Answer, Live};
use super::log_page::Wanted;
use super::parts::{part_after, part_from};
use super::rate::Rates;
use super::stub::within;
use super::submission::Submission;
use crate::document::Document;
use crate::http::{
    self, EPOCH_HEADER, HELD_HEADER, KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER, Problem, VERSION_HEADER,
};
use crate::render::Rendered;
use crate::settings::settings;
use crate::storage::{CHUNK_BYTES, DurableSql, ExportPart, Progress};
use crate::target::target;
use crate::{clock, log};

/// The longest wait that the alarm is set for: 30 days, in milliseconds.
const MAX_ALARM_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The Durable Object. It loads the page into memory at the first request.
#[durable_object(alarm)]
pub struct StatusPage {
    state: State,
    env: Env,
    live: Rc<RefCell<Option<Live>>>,
    rates: RefCell<Rates>,
    copies: Rc<Copies>,
    changes: Changes,
    /// The time that the alarm is set for, as far as this instance knows: setting it again would cost a write.
    alarm: Cell<Option<Time>>,
}

impl worker::DurableObject for StatusPage {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            live: Rc::default(),
            rates: RefCell::default(),
            copies: Rc::default(),
            changes: Changes::default(),
            alarm: Cell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response, Error> {
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
                            .with_header(VERSION_HEADER, &answer.version.to_string())?
                            .with_header(EPOCH_HEADER, &self.epoch())?;
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
                    Ok(body) => Ok(Response::builder()
                        .with_header("content-type", "application/json")?
                        .with_header("cache-control", "no-store")?
                        .fixed(body.into_bytes())),
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/export") => match self.export(target(&request.inner().url()).1) {
                Ok(part) => {
                    let response = Response::builder()
                        .with_header("content-type", "application/x-ndjson")?
                        .with_header("cache-control", "no-store")?;
                    let response = match &part.next {
                        Some(next) => response
                            .with_header("link", &format!("</v1/export?after={next}>; rel=\"next\""))?,
                        None => response,
                    };
                    Ok(response.fixed(part.lines.into_bytes()))
                }
                Err(problem) => http::problem(&problem),
            },
            (Method::Post, "/restore") => {
                let part = request.bytes().await?;
                let outcome = self.restore(target(&request.inner().url()).1, &part);
                self.after_write().await;
                match outcome {
                    Ok(progress) => {
                        let response = Response::builder()
                            .with_header("content-type", "application/json")?
                            .with_header("cache-control", "no-store")?;
                        let response = if progress.done {
                            response
                                .with_header(VERSION_HEADER, &progress.version.to_string())?
                                .with_header(EPOCH_HEADER, &self.epoch())?
                        } else {
                            response
                        };
                        Ok(response.fixed(serde_json::to_vec(&progress)?))
                    }
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/health") => match self.document(&Document::Status) {
                Ok(current) => Response::from_json(&json!({
                    "status": "ok",
                    "version": current.map_or(0, |(version, _)| version),
                    "editions": settings(&self.env)
                        .editions.as_ref().map_or("unsigned", |editions| editions.word(clock::now())),
                })),
                Err(problem) => http::problem(&problem),
            },
            (Method::Get, CHANGES) => self.changed(request.headers().get(KNOWN_HEADER)?).await,
            (Method::Get, path) => {
                let url = request.inner().url();
                let Some(document) = Document::at(path, target(&url).1) else {
                    return http::problem(&Problem::not_found("No document exists at this path."));
                };
                match self.document(&document) {
                    Ok(Some((version, rendered))) => {
                        self.after_write().await;
                        let response = Response::builder()
                            .with_header("content-type", document.media_type())?
                            .with_header("etag", &rendered.etag)?
                            .with_header(VERSION_HEADER, &version.to_string())?
                            .with_header(EPOCH_HEADER, &self.epoch())?;
                        let response = match &rendered.policy {
                            Some(policy) => response.with_header(POLICY_HEADER, policy)?,
                            None => response,
                        };
                        Ok(response.fixed(rendered.body.into_bytes()))
                    }
                    // The worker gets the list of what there is, so that it need not ask for other names.
                    Ok(None) => {
                        match self.with_live(|live| Ok((live.version(), live.names(clock::now())?))) {
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
        self.alarm.set(None);
        // Reading a document first makes every change that is due. If the alarm rings twice, nothing is due the second time.
        if let Err(problem) = self.document(&Document::Status) {
            return Err(Error::RustError(problem.detail));
        }
        self.after_write().await;
        Response::empty()
    }
}

fn storage_failed(error: &Error) -> Problem {
    log::error("the storage failed", &[("error", &error.to_string())]);
    Problem::unavailable("The page's storage failed, and nothing was written. Try again in a few seconds.")
}

impl StatusPage {
    /// Runs `work` on the page in memory, after loading the page if it is not there. If the storage fails, drops the page
    /// from memory, so that memory and storage cannot differ.
    fn with_live<T>(&self, work: impl FnOnce(&mut Live) -> Result<T, Failure>) -> Result<T, Problem> {
        let mut slot = self.live.borrow_mut();
        let outcome = match slot.as_mut() {
            Some(live) => work(live),
            None => match Live::load(
                Box::new(DurableSql::new(self.state.storage())),
                &self.state.id().to_string(),
                settings(&self.env),
            ) {
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

    /// The epoch of the storage; empty if the page is not in memory.
    fn epoch(&self) -> Rc<str> {
        self.live.borrow().as_ref().map_or_else(|| "".into(), Live::epoch)
    }

    /// A document and the page's version, after every change that is due by now.
    fn document(&self, document: &Document) -> Result<Option<(u64, Rendered)>, Problem> {
        let now = clock::now();
        self.with_live(|live| {
            live.catch_up(now)?;
            let rendered = live.document(document, now)?;
            Ok(rendered.map(|rendered| (live.version(), rendered)))
        })
    }

    /// Answers with the page's version as soon as it is another one than the known one, and after a while in any case.
    async fn changed(&self, known: Option<String>) -> Result<Response, Error> {
        let began = clock::now();
        loop {
            let version = self.with_live(|live| {
                live.catch_up(clock::now())?;
                Ok(live.version())
            });
            let version = match version {
                Ok(version) => version,
                Err(problem) => return http::problem(&problem),
            };
            self.after_write().await;
            let (now, epoch) = (clock::now(), self.epoch());
            let held = now.millis_since(began).clamp(0, HOLD_MILLIS);
            let id = version_id(&epoch, version);
            if held < HOLD_MILLIS && known.as_deref() == Some(&id) && !self.changes.is_full() {
                within(HOLD_MILLIS.saturating_sub(held), self.changes.other_than(&id)).await;
                continue;
            }
            return Ok(Response::builder()
                .with_header("cache-control", "no-store")?
                .with_header(VERSION_HEADER, &version.to_string())?
                .with_header(EPOCH_HEADER, &epoch)?
                .with_header(HELD_HEADER, &held.to_string())?
                .empty());
        }
    }

    /// A page of the audit log, as JSON.
    fn log(&self, query: &str) -> Result<String, Problem> {
        let wanted = Wanted::read(query)?;
        self.with_live(|live| live.log(wanted))
    }

    /// A part of the export.
    fn export(&self, query: &str) -> Result<ExportPart, Problem> {
        let after = part_after(query)?;
        self.with_live(|live| live.export(after, CHUNK_BYTES, clock::now()))
    }

    /// Restores a part of an export.
    fn restore(&self, query: &str, part: &[u8]) -> Result<Progress, Problem> {
        let from = part_from(query)?;
        self.with_live(|live| live.restore(from, part, clock::now()))
    }

    /// Applies a request to write. The time is never before the newest version, even if the clock went back.
    fn submit(&self, submission: &Submission) -> Result<Answer, Problem> {
        let settings = settings(&self.env);
        let per_minute = match &settings.writes_per_minute {
            Ok(rate) => *rate,
            Err(wrong) => return Err(Problem::unavailable(wrong.detail())),
        };
        let now = clock::now();
        self.with_live(|live| {
            let now = now.max(live.published_at());
            live.catch_up(now)?;
            live.submit(submission, now, |updates| {
                let taken = self.rates.borrow_mut().take(&submission.key, updates, per_minute, now);
                taken.map_err(|seconds| Problem::too_many(per_minute, seconds))
            })
        })
    }

    /// Sets the alarm for the next change, and starts the copies to KV if they are due.
    async fn after_write(&self) {
        if let Some(live) = self.live.borrow().as_ref() {
            self.changes.note(version_id(&live.epoch(), live.version()));
        }
        let (next, version) = match self.live.borrow().as_ref() {
            Some(live) if live.version() > 0 => (live.next_change(), live.version()),
            _ => return,
        };
        if let Some(next) = next.filter(|next| self.alarm.get() != Some(*next)) {
            // The runtime refuses alarms that are too far away. One that rings too early is set again.
            let wait = next.millis_since(clock::now()).clamp(0, MAX_ALARM_MILLIS);
            match self.state.storage().set_alarm(wait).await {
                Ok(()) => self.alarm.set(Some(next)),
                Err(error) => log::error("the alarm could not be set", &[("error", &error.to_string())]),
            }
        }
        if self.copies.request(version) {
            let (copies, live) = (Rc::clone(&self.copies), Rc::clone(&self.live));
            self.state.wait_until(copies.run(live, self.env.clone()));
        }
    }
}
