//! One isolate: the real ladder and the real listeners, with copies that have no bytes.

use candor_shared::time::Time;

use super::object::Reply as Answer;
use crate::read::{
    Ask, Climb, Copied, Ladder, Listeners, MAX_STREAMS, Next, Outcome, Reader, Reply, SPREAD_MILLIS, Stamp,
    Step, Stream, TICK_MILLIS, Turn,
};

/// The bulletin in the two languages that readers of a region have.
pub const DOCUMENTS: [&str; 2] = ["/bulletin.json?lang=de", "/bulletin.json?lang=en"];

/// A copy.
#[derive(Clone)]
pub struct Page(Stamp);

impl Copied for Page {
    fn stamp(&self) -> &Stamp {
        &self.0
    }

    fn published_at(&self) -> Time {
        Time::EPOCH
    }
}

pub fn at(millis: i64) -> Time {
    Time::from_millis(1_800_000_000_000_i64.saturating_add(millis)).unwrap_or(Time::EPOCH)
}

#[expect(clippy::cast_precision_loss, reason = "thousands")]
fn between_0_and_1(number: i64) -> f64 {
    number.rem_euclid(1_000) as f64 / 1e3
}

fn page(version: u64, confirmed: i64) -> Page {
    Page(Stamp { epoch: "a".into(), version, confirmed_at: at(confirmed) })
}

/// What an isolate wants of the places around it.
pub enum Wants {
    /// A document of the cache.
    Cache(usize),
    /// A document of the object.
    Document(usize),
    /// The newest version, when it is another one than this.
    Changes(Option<u64>),
    /// The same, unless others of the data centre were turned away.
    Place(Option<u64>),
}

/// What follows from an answer of the object.
pub enum Then {
    /// This version of the document, confirmed at this time, goes into the cache.
    Cached(u64, i64),
    /// The isolate was turned away, which it notes for the others.
    TurnedAway,
    /// It asks again.
    Asks(Option<Wants>),
    /// Nothing.
    Nothing,
}

/// Readers who wait for one document.
struct Waiting {
    reader: Reader,
    readers: f64,
}

/// The streams of one document.
struct Streams {
    open: f64,
    stream: Stream,
    due: i64,
}

/// What readers got: how many of which version of which document. Version 0: nothing, or nothing current.
pub struct Got {
    pub document: usize,
    pub readers: f64,
    pub version: u64,
    pub by_stream: bool,
}

/// An isolate, which stands for as many as its weight says.
pub struct Isolate {
    pub weight: f64,
    ladder: Ladder<Page>,
    listeners: Listeners,
    climbs: [Option<Climb>; 2],
    waiting: [Option<Waiting>; 2],
    streams: [Streams; 2],
    /// The turn in which the question about changes began, and the version that was known.
    asked: (u64, Option<u64>),
    /// When it began.
    asked_at: i64,
    /// Messages on streams, and looks of their timers.
    pub messages: f64,
    pub looks: f64,
    pub kv_reads: f64,
}

impl Isolate {
    /// `number`: in the order of all, from which follows when its timers ring and how much later than others it asks.
    pub fn new(weight: f64, number: i64) -> Self {
        let phase = number.wrapping_mul(37).rem_euclid(TICK_MILLIS);
        let mut ladder = Ladder::new(&["/status.json", "/bulletin.json", "/"]);
        // Those of one data centre, which follow each other, are far apart.
        ladder.spread(|| number.wrapping_mul(617).rem_euclid(SPREAD_MILLIS));
        let mut listeners = Listeners::new();
        listeners.spread(|| between_0_and_1(number.wrapping_mul(389)));
        let streams = |number: u32| {
            let stream = Stream { number, last_id: String::new(), opened: at(0), sent_at: at(0) };
            Streams { open: 0.0, stream, due: phase }
        };
        Self {
            weight,
            ladder,
            listeners,
            climbs: [None, None],
            waiting: [None, None],
            streams: [streams(1), streams(2)],
            asked: (0, None),
            asked_at: 0,
            messages: 0.0,
            looks: 0.0,
            kv_reads: 0.0,
        }
    }

    /// So many readers poll a document at this time.
    pub fn poll(&mut self, document: usize, readers: f64, now: i64, got: &mut Vec<Got>) -> Option<Wants> {
        let name = DOCUMENTS.get(document)?;
        if let Some((copy, climb)) = self.ladder.current(name, at(now)) {
            got.push(Got { document, readers, version: copy.0.version, by_stream: false });
            *self.climbs.get_mut(document)? = Some(climb?);
            return Some(Wants::Cache(document));
        }
        match self.waiting.get_mut(document)? {
            Some(waiting) => waiting.readers += readers,
            none => {
                *none = Some(Waiting { reader: Reader::new((*name).to_owned(), true, at(now)), readers });
            }
        }
        self.wait(document, now, got)
    }

    /// Those who wait look again.
    pub fn wait(&mut self, document: usize, now: i64, got: &mut Vec<Got>) -> Option<Wants> {
        let place = self.waiting.get_mut(document)?;
        let mut waiting = place.take()?;
        loop {
            let version = match self.ladder.look(&mut waiting.reader, at(now)) {
                Next::Current(copy) => copy.0.version,
                Next::Unconfirmed(..) | Next::Absent | Next::Unavailable => 0,
                Next::AskKv => {
                    self.kv_reads += waiting.readers;
                    self.ladder.last_known_good(&waiting.reader, None, at(now));
                    continue;
                }
                Next::Wait(_) => {
                    *place = Some(waiting);
                    return None;
                }
                Next::Climb(climb, _) => {
                    let skips = climb.skips_cache();
                    *place = Some(waiting);
                    *self.climbs.get_mut(document)? = Some(climb);
                    return if skips { self.ask(document) } else { Some(Wants::Cache(document)) };
                }
            };
            got.push(Got { document, readers: waiting.readers, version, by_stream: false });
            return None;
        }
    }

