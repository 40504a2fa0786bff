//! Tests of the ladder where the copy at hand is not worth much: something newer is known of, or nobody confirmed it for long.

use super::climb::{Climb, Next, Reader};
use super::ladder::{CLIMB_MILLIS, FOLLOW_MILLIS, LEAD_MILLIS, Ladder};
use super::ladder_tests::{Paper, at, paper};
use super::stamp::{Reply, Step};
use crate::document::Document;
use crate::names::Names;
use crate::render::{Doubt, Rendered, unconfirmed};

const STATUS: &str = "/status.json";

fn reader(name: &str, now: i64) -> Reader {
    Reader::new(name.to_owned(), true, at(now))
}

fn begin(ladder: &mut Ladder<Paper>, reader: &mut Reader, now: i64) -> Climb {
    let Next::Climb(climb, _) = ladder.look(reader, at(now)) else { panic!("no climb at {now}") };
    climb
}

/// The object answers with this version at once.
fn read(ladder: &mut Ladder<Paper>, name: &str, version: u64, now: i64) {
    let mut climb = begin(ladder, &mut reader(name, now), now);
    ladder.asks(&mut climb);
    assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("a", version, now)), at(now)), Step::Found);
}

/// What a reader gets while the object fails and KV has this.
fn answered(ladder: &mut Ladder<Paper>, name: &str, kv: Option<Paper>, now: i64) -> (u64, Doubt) {
    let mut reader = reader(name, now);
    loop {
        match ladder.look(&mut reader, at(now)) {
            Next::Climb(mut climb, _) => {
                if ladder.cached(&climb, None, at(now)) == Step::AskObject {
                    ladder.replied(&mut climb, Reply::Failed, at(now));
                }
            }
            Next::AskKv => ladder.last_known_good(&reader, kv.clone(), at(now)),
            Next::Unconfirmed(copy, doubt) => return (copy.0.version, doubt),
            _ => panic!("it is not unconfirmed at {now}"),
        }
    }
}

#[test]
fn a_copy_is_worth_having_as_long_as_it_says_that_all_is_well() {
    let body = r#"{"status":{"indicator":"none","description":"All Systems Operational"}}"#;
    let document = Document::at("/api/v2/status.json", "").unwrap();
    let well = Rendered::new(&document, 7, body.to_owned());
    for (age, is_superseded) in [(0, false), (59_999, false), (60_000, false), (500_000, false), (0, true)] {
        let doubt = Doubt { since: at(0), is_superseded };
        let label = unconfirmed(&document, 7, &well, doubt, at(age)).unwrap().body;
        assert_eq!(label.contains("\"none\""), !doubt.is_grave(at(age)), "{age} {is_superseded}");
    }
}

/// An isolate does not show an outage on its page and say in another document that all is well.
#[test]
fn a_newer_copy_of_any_document_supersedes_the_others() {
    let newer = [
        // Another isolate has left it in the data centre's cache, and it was current.
        |ladder: &mut Ladder<Paper>| {
            let climb = begin(ladder, &mut reader("/", 5_000), 5_000);
            assert_eq!(ladder.cached(&climb, Some(paper("a", 8, 4_000)), at(5_000)), Step::Ended);
        },
        // It was old there.
        |ladder: &mut Ladder<Paper>| {
            let climb = begin(ladder, &mut reader("/", 9_000), 9_000);
            assert_eq!(ladder.cached(&climb, Some(paper("a", 8, 4_000)), at(9_000)), Step::AskObject);
        },
        // KV has it.
        |ladder: &mut Ladder<Paper>| {
            ladder.last_known_good(&reader("/", 5_000), Some(paper("a", 8, 4_000)), at(5_000))
        },
    ];
    for (number, sees) in newer.into_iter().enumerate() {
        for knows in [true, false] {
            let mut ladder = Ladder::new(&[STATUS]);
            if knows {
                read(&mut ladder, STATUS, 7, 0);
            } else {
                ladder.last_known_good(&reader(STATUS, 0), Some(paper("a", 7, 0)), at(0));
            }
            assert!(!answered(&mut ladder, STATUS, None, 4_500).1.is_superseded, "{number}");
            sees(&mut ladder);
            let (version, doubt) = answered(&mut ladder, STATUS, None, 40_000);
            assert_eq!((version, doubt.is_superseded), (7, true), "{number} {knows}");
            // The object decides: its word outranks what was seen.
            read(&mut ladder, "/metrics.json", 7, 50_000);
            assert!(!answered(&mut ladder, STATUS, None, 50_500).1.is_superseded, "{number} {knows}");
        }
    }
}

/// A cache that lies, or that of another page, changes nothing.
#[test]
fn what_cannot_be_true_supersedes_nothing() {
    for lie in [paper("a", 9_999_999, 4_000), paper("b", 8, 4_000), paper("a", 8, 900_000)] {
        let mut ladder = Ladder::new(&[STATUS]);
        read(&mut ladder, STATUS, 7, 0);
        let climb = begin(&mut ladder, &mut reader("/", 5_000), 5_000);
        ladder.cached(&climb, Some(lie.clone()), at(5_000));
        ladder.last_known_good(&reader("/", 5_000), Some(lie.clone()), at(5_000));
        assert!(!answered(&mut ladder, STATUS, None, 5_100).1.is_superseded, "{lie:?}");
    }
    // Nor is anything less current because of a copy: the object would be asked for every document.
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, STATUS, 7, 4_000);
    ladder.last_known_good(&reader("/", 5_000), Some(paper("a", 8, 4_500)), at(5_000));
    assert!(ladder.current(STATUS, at(5_100)).is_some());
}

