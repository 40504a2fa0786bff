//! How much an isolate holds. Anybody can request any name, so both numbers have a limit: of the copies, and of the searches for documents
//! of which there is none. A search never takes a copy away, and where there is no room for one more, it is as far as the data centre's
//! cache: what is at hand there is found all the same.

use candor_shared::time::Time;

use super::ladder::Ladder;
use super::place::Place;
use super::stamp::Copied;

/// The most documents of which there are copies in memory.
pub(super) const MAX_COPIES: usize = 64;
/// The most documents without a copy that the object is asked for at a time.
pub(super) const MAX_SEARCHES: usize = 512;

impl<C: Copied> Ladder<C> {
    /// Forgets what was searched for in vain, and returns whether the object may be asked for this document as well.
    pub(super) fn has_room(&mut self, name: &str, now: Time) -> bool {
        let is_bare = |place: &Place<C>| place.newest().is_none();
        let searches = |place: &Place<C>| is_bare(place) && place.climbs_since(now).is_some();
        let kept = self.kept;
        if self.places.len() > MAX_COPIES {
            self.places.retain(|path, place| {
                path == name || kept.contains(&path.as_str()) || !is_bare(place) || searches(place)
            });
        }
        kept.contains(&name)
            || self.places.get(name).is_some_and(|place| !is_bare(place))
            || self.places.len() <= MAX_SEARCHES
            || self.places.values().filter(|place| searches(place)).count() < MAX_SEARCHES
    }

    /// Makes room for a copy of this document: of the others, the one goes that nobody has confirmed for the longest time. What is read is
    /// confirmed all the time.
    pub(super) fn makes_room(&mut self, name: &str, now: Time) {
        let kept = self.kept;
        let copies = self.places.iter().filter_map(|(path, place)| Some((path, place, place.newest()?)));
        let copies = copies.filter(|(path, ..)| !kept.contains(&path.as_str()));
        if copies.clone().count() <= MAX_COPIES {
            return;
        }
        // One that is searched for is waited for.
        let oldest = copies
            .filter(|(path, ..)| path.as_str() != name)
            .min_by_key(|(_, place, held)| (place.climbs_since(now).is_some(), held.confirmed_at));
        let Some(path) = oldest.map(|(path, ..)| path.clone()) else { return };
        if let Some(place) = self.places.get_mut(&path) {
            (place.copy, place.spare) = (None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::climb::{Climb, Next, Reader};
    use super::super::ladder_tests::{Paper, at, paper};
    use super::super::stamp::{Reply, Step};
    use super::*;

    const SHOWN: [&str; 3] = ["/embed", "/badge.svg", "/panel.json"];

    fn look(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> (Reader, Next<Paper>) {
        let mut reader = Reader::new(name.to_owned(), false, at(now));
        let next = ladder.look(&mut reader, at(now));
        (reader, next)
    }

    fn climb(ladder: &mut Ladder<Paper>, name: &str, now: i64) -> (Reader, Climb) {
        match look(ladder, name, now) {
            (reader, Next::Climb(climb, _)) => (reader, climb),
            _ => panic!("no climb for {name}"),
        }
    }

    /// Reads these from the object.
    fn reads(ladder: &mut Ladder<Paper>, names: &[&str], now: i64) {
        for name in names {
            let (_, mut climb) = climb(ladder, name, now);
            ladder.asks(&mut climb);
            assert_eq!(ladder.replied(&mut climb, Reply::Document(paper("e", 7, now)), at(now)), Step::Found);
        }
    }

    /// Requests so many names that nobody has published, of an object that hangs. Returns how many reach it.
    fn flood(ladder: &mut Ladder<Paper>, names: usize, now: i64) -> usize {
        let asked = (0..names).filter(|number| {
            let (mut reader, climb) = climb(ladder, &format!("/incidents/x{number}"), now);
            let asks = ladder.cached(&climb, None, at(now)) == Step::AskObject;
            let next = ladder.look(&mut reader, at(now));
            assert_eq!(matches!(next, Next::Wait(_)), asks, "{number}");
            assert_eq!(matches!(next, Next::Unavailable), !asks, "{number}: at once");
            asks
        });
        asked.count()
    }

    #[test]
    fn names_that_nobody_knows_take_no_copy_away() {
        for (names, is_set_aside) in [(100, false), (600, false), (100, true), (600, true)] {
            let mut ladder = Ladder::new(&["/status.json"]);
            reads(&mut ladder, &SHOWN, 0);
            if is_set_aside {
                ladder.doubts(at(100));
            }
            assert_eq!(
                flood(&mut ladder, names, 5_000),
                names.min(MAX_SEARCHES),
                "the object is not flooded"
            );
            for name in SHOWN {
                let (mut reader, climb) = climb(&mut ladder, name, 5_100);
                assert_eq!(ladder.cached(&climb, None, at(5_150)), Step::AskObject, "{name}");
                // Where it would only say "unknown", the reader waits for the object until then.
                assert!(matches!(ladder.look(&mut reader, at(10_100)), Next::Unconfirmed(..)), "{name}");
            }
        }
    }

    #[test]
    fn what_only_the_cache_has_is_found_in_a_flood_of_names() {
        let mut ladder = Ladder::new(&["/status.json"]);
        flood(&mut ladder, 600, 5_000);
        for (name, confirmed) in [("/embed", 4_000), ("/badge.svg", 0)] {
            let (mut reader, climb) = climb(&mut ladder, name, 5_100);
            ladder.cached(&climb, Some(paper("e", 7, confirmed)), at(5_110));
            match ladder.look(&mut reader, at(5_110)) {
                Next::Current(_) => assert_eq!(name, "/embed"),
                Next::Unconfirmed(..) => assert_eq!(name, "/badge.svg", "labelled, and at once"),
                _ => panic!("{name}"),
            }
        }
        // What has a name in every version is asked for in any case.
        let (_, climb) = climb(&mut ladder, "/status.json", 5_200);
        assert_eq!(ladder.cached(&climb, None, at(5_200)), Step::AskObject);
    }

    #[test]
    fn a_copy_takes_the_place_of_the_one_that_nobody_confirms() {
        let mut ladder = Ladder::new(&["/status.json"]);
        reads(&mut ladder, &["/status.json", "/old"], 0);
        reads(&mut ladder, &SHOWN, 1_000);
        let more: Vec<String> = (0..100).map(|number| format!("/incidents/{number}")).collect();
        for (number, name) in more.iter().enumerate() {
            reads(&mut ladder, &[name], 1_001);
            let left = |name: &str| ladder.copies(name).count() == 1;
            assert!(left(name) && left("/status.json"));
            assert_eq!(left("/old"), number < MAX_COPIES - 4, "{number}");
            if number < MAX_COPIES - 3 {
                assert!(SHOWN.iter().all(|name| left(name)), "{number}");
            }
            assert!(ladder.size().0 <= 2 * MAX_COPIES, "{number}");
        }
    }
}
