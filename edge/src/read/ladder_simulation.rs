//! Simulates one isolate whose steps fail in every way, and checks what its readers get.
#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::climb::{Climb, Next, Reader};
use super::ladder::{CLIMB_MILLIS, LEAD_MILLIS, Ladder};
use super::ladder_tests::{Paper, at, paper};
use super::stamp::{CURRENT_MILLIS, Reply, Step};

/// The limit on the data centre's cache, and the one on KV.
const CACHE: i64 = 200;
const KV: i64 = 500;
/// How often those who wait look.
const LOOK: i64 = 25;

/// What a step does.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Answers(i64),
    Throws(i64),
    Hangs,
    /// With a time in the future.
    Future(i64),
    /// With a version that nobody made.
    Higher(i64),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => (0_i64..300).prop_map(Fault::Answers),
        1 => (0_i64..9_000).prop_map(Fault::Answers),
        1 => (0_i64..9_000).prop_map(Fault::Throws),
        1 => Just(Fault::Hangs),
        1 => (0_i64..300).prop_map(Fault::Future),
        1 => (0_i64..300).prop_map(Fault::Higher),
    ]
}

enum Event {
    Arrives(usize),
    Looks(usize),
    Cached(usize),
    Replied(usize),
    Kv(usize),
    Writes,
}

/// One reader of the simulation.
struct Visitor {
    state: Option<Reader>,
    document: &'static str,
    began: i64,
    had_copy: bool,
    /// When a copy was first at hand while it waited.
    copy_since: Option<i64>,
    /// Whether it waits for KV, which has a limit of its own.
    asks_kv: bool,
    /// Whether the copy at hand was, at a time, one that is not worth having.
    was_grave: bool,
}

/// One climb of the simulation: its faults, when it must end, and the truth that the object has looked up for it.
struct Search {
    climb: Climb,
    document: &'static str,
    faults: (Fault, Fault),
    ends: i64,
    reply: Option<Paper>,
}

/// A simulated isolate: readers of two documents, and an object that makes versions.
struct Isolate {
    now: i64,
    events: BTreeMap<(i64, u64), Event>,
    sequence: u64,
    ladder: Ladder<Paper>,
    visitors: Vec<Visitor>,
    searches: Vec<Search>,
    faults: Vec<Fault>,
    next_fault: Cell<usize>,
    /// When each version was made; the version is the index.
    made: Vec<i64>,
    asking: BTreeMap<&'static str, u32>,
    /// The newest version that each document was shown in, and the newest that the object confirmed.
    newest_shown: BTreeMap<&'static str, u64>,
    confirmed: u64,
}

impl Isolate {
    fn fault(&self) -> Fault {
        let next = self.next_fault.get();
        self.next_fault.set(next + 1);
        self.faults[next % self.faults.len()]
    }

    fn push(&mut self, after: i64, event: Event) {
        self.sequence += 1;
        self.events.insert((self.now + after.max(0), self.sequence), event);
    }

    fn truth(&self) -> Paper {
        paper("a", self.made.len() as u64, self.now)
    }

    fn look(&mut self, index: usize) {
        let Some(mut state) = self.visitors[index].state.take() else { return };
        let document = self.visitors[index].document;
        match self.ladder.look(&mut state, at(self.now)) {
            Next::Climb(climb, wait) => {
                let faults = (self.fault(), self.fault());
                let ends = self.now + CLIMB_MILLIS;
                self.searches.push(Search { climb, document, faults, ends, reply: None });
                let asked = self.searches.len() - 1;
                let after = match faults.0 {
                    Fault::Answers(after)
                    | Fault::Throws(after)
                    | Fault::Future(after)
                    | Fault::Higher(after) => after.min(CACHE),
                    Fault::Hangs => CACHE,
                };
                assert!(wait <= CACHE, "the cache has {wait} ms");
                self.push(after, Event::Cached(asked));
                self.push(after.min(wait), Event::Looks(index));
            }
            Next::Wait(millis) => self.push(millis.min(LOOK), Event::Looks(index)),
            Next::AskKv => {
                self.visitors[index].asks_kv = true;
                self.push(KV, Event::Kv(index));
            }
            Next::Current(copy) => return self.given(index, Some((&copy, true))),
            Next::Unconfirmed(copy, _) => return self.given(index, Some((&copy, false))),
            Next::Absent => panic!("{document} exists"),
            Next::Unavailable => return self.given(index, None),
        }
        self.visitors[index].state = Some(state);
    }

