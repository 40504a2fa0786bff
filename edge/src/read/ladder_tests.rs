//! Tests of the ladder, one rule each.
#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use candor_shared::time::Time;

use super::climb::{Climb, Next, Reader};
use super::ladder::{CACHE_MILLIS, CLIMB_MILLIS, LEAD_MILLIS, Ladder};
use super::stamp::{Copied, Reply, Stamp, Step};
use crate::document::Document;
use crate::names::Names;
use crate::render::Doubt;

/// A copy without a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Paper(pub Stamp);

impl Copied for Paper {
    fn stamp(&self) -> &Stamp {
        &self.0
    }

    fn published_at(&self) -> Time {
        at(PUBLISHED)
    }
}

/// When every version of these tests was published.
pub(super) const PUBLISHED: i64 = -600_000;

/// A time of these tests.
pub(super) fn at(millis: i64) -> Time {
    Time::from_millis(1_000_000_000 + millis).unwrap()
}

/// A copy.
pub(super) fn paper(epoch: &str, version: u64, millis: i64) -> Paper {
    Paper(Stamp { epoch: epoch.into(), version, confirmed_at: at(millis) })
}

fn reader(now: i64) -> Reader {
    Reader::new("/status.json".to_owned(), true, at(now))
}

fn begin(ladder: &mut Ladder<Paper>, now: i64) -> (Reader, Climb) {
    let mut reader = reader(now);
    match ladder.look(&mut reader, at(now)) {
        Next::Climb(climb, _) => (reader, climb),
        _ => panic!("no climb"),
    }
}

/// A ladder that has just read this copy from the object.
fn holding(copy: Paper) -> Ladder<Paper> {
    let mut ladder = Ladder::new(&["/status.json"]);
    let now = copy.0.confirmed_at.as_millis() - at(0).as_millis();
    let (_, mut climb) = begin(&mut ladder, now);
    ladder.asks(&mut climb);
    assert_eq!(ladder.replied(&mut climb, Reply::Document(copy), at(now)), Step::Found);
    ladder
}

fn ask(ladder: &mut Ladder<Paper>, now: i64, reply: Reply<Paper>) {
    let (_, mut climb) = begin(ladder, now);
    assert_eq!(ladder.cached(&climb, None, at(now)), Step::AskObject);
    ladder.asks(&mut climb);
    assert_ne!(ladder.replied(&mut climb, reply, at(now)), Step::AskObject);
}

#[test]
fn a_copy_is_current_for_four_seconds_and_never_before_its_time() {
    let mut ladder = holding(paper("a", 7, 10_000));
    for (now, current) in [(9_999, false), (10_000, true), (13_999, true), (14_000, false)] {
        assert_eq!(ladder.current("/status.json", at(now)).is_some(), current, "{now}");
    }
    assert!(ladder.current("/status.json", at(11_999)).unwrap().1.is_none());
    assert!(ladder.current("/status.json", at(12_000)).unwrap().1.is_some(), "one request refreshes it");
    assert!(ladder.current("/status.json", at(12_001)).unwrap().1.is_none(), "and no other");
}

#[test]
fn while_the_object_hangs_one_reader_waits_a_second_and_the_others_do_not() {
    let mut ladder = holding(paper("a", 7, 0));
    let mut first = reader(5_000);
    let Next::Climb(climb, CACHE_MILLIS) = ladder.look(&mut first, at(5_000)) else { panic!("one asks") };
    assert_eq!(ladder.cached(&climb, None, at(5_000)), Step::AskObject);
    assert!(matches!(ladder.look(&mut first, at(5_000)), Next::Wait(LEAD_MILLIS)));
    let mut second = reader(5_010);
    assert!(matches!(ladder.look(&mut second, at(5_010)), Next::Wait(240)));
    assert!(matches!(ladder.look(&mut second, at(5_250)), Next::Unconfirmed(..)));
    assert!(matches!(ladder.look(&mut reader(5_900), at(5_900)), Next::Unconfirmed(..)), "at once");
    assert!(matches!(ladder.look(&mut first, at(6_000)), Next::Unconfirmed(..)));
}

