//! The changes that time makes by itself: when they are due, and what happens if the storage does not take them.

use candor_shared::rules::next_change;
use candor_shared::time::Time;

use super::asked::SKEW_MILLIS;
use super::failure::Failure;
use super::live::{Live, clock_lines, status_of};
use crate::clock::{due, is_recent};
use crate::log;

/// The least time after the storage did not take a change that is due, before it is tried again for those who only read: 10 seconds,
/// in milliseconds.
const RETRY_MILLIS: i64 = 10_000;

/// For how long the time of a question holds for what is done after it: a minute, in milliseconds.
const HEARD_MILLIS: i64 = 60 * 1000;

impl Live {
    /// The time of what a write does, at this time of its question: never before the newest version, unless that is of the future by the
    /// worker and by the object, of whose times `latest` is the later one. Then what happens keeps its true time, and only the versions are
    /// in order.
    pub fn moment(&self, now: Time, latest: Time) -> Time {
        let published_at = self.published_at();
        if published_at.millis_since(now.max(latest)) > SKEW_MILLIS { now } else { now.max(published_at) }
    }

    /// When the page next changes without an update, if it does. A standby that follows makes no changes: it gets them.
    pub fn next_change(&self) -> Option<Time> {
        next_change(&self.state).filter(|_| !self.is_following())
    }

    /// Since when a change has been due that is not made; none if none is.
    pub fn overdue(&self, now: Time) -> Option<Time> {
        self.next_change().filter(|next| *next <= now)
    }

    /// When the next change is to be made or tried again: the time for the alarm.
    pub fn next_attempt(&self, now: Time) -> Option<Time> {
        let next = self.next_change()?;
        Some(self.refused_at.map_or(next, |at| next.max(due(at, RETRY_MILLIS, now))))
    }

    /// Makes every change that is due at `now`, with one version for each instant. As with updates, no version is published before
    /// the one that it follows, even if the clock went back.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing changed.
    pub fn catch_up(&mut self, now: Time) -> Result<(), Failure> {
        if self.overdue(now).is_none() {
            return Ok(());
        }
        let published_at = now.max(self.published_at());
        let mut state = self.state.clone();
        let lines = clock_lines(&mut state, self.version(), now);
        let version = lines.last().map_or(self.version(), |line| line.version);
        let status = status_of(&state, version, published_at)?;
        self.ledger.commit(&lines, &state, None, published_at)?;
        self.replace(state, version, published_at, status);
        Ok(())
    }

    /// The same for those who only read: a storage that takes no more is no reason to show nothing. What is stored is the page, until
    /// it takes the change. A version never names anything that is not stored.
    ///
    /// # Errors
    /// If the storage cannot be read either.
    pub fn keep_up(&mut self, now: Time) -> Result<(), Failure> {
        // What is done after a question, as the copies are, has nothing but the object's clock to go by.
        let heard =
            self.heard_at.and_then(|at| Time::from_millis(at.as_millis().saturating_add(HEARD_MILLIS)));
        let now = heard.map_or(now, |heard| now.min(heard));
        if self.refused_at.is_some_and(|at| is_recent(at, RETRY_MILLIS, now)) {
            return Ok(());
        }
        let Err(failure) = self.catch_up(now) else { return Ok(()) };
        log::error("a change that is due could not be stored", &[("error", &failure.to_string())]);
        // The page in memory is as it was. Whether the storage is, too, it says itself.
        self.reload_if_changed()?;
        self.refused_at = Some(now);
        Ok(())
    }
}
