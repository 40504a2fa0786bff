//! Tests of the listeners, one rule each.
#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use super::*;

fn at(millis: i64) -> Time {
    Time::from_millis(1_000_000_000 + millis).unwrap()
}

fn stream(number: u32, last_id: &str, opened: i64) -> Stream {
    Stream { number, last_id: last_id.to_owned(), opened: at(opened), sent_at: at(opened) }
}

fn newest(version: u64, millis: i64) -> Stamp {
    Stamp { epoch: "a".into(), version, confirmed_at: at(millis) }
}

#[test]
fn all_streams_ask_one_question() {
    let mut all = Listeners::new();
    assert_eq!(all.ask(at(0)), Ask::Object);
    for now in [0, 500, 7_000, LOST_MILLIS - 1] {
        assert_eq!(all.ask(at(now)), Ask::Nobody, "{now}: it runs");
    }
    assert_eq!(all.ask(at(LOST_MILLIS)), Ask::Object, "the runtime has cancelled it");
    all.ended(Outcome::Answered, at(LOST_MILLIS + 100));
    assert_eq!(all.ask(at(LOST_MILLIS + 499)), Ask::Nobody);
    assert_eq!(all.ask(at(LOST_MILLIS + 500)), Ask::Object, "changes may follow each other");
}

#[test]
fn who_is_refused_looks_at_copies_for_a_while() {
    let mut all = Listeners::new();
    all.spread(|| 0.5);
    let away = CROWD_MILLIS + 30_000;
    assert_eq!(all.ask(at(0)), Ask::Object);
    all.ended(Outcome::Refused, at(100));
    assert_eq!(all.ask(at(500)), Ask::Copies);
    assert_eq!(all.ask(at(99 + away)), Ask::Copies);
    assert_eq!(all.ask(at(100 + away)), Ask::Object);
    assert!(!all.has_place(at(100 + away)));
    // It has a place now, and keeps it while somebody listens.
    all.ended(Outcome::Answered, at(60_000));
    assert_eq!(all.ask(at(61_000)), Ask::Object);
    assert!(all.has_place(at(61_000)));
    assert!(!all.has_place(at(60_000 + GONE_MILLIS)));
    all.ended(Outcome::Refused, at(62_000));
    assert!(!all.has_place(at(62_000)));
}

#[test]
fn a_stream_tells_another_version_and_otherwise_confirms_what_it_told() {
    let mut all = Listeners::new();
    let mut one = stream(1, "a-7", 0);
    assert_eq!(all.look(&one, None, at(100)), Turn::Rest, "nothing is known yet");
    assert_eq!(all.look(&one, Some(&newest(8, 100)), at(100)), Turn::Send(SOON_MILLIS));
    assert_eq!(
        all.look(&one, Some(&newest(6, 100)), at(100)),
        Turn::Send(SOON_MILLIS),
        "the storage was restored"
    );
    assert_eq!(all.look(&one, Some(&newest(7, 100)), at(600)), Turn::Rest);
    let (before, after) = (at(STILL_MILLIS - 1), at(STILL_MILLIS));
    assert_eq!(all.look(&one, Some(&newest(7, STILL_MILLIS - 100)), before), Turn::Rest);
    let confirmed = newest(7, STILL_MILLIS - 100);
    assert_eq!(all.look(&one, Some(&confirmed), after), Turn::Confirm(confirmed.confirmed_at));
    let old = newest(7, STILL_MILLIS - CURRENT_MILLIS);
    assert_eq!(all.look(&one, Some(&old), after), Turn::Rest, "that is no confirmation any more");
    one.sent_at = after;
    assert_eq!(all.look(&one, Some(&confirmed), after), Turn::Rest);
}

#[test]
fn streams_are_behind_from_the_first_look_that_had_something_to_send() {
    let mut all = Listeners::new();
    assert_eq!(all.health(at(0)), (0, 0));
    let (one, two) = (all.enter(at(0)).unwrap(), all.enter(at(0)).unwrap());
    all.look(&stream(one, "a-7", 0), Some(&newest(8, 100)), at(100));
    all.look(&stream(one, "a-7", 0), Some(&newest(8, 1_100)), at(1_100));
    all.look(&stream(two, "a-8", 0), Some(&newest(8, 1_100)), at(1_100));
    assert_eq!(all.health(at(1_600)), (2, 1_500));
    all.look(&stream(one, "a-8", 0), Some(&newest(8, 1_700)), at(1_700));
    assert_eq!(all.health(at(2_000)), (2, 0), "it was sent");
    assert_eq!(all.health(at(2_000 + GONE_MILLIS)), (0, 0), "who no longer looks has left");
}

