//! The page in memory, always equal to the storage: applies updates, makes the changes that are due, renders documents.
//!
//! Nothing here awaits, so that no other request runs in between.

use std::rc::Rc;

use candor_shared::published::status_document;
use candor_shared::record::{ChangeCounts, window_start};
use candor_shared::review::gauntlet;
use candor_shared::rules::{
    Event, Moment, advance, advice, apply, check_correction, check_size, next_change,
};
use candor_shared::state::{EntityKind, State};
use candor_shared::text::Url;
use candor_shared::time::Time;
use candor_shared::update::{Update, parse};
use candor_shared::words::Words;
use serde_json::Value;
use worker::Error;

use super::answer::{AnswerBody, AnswerResult};
use super::corrected::corrected_text;
use super::edition::Edition;
use super::failure::Failure;
use super::submission::Submission;
use crate::document::Document;
use crate::http::Problem;
use crate::render::{Rendered, Source};
use crate::settings::{CLOCK, Settings, WrongSetting};
use crate::storage::{Ledger, LogLine, Remember, Sql, Standby, Stored};

/// How many characters of the object's id name a page in feeds and in Statuspage's API whose storage has no name for it.
const PAGE_ID_CHARS: usize = 12;

/// The page in memory: the live state, the current edition, and the ledger that stores them.
pub struct Live {
    pub(super) ledger: Ledger,
    pub(super) state: State,
    pub(super) edition: Edition,
    /// The name of the page in feeds and in Statuspage's API.
    pub(super) page_id: Rc<str>,
    epoch: Rc<str>,
    pub(super) settings: Rc<Settings>,
    /// Whether a restore is under way: until its end nothing is published, and nothing else is written.
    pub(super) is_restoring: bool,
    /// The standby, if this is one and holds a page.
    pub(super) standby: Option<Standby>,
    /// When the storage last did not take a change that was due, if it has not taken one since.
    pub(super) refused_at: Option<Time>,
    /// The time of the last question, if it is known.
    pub(super) heard_at: Option<Time>,
}

/// The answer to an accepted request.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The version for the header `Candor-Version`: the one that was made, or the current one for a dry run.
    pub version: u64,
    /// The body: JSON ([`AnswerBody`]).
    pub body: String,
    /// Whether this is the stored answer to an earlier request.
    pub replayed: bool,
}

