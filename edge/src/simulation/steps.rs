//! The world in steps: who polls and who listens, what that makes isolates ask, and who has heard of what.

use std::collections::BTreeMap;

use super::isolate::{DOCUMENTS, Got, Isolate, Then, Wants};
use super::object::{Object, Reply};
use super::prices::Used;
use crate::read::{CLAIM_MILLIS, CROWD_SECONDS, LOOK_MILLIS};

/// A step, in milliseconds.
pub const STEP: i64 = 100;
/// A page polls once in 30 seconds: the steps of that time.
pub const BUCKETS: usize = 300;
/// How long a page is open, in seconds. Another one is opened for it.
const VISIT: f64 = 300.0;
/// How long a stream lasts on average, in seconds.
const STREAM: f64 = 150.0;
/// The share of pages that cannot listen, because of proxies and old browsers.
const DEAF: f64 = 0.05;
/// How many requests a second the platform gives to one isolate before it starts another one; and in how many the simulation
/// divides a data centre at most: each of them then stands for several that do the same.
pub const REQUESTS_OF_AN_ISOLATE: f64 = 200.0;
pub const MOST_ISOLATES: u32 = 4;
/// How long the cache of a data centre takes, in milliseconds.
const CACHE: i64 = 5;
/// How long that note counts, in milliseconds.
const CROWD: i64 = CROWD_SECONDS as i64 * 1_000;
/// The processor time of a request, and of a look of a stream's timer, in milliseconds: `cargo xtask bench live`, rounded up.
const CPU_OF_A_REQUEST: f64 = 0.2;
const CPU_OF_A_LOOK: f64 = 0.055;
/// What happened in one second.
#[derive(Clone, Copy, Default)]
pub struct Second {
    pub used: Used,
    pub cache: f64,
    pub streams: f64,
    pub messages: f64,
    /// Readers who got nothing current.
    pub not_current: f64,
}

/// After how many milliseconds so many readers heard of an update: those who poll, and those who listen.
#[derive(Default)]
pub struct Heard {
    pub polls: Vec<(i64, f64)>,
    pub streams: Vec<(i64, f64)>,
}

struct Centre {
    round_trip: i64,
    cache: [Option<(u64, i64)>; 2],
    /// Until when the notes count there: that the object turns isolates away, and that an isolate asks for a document.
    crowded_until: i64,
    claimed_until: [i64; 2],
}

/// The pages that poll through one isolate: by document and by the step in which they poll.
pub struct Pages {
    pub polling: [Vec<f64>; 2],
    /// Those of them that cannot listen.
    deaf: [Vec<f64>; 2],
    /// Those of them who have not heard of the newest version.
    unaware: [Vec<f64>; 2],
    /// The steps whose pages wait for an answer.
    asking: [Vec<usize>; 2],
}

enum Event {
    /// The cache answers an isolate about a document, for which that began to look at this time.
    Cache(usize, usize, i64),
    Arrives(usize, Wants),
    Reply(Reply),
}

/// Everything.
pub struct World {
    now: i64,
    events: BTreeMap<(i64, u64), Event>,
    sequence: u64,
    pub object: Object,
    centres: Vec<Centre>,
    pub isolates: Vec<(Isolate, Pages, usize)>,
    /// When each version was made: the first one long ago.
    made: Vec<i64>,
    pub heard: Vec<Heard>,
    second: Second,
}

impl World {
    pub fn new() -> Self {
        Self {
            now: 0,
            events: BTreeMap::new(),
            sequence: 0,
            object: Object::new(),
            centres: Vec::new(),
            isolates: Vec::new(),
            made: vec![-1],
            heard: Vec::new(),
            second: Second::default(),
        }
    }

    /// Adds a data centre with so many isolates and pages.
    pub fn centre(&mut self, pages: f64, isolates: f64, round_trip: i64) {
        let simulated = isolates.min(f64::from(MOST_ISOLATES)).max(1.0);
        let centre = self.centres.len();
        self.centres.push(Centre {
            round_trip,
            cache: [None, None],
            crowded_until: 0,
            claimed_until: [0, 0],
        });
        let mut left = simulated;
        while left > 0.5 {
            left -= 1.0;
            let number = self.isolates.len();
            let each = pages / simulated;
            #[expect(clippy::cast_precision_loss, reason = "hundreds")]
            let spread = |share: f64| vec![each * share / BUCKETS as f64; BUCKETS];
            let pages = Pages {
                polling: [spread(0.7), spread(0.3)],
                deaf: [spread(0.7 * DEAF), spread(0.3 * DEAF)],
                unaware: [vec![0.0; BUCKETS], vec![0.0; BUCKETS]],
                asking: [Vec::new(), Vec::new()],
            };
            let number = i64::try_from(number).unwrap_or_default();
            self.isolates.push((Isolate::new(isolates / simulated, number), pages, centre));
        }
    }

