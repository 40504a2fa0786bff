//! What is known of one mirror: what it holds, and when it is to be asked again. Pure.

use std::collections::BTreeMap;

use candor_shared::time::Time;
use serde::{Deserialize, Serialize};

use super::bucket::Fault;
use crate::clock::due;

/// How often everything is put anew while the page does not change, so that a mirror can say until when it was true: 5 minutes, in
/// milliseconds.
pub(super) const RENEW_MILLIS: i64 = 5 * 60 * 1000;
/// The least time between two editions in a burst of updates: 5 seconds, in milliseconds. The last one is put too.
const BURST_MILLIS: i64 = 5 * 1000;
/// The wait after a first failure: 5 seconds, in milliseconds. It doubles with each further one.
const RETRY_MILLIS: i64 = 5 * 1000;
/// The longest wait after a failure: 10 minutes, in milliseconds.
const MAX_RETRY_MILLIS: i64 = 10 * 60 * 1000;
/// How long a request that was given up may still do what it should: a minute, in milliseconds.
const LATE_MILLIS: i64 = 60 * 1000;

/// Which edition it is. A later one was published later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EditionName {
    pub version: u64,
    pub epoch: String,
    pub published_at: Time,
}

impl EditionName {
    /// As an object in a bucket names it: `PUBLISHED_AT VERSION EPOCH`.
    pub fn to_text(&self) -> String {
        format!("{} {} {}", self.published_at, self.version, self.epoch)
    }

    /// What [`Self::to_text`] wrote; none for any other text.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (published_at, version, epoch) =
            (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
        parts.next().is_none().then(|| Self { version, epoch: epoch.to_owned(), published_at })
    }

    /// Whether it is newer than another. Versions count within an epoch only; times count everywhere.
    pub fn is_after(&self, other: &Self) -> bool {
        self.published_at > other.published_at
            || (self.published_at == other.published_at
                && self.epoch == other.epoch
                && self.version > other.version)
    }
}

/// How a round of requests to a mirror ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It holds this edition.
    Done(EditionName),
    /// It took as much as one round may put. There is more.
    More,
    /// It did not take something.
    Failed(Fault),
    /// It holds a newer edition, which was put there from somewhere else.
    Behind(EditionName),
}

/// What is known of one mirror. It is stored after each round, because the object loses its memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// Where it is. Another place holds nothing of this.
    pub place: String,
    /// What it holds: the names of the objects, each with a tag that changes with its content.
    pub files: BTreeMap<String, String>,
    /// The edition of which it says that it is, by the object that is put first.
    #[serde(default)]
    pub first: Option<EditionName>,
    /// The newest edition of which it has held everything, and when.
    pub edition: Option<(EditionName, Time)>,
    /// How many rounds have failed since one has not.
    failures: u32,
    /// Why the last one failed, if it did.
    pub problem: Option<String>,
    /// When the last round ended, and how many milliseconds after that it may be asked again.
    rests: Option<(Time, i64)>,
    /// Whether a request without an answer may still overwrite what came after it.
    is_late: bool,
}

/// How often what never changes is put anew, in case it was lost there: a day, in milliseconds.
const RENEW_STATIC_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Which stretch of [`RENEW_MILLIS`] a time is in.
pub(super) fn stretch(time: Time) -> i64 {
    time.as_millis().div_euclid(RENEW_MILLIS)
}

/// Which stretch of [`RENEW_STATIC_MILLIS`] a time is in.
pub(super) fn static_stretch(time: Time) -> i64 {
    time.as_millis().div_euclid(RENEW_STATIC_MILLIS)
}

impl Held {
    /// A mirror at this place of which nothing is known.
    pub fn nothing(place: String) -> Self {
        Self { place, ..Self::default() }
    }

    /// Compares what is known with the edition of which the mirror says by its object `first` that it is. If that is another one or none, its objects
    /// are not those that were put there, and all are put again.
    pub fn compare(&mut self, first: &str, theirs: Option<&EditionName>) {
        if self.files.contains_key(first) && theirs != self.first.as_ref() {
            self.files.clear();
        }
    }