    fn given(&mut self, index: usize, answer: Option<(&Paper, bool)>) {
        let Visitor { began, had_copy, copy_since, was_grave, .. } = self.visitors[index];
        let waited = self.now - began;
        // A copy that turns up while it waits counts from then on.
        let limit = match copy_since {
            _ if was_grave => CLIMB_MILLIS + KV,
            _ if had_copy => LEAD_MILLIS,
            Some(since) => LEAD_MILLIS.max(since - began + LOOK),
            None => CLIMB_MILLIS + KV,
        };
        assert!(waited <= limit, "waited {waited} ms, limit {limit} ms");
        assert!(!had_copy || answer.is_some());
        let Some((copy, is_current)) = answer else { return };
        if !is_current {
            return;
        }
        let age = self.now - (copy.0.confirmed_at.as_millis() - at(0).as_millis());
        assert!((0..CURRENT_MILLIS).contains(&age), "age {age}");
        // A lie that a cold isolate believed is no version of the page.
        if copy.0.version <= self.made.len() as u64 {
            let newest = self.newest_shown.entry(self.visitors[index].document).or_default();
            assert!(copy.0.version >= *newest, "{} after {newest}", copy.0.version);
            assert!(
                copy.0.version >= self.confirmed,
                "{} after {} was confirmed",
                copy.0.version,
                self.confirmed
            );
            *newest = copy.0.version;
        }
    }

    fn ask(&mut self, index: usize) {
        let search = &mut self.searches[index];
        self.ladder.asks(&mut search.climb);
        let left = search.ends - self.now;
        let (document, fault) = (search.document, search.faults.1);
        search.reply = None;
        let asking = self.asking.entry(document).or_default();
        *asking += 1;
        assert_eq!(*asking, 1, "one question at a time for {document}");
        let after = match fault {
            Fault::Answers(after) | Fault::Future(after) | Fault::Higher(after) => {
                // The object looks at once, and the answer takes its time.
                self.searches[index].reply = (after < left).then(|| self.truth());
                after
            }
            Fault::Throws(after) => after,
            Fault::Hangs => left,
        };
        self.push(after.min(left), Event::Replied(index));
    }

    fn run(mut self) {
        while let Some(((now, _), event)) = self.events.pop_first() {
            self.now = now;
            match event {
                Event::Writes => {
                    self.made.push(now);
                    let stamp = self.truth().0;
                    self.ladder.wrote(&stamp);
                    self.confirmed = stamp.version;
                }
                Event::Arrives(index) => {
                    let document = self.visitors[index].document;
                    self.visitors[index].began = now;
                    // A lie that a cold isolate believed is dropped as soon as the object speaks.
                    let made = self.made.len() as u64;
                    self.visitors[index].had_copy =
                        self.ladder.copies(document).any(|copy| copy.0.version <= made);
                    self.visitors[index].was_grave = self.ladder.is_grave(document, at(now));
                    self.visitors[index].state = Some(Reader::new(document.to_owned(), true, at(now)));
                    self.look(index);
                }
                Event::Looks(index) => self.look(index),
                Event::Kv(index) => {
                    self.visitors[index].asks_kv = false;
                    if let Some(state) = self.visitors[index].state.take() {
                        let copy = matches!(self.fault(), Fault::Answers(_)).then(|| paper("a", 1, 0));
                        self.ladder.last_known_good(&state, copy, at(now));
                        self.visitors[index].state = Some(state);
                        self.look(index);
                    }
                }
                Event::Cached(index) => {
                    let truth = self.truth();
                    let copy = match self.searches[index].faults.0 {
                        Fault::Answers(after) if after <= CACHE => {
                            Some(paper("a", truth.0.version, now - 3_000))
                        }
                        Fault::Future(_) => Some(paper("a", truth.0.version, now + 1)),
                        Fault::Higher(_) => Some(paper("a", 9_999_999, now)),
                        _ => None,
                    };
                    // What the cache holds was true when it was confirmed.
                    let copy = copy.map(|copy| {
                        let then = copy.0.confirmed_at.as_millis() - at(0).as_millis();
                        let version = self.made.iter().filter(|made| **made <= then).count() as u64;
                        if copy.0.version > truth.0.version { copy } else { paper("a", version, then) }
                    });
                    match self.ladder.cached(&self.searches[index].climb, copy, at(now)) {
                        Step::AskObject => self.ask(index),
                        Step::Found | Step::Ended | Step::GivenUp => self.wake(index),
                    }
                }
                Event::Replied(index) => {
                    let search = &mut self.searches[index];
                    *self.asking.get_mut(search.document).unwrap() -= 1;
                    if let Some(copy) = &search.reply {
                        self.confirmed = self.confirmed.max(copy.0.version);
                    }
                    let reply = search.reply.take().map_or(Reply::Failed, Reply::Document);
                    match self.ladder.replied(&mut search.climb, reply, at(now)) {
                        Step::AskObject => self.ask(index),
                        Step::Found | Step::Ended | Step::GivenUp => self.wake(index),
                    }
                }
            }
            self.note_copies();
        }
        assert!(self.visitors.iter().all(|visitor| visitor.state.is_none()), "somebody got no answer");
    }

