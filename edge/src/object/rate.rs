//! How fast a key may write: a token bucket a key, in memory. It protects the one writer from a
//! script that went wild; it is not a defence against strangers, whom the signature keeps out.

use std::collections::BTreeMap;

use candor_shared::text::Id;
use candor_shared::time::Time;

const MINUTE_MILLIS: i64 = 60_000;

/// The buckets of all keys.
#[derive(Default)]
pub struct Rates {
    buckets: BTreeMap<Id, Bucket>,
}

struct Bucket {
    /// Updates that may come now, in thousandths.
    left: i64,
    at: Time,
}

impl Rates {
    /// Takes `updates` from the key's bucket.
    ///
    /// # Errors
    /// After how many seconds there will be enough.
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
    fn a_bucket_empties_and_fills() {
        let mut rates = Rates::default();
        let key = Id::try_from("ops".to_owned()).unwrap();
        let at = |seconds: i64| Time::from_millis(seconds * 1000).unwrap();
        assert_eq!(rates.take(&key, 60, 60, at(100)), Ok(()));
        assert_eq!(rates.take(&key, 1, 60, at(100)), Err(2));
        assert_eq!(rates.take(&key, 1, 60, at(101)), Ok(()));
        assert_eq!(rates.take(&key, 1, 60, at(101)), Err(2));
        assert_eq!(rates.take(&key, 60, 60, at(500)), Ok(()), "never more than full");
        assert_eq!(rates.take(&key, 1, 60, at(400)), Err(2), "a clock that goes back gives nothing");
        let other = Id::try_from("other".to_owned()).unwrap();
        assert_eq!(rates.take(&other, 100, 60, at(500)), Ok(()), "one request is never too large by itself");
    }
}