    fn ask(&mut self, document: usize) -> Option<Wants> {
        let climb = self.climbs.get_mut(document)?.as_mut()?;
        self.ladder.asks(climb);
        Some(Wants::Document(document))
    }

    /// What the cache of the data centre has.
    pub fn cached(&mut self, document: usize, copy: Option<(u64, i64)>, now: i64) -> Option<Wants> {
        let climb = self.climbs.get(document)?.as_ref()?;
        match self.ladder.cached(climb, copy.map(|(version, confirmed)| page(version, confirmed)), at(now)) {
            Step::AskObject => self.ask(document),
            Step::Found | Step::Ended | Step::GivenUp => None,
        }
    }

    /// Another isolate of the data centre was turned away by the object.
    pub fn refused(&mut self, now: i64) {
        self.listeners.ended(Outcome::Refused, at(now));
    }

    /// What the object says.
    pub fn answered(&mut self, answer: Answer, now: i64) -> Then {
        let Answer { confirmed, version, .. } = answer;
        let Some(document) = answer.document else {
            let known = self.asked.1;
            let outcome = match version {
                None => Outcome::Refused,
                Some(version) => {
                    self.ladder.vouched(&page(version, confirmed).0, self.asked.0);
                    Outcome::answered(known == Some(version), confirmed.saturating_sub(self.asked_at))
                }
            };
            self.listeners.ended(outcome, at(now));
            return if outcome == Outcome::Refused { Then::TurnedAway } else { Then::Nothing };
        };
        let Some(mut climb) = self.climbs.get_mut(document).and_then(Option::take) else {
            return Then::Nothing;
        };
        let reply = version.map_or(Reply::Failed, |version| Reply::Document(page(version, confirmed)));
        match (self.ladder.replied(&mut climb, reply, at(now)), version) {
            (Step::AskObject, _) => {
                if let Some(place) = self.climbs.get_mut(document) {
                    *place = Some(climb);
                }
                Then::Asks(self.ask(document))
            }
            (Step::Found, Some(version)) => Then::Cached(version, confirmed),
            (Step::Found | Step::Ended | Step::GivenUp, _) => Then::Nothing,
        }
    }

    /// So many pages begin to listen. Returns how many of them may.
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    pub fn listen(&mut self, document: usize, pages: f64, version: u64, now: i64) -> f64 {
        let room = MAX_STREAMS as f64 - self.streams.iter().map(|streams| streams.open).sum::<f64>();
        let more = pages.min(room).max(0.0);
        if let Some(streams) = self.streams.get_mut(document) {
            if streams.open == 0.0 {
                streams.stream.last_id = page(version, now).0.id();
            }
            streams.open += more;
            // A stream lives for minutes and is opened again: for the simulation it is always a young one.
            streams.stream.opened = at(now);
        }
        more
    }

    /// The streams whose timers ring.
    pub fn hear(&mut self, now: i64, got: &mut Vec<Got>) -> Vec<Wants> {
        let mut wants = Vec::new();
        for (document, name) in DOCUMENTS.iter().enumerate() {
            let Some(streams) = self.streams.get_mut(document) else { continue };
            if streams.open == 0.0 || streams.due > now {
                continue;
            }
            self.looks += streams.open;
            match self.listeners.ask(at(now)) {
                Ask::Object => {
                    let known = self.ladder.newest(at(now)).map(|newest| newest.version);
                    self.asked = (self.ladder.turn(), known);
                    self.asked_at = now;
                    let has_place = self.listeners.has_place(at(now));
                    wants.push(if has_place { Wants::Changes(known) } else { Wants::Place(known) });
                }
                Ask::Copies => {
                    let (_, climb) = young(&mut self.ladder, name, now);
                    climbs(document, climb, &mut self.climbs, &mut wants);
                }
                Ask::Nobody => {}
            }
            let newest = self.ladder.newest_of(name, at(now));
            streams.due = now.saturating_add(TICK_MILLIS);
            streams.stream.opened = at(now);
            match self.listeners.look(&streams.stream, newest.as_ref(), at(now)) {
                Turn::Send(again) => {
                    let (copy, climb) = young(&mut self.ladder, name, now);
                    climbs(document, climb, &mut self.climbs, &mut wants);
                    match copy {
                        Some(copy) => {
                            streams.stream.last_id = copy.0.id();
                            streams.stream.sent_at = at(now);
                            self.messages += streams.open;
                            let (readers, version) = (streams.open, copy.0.version);
                            got.push(Got { document, readers, version, by_stream: true });
                        }
                        None => streams.due = now.saturating_add(again),
                    }
                }
                Turn::Confirm(_) => {
                    streams.stream.sent_at = at(now);
                    self.messages += streams.open;
                }
                Turn::Rest | Turn::End(_) => {}
            }
        }
        wants
    }

    /// How many streams are open.
    pub fn open(&self) -> f64 {
        self.streams.iter().map(|streams| streams.open).sum()
    }
}

/// The current copy, and the climb that keeps it young.
fn young(ladder: &mut Ladder<Page>, name: &str, now: i64) -> (Option<Page>, Option<Climb>) {
    match ladder.current(name, at(now)) {
        Some((copy, climb)) => (Some(copy.clone()), climb),
        None => (None, ladder.want(name, at(now))),
    }
}

/// Begins this climb, if there is one.
fn climbs(document: usize, climb: Option<Climb>, places: &mut [Option<Climb>; 2], wants: &mut Vec<Wants>) {
    if let (Some(climb), Some(place)) = (climb, places.get_mut(document)) {
        *place = Some(climb);
        wants.push(Wants::Cache(document));
    }
}