    /// When the next round is due, for a page that has this edition. A time that is over is the same each time.
    pub fn due(&self, page: &EditionName, now: Time) -> Time {
        let next = match &self.edition {
            Some((edition, at)) if edition == page && !self.files.is_empty() => {
                let left = RENEW_MILLIS.saturating_sub(at.as_millis().rem_euclid(RENEW_MILLIS));
                due(*at, left, now)
            }
            _ => due(page.published_at, 0, now),
        };
        self.rests.map_or(next, |(since, millis)| next.max(due(since, millis, now)))
    }

    /// Notes how a round ended that began at `began`.
    pub fn end(&mut self, outcome: Outcome, began: Time, now: Time) {
        let (problem, wait) = match outcome {
            Outcome::Done(edition) => {
                self.edition = Some((edition, began));
                if std::mem::take(&mut self.is_late) {
                    // Everything once more, when nothing of the earlier attempt can come any more.
                    self.files.clear();
                    (None, LATE_MILLIS)
                } else {
                    (None, BURST_MILLIS)
                }
            }
            Outcome::More => (None, 0),
            Outcome::Behind(theirs) => {
                let EditionName { version, published_at, .. } = theirs;
                let problem = format!(
                    "it holds a newer edition, version {version} of {published_at}, from another deployment or another storage"
                );
                (Some(problem), RENEW_MILLIS)
            }
            Outcome::Failed(fault) => {
                self.is_late |= fault.is_unknown;
                let wait = RETRY_MILLIS.saturating_mul(1_i64.checked_shl(self.failures.min(20)).unwrap_or(1));
                self.failures = self.failures.saturating_add(1);
                (Some(fault.problem), wait.min(MAX_RETRY_MILLIS))
            }
        };
        if problem.is_none() {
            self.failures = 0;
        }
        self.problem = problem;
        self.rests = Some((now, wait));
    }