    fn push(&mut self, at: i64, event: Event) {
        self.sequence = self.sequence.saturating_add(1);
        self.events.insert((at, self.sequence), event);
    }

    fn wants(&mut self, number: usize, wants: Option<Wants>) {
        let Some((isolate, _, centre)) = self.isolates.get_mut(number) else { return };
        let Some(Centre { round_trip, crowded_until, .. }) = self.centres.get(*centre) else { return };
        let half = round_trip / 2;
        match wants {
            None => {}
            Some(Wants::Place(known)) => {
                self.second.cache += isolate.weight;
                if *crowded_until > self.now {
                    isolate.refused(self.now);
                } else {
                    self.push(self.now.saturating_add(half), Event::Arrives(number, Wants::Changes(known)));
                }
            }
            Some(Wants::Cache(document)) => {
                self.second.cache += isolate.weight;
                self.push(self.now.saturating_add(CACHE), Event::Cache(number, document, self.now));
            }
            Some(wants) => self.push(self.now.saturating_add(half), Event::Arrives(number, wants)),
        }
    }

    fn replies(&mut self, replies: impl IntoIterator<Item = Reply>) {
        for reply in replies {
            let centre = self.isolates.get(reply.isolate).and_then(|(.., centre)| self.centres.get(*centre));
            let half = centre.map_or(0, |centre| centre.round_trip / 2);
            self.push(reply.at.saturating_add(half), Event::Reply(reply));
        }
    }

