//! The page's Durable Object: the routes between the worker and the page, and the alarm.
//!
//! Nothing between reading the clock and the commit awaits, so that no other request runs in between. The runtime holds
//! the response back until the commit is durable (the output gate).

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use candor_shared::time::Time;
use serde_json::json;
use worker::{Env, Error, Method, Request, Response, State, durable_object};

use super::alarm::Alarm;
use super::copies::Copies;
use super::failure::Failure;
use super::live::{Answer, Live};
use super::log_page::Wanted;
use super::parts::{part_from, part_of};
use super::push::Mirrors;
use super::rate::Rates;
use super::standby::{SignedOrder, StandbyDocument};
use super::submission::Submission;
use crate::document::Document;
use crate::http::{
    self, EPOCH_HEADER, LAST_KNOWN_HEADER, LISTED_HEADER, POLICY_HEADER, Problem, VERSION_HEADER,
};
use crate::render::Rendered;
use crate::settings::settings;
use crate::storage::{CHUNK_BYTES, DurableSql, ExportPart, Progress};
use crate::target::target;
use crate::{clock, log};

/// How often it is looked whether lines of the log are old enough to be deleted: 6 hours, in milliseconds.
const TRIM_MILLIS: i64 = 6 * 60 * 60 * 1000;

/// The Durable Object. It loads the page into memory at the first request.
#[durable_object(alarm)]
pub struct StatusPage {
    state: State,
    env: Env,
    live: Rc<RefCell<Option<Live>>>,
    rates: RefCell<Rates>,
    copies: Rc<Copies>,
    mirrors: Rc<OnceCell<Rc<Mirrors>>>,
    alarm: Rc<Alarm>,
}