    /// By how many milliseconds what it holds is behind the page: 0 if it is not; none if it never held an edition.
    pub fn lag_millis(&self, page: &EditionName, now: Time) -> Option<i64> {
        let (edition, at) = self.edition.as_ref()?;
        Some(if edition == page { 0 } else { now.millis_since(*at).max(0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_millis(1_790_000_000_000_i64.saturating_add(second.saturating_mul(1000))).unwrap()
    }

    fn edition(version: u64, second: i64) -> EditionName {
        EditionName { version, epoch: "e".to_owned(), published_at: at(second) }
    }

    fn failed(is_unknown: bool) -> Outcome {
        Outcome::Failed(Fault { problem: "status 500".to_owned(), is_unknown })
    }

    #[test]
    fn the_newer_edition_is_the_one_that_was_published_later() {
        let (one, two) = (edition(1, 0), edition(2, 5));
        assert!(two.is_after(&one) && !one.is_after(&two) && !one.is_after(&one));
        // A restored page begins another epoch; its news are newer all the same.
        let restored = EditionName { epoch: "f".to_owned(), ..edition(1, 9) };
        assert!(restored.is_after(&two) && !two.is_after(&restored));
        assert!(edition(3, 5).is_after(&two));
        assert!(!EditionName { epoch: "f".to_owned(), ..edition(3, 5) }.is_after(&two));
        assert_eq!(EditionName::from_text(&two.to_text()), Some(two));
        for text in
            ["", "x", "2026-01-01T00:00:00Z 1", "2026-01-01T00:00:00Z x e", "2026-01-01T00:00:00Z 1 e f"]
        {
            assert_eq!(EditionName::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_mirror_is_asked_when_there_is_news_and_again_after_five_minutes() {
        let mut held = Held::default();
        assert_eq!(held.due(&edition(1, 0), at(0)), at(0));
        held.files.insert("a".to_owned(), "1".to_owned());
        held.end(Outcome::Done(edition(1, 0)), at(1), at(2));
        let renewal = held.due(&edition(1, 0), at(2));
        assert!(
            renewal > at(1)
                && renewal.millis_since(at(1)) <= RENEW_MILLIS
                && renewal.as_millis() % RENEW_MILLIS == 0
        );
        // A burst of updates: five seconds after the last round.
        assert_eq!(held.due(&edition(2, 3), at(3)), at(7));
        assert_eq!(held.due(&edition(2, 30), at(30)), at(30));
        held.end(Outcome::More, at(30), at(31));
        assert_eq!(held.due(&edition(2, 30), at(31)), at(31));
    }

    #[test]
    fn a_mirror_that_lost_what_it_held_gets_everything_again() {
        let put = || {
            let mut held = Held::default();
            held.files.extend(
                [("first", "1"), ("static", "2")].map(|(name, tag)| (name.to_owned(), tag.to_owned())),
            );
            held.first = Some(edition(1, 0));
            held
        };
        let mut held = put();
        held.compare("first", Some(&edition(1, 0)));
        assert_eq!(held, put());
        for theirs in [None, Some(edition(2, 5))] {
            let mut held = put();
            held.compare("first", theirs.as_ref());
            assert!(held.files.is_empty(), "{theirs:?}");
        }
        // Nobody knows yet what became of the first object.
        let mut held = put();
        held.files.remove("first");
        held.compare("first", None);
        assert_eq!(held.files.len(), 1);
        assert_ne!(static_stretch(at(0)), static_stretch(at(24 * 60 * 60)));
    }

    #[test]
    fn waits_grow_with_failures_and_end_with_the_first_success() {
        let mut held = Held::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            held.end(failed(false), at(0), at(0));
            waits.push(held.due(&edition(1, 0), at(0)).millis_since(at(0)) / 1000);
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(held.problem.as_deref(), Some("status 500"));
        held.end(Outcome::More, at(700), at(700));
        assert_eq!((held.problem.as_deref(), held.due(&edition(1, 0), at(700))), (None, at(700)));
        held.end(failed(false), at(700), at(700));
        assert_eq!(held.due(&edition(1, 0), at(700)), at(705));
    }

    #[test]
    fn after_a_request_without_an_answer_everything_is_put_twice() {
        let mut held = Held::default();
        held.files.insert("a".to_owned(), "1".to_owned());
        held.end(failed(true), at(0), at(10));
        held.end(Outcome::Done(edition(1, 0)), at(15), at(16));
        assert!(held.files.is_empty());
        assert_eq!(held.due(&edition(1, 0), at(16)), at(76));
        assert_eq!(held.lag_millis(&edition(1, 0), at(50)), Some(0));
        held.files.insert("a".to_owned(), "1".to_owned());
        held.end(Outcome::Done(edition(1, 0)), at(76), at(77));
        assert!(held.due(&edition(1, 0), at(77)) > at(82) && !held.files.is_empty());
    }

    /// Whatever was noted while the clock was ahead, a mirror is asked as soon as it is not any more.
    #[test]
    fn a_clock_that_was_ahead_is_no_reason_to_wait() {
        const DAY: i64 = 24 * 60 * 60;
        let mut held = Held::default();
        held.files.insert("a".to_owned(), "1".to_owned());
        for outcome in [failed(true), Outcome::Behind(edition(7, 30)), Outcome::Done(edition(1, 0))] {
            held.end(outcome, at(DAY), at(DAY));
            assert!(held.due(&edition(1, 0), at(DAY)) > at(DAY), "it rests as long as the clock says so");
            assert!(held.due(&edition(1, 0), at(10)) <= at(10), "{held:?}");
        }
        // An edition that was published at a time that has not come.
        assert!(Held::default().due(&edition(1, DAY), at(10)) <= at(10));
        // What an earlier program stored: it is asked at once.
        let earlier = r#"{"place":"p","files":{},"edition":null,"failures":1,"problem":"x","not_before":"2027-01-01T00:00:00.000Z","is_late":false}"#;
        let earlier: Held = serde_json::from_str(earlier).unwrap();
        assert_eq!(earlier.due(&edition(1, 0), at(10)), at(0));
    }

    #[test]
    fn the_lag_counts_from_when_it_last_held_everything() {
        let mut held = Held::default();
        assert_eq!(held.lag_millis(&edition(1, 0), at(9)), None);
        held.end(Outcome::Done(edition(1, 0)), at(10), at(12));
        assert_eq!(held.lag_millis(&edition(2, 20), at(40)), Some(30_000));
        held.end(Outcome::Behind(edition(7, 30)), at(41), at(41));
        assert!(held.problem.as_deref().unwrap().contains("version 7"));
        assert_eq!(held.due(&edition(2, 20), at(41)), at(341));
    }
}
