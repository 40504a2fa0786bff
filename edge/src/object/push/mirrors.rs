//! All mirrors. Each has rounds of its own, so that a slow or dead one delays no other, and no round waits for another one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use candor_shared::time::Time;
use candor_shared::words::offered;
use serde::Serialize;
use worker::Env;

use super::held::{EditionName, Held};
use super::mirror::{Mirror, Slot};
use crate::clock::{due, is_recent, seconds};
use crate::document::Document;
use crate::log;
use crate::object::live::Live;
use crate::settings::Bucket;

/// The most requests of all rounds that one alarm begins. The platform's free plan permits 50, and copies to KV need some.
const REQUESTS: usize = 40;
/// When a round is taken for lost, because the object was: 3 minutes, in milliseconds.
const LOST_MILLIS: i64 = 3 * 60 * 1000;
/// How long a language is pushed after somebody asked for it: 14 days, in milliseconds.
const LANGUAGE_MILLIS: i64 = 14 * 24 * 60 * 60 * 1000;
/// How old the stored time may be at which somebody asked for a language: a day, in milliseconds.
const STORE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The mirrors of the setting `CANDOR_PUSH`, with what is known of them.
pub struct Mirrors {
    all: Vec<Rc<Mirror>>,
    /// The languages that readers have asked for, each with the time of the last question as far as it is stored.
    languages: RefCell<BTreeMap<&'static str, Time>>,
}

/// How a bucket is to which each edition is put.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MirrorHealth {
    /// Its name in `CANDOR_PUSH`.
    pub name: String,
    /// The version that it holds completely; null if it never held one.
    pub mirrored_version: Option<u64>,
    /// When that was put there.
    pub pushed_at: Option<Time>,
    /// 0 while it holds the page's version; otherwise how long ago it was last complete, which is the longest time that it can have been
    /// behind. Null if it never held an edition.
    pub lag: Option<f64>,
    /// What went wrong at the last attempt, if it failed.
    pub problem: Option<String>,
}

impl Mirrors {
    /// The mirrors, with what was stored about them. What cannot be read is as if it were not there: everything is put again.
    pub fn load(buckets: &[Rc<Bucket>], live: &Live) -> Self {
        let (pushed, languages) = match live.ledger.pushed() {
            Ok(stored) => stored,
            Err(error) => {
                log::error("what is known of the mirrors cannot be read", &[("error", &error.to_string())]);
                Default::default()
            }
        };
        let mirror = |bucket: &Rc<Bucket>| {
            let place = format!("{}{}", bucket.host, bucket.folder);
            let held =
                pushed.get(bucket.name.as_str()).and_then(|json| serde_json::from_str::<Held>(json).ok());
            let held = held.filter(|held| held.place == place).unwrap_or_else(|| Held::nothing(place));
            Rc::new(Mirror {
                bucket: Rc::clone(bucket),
                held: RefCell::new(held),
                running: Default::default(),
            })
        };
        let languages = languages.into_iter().filter_map(|(tag, at)| Some((offered(&tag)?, at))).collect();
        Self { all: buckets.iter().map(mirror).collect(), languages: RefCell::new(languages) }
    }

    /// Notes that a reader asked for a document in its language.
    pub fn asked(&self, document: &Document, live: &Live, now: Time) {
        let Some(language) = document.parts().1.filter(|_| !self.all.is_empty()) else { return };
        let known = self.languages.borrow().get(language).copied();
        if known.is_some_and(|at| is_recent(at, STORE_MILLIS, now)) {
            return;
        }
        self.languages.borrow_mut().insert(language, now);
        if let Err(error) = live.ledger.keep_language(language, now) {
            log::error("a language could not be stored", &[("error", &error.to_string())]);
        }
    }

    /// When a round is due next, if there are mirrors.
    pub fn due(&self, live: &Live, now: Time) -> Option<Time> {
        let page = live.edition_name();
        self.all.iter().map(|mirror| round_due(mirror, &page, now)).min()
    }

    /// The rounds that are due, each to be run by itself.
    pub fn rounds(&self, slot: &Slot, env: &Env, now: Time) -> Vec<impl Future<Output = ()> + use<>> {
        let Some(page) = slot.borrow().as_ref().map(Live::edition_name) else { return Vec::new() };
        let is_due = |mirror: &&Rc<Mirror>| round_due(mirror, &page, now) <= now;
        let requests = REQUESTS.checked_div(self.all.len()).unwrap_or(REQUESTS);
        let languages: Vec<&'static str> = self
            .languages
            .borrow()
            .iter()
            // Who asked while the clock was ahead has asked, and asks again.
            .filter(|(_, at)| **at > now || is_recent(**at, LANGUAGE_MILLIS, now))
            .map(|(tag, _)| *tag)
            .collect();
        let due: Vec<Rc<Mirror>> = self.all.iter().filter(is_due).cloned().collect();
        due.into_iter()
            .map(|mirror| {
                mirror.running.set(Some(now));
                let (slot, env, languages) = (Rc::clone(slot), env.clone(), languages.clone());
                async move {
                    mirror.round(&slot, &env, &languages, requests).await;
                    if mirror.running.get() == Some(now) {
                        mirror.running.set(None);
                    }
                    keep(&mirror, &slot);
                }
            })
            .collect()
    }

    /// How the mirrors are.
    pub fn health(&self, live: &Live, now: Time) -> Vec<MirrorHealth> {
        let page = live.edition_name();
        let one = |mirror: &Rc<Mirror>| {
            let held = mirror.held.borrow();
            MirrorHealth {
                name: mirror.bucket.name.to_string(),
                mirrored_version: held.edition.as_ref().map(|(edition, _)| edition.version),
                pushed_at: held.edition.as_ref().map(|(_, at)| *at),
                lag: held.lag_millis(&page, now).map(seconds),
                problem: held.problem.clone(),
            }
        };
        self.all.iter().map(one).collect()
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// When the next round of a mirror is due.
fn round_due(mirror: &Mirror, page: &EditionName, now: Time) -> Time {
    match mirror.running.get() {
        // Memory outlives a round that the runtime ended.
        Some(began) => due(began, LOST_MILLIS, now),
        None => mirror.held.borrow().due(page, now),
    }
}

/// Stores what is known of a mirror. A failure is logged: then everything is put again when the object loses its memory.
fn keep(mirror: &Mirror, slot: &Slot) {
    let slot = slot.borrow();
    let Some(live) = slot.as_ref() else { return };
    let kept = serde_json::to_string(&*mirror.held.borrow())
        .map_err(Into::into)
        .and_then(|json| live.ledger.keep_pushed(mirror.bucket.name.as_str(), &json));
    if let Err(error) = kept {
        log::error("what is known of a mirror could not be stored", &[("error", &error.to_string())]);
    }
}
