//! The ladder: decides how a read is answered. A pure state machine: events in, next steps out, the time as an argument. It
//! reads no clock and does no I/O; `get.rs` carries out the steps.
//!
//! The steps, nearest first: this isolate's memory, the data centre's cache, the page's object, and the last-known-good copy
//! in KV. One *climb* per document asks the cache and then the object. Every *reader* of the document waits for that climb
//! within a limit, and then gets the newest copy at hand, labelled as unconfirmed.
//!
//! - A copy is current for [`CURRENT_MILLIS`] after the object confirmed it, and only if this isolate knows no newer version.
//! - Only the object decides which version is the newest. A cache that lies cannot change it.
//! - The object may go back to an older version, because its storage was restored: a new epoch, or an older version in answer
//!   to a question that began after the newer version was known, replaces everything.
//! - A document that fails does not affect the others.
//! - How much is held and searched for has limits (`room.rs`).
//! - What does not exist is known without asking (`absent.rs`): one question about `status.json` confirms it for all names.

use std::collections::{BTreeMap, BTreeSet};

use candor_shared::time::Time;

use super::absent::{Absence, Absent};
use super::climb::{Climb, Next, Reader};
use super::known::Page;
use super::place::{Held, Place};
use super::stamp::{Copied, Reply, Step, is_recent};

/// The age from which a climb refreshes a copy in memory, while memory still answers all requests: 2 seconds, in milliseconds.
const REFRESH_MILLIS: i64 = 2_000;
/// By how much isolates differ in that, so that one of a data centre asks the object and the others find its copy in the cache: up to
/// a second, in milliseconds.
pub const SPREAD_MILLIS: i64 = 1_000;
/// How long the reader that began a climb waits for it if a copy is at hand or may be in KV: 1 second, in milliseconds.
pub const LEAD_MILLIS: i64 = 1_000;
/// How old a climb may be for the other readers to wait for it if a copy is at hand: a quarter of a second, in milliseconds. A
/// sound object answers within this time.
pub const FOLLOW_MILLIS: i64 = 250;
/// How long a climb may last, and how long a reader waits for it if there is no copy: 5 seconds, in milliseconds.
pub const CLIMB_MILLIS: i64 = 5_000;
/// How long the data centre's cache may take: 200 milliseconds.
pub const CACHE_MILLIS: i64 = 200;
/// The most copies that one request takes out of the data centre's cache: the platform counts what a request does.
const MAX_TAKEN: usize = 32;

/// What one isolate knows of all documents.
pub struct Ladder<C> {
    pub(super) places: BTreeMap<String, Place<C>>,
    pub(super) absent: Absent,
    pub(super) page: Page,
    /// Counts what changes in `page`, so that an answer can be told from a late one.
    pub(super) turn: u64,
    /// The last time that was heard of.
    clock: Time,
    /// The documents whose copies may be in the data centre's cache with a time in the future.
    wrong: BTreeSet<String>,
    climbs: u64,
    /// How much later than others this isolate asks, in milliseconds: less than [`SPREAD_MILLIS`].
    later: Option<i64>,
    /// The documents that stay in memory when it is full. The first one exists in every version.
    pub(super) kept: &'static [&'static str],
}

