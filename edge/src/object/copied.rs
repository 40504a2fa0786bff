//! What is known of the copies in KV, and when each is due. Pure. Each document stands for itself: one that KV does not take holds up
//! no other.

use std::rc::Rc;

use candor_shared::time::Time;

use crate::clock::{due, is_recent};
use crate::document::{Components, Document};

/// How often a copy is renewed while the page is read and does not change: 5 minutes, in milliseconds.
const RENEW_MILLIS: i64 = 5 * 60 * 1000;
/// The least time between two copies of the status page, for which the measures are computed: 30 seconds, in milliseconds.
const PAGE_MILLIS: i64 = 30 * 1000;
/// The least time after a failure before the next attempt: 10 seconds, in milliseconds.
const RETRY_MILLIS: i64 = 10 * 1000;
/// The least time between two copies in a burst of updates: 10 seconds, in milliseconds. The last update of the burst is copied too.
const BURST_MILLIS: i64 = 10 * 1000;

/// A version of the page that KV holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The epoch of the version.
    pub epoch: Rc<str>,
    /// The version.
    pub version: u64,
    /// When it was confirmed.
    pub at: Time,
}

/// What is known of the copy of one document.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    /// The document.
    pub document: Document,
    /// What KV holds of it, as far as this instance of the object knows.
    pub kept: Option<Kept>,
    /// When the last attempt failed, if it did.
    failed_at: Option<Time>,
}

impl Copied {
    /// All documents that have copies, most needed first.
    pub fn all() -> [Self; 3] {
        [Document::Status, Document::Bulletin(Components::default()), Document::Home].map(|document| Self {
            document,
            kept: None,
            failed_at: None,
        })
    }

    /// Whether KV needs a copy of this version: it has another one or an old one, and no attempt has just failed.
    pub fn is_due(&self, epoch: &str, version: u64, now: Time) -> bool {
        let is_fresh = self.kept.as_ref().is_some_and(|kept| {
            let is_same = kept.version == version && *kept.epoch == *epoch;
            let least = if self.document == Document::Home { PAGE_MILLIS } else { 0 };
            is_recent(kept.at, if is_same { RENEW_MILLIS } else { least }, now)
        });
        let waits = self.failed_at.is_some_and(|at| is_recent(at, RETRY_MILLIS, now));
        !is_fresh && !waits
    }

    /// Notes that KV holds this.
    pub fn keeps(&mut self, kept: Kept) {
        self.kept = Some(kept);
        self.failed_at = None;
    }

    /// Notes that an attempt failed.
    pub fn failed(&mut self, now: Time) {
        self.failed_at = Some(now);
    }
}

/// How many milliseconds to wait before the next copies, so that a burst of updates does not use up what KV permits in a day.
pub(super) fn pause(all: &[Copied], now: Time) -> i64 {
    let ends = all.iter().filter_map(|one| Some(due(one.kept.as_ref()?.at, BURST_MILLIS, now)));
    ends.max().map_or(0, |end| end.millis_since(now).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_millis(1_790_000_000_000_i64.saturating_add(second.saturating_mul(1000))).unwrap()
    }

    fn kept(version: u64, second: i64) -> Kept {
        Kept { epoch: "e".into(), version, at: at(second) }
    }

    /// The paths of the documents that are due.
    fn due_of(all: &[Copied], version: u64, second: i64) -> Vec<String> {
        let due = all.iter().filter(|one| one.is_due("e", version, at(second)));
        due.map(|one| one.document.path()).collect()
    }

    #[test]
    fn a_version_is_copied_once_and_renewed_every_five_minutes() {
        let mut all = Copied::all();
        assert_eq!(due_of(&all, 1, 0), ["/status.json", "/bulletin.json", "/"]);
        all.iter_mut().for_each(|one| one.keeps(kept(1, 0)));
        for (version, second, expected) in [
            (1, 0, &[][..]),
            (1, 299, &[]),
            (1, 300, &["/status.json", "/bulletin.json", "/"]),
            (2, 1, &["/status.json", "/bulletin.json"]),
            (2, 29, &["/status.json", "/bulletin.json"]),
            (2, 30, &["/status.json", "/bulletin.json", "/"]),
        ] {
            assert_eq!(due_of(&all, version, second), expected, "version {version} at {second}");
        }
        // Another storage, in which the same number is another page.
        assert!(all.iter().all(|one| one.is_due("f", 1, at(31))));
    }

    #[test]
    fn a_document_that_kv_does_not_take_holds_up_no_other() {
        let mut all = Copied::all();
        let mut puts = [0, 0, 0];
        for second in 0..45 {
            for (index, one) in all.iter_mut().enumerate() {
                if one.is_due("e", 1, at(second)) {
                    puts[index] += 1;
                    if index == 1 { one.failed(at(second)) } else { one.keeps(kept(1, second)) }
                }
            }
        }
        assert_eq!(puts, [1, 5, 1], "it is tried again every ten seconds, and the others are left alone");
        // Once it is taken, it is as the others.
        assert_eq!(due_of(&all, 1, 50), ["/bulletin.json"]);
        all[1].keeps(kept(1, 50));
        assert!(due_of(&all, 1, 51).is_empty());
    }

    /// Neither a copy nor a failure of a time that has not come is a reason to wait, whether this instance noted it or read it from KV.
    #[test]
    fn a_clock_that_was_ahead_is_no_reason_to_wait() {
        const DAY: i64 = 24 * 60 * 60;
        for second in [1, 31, DAY] {
            let mut all = Copied::all();
            all.iter_mut().for_each(|one| one.keeps(kept(1, second)));
            for version in [1, 2] {
                assert_eq!(due_of(&all, version, 0).len(), 3, "{second} s ahead, version {version}");
            }
            assert_eq!(pause(&all, at(0)), 0, "{second}");
            all.iter_mut().for_each(|one| one.failed(at(second)));
            assert_eq!(due_of(&all, 1, 0).len(), 3, "{second}");
        }
    }

    #[test]
    fn copies_are_ten_seconds_apart() {
        let mut all = Copied::all();
        assert_eq!(pause(&all, at(0)), 0);
        all[0].keeps(kept(1, 0));
        assert_eq!((pause(&all, at(0)), pause(&all, at(4)), pause(&all, at(10))), (10_000, 6_000, 0));
        // One that is put a moment later, as the others were not.
        all[1].keeps(kept(1, 3));
        assert_eq!(pause(&all, at(4)), 9_000);
    }
}
