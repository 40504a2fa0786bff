//! Floods of bad signatures, from one address and from many.

use super::*;
use proptest::prelude::*;

fn at(millis: i64) -> Time {
    Time::from_millis(millis).unwrap()
}

fn sender(address: u128, key: Option<&str>) -> Sender {
    Sender { address, key: key.map(|key| key.to_owned().try_into().unwrap()) }
}

fn flood(failures: &mut Failures, sender: &Sender, times: u32, now: Time) {
    for _ in 0..times {
        failures.count(sender, now);
    }
}

#[test]
fn a_flood_closes_the_door_to_its_sender_until_the_minute_ends() {
    let (mut failures, attacker, now) = (Failures::default(), sender(1, Some("ops")), at(120_500));
    flood(&mut failures, &attacker, MAX_FOR_KEY - 1, now);
    assert_eq!(failures.wait(&attacker, now), None);
    failures.count(&attacker, now);
    assert_eq!(failures.wait(&attacker, now), Some(60));
    assert_eq!(failures.wait(&attacker, at(179_999)), Some(1));
    assert_eq!(failures.wait(&attacker, at(180_000)), None);
    // The same key from elsewhere, and another key or none from there.
    for other in [sender(2, Some("ops")), sender(1, Some("probe")), sender(1, None)] {
        assert_eq!(failures.wait(&other, now), None, "{other:?}");
    }
    // A clock that goes back begins anew.
    failures.count(&attacker, at(60_000));
    assert_eq!(failures.wait(&attacker, at(60_000)), None);
}

#[test]
fn an_address_has_a_limit_over_all_keys() {
    let (mut failures, now) = (Failures::default(), at(0));
    for key in ["a", "b", "c", "d"] {
        flood(&mut failures, &sender(1, Some(key)), MAX_FOR_ADDRESS / 4, now);
    }
    assert_eq!(failures.wait(&sender(1, None), now), Some(60));
    assert_eq!(failures.wait(&sender(2, None), now), None);
}

#[test]
fn what_somebody_else_counted_closes_the_door_at_once() {
    let (mut failures, attacker) = (Failures::default(), sender(1, None));
    assert_eq!(failures.close(&attacker, at(30_000)), 30);
    assert_eq!(failures.wait(&attacker, at(30_000)), Some(30));
    assert_eq!(failures.wait(&sender(1, Some("ops")), at(30_000)), None);
}

#[test]
fn many_addresses_do_not_push_out_the_one_that_floods() {
    let (mut failures, attacker, now) = (Failures::default(), sender(u128::MAX, None), at(0));
    flood(&mut failures, &attacker, MAX_FOR_KEY, now);
    for address in 0..5_000 {
        failures.count(&sender(address, None), now);
        assert!(failures.addresses.len() <= MAX_ADDRESSES);
    }
    assert!(failures.wait(&attacker, now).is_some());
}

#[test]
fn an_address_is_a_network_in_ipv6() {
    assert_eq!(address("192.0.2.1"), Some(0xC000_0201));
    assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
    assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
    for wrong in ["", "example.com", "192.0.2.1, 192.0.2.2", "192.0.2.1:80"] {
        assert_eq!(address(wrong), None, "{wrong}");
    }
}

proptest! {
    /// The counts are those of a list of all failures, and whoever did not fail in this minute may try.
    #[test]
    fn counts_are_those_of_a_list(steps in prop::collection::vec((0u128..4, 0usize..4, 1u32..50, 0i64..90_000), 1..40)) {
        let keys = [None, Some("a"), Some("b"), Some("c")];
        let (mut failures, mut list, mut millis) = (Failures::default(), Vec::new(), 0_i64);
        for (address, key, times, passed) in steps {
            millis = millis.saturating_add(passed);
            let now = at(millis);
            flood(&mut failures, &sender(address, keys[key]), times, now);
            list.push((address, key, times, millis / MINUTE_MILLIS));
            for address in 0..5 {
                let of = |with: &dyn Fn(usize) -> bool| -> u32 {
                    let all = list.iter().filter(|(a, k, _, minute)| {
                        *a == address && with(*k) && *minute == millis / MINUTE_MILLIS
                    });
                    all.map(|(_, _, times, _)| *times).sum()
                };
                for (index, key) in keys.iter().enumerate() {
                    let closed = of(&|_| true) >= MAX_FOR_ADDRESS || of(&|k| k == index) >= MAX_FOR_KEY;
                    let wait = failures.wait(&sender(address, *key), now);
                    prop_assert_eq!(wait.is_some(), closed);
                    prop_assert!(wait.is_none_or(|seconds| (1..=60).contains(&seconds)));
                }
            }
        }
    }

    /// No text panics.
    #[test]
    fn no_address_panics(text in "[0-9a-f:., ]{0,40}") {
        let _ = address(&text);
    }
}
