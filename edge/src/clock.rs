//! The one place that asks what time it is.

use candor_shared::time::Time;

/// Now, at the edge.
pub fn now() -> Time {
    time(js_sys::Date::now())
}

/// Milliseconds since the Unix epoch, as JavaScript has them. What no clock says is taken as 1970.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
fn time(millis: f64) -> Time {
    Time::from_millis(millis as i64).unwrap_or(Time::EPOCH)
}
