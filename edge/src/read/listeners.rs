//! The streams of this isolate, and what each sends next: a pure state machine, as the ladder is. `events.rs` carries it out.
//!
//! Each stream looks at memory when its timer rings, because it may not wait for another request's I/O. Whichever looks first when no
//! question about the newest version is under way asks it for all streams.
//!
//! The object can answer so many questions and no more. An isolate that it turns away, or that hears from another one of its data centre
//! that it was turned away, keeps its copies young instead: one isolate of a data centre asks for those, and the others find its copy in
//! the cache (`ladder.rs`). They hear of a change a few seconds later, and the object hears from as many places as there are data
//! centres, however many read.

use std::collections::BTreeMap;

use candor_shared::time::Time;

use super::stamp::{CURRENT_MILLIS, Stamp, is_recent};
use crate::object::HOLD_MILLIS;

/// The most streams of an isolate, which has 128 MB of memory. Who comes later polls.
pub const MAX_STREAMS: usize = 2_000;
/// How often a stream looks at memory: every second, in milliseconds.
pub const TICK_MILLIS: i64 = 1_000;
/// The same while the bulletin that it has to send is being fetched: 50 milliseconds.
pub const SOON_MILLIS: i64 = 50;
/// How long a stream lasts: 2 minutes, and up to a minute more, so that not all end at once. Milliseconds. Each look costs about 50 µs of
/// processor time, and the provider's free plan gives a request 10 ms.
const LIFE_MILLIS: i64 = 120_000;
const LIFE_SPREAD_MILLIS: i64 = 60_000;
/// When a stream no longer counts that has not looked, because its visitor has left: 5 seconds, in milliseconds.
const GONE_MILLIS: i64 = 5_000;
/// The shortest time between two confirmations on a stream. The object answers at least as rarely, unless too many ask.
const STILL_MILLIS: i64 = HOLD_MILLIS - TICK_MILLIS;
/// How long streams go on that nobody confirms: 20 seconds, in milliseconds.
const UNCONFIRMED_MILLIS: i64 = 20_000;
/// The shortest time between two questions to the object, in milliseconds.
const PAUSE_MILLIS: i64 = 500;
/// For how long an isolate looks at copies after it was turned away: 10 seconds, and up to a minute more, so that not all come back at
/// once. Milliseconds.
const CROWD_MILLIS: i64 = 10_000;
const CROWD_SPREAD_MILLIS: f64 = 60_000.0;
/// When a question no longer counts as running, because the runtime has cancelled it: 15 seconds, in milliseconds.
const LOST_MILLIS: i64 = 15_000;

/// A stream, as far as it is known outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its number in this isolate.
    pub number: u32,
    /// The id of the last bulletin that it sent; empty if there was none.
    pub last_id: String,
    /// When it began.
    pub opened: Time,
    /// When it last sent an event.
    pub sent_at: Time,
}

/// What a stream does now.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is another version: send its bulletin, or look again after so many milliseconds if it is not here yet.
    Send(i64),
    /// The last one was confirmed at this time: send that.
    Confirm(Time),
    /// Nothing.
    Rest,
    /// End: it is old, or nobody has confirmed anything for long.
    End(Ending),
}

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is old.
    Old,
    /// The object cannot be reached.
    Unconfirmed,
    /// There are too many streams.
    Full,
}

/// How the isolate hears of changes when a stream looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// This stream asks the object for all.
    Object,
    /// The copy of its document has to be kept young, because the object is crowded.
    Copies,
    /// Nothing is to be asked now.
    Nobody,
}

/// What came of a question to the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer.
    Answered,
    /// An answer at once that nothing is new, because too many isolates wait already; or none, because too many ask or the object is
    /// down; or no question, because another isolate was refused.
    Refused,
}

impl Outcome {
    /// That of an answer that the object held for so many milliseconds. `is_same`: it names the version that was known.
    pub fn answered(is_same: bool, held: i64) -> Self {
        if is_same && held < HOLD_MILLIS / 2 { Self::Refused } else { Self::Answered }
    }
}

/// The last look of a stream.
#[derive(Clone, Copy)]
struct Look {
    at: Time,
    /// Since when it has had something to send.
    behind: Option<Time>,
    /// The last confirmation that it has heard of.
    confirmed: Time,
}

/// All streams of an isolate, and their common question.
pub struct Listeners {
    looked: BTreeMap<u32, Look>,
    next: u32,
    /// When the last question began.
    asked: Option<Time>,
    is_asking: bool,
    /// When one was last answered.
    answered: Option<Time>,
    /// When one was last refused.
    refused: Option<Time>,
    /// How much longer than others this isolate stays away then, in milliseconds.
    longer: Option<i64>,
}

impl Listeners {
    /// Nobody.
    pub const fn new() -> Self {
        Self {
            looked: BTreeMap::new(),
            next: 0,
            asked: None,
            is_asking: false,
            answered: None,
            refused: None,
            longer: None,
        }
    }