impl Live {
    /// Loads the page from the storage.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn load(sql: Box<dyn Sql>, object_id: &str, settings: Rc<Settings>) -> Result<Self, Error> {
        let ledger = Ledger::open(sql)?;
        let stored = ledger.load()?;
        let own_id = || object_id.chars().take(PAGE_ID_CHARS).collect();
        Ok(Self {
            ledger,
            state: stored.state,
            edition: Edition::empty(stored.version, stored.published_at),
            page_id: stored.page_id.map_or_else(own_id, |id| id.to_string()).into(),
            epoch: stored.epoch.into(),
            settings,
            is_restoring: stored.is_restoring,
            standby: stored.standby,
            refused_at: None,
            heard_at: None,
        })
    }

    /// Loads the page again, after something other than an update has changed the storage.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub(super) fn reload(&mut self) -> Result<(), Error> {
        let stored = self.ledger.load()?;
        self.take(stored);
        Ok(())
    }

    /// Loads the page again if the storage has another version than memory.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub(super) fn reload_if_changed(&mut self) -> Result<(), Error> {
        let stored = self.ledger.load()?;
        if (stored.version, stored.epoch.as_str()) != (self.version(), &*self.epoch) {
            self.take(stored);
        }
        Ok(())
    }

    fn take(&mut self, stored: Stored) {
        if let Some(page_id) = stored.page_id {
            self.page_id = Rc::from(page_id.as_str());
        }
        self.state = stored.state;
        self.edition = Edition::empty(stored.version, stored.published_at);
        self.epoch = stored.epoch.into();
        self.is_restoring = stored.is_restoring;
        self.standby = stored.standby;
        self.refused_at = None;
    }

    /// The page's version: 0 until something is published.
    pub fn version(&self) -> u64 {
        self.edition.version
    }

    /// The epoch of the storage: a random id that it got when it was made.
    pub fn epoch(&self) -> Rc<str> {
        Rc::clone(&self.epoch)
    }

    /// When the current version was published; 1970 until something is published.
    pub fn published_at(&self) -> Time {
        self.edition.published_at
    }

    /// A document of the current edition, if there is one.
    ///
    /// # Errors
    /// If the storage cannot be read, or a setting is wrong.
    pub fn document(&mut self, document: &Document, now: Time) -> Result<Option<Rendered>, Failure> {
        if let (true, Err(wrong)) = (document.needs_editions(), &self.settings.editions) {
            return Err(Problem::unavailable(wrong.detail()).into());
        }
        let (_, language) = document.parts();
        self.read(language, now, |edition, source| edition.document(document, source))
    }

    /// The list of the documents that the page can have, as JSON ([`Edition::names`]).
    ///
    /// # Errors
    /// If the storage cannot be read, or a setting is wrong.
    pub fn names(&mut self, now: Time) -> Result<Rc<str>, Failure> {
        self.read(None, now, Edition::names)
    }

    /// Reads in a language, or in the page's own; in English if there are no words of that one.
    fn read<T>(
        &mut self,
        language: Option<&str>,
        now: Time,
        from: impl FnOnce(&mut Edition, &Source<'_>) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        let Self { ledger, state, edition, page_id, settings, epoch, .. } = self;
        let own = state.page.language();
        let words = language.and_then(Words::of).unwrap_or_else(|| Words::near(own.as_str()));
        let wrong = |wrong: &WrongSetting| Problem::unavailable(wrong.detail());
        let source = Source {
            ledger,
            state,
            words: &words,
            chosen: None,
            version: edition.version,
            published_at: edition.published_at,
            now,
            epoch,
            editions: settings.editions.as_ref().ok(),
            page_id,
            frame_ancestors: settings.frame_ancestors.as_ref().map_err(wrong)?,
            hub: settings.hub.as_ref().map_err(wrong)?.as_ref().map(Url::as_str),
        };
        Ok(from(edition, &source)?)
    }

    /// Makes what was stored the page in memory.
    pub(super) fn replace(&mut self, mut state: State, version: u64, now: Time, status: Rendered) {
        state.forget_closed();
        self.state = state;
        self.edition = Edition::new(version, now, status);
        self.refused_at = None;
    }

    /// Applies all updates of a request, or none. `take` takes the number of updates from the rate limit of the key, and
    /// refuses if there are not enough left. It is called before the storage is read or written: a replay, a dry run and a
    /// refusal cost storage as well.
    ///
    /// # Errors
    /// If the request is wrong or the storage refuses. Then no update was applied.
    pub fn submit(
        &mut self,
        submission: &Submission,
        now: Time,
        take: impl FnOnce(usize) -> Result<(), Problem>,
    ) -> Result<Answer, Failure> {
        let body = submission.body.as_bytes();
        let updates = parse(body).map_err(Problem::from)?;
        take(updates.len())?;
        self.refuse_while_restoring()?;
        self.refuse_while_following()?;

        let signature = format!("signature {}", submission.signature);
        let names = submission.names();
        // Whether it was sent before is a question of the clock by which its signature was checked.
        let heard_at = submission.received_at.unwrap_or(now);
        if let Some(replay) = self.replayed(&signature, &names, submission, heard_at)? {
            return Ok(replay);
        }
        if let Some(wanted) = submission.if_match
            && wanted != self.edition.version
        {
            // `If-Match` may be unsigned. Unless the signature is used up, a copy of the request without it would be applied.
            self.use_up(signature, submission, heard_at)?;
            return Err(Problem::precondition_failed(wanted, self.edition.version).into());
        }
        if !submission.if_match_etags.is_empty() {
            // Another state may have the same number, as on a standby that was promoted.
            let present =
                self.document(&Document::Status, now)?.map(|status| status.etag).unwrap_or_default();
            if !submission.if_match_etags.contains(&present) {
                self.use_up(signature, submission, heard_at)?;
                return Err(Problem::another_state(self.edition.version, &present).into());
            }
        }

        let raw: Value = serde_json::from_slice(body)?;
        let (raw, is_array) = match raw {
            Value::Array(raw) => (raw, true),
            raw => (vec![raw], false),
        };

        let mut state = self.state.clone();
        let mut version = self.edition.version;
        let (mut lines, mut results, mut advices) = (Vec::new(), Vec::new(), Vec::new());
        // The updates that change something, each with the place of its line.
        let mut changing = Vec::new();
        for (index, (update, body)) in updates.iter().zip(raw).enumerate() {
            let base = if is_array { format!("/{index}") } else { String::new() };
            let refused = |rejection| Problem::from(rejection).within(&base);
            let role = submission.role();
            role.permits(update).and_then(|()| role.permits_now(update, &state)).map_err(refused)?;
            // The clock goes on between updates that are dated back: what was due before this one has happened.
            lines.extend(clock_lines(&mut state, version, update.when(now)));
            version = lines.last().map_or(version, |line| line.version);
            // An update that changes nothing makes no version.
            let next = version.saturating_add(1);
            for needed in update.needs(next) {
                self.ledger.recall(&needed, &mut state)?;
            }
            let before = matches!(update, Update::IncidentAmend(_)).then(|| state.clone());
            let events = apply(&mut state, update, Moment { now, version: next }).map_err(refused)?;
            if let Some(before) = before
                && let Some(known) = corrected_text(&self.ledger, &lines, &events)?
            {
                check_correction(&before, &state, &events, &known).map_err(refused)?;
            }
            let id = events.first().and_then(|event| event.entity().1).cloned();
            let url = page_path(&state, &events).and_then(|path| state.page.address(&path));
            let report = match update {
                Update::PostmortemPublish(publish) => {
                    let incident = state.incidents.get(&publish.incident);
                    Some(gauntlet(&publish.text, incident.and_then(|incident| incident.language.as_ref())))
                }
                _ => None,
            };
            let similar_changes = self.similar_changes(update, now)?;
            let unchanged = events.is_empty();
            results.push(AnswerResult {
                kind: update.name(),
                unchanged,
                id,
                url,
                gauntlet: report,
                similar_changes,
            });
            if events.is_empty() {
                continue;
            }
            version = next;
            changing.push((update, lines.len()));
            lines.push(LogLine {
                version,
                at: update.when(now),
                key: submission.key.to_string(),
                body,
                events,
            });
        }

        // Advice is about what the whole request leads to: an incident that it opens and resolves needs no promise.
        for (update, line) in changing {
            let Some(line) = lines.get(line) else { continue };
            for text in advice(&state, update, &line.events, now) {
                if !advices.contains(&text) {
                    advices.push(text);
                }
            }
        }
        check_size(&self.state, &state).map_err(Problem::from)?;
        // A change that follows from a backdated update may be due already.
        lines.extend(clock_lines(&mut state, version, now));
        let version = lines.last().map_or(version, |line| line.version);

        let dry_run = submission.dry_run.then_some(true);
        let would_show = submission.dry_run.then(|| status_document(&state, version, now));
        let body =
            serde_json::to_string(&AnswerBody { version, results, advice: advices, dry_run, would_show })?;
        if submission.dry_run {
            // Stores only that the signature is used up. With Standard Webhooks the query is not signed, so a copy of the
            // request without `dry_run` would be applied.
            self.use_up(signature, submission, heard_at)?;
            return Ok(Answer { status: 200, version: self.edition.version, body, replayed: false });
        }
        let fingerprint = &submission.fingerprint;
        let remember = Remember { signature, names, fingerprint, version, answer: &body, at: heard_at };
        if lines.is_empty() {
            // Nothing changed, so there is no version. The signature is used up all the same: sent again after a change, the
            // request would no longer change nothing.
            self.ledger.remember(&remember)?;
            return Ok(Answer { status: 200, version, body, replayed: false });
        }
        // No version is published before the one that it follows, even if the clock went back.
        let published_at = now.max(self.published_at());
        let status = status_of(&state, version, published_at)?;
        self.ledger.commit(&lines, &state, Some(&remember), published_at)?;
        self.replace(state, version, published_at, status);
        Ok(Answer { status: 201, version, body, replayed: false })
    }

    /// How changes of the same kind went in the last 365 days, if this update plans a change with a kind.
    fn similar_changes(&self, update: &Update, now: Time) -> Result<Option<ChangeCounts>, Error> {
        let Update::MaintenanceSchedule(schedule) = update else { return Ok(None) };
        let Some(kind) = schedule.change.as_ref().and_then(|change| change.kind.as_ref()) else {
            return Ok(None);
        };
        Ok(Some(self.ledger.changes_of_kind(kind, window_start(365, now))?))
    }
}

