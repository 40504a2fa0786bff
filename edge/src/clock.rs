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

/// A span of milliseconds in seconds; 0 if it is negative, because clocks differ.
#[expect(clippy::cast_precision_loss, reason = "spans of milliseconds are far below 2^53")]
pub fn seconds(millis: i64) -> f64 {
    millis.max(0) as f64 / 1_000.0
}
