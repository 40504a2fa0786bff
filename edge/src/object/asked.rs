//! What time it is for the object: what its own clock says, as far as the worker that asks agrees.
//!
//! Each question names the worker's time. A clock of the object that is ahead of it, even for a moment, would otherwise begin a
//! maintenance before its time, or date an incident into the future, and both would stay.

use candor_shared::time::Time;
use worker::{Headers, Response, Result};

use crate::http::{self, ASKED_HEADER, CLOCK_HEADER, Problem};

/// By how much sound clocks and the way to the object may differ: 10 seconds, in milliseconds.
pub(super) const SKEW_MILLIS: i64 = 10_000;
/// How old a request to write may be, by the object's clock alone: 5 seconds, in milliseconds. An older one has been given up, and its sender
/// counts on it that it is not applied any more (`write/again.rs`).
pub const LATE_MILLIS: i64 = 5_000;

/// What a question says of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    /// The worker's time when it asked. A worker of an earlier deployment does not say it.
    at: Option<Time>,
    /// The object's own time before the request to write began, as the worker has heard it.
    object: Option<Time>,
}

impl Asked {
    /// Reads the headers of a question.
    ///
    /// # Errors
    /// If the runtime refuses a header.
    pub fn of(headers: &Headers) -> Result<Self> {
        let time = |text: Option<String>| text.and_then(|text| text.parse().ok()).and_then(Time::from_millis);
        Ok(Self { at: time(headers.get(ASKED_HEADER)?), object: time(headers.get(CLOCK_HEADER)?) })
    }

    /// The time of the question, while the object's clock says this; or that of its answer, after `held` milliseconds. It is never ahead
    /// of what the worker says by more than sound clocks differ.
    pub fn time(self, clock: Time, held: i64) -> Time {
        let limit = SKEW_MILLIS.saturating_add(held);
        self.at.filter(|at| clock.millis_since(*at) > limit).unwrap_or(clock)
    }

    /// The later one of the worker's time and the object's clock.
    pub fn latest(self, clock: Time) -> Time {
        self.at.map_or(clock, |at| at.max(clock))
    }

    /// Whether a request to write was under way for so long that nobody waits for it any more, or may have been. Only the object's own clock
    /// can tell, because that of the worker may differ by just as much. In that case the worker hears of the object's time, and may
    /// send it again by that.
    pub fn is_late(self, clock: Time) -> bool {
        match (self.object, self.at) {
            (Some(heard), _) => !(0..=LATE_MILLIS).contains(&clock.millis_since(heard)),
            (None, Some(_)) => true,
            // A worker of an earlier deployment names no time at all.
            (None, None) => false,
        }
    }
}

/// The answer to a request to write that comes too late. Nothing was written.
///
/// # Errors
/// If the runtime refuses a header.
pub(super) fn late(clock: Time) -> Result<Response> {
    let problem = Problem::unavailable(
        "This request reached the page's storage too late, so it was not read, and nothing was written. Send it again.",
    );
    let response = http::problem(&problem)?;
    response.headers().set(CLOCK_HEADER, &clock.as_millis().to_string())?;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_millis(1_790_000_000_000_i64.saturating_add(second.saturating_mul(1000))).unwrap()
    }

    fn asked(at: Option<Time>, object: Option<Time>) -> Asked {
        Asked { at, object }
    }

    #[test]
    fn a_clock_that_is_ahead_of_the_workers_is_not_believed() {
        for (clock, expected) in [(0, 0), (10, 10), (11, 0), (86_400, 0), (-3, -3), (-86_400, -86_400)] {
            assert_eq!(asked(Some(at(0)), None).time(at(clock), 0), at(expected), "{clock}");
        }
        assert_eq!(asked(None, None).time(at(86_400), 0), at(86_400), "nobody says otherwise");
        // A question that is held back for a while is answered later.
        assert_eq!(asked(Some(at(0)), None).time(at(16), 7_000), at(16));
        assert_eq!(asked(Some(at(0)), None).time(at(18), 7_000), at(0));
    }

    #[test]
    fn a_write_that_was_given_up_is_late_whatever_the_workers_clock_says() {
        for workers in [-3_600, -60, -10, 0, 9, 60, 3_600] {
            let of = |object| asked(Some(at(workers)), object);
            for (clock, late) in [(0, false), (5, false), (6, true), (9, true), (3_600, true), (-1, true)] {
                assert_eq!(of(Some(at(0))).is_late(at(clock)), late, "{workers} {clock}");
                assert!(of(None).is_late(at(clock)), "{workers} {clock}: who cannot tell refuses");
            }
        }
        assert!(!asked(None, None).is_late(at(3_600)), "a worker of an earlier deployment");
    }
}
