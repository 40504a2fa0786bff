//! Tests of the ladder where a clock was wrong, or a copy turns up while a reader waits.
#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use candor_shared::time::Time;
use proptest::prelude::*;

use super::climb::{Climb, Next, Reader};
use super::ladder::{CACHE_MILLIS, CLIMB_MILLIS, FOLLOW_MILLIS, LEAD_MILLIS, Ladder};
use super::ladder_tests::{PUBLISHED, Paper, at, paper};
use super::stamp::{CURRENT_MILLIS, Reply, Step, UNKNOWN, believed};
use crate::names::Names;
use crate::render::Doubt;

const STATUS: &str = "/status.json";

fn reader(name: &str, now: i64) -> Reader {
    Reader::new(name.to_owned(), true, at(now))
}

/// Begins a climb whose first step has found nothing.
fn begin(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> Climb {
    let Next::Climb(mut climb, _) = ladder.look(&mut reader(name, now), at(now)) else { panic!("no climb") };
    assert_eq!(ladder.cached(&climb, None, at(now)), Step::AskObject);
    ladder.asks(&mut climb);
    climb
}

/// The object answers with this version at once.
fn read(ladder: &mut Ladder<Paper>, name: &str, version: u64, now: i64) {
    let mut climb = begin(ladder, name, now);
    let reply = Reply::Document(paper("a", version, now));
    assert_eq!(ladder.replied(&mut climb, reply, at(now)), Step::Found);
}

/// Since when a reader is told that the document is unconfirmed, while the object fails and KV has nothing more.
fn unconfirmed_since(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> Time {
    let mut reader = reader(name, now);
    loop {
        match ladder.look(&mut reader, at(now)) {
            Next::Climb(mut climb, _) => {
                assert_eq!(ladder.cached(&climb, None, at(now)), Step::AskObject);
                assert_eq!(ladder.replied(&mut climb, Reply::Failed, at(now)), Step::Ended);
            }
            Next::AskKv => ladder.last_known_good(&reader, None, at(now)),
            Next::Unconfirmed(_, doubt) => return doubt.since,
            _ => panic!("it is not unconfirmed at {now}"),
        }
    }
}

#[test]
fn a_time_in_the_future_says_nothing_about_a_copy() {
    // Sound clocks differ a little.
    for (confirmed, expected) in [(-1, -1), (0, 0), (250, 250), (251, PUBLISHED), (86_400_000, PUBLISHED)] {
        assert_eq!(believed(&paper("a", 7, confirmed), at(0)), at(expected), "{confirmed}");
    }
    assert_eq!(
        believed(&paper("a", 7, 0), at(PUBLISHED - 1_000)),
        UNKNOWN,
        "its version is of the future too"
    );
}

#[test]
fn a_copy_from_the_future_is_as_old_as_its_version() {
    let names = [STATUS, "/", "/api/v2/status.json"];
    let mut ladder = Ladder::new(&[STATUS]);
    for name in names {
        read(&mut ladder, name, 7, 3_600_000);
    }
    // The clock is right again, and the object fails.
    for now in [0, 66_000, 3_600_000, 3_601_000, 3_700_000] {
        for name in names {
            assert!(ladder.current(name, at(now)).is_none(), "{name} at {now}");
            assert_eq!(unconfirmed_since(&mut ladder, name, now), at(PUBLISHED), "{name} at {now}");
        }
    }
}

#[test]
fn a_copy_in_kv_from_the_future_is_as_old_as_its_version() {
    let mut ladder = Ladder::new(&[STATUS]);
    let first = reader(STATUS, 0);
    ladder.last_known_good(&first, Some(paper("a", 7, 86_400_000)), at(0));
    for now in [1, 66_000, 86_400_000, 86_401_000] {
        assert_eq!(unconfirmed_since(&mut ladder, STATUS, now), at(PUBLISHED), "{now}");
    }
    // Nor does another one that is as new push it out.
    ladder.last_known_good(&first, Some(paper("a", 7, 90_000_000)), at(86_402_000));
    assert_eq!(unconfirmed_since(&mut ladder, STATUS, 90_001_000), at(PUBLISHED));
}

/// Otherwise it would be current a second time when its time has come, whatever has happened meanwhile.
#[test]
fn what_was_put_into_the_cache_by_a_clock_that_was_ahead_is_taken_back() {
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, "/metrics.json", 7, -5_000);
    for name in [STATUS, "/"] {
        read(&mut ladder, name, 7, 30_000);
    }
    assert!(ladder.take_back().is_empty(), "nobody can know yet");
    // The next thing that this isolate hears is that somebody wrote.
    ladder.wrote(&paper("a", 8, 1_000).0);
    assert_eq!(ladder.take_back(), ["/", STATUS]);
    assert!(ladder.take_back().is_empty(), "once");
    // What is put there in its place stays.
    read(&mut ladder, STATUS, 8, 40_000);
    read(&mut ladder, STATUS, 8, 10_000);
    assert!(ladder.take_back().is_empty());
    // The absent and the version are not taken for confirmed either.
    let mut ladder = Ladder::new(&[STATUS]);
    let mut climb = begin(&mut ladder, "/incidents/x", 30_000);
    let list = Some(Names::new([], None, 1));
    ladder.replied(&mut climb, Reply::Nothing(paper("a", 7, 30_000).0, list), at(30_000));
    read(&mut ladder, STATUS, 7, 30_000);
    assert!(ladder.current(STATUS, at(0)).is_none());
    assert_eq!(ladder.newest(at(0)).unwrap().confirmed_at, UNKNOWN);
    assert!(!matches!(ladder.look(&mut reader("/incidents/x", 30_100), at(30_100)), Next::Absent));
    assert!(ladder.listed(at(30_100)).is_none());
}

#[test]
fn a_clock_that_goes_back_during_a_question_confirms_nothing() {
    let mut ladder = Ladder::new(&[STATUS]);
    let mut climb = begin(&mut ladder, STATUS, 30_000);
    ladder.replied(&mut climb, Reply::Document(paper("a", 7, 30_000)), at(100));
    assert_eq!(ladder.newest(at(100)).unwrap().confirmed_at, UNKNOWN);
    for now in [100, 30_000, 30_100] {
        assert!(ladder.current(STATUS, at(now)).is_none(), "{now}");
    }
    // How far a version may be ahead does not follow from an unknown time.
    let Next::Climb(climb, _) = ladder.look(&mut reader(STATUS, 31_000), at(31_000)) else { panic!() };
    assert_eq!(ladder.cached(&climb, Some(paper("a", 9_000_000, 30_900)), at(31_000)), Step::AskObject);
    assert_eq!(unconfirmed_since(&mut ladder, STATUS, 36_500), at(PUBLISHED));
}

/// A copy in the cache is a copy at hand as soon as the cache has answered, whoever asked it.
#[test]
fn a_copy_that_the_cache_has_ends_the_wait_of_the_first_reader_too() {
    let mut ladder = Ladder::new(&[STATUS]);
    let without_kv = |now| Reader::new("/embed?variant=banner".to_owned(), false, at(now));
    let (mut first, mut second) = (without_kv(0), without_kv(10));
    let Next::Climb(climb, CACHE_MILLIS) = ladder.look(&mut first, at(0)) else { panic!("one asks") };
    assert!(matches!(ladder.look(&mut second, at(10)), Next::Wait(CLIMB_MILLIS)));
    let old = paper("a", 7, -5_000);
    assert_eq!(ladder.cached(&climb, Some(old.clone()), at(50)), Step::AskObject);
    assert!(matches!(ladder.look(&mut first, at(50)), Next::Wait(left) if left == LEAD_MILLIS - 50));
    assert!(matches!(ladder.look(&mut second, at(50)), Next::Wait(left) if left == FOLLOW_MILLIS - 50));
    for (reader, limit) in [(&mut second, FOLLOW_MILLIS), (&mut first, LEAD_MILLIS)] {
        let Next::Unconfirmed(copy, Doubt { since, .. }) = ladder.look(reader, at(limit)) else {
            panic!("{limit}")
        };
        assert_eq!((copy, since), (old.clone(), at(-5_000)));
    }
}

/// Who has heard of a newer version does not get an older one because the cache has it, but gets it if there is nothing else.
#[test]
fn who_has_heard_of_a_version_gets_an_older_copy_of_the_cache_only_if_the_object_fails() {
    for (cached, answers) in [(-500, true), (-500, false), (-5_000, false)] {
        let mut ladder = Ladder::new(&[STATUS]);
        let mut first = reader("/panel.json", 0).at(8);
        let Next::Climb(mut climb, CACHE_MILLIS) = ladder.look(&mut first, at(0)) else { panic!("one asks") };
        assert!(!climb.skips_cache(), "there is nothing in memory");
        assert_eq!(ladder.cached(&climb, Some(paper("a", 7, cached)), at(10)), Step::AskObject);
        assert!(matches!(ladder.look(&mut first, at(10)), Next::Wait(left) if left == LEAD_MILLIS - 10));
        if answers {
            ladder.asks(&mut climb);
            let reply = Reply::Document(paper("a", 8, 10));
            assert_eq!(ladder.replied(&mut climb, reply, at(20)), Step::Found);
            let Next::Current(copy) = ladder.look(&mut first, at(20)) else { panic!("it is there") };
            assert_eq!(copy.0.version, 8);
        } else {
            // It is old for this reader, but current.
            let is_current = cached == -500;
            match ladder.look(&mut first, at(LEAD_MILLIS)) {
                Next::Current(copy) => assert!(is_current && copy.0.version == 7),
                Next::Unconfirmed(copy, Doubt { since, .. }) => {
                    assert_eq!((is_current, copy.0.version, since), (false, 7, at(cached)));
                }
                _ => panic!("it has waited for a second"),
            }
        }
    }
}

/// An isolate whose clock jumps, and that reads, hears of writes, and is answered by an object that may fail.
#[derive(Clone, Copy, Debug)]
enum Act {
    Passes(i64),
    Jumps(i64),
    Asks { fails: bool },
    Cached { millis: i64 },
    Kv { millis: i64 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0_i64..8_000).prop_map(Act::Passes),
        2 => (-90_000_i64..90_000).prop_map(Act::Jumps),
        3 => any::<bool>().prop_map(|fails| Act::Asks { fails }),
        1 => (-90_000_i64..90_000).prop_map(|millis| Act::Cached { millis }),
        1 => (-90_000_i64..90_000).prop_map(|millis| Act::Kv { millis }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    /// However the clock jumps: once an isolate has noticed a time in the future, nothing makes the copy young.
    #[test]
    fn a_copy_that_was_seen_to_be_of_the_future_never_becomes_young(acts in prop::collection::vec(act(), 1..40)) {
        let mut ladder: Ladder<Paper> = Ladder::new(&[STATUS]);
        let mut now = 200_000;
        // The times that copies claim, of which each reading of the clock shows some to be of the future.
        let mut claims: Vec<i64> = Vec::new();
        for act in acts {
            match act {
                Act::Passes(millis) => now += millis,
                Act::Jumps(millis) => now = (now + millis).max(0),
                Act::Asks { .. } | Act::Cached { .. } | Act::Kv { .. } => {}
            }
            // What this isolate hears, it hears at each step.
            let mut first = reader(STATUS, now);
            let next = ladder.look(&mut first, at(now));
            claims.retain(|claim| claim - now <= 250);
            if let Next::Current(copy) = &next {
                let confirmed = copy.0.confirmed_at.as_millis() - at(0).as_millis();
                prop_assert!((0..CURRENT_MILLIS).contains(&(now - confirmed)), "{confirmed} is current at {now}");
                prop_assert!(claims.contains(&confirmed), "{confirmed} was of the future before {now}");
            }
            if let Next::Unconfirmed(_, Doubt { since, .. }) = &next {
                let since = since.as_millis() - at(0).as_millis();
                let known = since == PUBLISHED || claims.iter().any(|claim| (*claim).min(now) == since);
                prop_assert!(known, "unconfirmed since {since}, at {now}");
            }
            match (act, next) {
                (Act::Kv { millis }, _) => {
                    claims.push(now + millis);
                    ladder.last_known_good(&first, Some(paper("a", 7, now + millis)), at(now));
                    claims.retain(|claim| claim - now <= 250);
                }
                (Act::Cached { millis }, Next::Climb(climb, _)) => {
                    claims.push(now + millis);
                    ladder.cached(&climb, Some(paper("a", 7, now + millis)), at(now));
                    claims.retain(|claim| claim - now <= 250);
                }
                (Act::Asks { fails }, Next::Climb(mut climb, _)) => {
                    prop_assert_eq!(ladder.cached(&climb, None, at(now)), Step::AskObject);
                    ladder.asks(&mut climb);
                    let reply = if fails { Reply::Failed } else { Reply::Document(paper("a", 7, now)) };
                    claims.extend((!fails).then_some(now));
                    ladder.replied(&mut climb, reply, at(now));
                }
                _ => {}
            }
        }
    }
}
