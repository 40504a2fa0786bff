//! A write of which nobody knows what became: the object did not answer, and may have stored it all the same. Whoever reads then must
//! not see an old copy as current, because that would contradict the write, and be a reason to send it again.

use candor_shared::time::Time;

use super::ladder::Ladder;
use super::place::Place;
use super::stamp::Copied;

impl<C: Copied> Ladder<C> {
    /// Notes that nobody knows what a write has made: what was confirmed before is not current any more, and nothing is known to be
    /// absent. The object has to be asked.
    pub fn doubts(&mut self, now: Time) {
        self.hear(now);
        self.absent.clear();
        self.places.values_mut().for_each(Place::set_aside);
        self.page.doubt_writes(now);
    }
}

#[cfg(test)]
mod tests {
    use super::super::climb::{Climb, Next, Reader};
    use super::super::ladder_tests::{Paper, at, paper};
    use super::super::stamp::{Reply, Step};
    use super::*;

    const NAMES: [&str; 3] = ["/status.json", "/", "/incidents/down"];

    fn look(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> (Reader, Next<Paper>) {
        let mut reader = Reader::new(name.to_owned(), true, at(now));
        let next = ladder.look(&mut reader, at(now));
        (reader, next)
    }

    fn climb(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> (Reader, Climb) {
        match look(ladder, name, now) {
            (reader, Next::Climb(climb, _)) => (reader, climb),
            _ => panic!("no climb for {name}"),
        }
    }

    /// A ladder that has read all of [`NAMES`] from the object at this time.
    fn holding(now: i64) -> Ladder<Paper> {
        let mut ladder = Ladder::new(&["/status.json"]);
        for name in NAMES {
            let (_, mut climb) = climb(&mut ladder, name, now);
            ladder.asks(&mut climb);
            assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("e", 7, now)), at(now)), Step::Found);
        }
        ladder
    }

    #[test]
    fn after_a_doubt_the_object_is_asked_before_anything_is_said() {
        for name in NAMES {
            let mut ladder = holding(0);
            ladder.doubts(at(10));
            assert!(ladder.current(name, at(11)).is_none(), "{name}");
            let (mut reader, mut climb) = climb(&mut ladder, name, 11);
            // Another isolate's copy from before does not answer either, whatever version it has.
            for version in [7, 8] {
                let cached = Some(paper("e", version, 5));
                assert_eq!(ladder.cached(&climb, cached, at(12)), Step::AskObject);
            }
            // Who can hear of nothing newer gets the old copy, labelled with its time.
            assert!(matches!(ladder.look(&mut reader, at(1_500)), Next::Wait(_)), "{name}");
            assert!(matches!(ladder.look(&mut reader, at(5_011)), Next::AskKv), "{name}");
            ladder.last_known_good(&reader, None, at(5_020));
            assert!(
                matches!(ladder.look(&mut reader, at(5_020)), Next::Unconfirmed(copy, doubt) if copy.0.version >= 7 && doubt.since <= at(5)),
                "{name}"
            );
            ladder.asks(&mut climb);
            let reply = Reply::Document(paper("e", 8, 5_100));
            assert_eq!(ladder.replied(&mut climb, reply, at(5_200)), Step::Found);
            assert_eq!(ladder.current(name, at(5_300)).map(|(copy, _)| copy.0.version), Some(8));
        }
    }

    /// The same version, if nothing was written: the doubt ends with the object's word.
    #[test]
    fn an_answer_to_a_question_from_before_the_doubt_does_not_end_it() {
        let mut ladder = holding(0);
        let (_, refresh) = ladder.current("/", at(3_900)).unwrap();
        let mut refresh = refresh.unwrap();
        ladder.asks(&mut refresh);
        ladder.doubts(at(4_000));
        ladder.replied(&mut refresh, Reply::Document(paper("e", 7, 3_900)), at(4_010));
        assert!(ladder.current("/", at(4_020)).is_none());
        let (_, mut again) = climb(&mut ladder, "/", 4_030);
        ladder.asks(&mut again);
        ladder.replied(&mut again, Reply::Document(paper("e", 7, 4_030)), at(4_040));
        assert!(ladder.current("/", at(4_050)).is_some());
    }

    #[test]
    fn what_was_absent_may_exist_after_a_doubt() {
        let mut ladder = holding(0);
        let (_, mut searched) = climb(&mut ladder, "/incidents/new", 0);
        ladder.asks(&mut searched);
        let nothing = Reply::Nothing(paper("e", 7, 0).0, None);
        ladder.replied(&mut searched, nothing, at(0));
        assert!(matches!(look(&mut ladder, "/incidents/new", 1).1, Next::Absent));
        ladder.doubts(at(10));
        climb(&mut ladder, "/incidents/new", 11);
    }

    /// Nothing was read before: what other isolates have left is not current either.
    #[test]
    fn an_isolate_without_a_memory_does_not_forget_a_doubt() {
        let mut fresh: Ladder<Paper> = Ladder::new(&["/status.json"]);
        fresh.doubts(at(1_000));
        let (mut reader, mut searched) = climb(&mut fresh, "/", 1_100);
        assert_eq!(fresh.cached(&searched, Some(paper("e", 7, 900)), at(1_150)), Step::AskObject);
        fresh.asks(&mut searched);
        assert_eq!(fresh.replied(&mut searched, Reply::Failed, at(1_200)), Step::Ended);
        let Next::AskKv = fresh.look(&mut reader, at(1_200)) else { panic!("KV may have something newer") };
        fresh.last_known_good(&reader, None, at(1_300));
        assert!(
            matches!(fresh.look(&mut reader, at(1_300)), Next::Unconfirmed(_, doubt) if doubt.is_superseded)
        );
        // What was confirmed since then is as good as ever.
        let (_, mut again) = climb(&mut fresh, "/", 4_000);
        fresh.asks(&mut again);
        assert_eq!(fresh.replied(&mut again, Reply::Document(paper("e", 8, 4_000)), at(4_010)), Step::Found);
        assert!(fresh.current("/", at(4_020)).is_some());
    }

    /// A doubt of a moment in which the clock was ahead is not one for all the time until then.
    #[test]
    fn a_doubt_passes() {
        let mut ladder = holding(0);
        ladder.doubts(at(86_400_000));
        let (_, mut again) = climb(&mut ladder, "/", 100);
        ladder.asks(&mut again);
        ladder.replied(&mut again, Reply::Document(paper("e", 7, 100)), at(110));
        assert!(ladder.current("/", at(120)).is_some());
    }
}