#[test]
fn a_failure_is_of_one_document() {
    let mut ladder = holding(paper("a", 7, 0));
    ask(&mut ladder, 5_000, Reply::Failed);
    assert!(matches!(ladder.look(&mut reader(5_001), at(5_001)), Next::Unconfirmed(..)));
    let mut other = Reader::new("/metrics.json".to_owned(), false, at(5_001));
    assert!(matches!(ladder.look(&mut other, at(5_001)), Next::Climb(..)));
    assert!(matches!(ladder.look(&mut other, at(5_001)), Next::Wait(CLIMB_MILLIS)), "there is no copy");
    assert!(
        matches!(ladder.look(&mut reader(7_000), at(7_000)), Next::Climb(..)),
        "asked again after two seconds"
    );
}

#[test]
fn what_is_known_to_be_out_of_date_is_labelled_as_that() {
    let doubt = |ladder: &mut Ladder<Paper>, now| {
        ask(ladder, now, Reply::Failed);
        // Whoever asks KV finds nothing newer there.
        let mut reader = Reader { asked_kv: true, ..reader(now) };
        let Next::Unconfirmed(_, doubt) = ladder.look(&mut reader, at(now)) else { panic!("{now}") };
        doubt
    };
    let mut ladder = holding(paper("a", 7, 0));
    assert_eq!(doubt(&mut ladder, 5_000), Doubt { since: at(0), is_superseded: false });
    // This isolate has passed a write on; then, that the storage was restored.
    ladder.wrote(&paper("a", 8, 6_000).0);
    assert_eq!(doubt(&mut ladder, 8_000), Doubt { since: at(0), is_superseded: true });
    let mut ladder = holding(paper("a", 7, 0));
    let turn = ladder.turn();
    ladder.vouched(&paper("a", 7, 6_000).0, turn);
    assert!(!doubt(&mut ladder, 8_000).is_superseded, "it is the newest, whoever says so");
}

#[test]
fn a_cache_that_lies_changes_nothing() {
    let mut ladder = holding(paper("a", 7, 0));
    for lie in [paper("a", 999_999, 5_000), paper("a", 8, 5_001), paper("b", 8, 5_000)] {
        let (mut reader, mut climb) = begin(&mut ladder, 5_000);
        assert_eq!(ladder.cached(&climb, Some(lie.clone()), at(5_000)), Step::AskObject, "{lie:?}");
        ladder.asks(&mut climb);
        assert_eq!(ladder.replied(&mut climb, Reply::Failed, at(5_000)), Step::Ended);
        let Next::Unconfirmed(copy, _) = ladder.look(&mut reader, at(5_000)) else { panic!("{lie:?}") };
        assert_eq!(copy.0.version, 7);
        ladder = holding(paper("a", 7, 0));
    }
    // An isolate that knows nothing yet may believe one, until the object speaks.
    let mut cold = Ladder::new(&[]);
    let (_, climb) = begin(&mut cold, 0);
    assert_eq!(cold.cached(&climb, Some(paper("a", 999_999, 0)), at(0)), Step::Ended);
    ask(&mut cold, 4_000, Reply::Document(paper("a", 7, 4_000)));
    assert_eq!(cold.current("/status.json", at(4_000)).unwrap().0.0.version, 7);
}

