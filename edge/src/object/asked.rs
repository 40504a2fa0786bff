//! What time it is for the object: what its own clock says, as far as the worker that asks agrees.
//!
//! Each question names the worker's time. A clock of the object that is ahead of it, even for a moment, would otherwise begin a
//! maintenance before its time, or date an incident into the future, and both would stay.

use candor_shared::time::Time;
use worker::{Headers, Response, Result};

use crate::http::{self, ASKED_HEADER, CLOCK_HEADER, Problem};

/// By how much sound clocks and the way to the object may differ: 10 seconds, in milliseconds. A request to write that is older has been
/// given up: the worker has waited for 5 seconds, and its sender for 5 more before reading what became of it.
pub(super) const SKEW_MILLIS: i64 = 10_000;

/// What a question says of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    /// The worker's time when it asked. A worker of an earlier deployment does not say it.
    at: Option<Time>,
    /// The object's own time, which it has named to the worker a moment before.
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

    /// Whether a request to write was under way for so long that nobody waits for it any more, or the clocks differ by as much. In that
    /// case the worker hears of the object's time, and may send it again by that.
    pub fn is_late(self, clock: Time) -> bool {
        let sent = self.object.or(self.at);
        sent.is_some_and(|sent| clock.millis_since(sent).saturating_abs() > SKEW_MILLIS)
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
    fn a_write_that_was_given_up_is_late_and_one_whose_clock_differs_is_not() {
        for (clock, late) in [(0, false), (10, false), (11, true), (-10, false), (-11, true)] {
            assert_eq!(asked(Some(at(0)), None).is_late(at(clock)), late, "{clock}");
        }
        // The worker's clock is an hour behind, and it has heard so.
        assert!(asked(Some(at(0)), None).is_late(at(3_600)));
        assert!(!asked(Some(at(0)), Some(at(3_600))).is_late(at(3_601)));
        assert!(asked(Some(at(0)), Some(at(3_600))).is_late(at(3_612)), "and then it was given up");
        assert!(!asked(None, None).is_late(at(3_600)), "a worker of an earlier deployment");
    }
}