impl<C: Copied> Ladder<C> {
    /// An empty memory. `kept`: the documents that stay in it when it is full.
    pub const fn new(kept: &'static [&'static str]) -> Self {
        Self {
            places: BTreeMap::new(),
            absent: Absent::new(),
            page: Page::new(),
            turn: 0,
            clock: Time::EPOCH,
            wrong: BTreeSet::new(),
            climbs: 0,
            later: None,
            kept,
        }
    }

    /// The copy in memory if it is current, and a climb to run if it should be refreshed.
    pub fn current(&mut self, name: &str, now: Time) -> Option<(&C, Option<Climb>)> {
        let (_, confirmed_at) = self.held(name, now)?;
        let ages = !is_recent(confirmed_at, REFRESH_MILLIS.saturating_add(self.later()), now);
        let is_busy = self.places.get(name).is_some_and(|place| place.is_busy(now));
        let climb = if ages && !is_busy { Some(self.climb(name, now)) } else { None };
        Some((&self.places.get(name)?.copy.as_ref()?.copy, climb))
    }

    /// The copy in memory if it is current; and when it was confirmed.
    pub fn held(&mut self, name: &str, now: Time) -> Option<(&C, Time)> {
        self.hear(now);
        let held = self.places.get(name)?.copy.as_ref()?;
        self.page.is_current(held, now).then_some((&held.copy, held.confirmed_at))
    }

    /// The next step of a reader: at its beginning, and again after each wait.
    pub fn look(&mut self, reader: &mut Reader, now: Time) -> Next<C> {
        self.hear(now);
        if let Some(held) = self.places.get(&reader.name).and_then(|place| place.copy.as_ref())
            && self.page.is_current(held, now)
            && reader.accepts(held.copy.stamp().version, held.confirmed_at, now)
        {
            return Next::Current(held.copy.clone());
        }
        // To one who has heard of a newer version, nothing is absent before the object has said that there is none.
        let asks =
            self.kept.first().and_then(|kept| self.places.get(*kept)).and_then(|its| its.climbs_since(now));
        let is_certain = reader.climbed
            || (reader.confirmed && asks.is_none())
            || self.page.known.as_ref().is_some_and(|known| reader.accepts(known.version, known.at, now));
        let name = match (self.absence(&reader.name, now), self.kept.first()) {
            (Absence::Certain, _) if is_certain => return Next::Absent,
            (Absence::Certain | Absence::Unconfirmed, Some(kept)) => *kept,
            _ => &reader.name,
        };
        let place = self.places.entry(name.to_owned()).or_default();
        let held = place.newest().filter(|_| name == reader.name).cloned();
        let doubt = held.as_ref().map(|held| self.page.doubt_of(held, now));
        let is_grave = doubt.is_some_and(|doubt| doubt.is_grave(now));
        let confirms = name != reader.name;
        let begun = if confirms { reader.confirmed } else { reader.climbed };
        let running = place.climbs_since(now);
        let may_be_in_kv = reader.has_kv_copy && !reader.asked_kv;
        // A clock that went back ends the wait.
        let left = |since: Time, limit: i64| {
            if is_recent(since, limit, now) { limit.saturating_sub(now.millis_since(since)) } else { 0 }
        };
        let left = match (running, held.is_some() || may_be_in_kv) {
            // Who has waited for an earlier climb takes what that has found.
            (Some(since), true) if !begun && held.is_some() => {
                left(since, FOLLOW_MILLIS).min(left(reader.began, LEAD_MILLIS))
            }
            // A copy that only says "unknown" is no reason not to wait, as long as the object has not failed.
            (_, true) if begun && is_grave && place.failed_at.is_none() => left(reader.began, CLIMB_MILLIS),
            (_, true) => left(reader.began, LEAD_MILLIS),
            (_, false) => left(reader.began, CLIMB_MILLIS),
        };
        if running.is_some() && left > 0 {
            return Next::Wait(left);
        }
        let may_climb = left > 0 && !begun && !place.is_busy(now);
        let asks_kv = may_be_in_kv && (held.is_none() || (is_grave && !may_climb && place.asks_kv(now)));
        let name = name.to_owned();
        if may_climb {
            let is_near = !self.has_room(&name, now);
            *(if confirms { &mut reader.confirmed } else { &mut reader.climbed }) = true;
            // A cached copy does not say that nothing is new, but is one at hand.
            let skips_cache = confirms || (reader.at > 0 && held.is_some());
            let wait = if skips_cache { 0 } else { left.min(CACHE_MILLIS) };
            return Next::Climb(
                Climb { skips_cache, is_near, at: reader.at, ..self.climb(&name, now) },
                wait,
            );
        }
        if asks_kv {
            reader.asked_kv = true;
            return Next::AskKv;
        }
        match held.zip(doubt) {
            // Who has heard of a version that nobody else knows gets what is current here.
            Some((held, _)) if reader.at > 0 && self.page.is_current(&held, now) => Next::Current(held.copy),
            Some((held, doubt)) => Next::Unconfirmed(held.copy, doubt),
            None => Next::Unavailable,
        }
    }

    /// Hands over what KV has. It is never current, whatever it says of itself.
    pub fn last_known_good(&mut self, reader: &Reader, copy: Option<C>, now: Time) {
        self.hear(now);
        if let Some(copy) = copy {
            self.sees(copy.stamp(), now);
            // Beside another copy it counts for its version only. Its time may be of a clock that was ahead, and have come since.
            let newest = self.places.get(&reader.name).and_then(Place::newest);
            if newest.is_none_or(|held| held.copy.stamp().version < copy.stamp().version) {
                self.keep_spare(&reader.name, Held::new(copy, now), now);
            }
        }
    }

    /// Hands over what the cache has; none if it has nothing, or nothing readable, or did not answer in time.
    pub fn cached(&mut self, climb: &Climb, copy: Option<C>, now: Time) -> Step {
        self.hear(now);
        let Some(copy) = copy.filter(|copy| self.page.is_plausible(copy.stamp(), now)) else {
            return self.goes_on(climb);
        };
        self.sees(copy.stamp(), now);
        let copy = Held::new(copy, now);
        let place = self.places.entry(climb.name.clone()).or_default();
        let version = copy.copy.stamp().version;
        let older =
            version < climb.at || place.copy.as_ref().is_some_and(|held| held.copy.stamp().version > version);
        // A copy that is still current here is replaced only by one that another isolate had confirmed within the last two seconds.
        let held = place.copy.as_ref().is_some_and(|held| self.page.is_current(held, now));
        let is_young = !held || is_recent(copy.confirmed_at, REFRESH_MILLIS, now);
        if older || !is_young || !self.page.is_current(&copy, now) {
            self.keep_spare(&climb.name, copy, now);
            return self.goes_on(climb);
        }
        place.copy = Some(copy);
        self.makes_room(&climb.name, now);
        self.end(climb);
        Step::Ended
    }

    /// The step after the cache.
    fn goes_on(&mut self, climb: &Climb) -> Step {
        if !climb.is_near {
            return Step::AskObject;
        }
        self.end(climb);
        Step::GivenUp
    }

    /// Notes that the question to the object begins now.
    pub fn asks(&self, climb: &mut Climb) {
        climb.turn = self.turn;
    }

    /// Hands over the object's answer. The object is asked again, once, if it answered before this isolate learned of a newer
    /// version.
    pub fn replied(&mut self, climb: &mut Climb, reply: Reply<C>, now: Time) -> Step {
        self.hear(now);
        let accepted = match &reply {
            Reply::Document(copy) => self.learn(copy.stamp(), climb.turn),
            Reply::Nothing(stamp, _) => self.learn(stamp, climb.turn),
            Reply::Failed => false,
        };
        // The clock may have gone back since the question began.
        self.page.doubt(now);
        let is_late = !accepted && !matches!(reply, Reply::Failed);
        if is_late && !climb.asks_again {
            climb.asks_again = true;
            return Step::AskObject;
        }
        self.end(climb);
        let place = self.places.entry(climb.name.clone()).or_default();
        match reply {
            Reply::Document(copy) if accepted => {
                place.failed_at = None;
                place.spare = None;
                place.copy = Some(Held::new(copy, now));
                self.makes_room(&climb.name, now);
                self.absent.remove(&climb.name);
                // The copy that goes into the cache takes the place of a wrong one.
                self.wrong.remove(&climb.name);
                return Step::Found;
            }
            Reply::Nothing(stamp, list) if accepted => {
                self.places.remove(&climb.name);
                self.absent.add(&climb.name, list, stamp.confirmed_at);
            }
            _ => place.failed_at = Some(now),
        }
        Step::Ended
    }

    /// A climb for a document of which there is no current copy, unless one runs or the document is known not to exist.
    pub fn want(&mut self, name: &str, now: Time) -> Option<Climb> {
        self.hear(now);
        let is_unknown = matches!(self.absence(name, now), Absence::Unknown);
        let is_busy = self.places.get(name).is_some_and(|place| place.is_busy(now));
        // All isolates hear of a version at once. Half the spread is enough for one to have its documents.
        let is_early =
            self.page.known.as_ref().is_some_and(|known| is_recent(known.since, self.later() / 2, now));
        if !is_unknown || is_busy || is_early {
            return None;
        }
        let is_near = !self.has_room(name, now);
        Some(Climb { is_near, ..self.climb(name, now) })
    }

    /// Chooses how much later than others this isolate asks, unless that is chosen: a random number below [`SPREAD_MILLIS`].
    pub fn spread(&mut self, later: impl FnOnce() -> i64) {
        self.later.get_or_insert_with(later);
    }

    fn later(&self) -> i64 {
        self.later.unwrap_or_default()
    }

    /// Hands over documents whose copies have to be deleted from the data centre's cache: this isolate may have put them there while its
    /// clock was ahead, and each would be current when its time has come.
    pub fn take_back(&mut self) -> Vec<String> {
        let names: Vec<String> = self.wrong.iter().take(MAX_TAKEN).cloned().collect();
        for name in &names {
            self.wrong.remove(name);
        }
        names
    }

    /// Notes the time. If it went back, no time that is ahead of it is believed any more: it would be that of a moment ago when it has
    /// come.
    pub(super) fn hear(&mut self, now: Time) {
        if now < self.clock {
            for (name, place) in &mut self.places {
                if place.doubt(now) {
                    self.wrong.insert(name.clone());
                }
            }
            self.absent.doubt(now);
            self.page.doubt(now);
        }
        self.clock = now;
    }

    /// For tests: the copies of a document.
    #[cfg(test)]
    pub fn copies(&self, name: &str) -> impl Iterator<Item = &C> {
        let held = self.places.get(name).into_iter().flat_map(|place| place.copy.iter().chain(&place.spare));
        held.map(|held| &held.copy)
    }

    /// For tests: whether there are copies of a document that only say "unknown".
    #[cfg(test)]
    pub fn is_grave(&self, name: &str, now: Time) -> bool {
        let newest = self.places.get(name).and_then(Place::newest);
        newest.is_some_and(|held| self.page.doubt_of(held, now).is_grave(now))
    }

    /// The version whose documents are listed here, if the list need not be sent again.
    pub fn listed(&self, now: Time) -> Option<u64> {
        self.page.known.as_ref().filter(|_| self.absent.has_list(now)).map(|known| known.version)
    }

    /// The names of the documents in memory or known to be absent: for tests of the limits.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        (self.places.len(), self.absent.len())
    }

    fn climb(&mut self, name: &str, now: Time) -> Climb {
        self.climbs = self.climbs.saturating_add(1);
        let id = self.climbs;
        self.places.entry(name.to_owned()).or_default().climb = Some((id, now));
        Climb {
            name: name.to_owned(),
            id,
            turn: self.turn,
            at: 0,
            asks_again: false,
            skips_cache: false,
            is_near: false,
        }
    }

    fn end(&mut self, climb: &Climb) {
        let place = self.places.entry(climb.name.clone()).or_default();
        if place.climb.is_some_and(|(id, _)| id == climb.id) {
            place.climb = None;
        }
    }

    fn keep_spare(&mut self, name: &str, copy: Held<C>, now: Time) {
        let foreign = self.page.known.as_ref().is_some_and(|known| known.epoch != copy.copy.stamp().epoch);
        let place = self.places.entry(name.to_owned()).or_default();
        if !foreign {
            place.keep_spare(copy);
            self.makes_room(name, now);
        }
    }

    fn absence(&self, name: &str, now: Time) -> Absence {
        self.absent.look(name, self.page.known.as_ref().map(|known| known.at), now)
    }
}