    /// Notes for whom a copy is at hand by now.
    fn note_copies(&mut self) {
        let made = self.made.len() as u64;
        let waits = |visitor: &&mut Visitor| visitor.state.is_some() && !visitor.asks_kv;
        for visitor in self.visitors.iter_mut().filter(waits) {
            let has_copy = self.ladder.copies(visitor.document).any(|copy| copy.0.version <= made);
            let since = if has_copy { Some(self.now) } else { None };
            visitor.was_grave |= self.ladder.is_grave(visitor.document, at(self.now));
            visitor.copy_since = visitor.copy_since.filter(|_| has_copy).or(since);
        }
    }

    fn wake(&mut self, search: usize) {
        let document = self.searches[search].document;
        for index in 0..self.visitors.len() {
            if self.visitors[index].document == document && self.visitors[index].state.is_some() {
                self.push(0, Event::Looks(index));
            }
        }
    }
}

/// One whose answer came as late as it could: what waited for it takes it, although another reader begins a search at once.
#[test]
fn who_has_waited_for_a_search_does_not_wait_for_the_next_one() {
    let faults = vec![Fault::Future(12), Fault::Answers(4_000), Fault::Throws(0), Fault::Throws(0)];
    simulate(&[(879, 0), (4_623, 0), (879, 0)], &[], faults);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn whatever_fails_everybody_is_answered_in_time_and_nothing_old_is_current(
        arrivals in prop::collection::vec((0_i64..30_000, 0_usize..2), 1..40),
        writes in prop::collection::vec(0_i64..30_000, 0..6),
        faults in prop::collection::vec(fault(), 1..12),
    ) {
        simulate(&arrivals, &writes, faults);
    }
}

fn simulate(arrivals: &[(i64, usize)], writes: &[i64], faults: Vec<Fault>) {
    let documents = ["/status.json", "/"];
    let mut isolate = Isolate {
        now: 0,
        events: BTreeMap::new(),
        sequence: 0,
        ladder: Ladder::new(&["/status.json"]),
        visitors: arrivals
            .iter()
            .map(|(_, document)| Visitor {
                state: None,
                document: documents[*document],
                began: 0,
                had_copy: false,
                copy_since: None,
                asks_kv: false,
                was_grave: false,
            })
            .collect(),
        searches: Vec::new(),
        faults,
        next_fault: Cell::new(0),
        made: vec![0],
        asking: BTreeMap::new(),
        newest_shown: BTreeMap::new(),
        confirmed: 0,
    };
    for (index, (arrives, _)) in arrivals.iter().enumerate() {
        isolate.push(*arrives, Event::Arrives(index));
    }
    for write in writes {
        isolate.push(*write, Event::Writes);
    }
    isolate.run();
}
