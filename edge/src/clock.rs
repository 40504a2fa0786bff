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

/// When what waits `millis` since `since` is due. A `since` in the future is of a clock that was ahead for a moment, and no reason
/// to wait: then it is due now.
///
/// Every comparison of a time that was kept with the clock is this one, or [`is_recent`].
pub fn due(since: Time, millis: i64, now: Time) -> Time {
    if since > now {
        return now;
    }
    Time::from_millis(since.as_millis().saturating_add(millis)).unwrap_or(now)
}

/// Whether `since` lies within the last `millis`, and not in the future.
pub fn is_recent(since: Time, millis: i64, now: Time) -> bool {
    due(since, millis, now) > now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_the_future_is_no_reason_to_wait() {
        let at = |millis: i64| Time::from_millis(millis).unwrap();
        let now = at(100_000);
        for (since, expected) in [
            (100_000, 110_000),
            (95_000, 105_000),
            (90_000, 100_000),
            (50_000, 60_000),
            (100_001, 100_000),
            (900_000_000, 100_000),
        ] {
            assert_eq!(due(at(since), 10_000, now), at(expected), "{since}");
            assert_eq!(is_recent(at(since), 10_000, now), expected > 100_000, "{since}");
        }
    }
}