    /// The number of a new stream; none if there are too many.
    pub fn enter(&mut self, now: Time) -> Option<u32> {
        if self.looked.len() >= MAX_STREAMS {
            self.looked.retain(|_, look| is_recent(look.at, GONE_MILLIS, now));
        }
        if self.looked.len() >= MAX_STREAMS {
            return None;
        }
        self.next = self.next.wrapping_add(1);
        self.looked.insert(self.next, Look { at: now, behind: None, confirmed: now });
        Some(self.next)
    }

    /// Forgets a stream.
    pub fn leave(&mut self, number: u32) {
        self.looked.remove(&number);
    }

    /// How many streams are open, and for how long at most one of them has had something to send, in milliseconds.
    pub fn health(&self, now: Time) -> (usize, i64) {
        let open = self.looked.values().filter(|look| is_recent(look.at, GONE_MILLIS, now));
        open.fold((0, 0), |(count, longest), look| {
            let behind = look.behind.map_or(0, |since| now.millis_since(since));
            (count.saturating_add(1), longest.max(behind))
        })
    }

    /// Chooses how much longer than others this isolate stays away, unless that is chosen, by a random number from 0 to 1.
    #[expect(clippy::cast_possible_truncation, reason = "thousands")]
    pub fn spread(&mut self, random: impl FnOnce() -> f64) {
        self.longer.get_or_insert_with(|| (random() * CROWD_SPREAD_MILLIS) as i64);
    }

    /// How the isolate hears of changes when a stream looks now. If that one asks the object, the question counts as running.
    pub fn ask(&mut self, now: Time) -> Ask {
        let pause = if self.is_asking { LOST_MILLIS } else { PAUSE_MILLIS };
        let away = CROWD_MILLIS.saturating_add(self.longer.unwrap_or_default());
        if self.asked.is_some_and(|at| is_recent(at, pause, now)) {
            Ask::Nobody
        } else if self.refused.is_some_and(|at| is_recent(at, away, now)) {
            Ask::Copies
        } else {
            (self.asked, self.is_asking) = (Some(now), true);
            Ask::Object
        }
    }

    /// Whether this isolate had a place at the object a moment ago, which it keeps.
    pub fn has_place(&self, now: Time) -> bool {
        self.answered.is_some_and(|at| is_recent(at, GONE_MILLIS, now))
    }

    /// Notes what came of the question.
    pub fn ended(&mut self, outcome: Outcome, now: Time) {
        self.is_asking = false;
        match outcome {
            Outcome::Answered => self.answered = Some(now),
            Outcome::Refused => (self.answered, self.refused) = (None, Some(now)),
        }
    }

    /// What a stream does at this time. `newest`: what is known to be the newest (`Ladder::newest_of`).
    pub fn look(&mut self, stream: &Stream, newest: Option<&Stamp>, now: Time) -> Turn {
        let look = self.looked.get(&stream.number);
        // The newest confirmation that this isolate knows may be older than one that this stream was sent, from a copy that is no longer current.
        let heard = [look.map(|look| look.confirmed), newest.map(|newest| newest.confirmed_at)];
        let confirmed = heard.into_iter().flatten().filter(|at| *at <= now).fold(stream.opened, Time::max);
        let before = look.and_then(|look| look.behind);
        let turn = Self::turn(stream, newest, confirmed, now);
        // A stream that sends something new at each look is behind only since it last sent something.
        let behind =
            matches!(turn, Turn::Send(_)).then(|| before.unwrap_or(now).max(stream.sent_at.min(now)));
        // A version that is confirmed is of no use to a reader who cannot have its bulletin.
        let turn = match behind {
            Some(since) if !is_recent(since, UNCONFIRMED_MILLIS, now) => Turn::End(Ending::Unconfirmed),
            _ => turn,
        };
        self.looked.insert(stream.number, Look { at: now, behind, confirmed });
        turn
    }

    fn turn(stream: &Stream, newest: Option<&Stamp>, confirmed: Time, now: Time) -> Turn {
        let life =
            LIFE_MILLIS.saturating_add(i64::from(stream.number).wrapping_mul(7_919) % LIFE_SPREAD_MILLIS);
        if !is_recent(stream.opened, life, now) {
            return Turn::End(Ending::Old);
        }
        if !is_recent(confirmed, UNCONFIRMED_MILLIS, now) {
            return Turn::End(Ending::Unconfirmed);
        }
        match newest {
            Some(newest) if newest.id() != stream.last_id => {
                // A bulletin that does not come soon is waited for at leisure: each look costs processor time.
                let is_new = is_recent(newest.confirmed_at, TICK_MILLIS.saturating_mul(2), now);
                Turn::Send(if is_new { SOON_MILLIS } else { TICK_MILLIS })
            }
            Some(newest)
                if is_recent(newest.confirmed_at, CURRENT_MILLIS, now)
                    && !is_recent(stream.sent_at, STILL_MILLIS, now) =>
            {
                Turn::Confirm(newest.confirmed_at)
            }
            _ => Turn::Rest,
        }
    }
}

#[cfg(test)]
#[path = "listeners_tests.rs"]
mod tests;
