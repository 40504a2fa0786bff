//! Counts refused signatures, in memory: for each address, and there for each key that was claimed. Pure.
//!
//! A flood closes the door to the one who makes it and to nobody else. Counts belong to an address, so that nobody can lock out a key
//! by claiming its id. They end with the minute.

use std::collections::BTreeMap;
use std::net::IpAddr;

use candor_shared::text::Id;
use candor_shared::time::Time;

const MINUTE_MILLIS: i64 = 60_000;
/// The most refused signatures of one address in a minute for one key, or without a key that exists.
pub(super) const MAX_FOR_KEY: u32 = 60;
/// The most refused signatures of one address in a minute.
pub(super) const MAX_FOR_ADDRESS: u32 = 240;
/// The most addresses that are counted in one minute.
const MAX_ADDRESSES: usize = 1024;

/// Who sends a request, as far as that is known before its signature is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    /// The address: of IPv6 the first half, because whoever has one address has all of its network.
    pub address: u128,
    /// The key that the request claims, if there is such a key.
    pub key: Option<Id>,
}

/// The number of an address, or none if the text is not one.
pub(super) fn address(text: &str) -> Option<u128> {
    Some(match text.trim().parse().ok()? {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => u128::from(address.to_bits()),
            None => address.to_bits() & !u128::from(u64::MAX),
        },
    })
}

/// The refused signatures of this minute.
#[derive(Default)]
pub(super) struct Failures {
    /// The minute since 1970.
    minute: i64,
    addresses: BTreeMap<u128, Counts>,
}

#[derive(Default)]
struct Counts {
    all: u32,
    by_key: BTreeMap<Option<Id>, u32>,
}

impl Failures {
    /// The seconds after which the sender may try again, if too many of its signatures were refused.
    pub fn wait(&self, sender: &Sender, now: Time) -> Option<u32> {
        let (minute, left) = place(now);
        let counts = self.addresses.get(&sender.address).filter(|_| self.minute == minute)?;
        let for_key = counts.by_key.get(&sender.key).copied().unwrap_or_default();
        (counts.all >= MAX_FOR_ADDRESS || for_key >= MAX_FOR_KEY).then_some(left)
    }

    /// Counts one refused signature.
    pub fn count(&mut self, sender: &Sender, now: Time) {
        self.add(sender, 1, now);
    }

    /// Counts as many as close the door to the sender for the rest of the minute: somebody else counted them. Returns the seconds
    /// until then.
    pub fn close(&mut self, sender: &Sender, now: Time) -> u32 {
        self.add(sender, MAX_FOR_KEY, now);
        place(now).1
    }

    fn add(&mut self, sender: &Sender, failures: u32, now: Time) {
        let (minute, _) = place(now);
        if self.minute != minute {
            *self = Self { minute, ..Self::default() };
        }
        if self.addresses.len() >= MAX_ADDRESSES && !self.addresses.contains_key(&sender.address) {
            // Many addresses with one failure each push out each other, and not the one that made many.
            let least =
                self.addresses.iter().min_by_key(|(_, counts)| counts.all).map(|(address, _)| *address);
            least.and_then(|address| self.addresses.remove(&address));
        }
        let counts = self.addresses.entry(sender.address).or_default();
        counts.all = counts.all.saturating_add(failures);
        let for_key = counts.by_key.entry(sender.key.clone()).or_default();
        *for_key = for_key.saturating_add(failures);
    }
}

/// The minute since 1970, and how many seconds of it are left, rounded up.
fn place(now: Time) -> (i64, u32) {
    let millis = now.millis_since(Time::EPOCH);
    let left = MINUTE_MILLIS.saturating_sub(millis.rem_euclid(MINUTE_MILLIS));
    let seconds = left.saturating_add(999).div_euclid(1000);
    (millis.div_euclid(MINUTE_MILLIS), u32::try_from(seconds).unwrap_or(1))
}

#[cfg(test)]
#[path = "failures_tests.rs"]
mod tests;