#[test]
fn a_restored_storage_wins_and_a_late_answer_does_not() {
    // Another epoch, or an older version in answer to a question that began afterwards.
    for restored in [paper("b", 3, 5_000), paper("a", 3, 5_000)] {
        let mut ladder = holding(paper("a", 7, 0));
        ask(&mut ladder, 5_000, Reply::Document(restored));
        assert_eq!(ladder.current("/status.json", at(5_000)).unwrap().0.0.version, 3);
    }
    // The question began before this isolate wrote version 8.
    let mut ladder = holding(paper("a", 7, 0));
    let (mut reader, mut climb) = begin(&mut ladder, 5_000);
    ladder.asks(&mut climb);
    ladder.wrote(&paper("a", 8, 5_010).0);
    assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("a", 7, 5_000)), at(5_020)), Step::AskObject);
    ladder.asks(&mut climb);
    assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("a", 8, 5_020)), at(5_030)), Step::Found);
    assert!(matches!(ladder.look(&mut reader, at(5_030)), Next::Current(copy) if copy.0.version == 8));
}

#[test]
fn what_does_not_exist_is_remembered_while_the_version_stays() {
    let mut ladder = holding(paper("a", 7, 0));
    let mut absent = Reader::new("/incidents/x".to_owned(), false, at(0));
    let Next::Climb(mut climb, _) = ladder.look(&mut absent, at(0)) else { panic!() };
    ladder.asks(&mut climb);
    ladder.replied(&mut climb, Reply::Nothing(paper("a", 7, 0).0, None), at(0));
    assert!(matches!(ladder.look(&mut absent, at(10)), Next::Absent));
    ask(&mut ladder, 50_000, Reply::Document(paper("a", 7, 50_000)));
    assert!(
        matches!(ladder.look(&mut absent, at(50_010)), Next::Absent),
        "the version was confirmed a moment ago"
    );
    // Without a new version either, the object is asked again after a minute: a month begins by itself.
    let mut later = Reader::new("/incidents/x".to_owned(), false, at(61_000));
    ask(&mut ladder, 61_000, Reply::Document(paper("a", 7, 61_000)));
    assert!(!matches!(ladder.look(&mut later, at(61_010)), Next::Absent));
    ladder.wrote(&paper("a", 8, 61_020).0);
    assert!(!matches!(ladder.look(&mut absent, at(61_020)), Next::Absent));
}

/// With one 404 the object lists all that there are: other names are answered without asking, and one question confirms all.
#[test]
fn names_that_cannot_exist_are_known_without_asking() {
    let mut ladder = holding(paper("a", 7, 0));
    let reader = |name: &str, now| Reader::new(name.to_owned(), false, at(now));
    let down = Document::named("/incidents/down").unwrap();
    let mut first = reader("/incidents/x", 0);
    let Next::Climb(mut climb, _) = ladder.look(&mut first, at(0)) else { panic!() };
    ladder.asks(&mut climb);
    let list = Names::new([down], None, 1);
    ladder.replied(&mut climb, Reply::Nothing(paper("a", 7, 0).0, Some(list)), at(0));
    for name in ["/incidents/x", "/incidents/y", "/badge.svg?component=z", "/history/2020-01", "/notice.json"]
    {
        assert!(matches!(ladder.look(&mut reader(name, 10), at(10)), Next::Absent), "{name}");
    }
    assert!(matches!(ladder.look(&mut reader("/incidents/down", 10), at(10)), Next::Climb(..)));
    // Nobody has confirmed the version for a while: whatever the name, the question is one, about the status.
    let mut waiting = reader("/incidents/y", 5_000);
    let Next::Climb(mut climb, _) = ladder.look(&mut waiting, at(5_000)) else { panic!() };
    assert_eq!(climb.name(), "/status.json");
    assert!(matches!(ladder.look(&mut reader("/incidents/z", 5_000), at(5_000)), Next::Wait(_)));
    assert!(matches!(ladder.look(&mut waiting, at(5_001)), Next::Wait(_)));
    ladder.asks(&mut climb);
    ladder.replied(&mut climb, Reply::Document(paper("a", 7, 5_000)), at(5_010));
    assert!(matches!(ladder.look(&mut waiting, at(5_010)), Next::Absent));
    // What was published meanwhile is asked for by its own name, by the same reader.
    let mut news = reader("/incidents/y", 10_000);
    let Next::Climb(mut climb, _) = ladder.look(&mut news, at(10_000)) else { panic!() };
    assert!(climb.skips_cache(), "a cached copy does not confirm that nothing is new");
    ladder.asks(&mut climb);
    ladder.replied(&mut climb, Reply::Document(paper("a", 8, 10_000)), at(10_010));
    let Next::Climb(mut climb, _) = ladder.look(&mut news, at(10_010)) else { panic!() };
    assert_eq!(climb.name(), "/incidents/y");
    ladder.asks(&mut climb);
    ladder.replied(
        &mut climb,
        Reply::Nothing(paper("a", 8, 10_010).0, Some(Names::new([], None, 1))),
        at(10_020),
    );
    assert!(matches!(ladder.look(&mut news, at(10_020)), Next::Absent));
    assert_eq!((ladder.listed(at(10_030)), ladder.listed(at(80_000))), (Some(8), None));
    // While the object fails, nobody knows; the status is not the answer.
    let mut unlucky = reader("/incidents/y", 15_000);
    let Next::Climb(mut climb, _) = ladder.look(&mut unlucky, at(15_000)) else { panic!() };
    ladder.replied(&mut climb, Reply::Failed, at(15_010));
    assert!(matches!(ladder.look(&mut unlucky, at(15_010)), Next::Unavailable));
    // In the next version anything may be there.
    ladder.wrote(&paper("a", 9, 18_000).0);
    let mut next = reader("/incidents/y", 18_000);
    let Next::Climb(climb, _) = ladder.look(&mut next, at(18_000)) else { panic!() };
    assert_eq!(climb.name(), "/incidents/y");
}

