//! What an isolate holds of one document: its copies, each with a time that can be believed, and the search for a newer one.

use candor_shared::time::Time;

use super::stamp::{Copied, Stamp, believed, is_ahead, is_recent};

/// When a climb no longer counts as running, because the runtime has cancelled it: 6 seconds, in milliseconds.
const LOST_MILLIS: i64 = 6_000;
/// How long a document is not asked for again after a failure: 2 seconds, in milliseconds.
const BACK_OFF_MILLIS: i64 = 2_000;
/// The same where there is no copy, so that each reader goes without: a quarter of a second, in milliseconds.
const BARE_BACK_OFF_MILLIS: i64 = 250;
/// How often KV is asked whether it has something newer than a copy that is not worth having: every 30 seconds, in milliseconds.
const KV_PAUSE_MILLIS: i64 = 30_000;

/// A copy in memory.
#[derive(Clone)]
pub(super) struct Held<C> {
    pub copy: C,
    /// When the object confirmed it, as far as this isolate can believe that ([`believed`]).
    pub confirmed_at: Time,
}

impl<C: Copied> Held<C> {
    pub fn new(copy: C, now: Time) -> Self {
        let confirmed_at = believed(&copy, now);
        Self { copy, confirmed_at }
    }

    /// How new it is.
    fn key(&self) -> (u64, Time) {
        (self.copy.stamp().version, self.confirmed_at)
    }

    /// Whether its time had to be corrected, because the clock says now that it lies in the future.
    fn doubt(&mut self, now: Time) -> bool {
        let was_ahead = is_ahead(self.confirmed_at, now);
        if was_ahead {
            self.confirmed_at = believed(&self.copy, now);
        }
        was_ahead
    }
}

/// What an isolate holds of one document.
pub(super) struct Place<C> {
    /// The last copy that was current.
    pub copy: Option<Held<C>>,
    /// An older one from the cache or KV, which is never current.
    pub spare: Option<Held<C>>,
    /// The id of the running climb, and when it began.
    pub climb: Option<(u64, Time)>,
    /// When the object last failed, if it has not answered since.
    pub failed_at: Option<Time>,
    /// When KV was last asked although there is a copy.
    kv_asked_at: Option<Time>,
}

impl<C> Default for Place<C> {
    fn default() -> Self {
        Self { copy: None, spare: None, climb: None, failed_at: None, kv_asked_at: None }
    }
}

impl<C: Copied> Place<C> {
    /// The newest copy.
    pub fn newest(&self) -> Option<&Held<C>> {
        self.copy.iter().chain(&self.spare).max_by_key(|held| held.key())
    }

    /// Keeps a copy that is never current, unless there is a newer one of that kind.
    pub fn keep_spare(&mut self, spare: Held<C>) {
        if self.spare.as_ref().is_none_or(|held| held.key() <= spare.key()) {
            self.spare = Some(spare);
        }
    }

    /// No copy that is held is current any more.
    pub fn set_aside(&mut self) {
        if let Some(copy) = self.copy.take() {
            self.keep_spare(copy);
        }
    }

    /// Drops the copies that cannot be true.
    pub fn retain(&mut self, possible: impl Fn(&Stamp) -> bool) {
        let stays = |held: &Held<C>| possible(held.copy.stamp());
        self.copy = self.copy.take().filter(stays);
        self.spare = self.spare.take().filter(stays);
    }

    /// Corrects times that lie in the future. Returns whether one was that of a copy which was current.
    pub fn doubt(&mut self, now: Time) -> bool {
        let [copy, _] =
            [&mut self.copy, &mut self.spare].map(|held| held.as_mut().is_some_and(|held| held.doubt(now)));
        copy
    }

    /// The running climb: when it began.
    pub fn climbs_since(&self, now: Time) -> Option<Time> {
        self.climb.map(|(_, since)| since).filter(|since| is_recent(*since, LOST_MILLIS, now))
    }

    /// Whether to ask KV now, although there is a copy. If so, it counts as asked.
    pub fn asks_kv(&mut self, now: Time) -> bool {
        let may = !self.kv_asked_at.is_some_and(|at| is_recent(at, KV_PAUSE_MILLIS, now));
        if may {
            self.kv_asked_at = Some(now);
        }
        may
    }

    /// Whether no climb may begin: one is running, or the last one failed a moment ago.
    pub fn is_busy(&self, now: Time) -> bool {
        let back_off = if self.newest().is_some() { BACK_OFF_MILLIS } else { BARE_BACK_OFF_MILLIS };
        self.climbs_since(now).is_some() || self.failed_at.is_some_and(|at| is_recent(at, back_off, now))
    }
}
