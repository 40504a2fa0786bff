//! What the object does beside updates and documents: it says how it is and when the page changes, counts, sets its alarm, and starts
//! what nobody waits for: the copies, the mirrors, the trimming of the log.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use candor_shared::time::Time;
use worker::{Delay, Error, Response};

use super::alarm::Alarm;
use super::asked::Asked;
use super::changes::{HOLD_MILLIS, version_id};
use super::health::{Observed, Surroundings, observe};
use super::live::{Answer, Live};
use super::push::Mirrors;
use super::status_page::StatusPage;
use crate::clock::is_recent;
use crate::document::Document;
use crate::http::{self, EPOCH_HEADER, HELD_HEADER, Problem, VERSION_HEADER};
use crate::settings::settings;
use crate::wait::within;
use crate::{clock, log};

/// How often it is looked whether lines of the log are old enough to be deleted: 6 hours, in milliseconds.
const TRIM_MILLIS: i64 = 6 * 60 * 60 * 1000;
/// The same after the storage failed: 10 minutes, in milliseconds.
const TRIM_RETRY_MILLIS: i64 = 10 * 60 * 1000;
/// How late an alarm may be for its clock to be believed at once: a minute, in milliseconds; and after how long it is asked again: 5
/// seconds, in milliseconds.
const LATE_MILLIS: i64 = 60 * 1000;
const MOMENT_MILLIS: u64 = 5 * 1000;

impl StatusPage {
    /// The time when the alarm rings, which no worker confirms. A clock by which something has been due for long may be ahead for a
    /// moment, so it is asked again a little later.
    pub(super) async fn time_of_alarm(&self) -> Time {
        let now = clock::now();
        let overdue = self.with_live(|live| Ok(live.overdue(now))).ok().flatten();
        if overdue.is_some_and(|since| !is_recent(since, LATE_MILLIS, now)) {
            Delay::from(Duration::from_millis(MOMENT_MILLIS)).await;
        }
        let now = clock::now();
        self.heard.set(Some(now));
        now
    }

    /// Observes the page. `query`: what the worker knows.
    pub(super) fn observe(&self, query: &str, now: Time) -> Result<Observed, Problem> {
        // What is known of mirrors is loaded with the page.
        self.with_live(|_| Ok(()))?;
        let mirrors = self.mirrors();
        let around = Surroundings {
            settings: &settings(&self.env),
            copies: &self.copies,
            mirrors: mirrors.as_deref(),
            started_at: self.started_at,
            changed_late: self.changed_late.get(),
            writes: &self.writes.borrow(),
            storage_bytes: self.state.storage().sql().database_size(),
            query,
        };
        self.with_live(|live| observe(live, &around, now))
    }

    /// Answers with the page's version as soon as it is another one than the known one, and after a while in any case.
    pub(super) async fn changed(&self, known: Option<String>, asked: Asked) -> Result<Response, Error> {
        let began = clock::now();
        loop {
            let clock = clock::now();
            let held = clock.millis_since(began).clamp(0, HOLD_MILLIS);
            let now = asked.time(clock, held);
            let current = self.with_live(|live| {
                live.keep_up(now)?;
                live.refuse_unless_confirmed(now)?;
                Ok((live.version(), live.epoch()))
            });
            let (version, epoch) = match current {
                Ok(current) => current,
                Err(problem) => return http::problem(&problem),
            };
            self.after_write().await;
            let id = version_id(&epoch, version);
            if is_recent(began, HOLD_MILLIS, clock)
                && known.as_deref() == Some(&id)
                && !self.changes.is_full()
            {
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

    /// Counts a request to write.
    pub(super) fn count(&self, answer: &Result<Answer, Problem>, dry_run: bool) {
        let outcome = match answer {
            Ok(answer) if answer.replayed => "replayed",
            Ok(answer) if answer.status == 201 => "accepted",
            Ok(_) if dry_run => "dry_run",
            Ok(_) => "unchanged",
            Err(problem) => Problem::word(&problem.kind),
        };
        let mut writes = self.writes.borrow_mut();
        let count = writes.entry(outcome.to_owned()).or_default();
        *count = count.saturating_add(1);
    }

    /// Sets the alarm for the next change, and starts the copies to KV if they are due.
    pub(super) async fn after_write(&self) {
        let (epoch, version, follows) = match self.live.borrow().as_ref() {
            Some(live) => {
                self.changes.note(version_id(&live.epoch(), live.version()));
                (live.epoch(), live.version(), live.is_following())
            }
            None => return,
        };
        if version == 0 {
            return;
        }
        let mirrors = self.mirrors();
        set_alarm(&self.alarm, &self.live, mirrors.as_deref()).await;
        if settings(&self.env).copies == Ok(true) && !follows && self.copies.request(&epoch, version) {
            let (copies, live) = (Rc::clone(&self.copies), Rc::clone(&self.live));
            self.state.wait_until(copies.run(live, self.env.clone()));
        }
    }

    /// Notes that somebody reads in the language of this document, for the mirrors.
    pub(super) fn note_language(&self, document: &Document) {
        if let (Some(mirrors), Some(live)) = (self.mirrors(), self.live.borrow().as_ref()) {
            mirrors.asked(document, live, clock::now());
        }
    }

    /// The mirrors; none while the page is not in memory, or is another deployment's, which has its own.
    pub(super) fn mirrors(&self) -> Option<Rc<Mirrors>> {
        let live = self.live.borrow();
        let live = live.as_ref().filter(|live| !live.is_following())?;
        let load = || {
            let settings = settings(&self.env);
            Rc::new(Mirrors::load(settings.push.as_deref().unwrap_or_default(), live))
        };
        Some(Rc::clone(self.mirrors.get_or_init(load)))
    }

    /// Deletes lines of the log that need not be kept. A failure is logged.
    pub(super) fn trim(&self) {
        let now = clock::now();
        if self.alarm.trim_due(now).is_none_or(|due| due > now) {
            return;
        }
        // What could not be deleted is still there, and nothing in memory depends on it.
        let wait = match self.with_live(|live| Ok(live.trim(now))) {
            Ok(Ok(true)) => 0,
            Ok(Ok(false)) => TRIM_MILLIS,
            Ok(Err(failure)) => {
                log::error("the log could not be trimmed", &[("error", &failure.to_string())]);
                TRIM_RETRY_MILLIS
            }
            Err(_) => TRIM_RETRY_MILLIS,
        };
        self.alarm.trim(&settings(&self.env), now, wait);
    }

    /// Begins to put the edition into the mirrors that are due. Nobody waits for them; each sets the alarm at its end.
    pub(super) fn push(&self) {
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

/// Sets the alarm for what is due next: a change that the clock makes, a mirror, or the trimming of the log.
async fn set_alarm(alarm: &Alarm, live: &RefCell<Option<Live>>, mirrors: Option<&Mirrors>) {
    let now = clock::now();
    let next = live.borrow().as_ref().and_then(|live| {
        let due = mirrors.and_then(|mirrors| mirrors.due(live, now));
        live.next_attempt(now).into_iter().chain(due).chain(alarm.trim_due(now)).min()
    });
    if let Some(next) = next {
        alarm.set(next).await;
    }
}