/// The path of the page about what an update made or changed; none if it has no page.
fn page_path(state: &State, events: &[Event]) -> Option<String> {
    match events.first()?.entity() {
        (EntityKind::Incident | EntityKind::Postmortem, Some(id)) => {
            Some(Document::Incident(id.clone()).path())
        }
        (EntityKind::Maintenance, Some(id)) => {
            let public = state.maintenances.get(id).filter(|of| of.is_public());
            public.map(|_| Document::Maintenance(id.clone()).path())
        }
        _ => None,
    }
}

/// `status.json` of a new version. It is rendered before the commit: an update that cannot be published is not accepted.
pub(super) fn status_of(state: &State, version: u64, now: Time) -> Result<Rendered, serde_json::Error> {
    Rendered::json(&Document::Status, version, &status_document(state, version, now))
}

/// Makes every change that is due at `now`. Returns one log line for each instant, so that no line grows with the time since
/// the last request.
pub(super) fn clock_lines(state: &mut State, mut version: u64, now: Time) -> Vec<LogLine> {
    let mut lines = Vec::new();
    while let Some(at) = next_change(state).filter(|at| *at <= now) {
        version = version.saturating_add(1);
        let events = advance(state, at);
        lines.push(LogLine { version, at, key: CLOCK.to_owned(), body: Value::Null, events });
    }
    lines
}
