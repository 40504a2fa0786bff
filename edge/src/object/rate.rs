//! Limits how fast a key may write: one token bucket for each key, in memory. It protects the only writer from a faulty
//! script. It is no defence against strangers: the signature check refuses them before.

use std::collections::BTreeMap;

use candor_shared::text::Id;
use candor_shared::time::Time;

const MINUTE_MILLIS: i64 = 60_000;

/// The buckets of all keys.
#[derive(Default)]
pub(super) struct Rates {
    buckets: BTreeMap<Id, Bucket>,
}

struct Bucket {
    /// Updates that the key may send now, in thousandths.
    left: i64,
    /// When `left` was computed.
    at: Time,
}

impl Rates {
    /// Takes `updates` from the bucket of the key. The bucket holds `per_minute` updates and refills in a minute; a request
    /// with more updates than that needs a full bucket.
    ///
    /// # Errors
    /// The number of seconds after which the bucket holds enough.
    pub fn take(&mut self, key: &Id, updates: usize, per_minute: u32, now: Time) -> Result<(), u32> {
        let full = i64::from(per_minute).saturating_mul(1000);
        let wanted = i64::try_from(updates).unwrap_or(i64::MAX).saturating_mul(1000).min(full);
        let bucket = self.buckets.entry(key.clone()).or_insert(Bucket { left: full, at: now });
        let passed = now.millis_since(bucket.at).clamp(0, MINUTE_MILLIS);
        let refill = full.saturating_mul(passed).checked_div(MINUTE_MILLIS).unwrap_or(0);
        bucket.left = bucket.left.saturating_add(refill).min(full);
        bucket.at = now;
        if bucket.left >= wanted {
            bucket.left = bucket.left.saturating_sub(wanted);
            return Ok(());
        }
        let missing = wanted.saturating_sub(bucket.left);
        let millis = missing.saturating_mul(MINUTE_MILLIS).checked_div(full.max(1)).unwrap_or(MINUTE_MILLIS);
        let seconds = millis.checked_div(1000).unwrap_or(0).saturating_add(1);
        Err(u32::try_from(seconds).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let mut rates = Rates::default();
        let key = Id::try_from("ops".to_owned()).unwrap();
        let at = |seconds: i64| Time::from_millis(seconds * 1000).unwrap();
        assert_eq!(rates.take(&key, 60, 60, at(100)), Ok(()));
        assert_eq!(rates.take(&key, 1, 60, at(100)), Err(2));
        assert_eq!(rates.take(&key, 1, 60, at(101)), Ok(()));
        assert_eq!(rates.take(&key, 1, 60, at(101)), Err(2));
        assert_eq!(
            rates.take(&key, 60, 60, at(500)),
            Ok(()),
            "a bucket never holds more than a minute's updates"
        );
        assert_eq!(rates.take(&key, 1, 60, at(400)), Err(2), "a clock that goes back refills nothing");
        let other = Id::try_from("other".to_owned()).unwrap();
        assert_eq!(
            rates.take(&other, 100, 60, at(500)),
            Ok(()),
            "a request larger than the bucket needs a full bucket"
        );
    }
}
