//! The current time. No other file reads the clock.

use candor_shared::time::Time;

/// The current time at the edge.
pub fn now() -> Time {
    time(js_sys::Date::now())
}

/// A time from JavaScript's milliseconds since the Unix epoch. A value out of range becomes 1970.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
pub fn time(millis: f64) -> Time {
    Time::from_millis(millis as i64).unwrap_or(Time::EPOCH)
}