#[test]
fn a_nearer_copy_that_is_not_worth_having_does_not_hide_a_newer_one_in_kv() {
    let newer = || Some(paper("a", 8, 50_000));
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, STATUS, 7, 0);
    assert_eq!(answered(&mut ladder, STATUS, newer(), 59_000).0, 7, "a young one does not wait for KV");
    assert_eq!(answered(&mut ladder, STATUS, newer(), 62_000).0, 8);
    // Superseded, it is not worth having at once.
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, STATUS, 7, 0);
    ladder.wrote(&paper("a", 8, 5_000).0);
    let (version, doubt) = answered(&mut ladder, STATUS, Some(paper("a", 8, 5_100)), 5_200);
    assert_eq!((version, doubt), (8, Doubt { since: at(5_100), is_superseded: false }));
    // The same version is no news: its time may be of a clock that was ahead, and have come since.
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, STATUS, 7, 0);
    assert_eq!(answered(&mut ladder, STATUS, Some(paper("a", 7, 3_600_000)), 3_601_000).1.since, at(0));
    // KV is asked now and then, not for every reader.
    let mut ladder = Ladder::new(&[STATUS]);
    read(&mut ladder, STATUS, 7, 0);
    let asked = (100..190).filter(|second| {
        let mut reader = reader(STATUS, second * 1_000);
        reader.climbed = true;
        let asks = matches!(ladder.look(&mut reader, at(second * 1_000)), Next::AskKv);
        if asks {
            ladder.last_known_good(&reader, None, at(second * 1_000));
        }
        asks
    });
    assert_eq!(asked.count(), 3);
}

/// Where pages are read seldom, each reader is the first one, and would hear "unknown" although the object is only slow.
#[test]
fn a_copy_that_only_says_unknown_is_no_reason_not_to_wait() {
    for (age, limit) in [(30_000, LEAD_MILLIS), (63_000, CLIMB_MILLIS)] {
        let mut ladder = Ladder::new(&["/"]);
        read(&mut ladder, "/", 7, 0);
        let mut first = reader("/", age);
        let mut climb = begin(&mut ladder, &mut first, age);
        assert!(matches!(ladder.look(&mut first, at(age)), Next::Wait(wait) if wait == limit), "{age}");
        // Others do not wait longer than beside any copy.
        assert!(
            matches!(ladder.look(&mut reader("/", age + 10), at(age + 10)), Next::Wait(wait) if wait == FOLLOW_MILLIS - 10)
        );
        // Once the object has failed, nobody does, until it answers.
        ladder.asks(&mut climb);
        ladder.replied(&mut climb, Reply::Failed, at(age + 5_000));
        let mut next = Reader { asked_kv: true, ..reader("/", age + 63_000) };
        begin(&mut ladder, &mut next, age + 63_000);
        assert!(
            matches!(ladder.look(&mut next, at(age + 63_000)), Next::Wait(LEAD_MILLIS)),
            "{age}: one waits"
        );
    }
}

/// One question that fails is not two seconds without an answer, where there is no copy.
#[test]
fn where_there_is_no_copy_the_object_is_asked_again_soon() {
    let mut ladder = Ladder::new(&[STATUS]);
    let bare = |now| Reader::new("/metrics.json".to_owned(), false, at(now));
    let mut first = bare(0);
    let mut climb = begin(&mut ladder, &mut first, 0);
    ladder.asks(&mut climb);
    ladder.replied(&mut climb, Reply::Failed, at(10));
    assert!(matches!(ladder.look(&mut first, at(10)), Next::Unavailable));
    assert!(matches!(ladder.look(&mut bare(100), at(100)), Next::Unavailable), "not by everybody");
    assert!(matches!(ladder.look(&mut bare(260), at(260)), Next::Climb(..)));
}

/// What did not exist in the version that is known may exist in the one of which the reader has heard.
#[test]
fn who_has_heard_of_a_version_does_not_get_an_older_absence() {
    let absent = |list: Option<Names>| {
        let mut ladder = Ladder::new(&[STATUS]);
        read(&mut ladder, STATUS, 7, 0);
        let mut climb = begin(&mut ladder, &mut reader("/incidents/d", 0), 0);
        ladder.asks(&mut climb);
        ladder.replied(&mut climb, Reply::Nothing(paper("a", 7, 0).0, list), at(0));
        assert!(matches!(ladder.look(&mut reader("/incidents/d", 1_000), at(1_000)), Next::Absent));
        ladder
    };
    for list in [None, Some(Names::new([], None, 1))] {
        let mut ladder = absent(list.clone());
        let mut hears = reader("/incidents/d", 1_000).at(8);
        let mut confirms = begin(&mut ladder, &mut hears, 1_000);
        assert_eq!(confirms.name(), STATUS, "one question confirms it for all names");
        assert!(
            matches!(ladder.look(&mut hears, at(1_001)), Next::Wait(_)),
            "the object has not answered yet"
        );
        ladder.asks(&mut confirms);
        ladder.replied(&mut confirms, Reply::Document(paper("a", 8, 1_000)), at(1_010));
        assert_eq!(begin(&mut ladder, &mut hears, 1_010).name(), "/incidents/d");
        // Nobody knows of that version: the object has said so, however long that took.
        let mut ladder = absent(list);
        let mut hears = reader("/incidents/d", 1_000).at(99);
        let mut confirms = begin(&mut ladder, &mut hears, 1_000);
        ladder.asks(&mut confirms);
        ladder.replied(&mut confirms, Reply::Document(paper("a", 7, 1_000)), at(1_900));
        assert!(matches!(ladder.look(&mut hears, at(1_900)), Next::Absent));
    }
}