#[test]
fn a_confirmation_comes_before_the_next_poll_would() {
    // A page polls every ten seconds at most, and hears of the answer when its timer rings.
    const { assert!(HOLD_MILLIS + 2 * TICK_MILLIS < 10_000) };
}

#[test]
fn a_stream_ends_when_it_is_old_or_nobody_confirms_anything() {
    let mut all = Listeners::new();
    let one = stream(1, "a-7", 0);
    let unconfirmed = Turn::End(Ending::Unconfirmed);
    assert_eq!(all.look(&one, None, at(UNCONFIRMED_MILLIS - 1)), Turn::Rest);
    assert_eq!(all.look(&one, None, at(UNCONFIRMED_MILLIS)), unconfirmed);
    assert_eq!(all.look(&one, Some(&newest(7, 5_000)), at(UNCONFIRMED_MILLIS + 5_000)), unconfirmed);
    for number in [1, 2, 1_000, u32::MAX] {
        let one = stream(number, "a-7", 0);
        let ends = |now: i64, all: &mut Listeners| {
            all.look(&one, Some(&newest(7, now)), at(now)) == Turn::End(Ending::Old)
        };
        assert!(!ends(LIFE_MILLIS - 1, &mut all), "{number}");
        assert!(ends(LIFE_MILLIS + LIFE_SPREAD_MILLIS, &mut all), "{number}");
    }
}

/// What was told came in another isolate's copy; when that is not current any more, this isolate's own last answer is what is known.
#[test]
fn a_stream_ends_by_the_last_confirmation_that_it_has_heard_of() {
    let mut all = Listeners::new();
    let number = all.enter(at(0)).unwrap();
    let one = stream(number, "a-7", 0);
    assert_eq!(all.look(&one, Some(&newest(7, 14_000)), at(14_200)), Turn::Confirm(at(14_000)));
    for (now, turn) in [
        (19_000, Turn::Rest),
        (24_200, Turn::Rest),
        (33_999, Turn::Rest),
        (34_000, Turn::End(Ending::Unconfirmed)),
    ] {
        let one = Stream { sent_at: at(14_200), ..one.clone() };
        assert_eq!(all.look(&one, Some(&newest(7, 4_000)), at(now)), turn, "{now}");
    }
    // A time of a clock that was ahead confirms nothing.
    let one = stream(number, "a-7", 40_000);
    assert_eq!(all.look(&one, Some(&newest(7, 900_000)), at(60_000)), Turn::End(Ending::Unconfirmed));
}

#[test]
fn there_are_so_many_streams_and_those_that_left_do_not_count() {
    let mut all = Listeners::new();
    let numbers: Vec<u32> = (0..MAX_STREAMS).filter_map(|_| all.enter(at(0))).collect();
    assert_eq!(numbers.len(), MAX_STREAMS);
    assert_eq!(all.enter(at(100)), None);
    all.leave(numbers[0]);
    assert!(all.enter(at(100)).is_some());
    assert_eq!(all.enter(at(100)), None);
    // Nobody says goodbye when a connection is cut: it no longer looks.
    all.look(&stream(numbers[1], "a-7", 0), None, at(GONE_MILLIS));
    assert!(all.enter(at(GONE_MILLIS)).is_some());
    assert_eq!(all.looked.len(), 3);
}

/// The object names a newer version again and again, and does not give its bulletin.
#[test]
fn a_stream_whose_bulletin_cannot_be_had_ends() {
    let mut all = Listeners::new();
    let number = all.enter(at(0)).unwrap();
    let one = Stream { number, last_id: "e-7".to_owned(), opened: at(0), sent_at: at(0) };
    for second in 1..60 {
        let newest = Stamp { epoch: "e".into(), version: 8, confirmed_at: at(second * 1_000) };
        let turn = all.look(&one, Some(&newest), at(second * 1_000));
        if turn == Turn::End(Ending::Unconfirmed) {
            assert_eq!(second, 21);
            return;
        }
        assert!(matches!(turn, Turn::Send(_)), "{second}: {turn:?}");
    }
    panic!("it goes on");
}

/// Where something new comes at each look, and is sent, nothing ends.
#[test]
fn a_stream_that_is_sent_one_version_after_another_goes_on() {
    let mut all = Listeners::new();
    let number = all.enter(at(0)).unwrap();
    for second in 1..60_u32 {
        let now = at(i64::from(second) * 1_000);
        let last_id = format!("e-{}", second + 6);
        let one = Stream { number, last_id, opened: at(0), sent_at: at((i64::from(second) - 1) * 1_000) };
        let newest = Stamp { epoch: "e".into(), version: u64::from(second) + 7, confirmed_at: now };
        assert!(matches!(all.look(&one, Some(&newest), now), Turn::Send(_)), "{second}");
    }
}
