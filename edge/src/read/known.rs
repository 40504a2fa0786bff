//! What an isolate knows of the page, whatever the document: which version the object last confirmed, and what follows from that
//! for copies.

use std::rc::Rc;

use candor_shared::time::Time;

use super::place::Held;
use super::stamp::{CURRENT_MILLIS, Copied, Stamp, UNKNOWN, is_ahead, is_recent};
use crate::render::Doubt;

/// How far a cached copy's version may be ahead of what the object last confirmed here, at once and with each second.
const MAX_AHEAD: u64 = 1_000;
const MAX_AHEAD_PER_SECOND: u64 = 100;

/// What the object last confirmed.
pub(super) struct Known {
    pub epoch: Rc<str>,
    pub version: u64,
    pub at: Time,
    /// The turn in which this isolate learned the version.
    pub learned: u64,
    /// When the object first confirmed this version here.
    pub since: Time,
}

/// A newer version than the object last confirmed here, as a copy shows that another isolate or the object left.
struct Seen {
    epoch: Rc<str>,
    version: u64,
    /// The turn in which this isolate saw it.
    turn: u64,
}

impl Known {
    /// Forgets a time that cannot be true.
    pub fn doubt(&mut self, now: Time) {
        if is_ahead(self.at, now) {
            self.at = UNKNOWN;
        }
    }

    /// What was confirmed, and when.
    pub fn stamp(&self) -> Stamp {
        Stamp { epoch: Rc::clone(&self.epoch), version: self.version, confirmed_at: self.at }
    }

    /// How far a version may be ahead that this isolate has not heard of yet.
    fn ahead(&self, now: Time) -> u64 {
        let seconds = if self.at == UNKNOWN { 0 } else { now.millis_since(self.at) / 1_000 };
        let seconds = u64::try_from(seconds).unwrap_or_default();
        MAX_AHEAD.saturating_add(seconds.saturating_mul(MAX_AHEAD_PER_SECOND))
    }
}

/// What an isolate knows of the page: from the object, from copies, and of its own writes.
pub(super) struct Page {
    /// What the object last confirmed, if it has spoken.
    pub known: Option<Known>,
    seen: Option<Seen>,
    /// When a write began to be in doubt, if one was: what was confirmed before may not be the newest, whether or not the object has
    /// spoken.
    doubted_at: Time,
}

impl Page {
    /// Nothing.
    pub const fn new() -> Self {
        Self { known: None, seen: None, doubted_at: UNKNOWN }
    }

    /// Forgets times that cannot be true.
    pub fn doubt(&mut self, now: Time) {
        if let Some(known) = &mut self.known {
            known.doubt(now);
        }
        self.doubted_at = self.doubted_at.min(now);
    }

    /// Notes that nobody knows what a write has made.
    pub fn doubt_writes(&mut self, now: Time) {
        self.doubted_at = now;
    }

    /// Notes the version of a copy that can be true. Returns whether it is newer than what is known; then it is seen in the turn.
    pub fn sees(&mut self, stamp: &Stamp, turn: u64) -> bool {
        let is_known =
            self.known.as_ref().is_some_and(|it| it.epoch != stamp.epoch || it.version >= stamp.version);
        let is_seen =
            self.seen.as_ref().is_some_and(|it| it.epoch == stamp.epoch && it.version >= stamp.version);
        if is_known || is_seen {
            return false;
        }
        self.seen = Some(Seen { epoch: Rc::clone(&stamp.epoch), version: stamp.version, turn });
        true
    }

    /// Notes that the object has answered a question that began in this turn: it outranks every copy that was seen before.
    pub fn hears(&mut self, turn: u64) {
        self.seen = self.seen.take().filter(|seen| seen.turn > turn);
    }

    /// Notes what a write has made. It says nothing of what others have written since: of the versions that were seen, the newest counts.
    pub fn wrote(&mut self, stamp: &Stamp) {
        let is_newer = |seen: &Seen| seen.epoch == stamp.epoch && seen.version > stamp.version;
        self.seen = self.seen.take().filter(is_newer);
    }

    /// Whether the object has confirmed a newer version than that of this copy, or a write was in doubt after it.
    fn replaces<C: Copied>(&self, held: &Held<C>) -> bool {
        let stamp = held.copy.stamp();
        let is_older = |known: &Known| known.epoch != stamp.epoch || known.version > stamp.version;
        self.known.as_ref().is_some_and(is_older) || self.doubted_at > held.confirmed_at
    }

    /// Whether a copy is current: it was confirmed a moment ago, and nothing newer is known from the object. A cache that lies does not
    /// change that.
    pub fn is_current<C: Copied>(&self, held: &Held<C>, now: Time) -> bool {
        is_recent(held.confirmed_at, CURRENT_MILLIS, now) && !self.replaces(held)
    }

    /// Whether something newer than this copy exists, or may exist: also if only a copy of any document says so.
    fn supersedes<C: Copied>(&self, held: &Held<C>) -> bool {
        let stamp = held.copy.stamp();
        let is_newer = |seen: &Seen| seen.epoch == stamp.epoch && seen.version > stamp.version;
        self.replaces(held) || self.seen.as_ref().is_some_and(is_newer)
    }

    /// How uncertain a copy is that nobody confirms now.
    pub fn doubt_of<C: Copied>(&self, held: &Held<C>, now: Time) -> Doubt {
        Doubt { since: held.confirmed_at.min(now), is_superseded: self.supersedes(held) }
    }

    /// Whether a copy that the object did not hand over can be true.
    pub fn is_plausible(&self, stamp: &Stamp, now: Time) -> bool {
        let is_possible = |known: &Known| {
            known.epoch == stamp.epoch && stamp.version <= known.version.saturating_add(known.ahead(now))
        };
        stamp.confirmed_at <= now && self.known.as_ref().is_none_or(is_possible)
    }
}

/// Whether a copy from before the object said this can be true. `is_back`: its storage is another one, or was restored.
pub(super) fn is_possible(said: &Stamp, is_back: bool, stamp: &Stamp) -> bool {
    let ahead = if is_back { 0 } else { MAX_AHEAD };
    stamp.epoch == said.epoch && stamp.version <= said.version.saturating_add(ahead)
}
