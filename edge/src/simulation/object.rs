//! The page's object: a queue, and the questions that wait there for a change.

use crate::object::{HOLD_MILLIS, MAX_WAITING};
use crate::read::CLIMB_MILLIS;

/// How long the object works on a request, in milliseconds. The provider names a thousand requests a second as what one object can do.
const WORK: f64 = 1.0;

/// A question on its way back: which isolate asked, what, and what it hears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reply {
    pub isolate: usize,
    /// The document; none for a question about changes.
    pub document: Option<usize>,
    /// The version; none if the object did not answer in time.
    pub version: Option<u64>,
    /// When it leaves the object.
    pub at: i64,
    /// When it was confirmed: for what waited, when it was answered.
    pub confirmed: i64,
}

struct Waits {
    isolate: usize,
    known: u64,
    weight: f64,
    until: i64,
}

/// The object.
pub struct Object {
    pub version: u64,
    /// When its queue is empty.
    free_at: f64,
    waiting: Vec<Waits>,
    /// The requests that it has received, and how many of them were about changes.
    pub requests: f64,
    pub changes: f64,
    /// The longest time that a request has waited for its turn, in milliseconds.
    pub longest: f64,
}

impl Object {
    pub fn new() -> Self {
        Self { version: 1, free_at: 0.0, waiting: Vec::new(), requests: 0.0, changes: 0.0, longest: 0.0 }
    }

    /// A document. Of the isolates that one stands for, the first one asks, and the others find its copy in the cache.
    pub fn document(&mut self, isolate: usize, document: usize, now: i64) -> Reply {
        self.requests += 1.0;
        let (at, is_late) = self.turn(1.0, now);
        let version = (!is_late).then_some(self.version);
        Reply { isolate, document: Some(document), version, at, confirmed: now }
    }

    /// A question about changes: the reply, if it comes at once. Of the isolates that one stands for, which do not begin at the same
    /// time, the first one that is turned away spares the others the question.
    pub fn changes(&mut self, isolate: usize, known: Option<u64>, weight: f64, now: i64) -> Option<Reply> {
        let waiting: f64 = self.waiting.iter().map(|one| one.weight).sum();
        #[expect(clippy::cast_precision_loss, reason = "thousands")]
        let has_room = waiting + weight <= MAX_WAITING as f64;
        let known = known.filter(|known| *known == self.version);
        let asking = if known.is_some() && !has_room { 1.0 } else { weight };
        self.requests += asking;
        self.changes += asking;
        if let Some(known) = known.filter(|_| has_room) {
            let until = now.saturating_add(HOLD_MILLIS);
            self.waiting.push(Waits { isolate, known, weight, until });
            return None;
        }
        Some(self.answer(isolate, asking, now))
    }

    /// The replies to those whose time is over or who wait for an older version.
    pub fn due(&mut self, now: i64) -> Vec<Reply> {
        let version = self.version;
        let is_due = |one: &Waits| one.until <= now || one.known != version;
        let due: Vec<Waits> = self.waiting.extract_if(.., |one| is_due(one)).collect();
        due.into_iter().map(|one| self.answer(one.isolate, one.weight, now)).collect()
    }

    fn answer(&mut self, isolate: usize, weight: f64, now: i64) -> Reply {
        let (at, is_late) = self.turn(weight, now);
        let version = (!is_late).then_some(self.version);
        Reply { isolate, document: None, version, at, confirmed: now }
    }

    /// When the work on requests is done that arrive now, and whether whoever asked has given up by then.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds of minutes"
    )]
    fn turn(&mut self, weight: f64, now: i64) -> (i64, bool) {
        let begins = self.free_at.max(now as f64);
        let waited = begins - now as f64;
        self.longest = self.longest.max(waited);
        if waited > CLIMB_MILLIS as f64 {
            // Nobody waits for it any more.
            return (now.saturating_add(CLIMB_MILLIS), true);
        }
        self.free_at = begins + WORK * weight;
        (self.free_at as i64, false)
    }
}