#[test]
fn any_number_of_names_takes_a_bounded_memory() {
    let mut ladder = holding(paper("a", 7, 0));
    for number in 0..5_000 {
        let mut reader = Reader::new(format!("/incidents/x{number}"), false, at(0));
        if let Next::Climb(mut climb, _) = ladder.look(&mut reader, at(0)) {
            ladder.asks(&mut climb);
            match number % 3 {
                0 => ladder.replied(&mut climb, Reply::Nothing(paper("a", 7, 0).0, None), at(0)),
                1 => ladder.replied(&mut climb, Reply::Failed, at(0)),
                _ => ladder.replied(&mut climb, Reply::Document(paper("a", 7, 0)), at(0)),
            };
        }
        let (places, absent) = ladder.size();
        assert!(places <= 70 && absent <= 1_024, "{places} {absent}");
    }
    assert!(ladder.current("/status.json", at(0)).is_some(), "the status stays");
}

#[test]
fn what_ages_is_replaced_by_what_another_isolate_has_confirmed_lately() {
    let mut ladder = holding(paper("a", 7, 0));
    let climb = ladder.current("/status.json", at(2_500)).unwrap().1.unwrap();
    assert_eq!(
        ladder.cached(&climb, Some(paper("a", 7, 500)), at(2_500)),
        Step::AskObject,
        "as old as this one"
    );
    assert_eq!(ladder.cached(&climb, Some(paper("a", 7, 501)), at(2_500)), Step::Ended);
    assert_eq!(ladder.current("/status.json", at(2_500)).unwrap().0.0.confirmed_at, at(501));
    // Where nothing is current, it need not be that young.
    let (_, climb) = begin(&mut ladder, 5_000);
    assert_eq!(ladder.cached(&climb, Some(paper("a", 7, 1_100)), at(5_000)), Step::Ended);
}

#[test]
fn isolates_of_a_data_centre_do_not_all_ask_at_once() {
    let mut ladder = holding(paper("a", 7, 0));
    ladder.spread(|| 600);
    ladder.spread(|| 0);
    assert!(ladder.current("/status.json", at(2_599)).unwrap().1.is_none());
    assert!(ladder.current("/status.json", at(2_600)).unwrap().1.is_some());
    let turn = ladder.turn();
    ladder.vouched(&paper("a", 8, 3_000).0, turn);
    assert!(ladder.want("/panel.json", at(3_299)).is_none());
    // What is confirmed again meanwhile puts nothing off.
    ladder.vouched(&paper("a", 8, 3_250).0, turn);
    assert!(ladder.want("/panel.json", at(3_300)).is_some());
}

