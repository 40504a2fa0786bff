//! What an isolate knows of the page, whatever the document: which version the object last confirmed, and what follows from that
//! for copies.

use std::rc::Rc;

use candor_shared::time::Time;

use super::place::Held;
use super::stamp::{CURRENT_MILLIS, Copied, Stamp, UNKNOWN, is_ahead, is_recent};

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
    /// When a write began to be in doubt, if one was: what was confirmed before may not be the newest.
    pub doubted_at: Time,
}

impl Known {
    /// Forgets a time that cannot be true.
    pub fn doubt(&mut self, now: Time) {
        if is_ahead(self.at, now) {
            self.at = UNKNOWN;
        }
        self.doubted_at = self.doubted_at.min(now);
    }

    /// What was confirmed, and when.
    pub fn stamp(&self) -> Stamp {
        Stamp { epoch: Rc::clone(&self.epoch), version: self.version, confirmed_at: self.at }
    }

    /// Whether something newer than this copy exists, or may exist because a write was in doubt after it.
    pub fn supersedes<C: Copied>(&self, held: &Held<C>) -> bool {
        let stamp = held.copy.stamp();
        self.epoch != stamp.epoch || self.version > stamp.version || self.doubted_at > held.confirmed_at
    }

    /// How far a version may be ahead that this isolate has not heard of yet.
    fn ahead(&self, now: Time) -> u64 {
        let seconds = if self.at == UNKNOWN { 0 } else { now.millis_since(self.at) / 1_000 };
        let seconds = u64::try_from(seconds).unwrap_or_default();
        MAX_AHEAD.saturating_add(seconds.saturating_mul(MAX_AHEAD_PER_SECOND))
    }
}

/// Whether a copy is current: it was confirmed a moment ago, and nothing newer is known.
pub(super) fn is_current<C: Copied>(known: Option<&Known>, held: &Held<C>, now: Time) -> bool {
    is_recent(held.confirmed_at, CURRENT_MILLIS, now) && !known.is_some_and(|known| known.supersedes(held))
}

/// Whether a copy that the object did not hand over can be true.
pub(super) fn is_plausible(known: Option<&Known>, stamp: &Stamp, now: Time) -> bool {
    stamp.confirmed_at <= now
        && known.is_none_or(|known| {
            known.epoch == stamp.epoch && stamp.version <= known.version.saturating_add(known.ahead(now))
        })
}

/// Whether a copy from before the object said this can be true. `is_back`: its storage is another one, or was restored.
pub(super) fn is_possible(said: &Stamp, is_back: bool, stamp: &Stamp) -> bool {
    let ahead = if is_back { 0 } else { MAX_AHEAD };
    stamp.epoch == said.epoch && stamp.version <= said.version.saturating_add(ahead)
}