    fn happens(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Arrives(number, wants) => {
                let Some(weight) = self.isolates.get(number).map(|(isolate, ..)| isolate.weight) else {
                    return;
                };
                let reply = match wants {
                    Wants::Document(document) => Some(self.object.document(number, document, now)),
                    Wants::Changes(known) => self.object.changes(number, known, weight, now),
                    Wants::Cache(_) | Wants::Place(_) => None,
                };
                self.replies(reply);
            }
            Event::Cache(number, document, began) => {
                let Some((isolate, _, centre)) = self.isolates.get_mut(number) else { return };
                let Some(centre) = self.centres.get_mut(*centre) else { return };
                let copy = centre.cache.get(document).copied().flatten();
                let wants = isolate.cached(document, copy, now);
                let Some(claimed_until) = centre.claimed_until.get_mut(document) else { return };
                if wants.is_none() {
                    self.look(number, document);
                } else if *claimed_until > now && now.saturating_sub(began) < CLAIM_MILLIS {
                    self.second.cache += isolate.weight;
                    self.push(now.saturating_add(LOOK_MILLIS), Event::Cache(number, document, began));
                } else {
                    *claimed_until = now.saturating_add(CLAIM_MILLIS);
                    self.wants(number, wants);
                }
            }
            Event::Reply(reply) => {
                let Some((isolate, _, centre)) = self.isolates.get_mut(reply.isolate) else { return };
                let then = isolate.answered(reply, now);
                let centre = self.centres.get_mut(*centre);
                match (then, centre) {
                    (Then::Cached(version, confirmed), Some(centre)) => {
                        if let Some(place) =
                            reply.document.and_then(|document| centre.cache.get_mut(document))
                        {
                            *place = Some((version, confirmed));
                        }
                    }
                    (Then::TurnedAway, Some(centre)) => centre.crowded_until = now.saturating_add(CROWD),
                    (Then::Asks(wants), _) => self.wants(reply.isolate, wants),
                    _ => {}
                }
                if let Some(document) = reply.document {
                    self.look(reply.isolate, document);
                }
            }
        }
    }

    /// Those who wait for a document look again.
    fn look(&mut self, number: usize, document: usize) {
        let mut got = Vec::new();
        let Some((isolate, ..)) = self.isolates.get_mut(number) else { return };
        let wants = isolate.wait(document, self.now, &mut got);
        self.wants(number, wants);
        self.get(number, got);
    }

    /// Readers have got something.
    fn get(&mut self, number: usize, all: Vec<Got>) {
        let newest = self.object.version;
        let now = self.now;
        let Some((isolate, pages, _)) = self.isolates.get_mut(number) else { return };
        let weight = isolate.weight;
        let late = |version: u64| {
            let made =
                usize::try_from(version).ok().and_then(|version| self.made.get(version.checked_sub(1)?));
            made.map_or(0, |made| now.saturating_sub(*made))
        };
        for got in all {
            if got.by_stream {
                if let Some(heard) = self.heard.last_mut().filter(|_| got.version == newest) {
                    heard.streams.push((late(newest), got.readers * weight));
                }
                continue;
            }
            if got.version == 0 {
                self.second.not_current += got.readers * weight;
            }
            let (Some(asking), Some(polling), Some(unaware)) = (
                pages.asking.get_mut(got.document),
                pages.polling.get_mut(got.document),
                pages.unaware.get_mut(got.document),
            ) else {
                continue;
            };
            for step in asking.drain(..) {
                let (Some(polling), Some(unaware)) = (polling.get_mut(step), unaware.get_mut(step)) else {
                    continue;
                };
                if got.version == newest && *unaware > 0.0 {
                    if let Some(heard) = self.heard.last_mut() {
                        heard.polls.push((late(newest), *unaware * weight));
                    }
                    *unaware = 0.0;
                }
                // From now on there is an incident to show: pages that can listen do.
                let deaf =
                    pages.deaf.get(got.document).and_then(|all| all.get(step)).copied().unwrap_or_default();
                if got.version > 1 && got.version == newest {
                    *polling -= isolate.listen(got.document, *polling - deaf, got.version, now);
                }
            }
        }
    }

    pub fn step(&mut self, until: i64) {
        while let Some(next) = self.events.first_entry().filter(|next| next.key().0 <= until) {
            let ((at, _), event) = next.remove_entry();
            self.now = at;
            self.happens(event);
        }
        self.now = until;
        let due = self.object.due(until);
        self.replies(due);
        let bucket = usize::try_from(until / STEP).unwrap_or_default() % BUCKETS;
        for number in 0..self.isolates.len() {
            for document in 0..DOCUMENTS.len() {
                self.polls(number, document, bucket);
            }
            let mut got = Vec::new();
            let Some((isolate, ..)) = self.isolates.get_mut(number) else { continue };
            for wants in isolate.hear(until, &mut got) {
                self.wants(number, Some(wants));
            }
            self.get(number, got);
        }
    }

    fn polls(&mut self, number: usize, document: usize, bucket: usize) {
        let Some((isolate, pages, _)) = self.isolates.get_mut(number) else { return };
        let Some(readers) = pages.polling.get(document).and_then(|all| all.get(bucket)).copied() else {
            return;
        };
        if readers <= 0.0 {
            return;
        }
        self.second.used.requests += readers * isolate.weight;
        if let Some(asking) = pages.asking.get_mut(document) {
            asking.push(bucket);
        }
        let mut got = Vec::new();
        let wants = isolate.poll(document, readers, self.now, &mut got);
        self.wants(number, wants);
        self.get(number, got);
    }

    /// Another version. Whoever polls has not heard of it.
    pub fn update(&mut self) {
        self.object.version = self.object.version.saturating_add(1);
        self.made.push(self.now);
        self.heard.push(Heard::default());
        for (_, pages, _) in &mut self.isolates {
            pages.unaware.clone_from(&pages.polling);
        }
    }

    /// More pages are opened in this step: this share of those that were there. They hear of everything as they are opened.
    pub fn grow(&mut self, share: f64, before: &[[f64; 2]], bucket: usize) {
        for ((_, pages, _), before) in self.isolates.iter_mut().zip(before) {
            for (document, before) in before.iter().enumerate() {
                for (pages, share) in [(&mut pages.polling, share), (&mut pages.deaf, share * DEAF)] {
                    if let Some(pages) = pages.get_mut(document).and_then(|all| all.get_mut(bucket)) {
                        *pages += before * share;
                    }
                }
            }
        }
    }

    /// Ends a second.
    pub fn tally(&mut self, seen: &mut (f64, f64, f64, f64)) -> Second {
        let sum = |of: &dyn Fn(&Isolate) -> f64| -> f64 {
            self.isolates.iter().map(|(isolate, ..)| of(isolate) * isolate.weight).sum()
        };
        let (messages, looks, kv) =
            (sum(&|one| one.messages), sum(&|one| one.looks), sum(&|one| one.kv_reads));
        let now = (messages, looks, kv, self.object.requests);
        let mut second = std::mem::take(&mut self.second);
        second.streams = sum(&Isolate::open);
        let polling: f64 = self
            .isolates
            .iter()
            .map(|(isolate, pages, _)| pages.polling.iter().flatten().sum::<f64>() * isolate.weight)
            .sum();
        // Pages are closed and others opened, and streams end and are opened again.
        second.used.requests += (polling + second.streams) / VISIT + second.streams / STREAM;
        second.messages = now.0 - seen.0;
        second.used.cpu_millis = second.used.requests * CPU_OF_A_REQUEST + (now.1 - seen.1) * CPU_OF_A_LOOK;
        second.used.kv_reads = now.2 - seen.2;
        second.used.object_requests = now.3 - seen.3;
        *seen = now;
        second
    }
}
