//! When to check again. `loader/watch.js` follows the same rules.

/// No pause is longer than this, unless the server asks for more after an error. Seconds.
const LONGEST: u32 = 300;
/// No server can silence a banner for longer than this. Seconds.
const LONGEST_ASKED: f64 = 3600.0;
/// Nobody checks more often than this. Seconds.
pub(crate) const SHORTEST: u32 = 10;

/// Seconds until the next check, after this many failures in a row: twice as long each time. `asked` is
/// the server's `Retry-After`.
pub(crate) fn pause(every: u32, failures: u32, asked: Option<f64>) -> f64 {
    let every = f64::from(every.clamp(SHORTEST, LONGEST));
    if failures == 0 {
        return every;
    }
    let doubled = (every * f64::from(2_u32.saturating_pow(failures.min(16)))).min(f64::from(LONGEST));
    doubled.max(asked.filter(|asked| asked.is_finite()).unwrap_or(0.0).min(LONGEST_ASKED))
}

/// Milliseconds for a pause, 10 % more or less, so that visitors do not come all at once. `dice` is
/// between 0 and 1.
pub(crate) fn spread(pause: f64, dice: f64) -> f64 {
    pause * (900.0 + 200.0 * dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_double_the_pause_up_to_five_minutes() {
        let pauses: Vec<f64> = (0..6).map(|failures| pause(30, failures, None)).collect();
        assert_eq!(pauses, [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]);
        assert_eq!(pause(30, u32::MAX, None), 300.0);
        assert_eq!(pause(1, 0, None), 10.0);
    }

    #[test]
    fn nobody_waits_longer_in_health_than_after_errors() {
        assert_eq!(pause(86_400, 0, None), 300.0);
        for every in [0, 10, 30, 299, 300, 301, u32::MAX] {
            for failures in 1..20 {
                assert!(pause(every, failures, None) >= pause(every, 0, None), "{every} {failures}");
            }
        }
    }

    #[test]
    fn the_server_may_ask_for_more_time_but_not_for_silence() {
        assert_eq!(pause(30, 1, Some(5.0)), 60.0);
        assert_eq!(pause(30, 1, Some(600.0)), 600.0);
        assert_eq!(pause(30, 1, Some(1e12)), 3600.0);
        assert_eq!(pause(30, 1, Some(f64::NAN)), 60.0);
        assert_eq!(pause(30, 0, Some(600.0)), 30.0, "a good answer needs no patience");
    }

    #[test]
    fn visitors_spread_out() {
        assert_eq!((spread(30.0, 0.0), spread(30.0, 1.0)), (27_000.0, 33_000.0));
    }
}