impl worker::DurableObject for StatusPage {
    fn new(state: State, env: Env) -> Self {
        let alarm = Rc::new(Alarm::new(state.storage()));
        alarm.trim(&settings(&env), Time::EPOCH);
        Self {
            state,
            env,
            live: Rc::default(),
            rates: RefCell::default(),
            copies: Rc::default(),
            mirrors: Rc::default(),
            alarm,
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
            (Method::Post, "/export") => {
                let line = request.bytes().await?;
                let confirmed = self.with_live(|live| live.confirm(&line, clock::now()));
                self.alarm.trim(&settings(&self.env), Time::EPOCH);
                self.after_write().await;
                match confirmed {
                    Ok(confirmed) => Response::from_json(&confirmed),
                    Err(problem) => http::problem(&problem),
                }
            }
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
            (Method::Get, "/standby") => answered(self.with_live(|live| live.standing())),
            (Method::Post, "/standby") => {
                let order: SignedOrder = serde_json::from_slice(&request.bytes().await?)?;
                let outcome = self.with_live(|live| live.obey(&order, clock::now()));
                self.after_write().await;
                answered(outcome)
            }
            (Method::Get, "/health") => match self.document(&Document::Status, true) {
                Ok(current) => self.health(current.map_or(0, |(version, ..)| version)),
                Err(problem) => http::problem(&problem),
            },
            (Method::Get, path) => {
                let url = request.inner().url();
                let Some(document) = Document::at(path, target(&url).1) else {
                    return http::problem(&Problem::not_found("No document exists at this path."));
                };
                let last_known = request.headers().has(LAST_KNOWN_HEADER)?;
                match self.document(&document, last_known) {
                    Ok(Some((version, confirmed_at, rendered))) => {
                        self.note_language(&document);
                        self.after_write().await;
                        let response = Response::builder()
                            .with_header("content-type", document.media_type())?
                            .with_header("etag", &rendered.etag)?
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
        // Reading a document first makes every change that is due. If the alarm rings twice, nothing is due the second time.
        if let Err(problem) = self.document(&Document::Status, true) {
            return Err(Error::RustError(problem.detail));
        }
        self.push();
        self.trim();
        self.after_write().await;
        Response::empty()
    }
}

/// The answer to an operator who asks where the standby stands.
fn answered(outcome: Result<StandbyDocument, Problem>) -> Result<Response, Error> {
    match outcome {
        Ok(standing) => Ok(Response::builder()
            .with_header("content-type", "application/json")?
            .with_header("cache-control", "no-store")?
            .with_header(VERSION_HEADER, &standing.version.to_string())?
            .with_header(EPOCH_HEADER, &standing.epoch)?
            .fixed(serde_json::to_vec(&standing)?)),
        Err(problem) => http::problem(&problem),
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

    /// A document and the page's version, after every change that is due by now; and since when a standby cannot vouch for it, if it
    /// follows. `last_known`: whether it may be old.
    fn document(
        &self,
        document: &Document,
        last_known: bool,
    ) -> Result<Option<(u64, Option<Time>, Rendered)>, Problem> {
        let now = clock::now();
        self.with_live(|live| {
            live.catch_up(now)?;
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

    /// `/healthz`, for a page whose settings and storage are in order.
    fn health(&self, version: u64) -> Result<Response, Error> {
        let now = clock::now();
        let editions = &settings(&self.env).editions;
        let mut health = json!({
            "status": "ok",
            "version": version,
            "editions": editions.as_ref().map_or("unsigned", |editions| editions.word(now)),
            "export": self.with_live(|live| Ok(live.ledger.confirmed_export()?)).ok().flatten().map(|export| json!({
                "version": export.version,
                "confirmed_at": export.confirmed_at,
                "age_seconds": now.millis_since(export.confirmed_at).max(0).div_euclid(1000),
            })),
        });
        if let (Some(mirrors), Some(live)) = (self.mirrors(), self.live.borrow().as_ref())
            && let (false, Some(fields)) = (mirrors.is_empty(), health.as_object_mut())
        {
            fields.insert("mirrors".to_owned(), mirrors.health(live, now));
        }
        Response::from_json(&health)
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
        let version = match self.live.borrow().as_ref() {
            Some(live) if live.version() > 0 => live.version(),
            _ => return,
        };
        let mirrors = self.mirrors();
        set_alarm(&self.alarm, &self.live, mirrors.as_deref()).await;
        let follows = self.live.borrow().as_ref().is_some_and(Live::is_following);
        if settings(&self.env).copies == Ok(true) && !follows && self.copies.request(version) {
            let (copies, live) = (Rc::clone(&self.copies), Rc::clone(&self.live));
            self.state.wait_until(copies.run(live, self.env.clone()));
        }
    }

    /// Notes that somebody reads in the language of this document, for the mirrors.
    fn note_language(&self, document: &Document) {
        if let (Some(mirrors), Some(live)) = (self.mirrors(), self.live.borrow().as_ref()) {
            mirrors.asked(document, live, clock::now());
        }
    }

    /// The mirrors; none while the page is not in memory, or is another deployment's, which has its own.
    fn mirrors(&self) -> Option<Rc<Mirrors>> {
        let live = self.live.borrow();
        let live = live.as_ref().filter(|live| !live.is_following())?;
        let load = || {
            let settings = settings(&self.env);
            Rc::new(Mirrors::load(settings.push.as_deref().unwrap_or_default(), live))
        };
        Some(Rc::clone(self.mirrors.get_or_init(load)))
    }

    /// Deletes lines of the log that need not be kept. A failure is logged; the next alarm tries again.
    fn trim(&self) {
        let now = clock::now();
        if !self.alarm.is_trim_due(now) {
            return;
        }
        let more = self.with_live(|live| live.trim(now)).unwrap_or_default();
        let wait = if more { 0 } else { TRIM_MILLIS };
        let next = Time::from_millis(now.as_millis().saturating_add(wait)).unwrap_or(now);
        self.alarm.trim(&settings(&self.env), next);
    }

    /// Begins to put the edition into the mirrors that are due. Nobody waits for them; each sets the alarm at its end.
    fn push(&self) {
        let Some(mirrors) = self.mirrors().filter(|mirrors| !mirrors.is_empty()) else { return };
        if self.live.borrow().as_ref().is_none_or(|live| live.version() == 0) {
            return;
        }
        for round in mirrors.rounds(&self.live, &self.env, clock::now()) {
            let (mirrors, alarm, live) = (Rc::clone(&mirrors), Rc::clone(&self.alarm), Rc::clone(&self.live));
            self.state.wait_until(async move {
                round.await;
                set_alarm(&alarm, &live, Some(&mirrors)).await;
            });
        }
    }
}

/// Sets the alarm for what is due next: a change that the clock makes, or a mirror.
async fn set_alarm(alarm: &Alarm, live: &RefCell<Option<Live>>, mirrors: Option<&Mirrors>) {
    let next = live.borrow().as_ref().and_then(|live| {
        let due = mirrors.and_then(|mirrors| mirrors.due(live));
        live.next_change().into_iter().chain(due).chain(alarm.trim_due()).min()
    });
    if let Some(next) = next {
        alarm.set(next).await;
    }
}
