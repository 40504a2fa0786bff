//! The page's Durable Object: the routes between the worker and the page, and the alarm.
//!
//! Nothing between reading the clock and the commit awaits, so that no other request runs in between. The runtime holds
//! the response back until the commit is durable (the output gate).

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use candor_shared::time::Time;
use worker::{Env, Error, Method, Request, Response, State, durable_object};

use super::alarm::Alarm;
use super::answered::{JSON, Place};
use super::asked::{Asked, late};
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
use crate::http::{self, KNOWN_HEADER, Problem};
use crate::log::Level;
use crate::settings::settings;
use crate::storage::{CHUNK_BYTES, DurableSql, ExportPart, Progress, may_be_stored};
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
    /// The time of the last question, or of the last alarm.
    pub(super) heard: Cell<Option<Time>>,
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
            heard: Cell::default(),
            started_at: clock::now(),
            writes: RefCell::new([("accepted".to_owned(), 0)].into()),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response, Error> {
        let asked = Asked::of(request.headers())?;
        let writes = request.method() == Method::Post;
        let body = if writes { request.bytes().await? } else { Vec::new() };
        let clock = clock::now();
        if writes && asked.is_late(clock) {
            return late(clock);
        }
        let now = asked.time(clock, 0);
        self.heard.set(Some(now));
        let url = request.inner().url();
        let query = target(&url).1;
        match (request.method(), request.path().as_str()) {
            (Method::Post, "/updates") => {
                let submission: Submission = serde_json::from_slice(&body)?;
                let answer = self.submit(&submission, asked, clock);
                self.count(&answer, submission.dry_run);
                let place = self.place();
                self.after_write().await;
                match answer {
                    Ok(Answer { status, version, body, replayed }) => {
                        let place = Place { version, ..place };
                        let response = place.reply(JSON, &body)?.with_status(status);
                        Ok(if replayed {
                            response.with_header("idempotency-replayed", "true")?
                        } else {
                            response
                        }
                        .fixed(body.into_bytes()))
                    }
                    Err(problem) => http::problem(&problem),
                }
            }
            (Method::Get, "/log") => self.say(JSON, self.log(query)),
            (Method::Get, "/export") => match self.export(query, now) {
                Ok(ExportPart { lines, next, .. }) => {
                    let response = self.place().reply("application/x-ndjson", &lines)?;
                    let response = match next {
                        Some(next) => response
                            .with_header("link", &format!("</v1/export?after={next}>; rel=\"next\""))?,
                        None => response,
                    };
                    Ok(response.fixed(lines.into_bytes()))
                }
                Err(problem) => http::problem(&problem),
            },
            (Method::Post, "/export") => {
                let confirmed = self.change(UNKNOWN, |live| live.confirm(&body, now));
                self.alarm.trim(&settings(&self.env), Time::EPOCH, 0);
                self.say_and_tidy(confirmed).await
            }
            (Method::Post, "/restore") => {
                let outcome = self.restore(query, &body, now);
                self.say_and_tidy(outcome).await
            }
            (Method::Get, "/standby") => self.say_json(&self.with_live(|live| live.standing())),
            (Method::Post, "/standby") => {
                let order: SignedOrder = serde_json::from_slice(&body)?;
                let outcome = self.change(UNKNOWN, |live| live.obey(&order, now));
                self.say_and_tidy(outcome).await
            }
            (Method::Get, path @ ("/health" | "/metrics")) => {
                let observed = self.observe(query, now);
                let response = match &observed {
                    Ok(observed) if path == "/health" => match observed.refusal() {
                        Some(problem) => http::problem(&problem),
                        None => self.say_json(&Ok(&observed.health)),
                    },
                    Ok(observed) => self.say(MEDIA_TYPE, Ok(exposition(observed))),
                    Err(problem) => http::problem(problem),
                };
                // Monitoring that asks often keeps the copies fresh, as readers do.
                self.after_write().await;
                response
            }
            (Method::Get, CHANGES) => self.changed(request.headers().get(KNOWN_HEADER)?, asked).await,
            (Method::Get, path) => {
                let Some(document) = Document::at(path, query) else {
                    return http::problem(&Problem::not_found("No document exists at this path."));
                };
                let response = self.give(&document, request.headers(), (clock, now));
                self.note_language(&document);
                self.after_write().await;
                response
            }
            _ => http::problem(&Problem::not_found("No document exists at this path.")),
        }
    }

    async fn alarm(&self) -> Result<Response, Error> {
        self.alarm.rang();
        let now = self.time_of_alarm().await;
        let due = self.with_live(|live| Ok(live.next_change())).ok().flatten();
        let late = due.map(|due| now.millis_since(due)).filter(|late| *late >= 0);
        // Reading a document first makes every change that is due. If the alarm rings twice, nothing is due the second time. What the
        // storage does not take is tried again when the alarm rings next.
        if let Err(problem) = self.document(&Document::Status, true, now) {
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
            let left = if !left.is_empty() && may_be_stored(error) { UNKNOWN } else { left };
            Problem::unavailable(format!("The page's storage failed{left}. Try again in a few seconds."))
                .in_doubt(left == UNKNOWN)
        };
        let mut slot = self.live.borrow_mut();
        let work = |live: &mut Live| {
            live.heard_at = self.heard.get();
            work(live)
        };
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

    /// A page of the audit log, as JSON.
    fn log(&self, query: &str) -> Result<String, Problem> {
        let wanted = Wanted::read(query)?;
        self.with_live(|live| live.log(wanted))
    }

    /// A part of the export.
    fn export(&self, query: &str, now: Time) -> Result<ExportPart, Problem> {
        let part = part_of(query)?;
        self.with_live(|live| live.export(part, CHUNK_BYTES, now))
    }

    /// Restores a part of an export.
    fn restore(&self, query: &str, part: &[u8], now: Time) -> Result<Progress, Problem> {
        let from = part_from(query)?;
        self.change(UNKNOWN, |live| live.restore(from, part, now))
    }

    /// Applies a request to write.
    fn submit(&self, submission: &Submission, asked: Asked, clock: Time) -> Result<Answer, Problem> {
        let settings = settings(&self.env);
        let per_minute = match &settings.writes_per_minute {
            Ok(rate) => *rate,
            Err(wrong) => return Err(Problem::unavailable(wrong.detail())),
        };
        self.change(NOTHING, |live| {
            let now = live.moment(asked.time(clock, 0), asked.latest(clock));
            live.catch_up(now)?;
            live.submit(submission, now, |updates| {
                let taken = self.rates.borrow_mut().take(&submission.key, updates, per_minute, clock);
                taken.map_err(|seconds| Problem::too_many(per_minute, seconds))
            })
        })
    }
}