#[test]
fn who_has_heard_of_a_version_does_not_get_an_older_copy() {
    let mut ladder = holding(paper("a", 7, 0));
    let hears = |version, now| reader(now).at(version);
    assert!(matches!(ladder.look(&mut hears(7, 1_000), at(1_000)), Next::Current(_)));
    assert!(
        matches!(ladder.look(&mut hears(8, 249), at(249)), Next::Current(_)),
        "it was confirmed just now"
    );
    let mut first = hears(8, 1_000);
    let Next::Climb(mut climb, 0) = ladder.look(&mut first, at(1_000)) else { panic!("it asks") };
    assert!(climb.skips_cache());
    assert!(matches!(ladder.look(&mut first, at(1_000)), Next::Wait(LEAD_MILLIS)));
    let mut second = hears(8, 1_100);
    assert!(matches!(ladder.look(&mut second, at(1_100)), Next::Wait(150)));
    assert!(matches!(ladder.look(&mut second, at(1_250)), Next::Current(_)), "it is old, but current");
    assert!(matches!(ladder.look(&mut reader(1_100), at(1_100)), Next::Current(_)), "others do not wait");
    ladder.asks(&mut climb);
    assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("a", 8, 1_000)), at(1_100)), Step::Found);
    let Next::Current(copy) = ladder.look(&mut first, at(1_100)) else { panic!("it is there") };
    assert_eq!(copy.0.version, 8);
    assert!(
        matches!(ladder.look(&mut hears(99, 1_200), at(1_200)), Next::Current(_)),
        "and nobody knows of more"
    );
}

#[test]
fn what_the_object_says_of_its_version_counts_for_all_documents() {
    let mut ladder = holding(paper("a", 7, 0));
    let turn = ladder.turn();
    ladder.vouched(&paper("a", 8, 1_000).0, turn);
    assert!(ladder.current("/status.json", at(1_000)).is_none(), "there is a newer one");
    let climb = ladder.want("/status.json", at(1_000)).unwrap();
    assert!(ladder.want("/status.json", at(1_000)).is_none(), "somebody asks already");
    assert_eq!(ladder.cached(&climb, Some(paper("a", 7, 900)), at(1_000)), Step::AskObject);
    // It came late: the storage was not restored.
    ladder.vouched(&paper("a", 7, 1_100).0, turn);
    assert_eq!(ladder.newest(at(1_100)).unwrap().version, 8);
    let turn = ladder.turn();
    ladder.vouched(&paper("a", 7, 1_200).0, turn);
    assert_eq!(ladder.newest(at(1_200)).unwrap().version, 7, "it was");
}

/// Somebody else has written more, and its copy was seen before this isolate's own write is answered.
#[test]
fn a_write_does_not_make_an_isolate_forget_a_newer_version() {
    let superseded = |epoch: &str, seen: u64| {
        let mut ladder = holding(paper("a", 7, 0));
        ladder.last_known_good(&reader(100), Some(paper("a", seen, 50)), at(100));
        ladder.wrote(&paper(epoch, 8, 200).0);
        let (_, mut climb) = begin(&mut ladder, 300);
        let turn = ladder.turn();
        ladder.asks(&mut climb);
        ladder.replied(&mut climb, Reply::Failed, at(400));
        let held = super::place::Held::new(paper(epoch, 8, 300), at(400));
        let before = ladder.page.doubt_of(&held, at(400)).is_superseded;
        ladder.vouched(&paper(epoch, 8, 500).0, turn);
        assert!(!ladder.page.doubt_of(&held, at(500)).is_superseded, "the object has the last word");
        before
    };
    assert!(superseded("a", 9));
    assert!(!superseded("a", 8));
    assert!(!superseded("b", 9), "a version counts within its epoch");
}
