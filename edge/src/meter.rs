//! Counts what this isolate does, for Workers Analytics Engine: where the binding `METRICS` is missing, nothing is written.
//!
//! A data point costs money and time, so a read only adds one to a number in memory; what came together is written once a minute,
//! after an answer has left. Nobody waits for a data point, and one that is refused is lost. `docs/operating.md` lists the columns.

use std::cell::Cell;

use candor_shared::time::Time;
use worker::{AnalyticsEngineDataPointBuilder, AnalyticsEngineDataset, Env};

use crate::document::Kind;
use crate::settings::METRICS;

/// How often counts are written, at most: every minute, in milliseconds. All of them fit into the 250 data points that the platform
/// permits to one invocation.
const FLUSH_MILLIS: i64 = 60_000;

/// How a read of a document ended, or what a search for one asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Answered from memory at once.
    Memory,
    /// Answered with a current copy, after a search.
    Searched,
    /// Answered with a copy that nobody confirmed.
    Unconfirmed,
    /// Answered that the document does not exist.
    Absent,
    /// Answered that nothing is known.
    Unavailable,
    /// A search that ended at the data centre's cache.
    Cache,
    /// A search that ended at the object.
    Object,
    /// A search that ended without a copy.
    Nothing,
}

/// All rungs with their names, in the order of their numbers.
const RUNGS: [(Rung, &str); 8] = [
    (Rung::Memory, "memory"),
    (Rung::Searched, "searched"),
    (Rung::Unconfirmed, "unconfirmed"),
    (Rung::Absent, "absent"),
    (Rung::Unavailable, "unavailable"),
    (Rung::Cache, "cache"),
    (Rung::Object, "object"),
    (Rung::Nothing, "nothing"),
];

thread_local! {
    /// The counts that are not written yet: a row for each kind of document, a column for each rung.
    static COUNTS: [[Cell<u32>; RUNGS.len()]; Kind::ALL.len()] = const {
        [const { [const { Cell::new(0) }; RUNGS.len()] }; Kind::ALL.len()]
    };
    /// When counts were last written, in milliseconds since 1970.
    static WRITTEN: Cell<i64> = const { Cell::new(0) };
}

/// Counts one read or search. Costs an addition.
pub fn count(kind: Kind, rung: Rung) {
    COUNTS.with(|counts| {
        if let Some(count) = counts.get(kind as usize).and_then(|row| row.get(rung as usize)) {
            count.set(count.get().saturating_add(1));
        }
    });
}

/// Writes the counts of the last minute or more, if there is somewhere to write them.
pub fn flush(env: &Env, now: Time) {
    let passed = WRITTEN.with(|written| now.as_millis().saturating_sub(written.get()));
    // A clock that went back is no reason to wait.
    if (0..FLUSH_MILLIS).contains(&passed) {
        return;
    }
    WRITTEN.with(|written| written.set(now.as_millis()));
    let Some(dataset) = dataset(env) else { return };
    COUNTS.with(|counts| {
        let cells = Kind::ALL.iter().zip(counts).flat_map(|((_, kind), row)| {
            RUNGS.iter().zip(row).map(move |((_, rung), count)| (*kind, *rung, count))
        });
        for (kind, rung, count) in cells.filter(|(.., count)| count.get() > 0) {
            let point = Point { event: "reads", outcome: rung, document: kind, ..Point::default() };
            point.write_to(&dataset, count.replace(0));
        }
    });
}

/// One event, as a row of the data set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Point<'a> {
    /// What happened, as in the log.
    pub event: &'a str,
    /// How it ended, as in the log; of reads, the rung.
    pub outcome: &'a str,
    /// The path, or the kind of document.
    pub document: &'a str,
    /// The id of the key; empty if there is none.
    pub key: &'a str,
    /// Why a signature was refused; empty otherwise.
    pub why: &'a str,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// The version of the page; 0 if the event has none.
    pub version: u64,
}

impl Point<'_> {
    /// Writes the event, if there is somewhere to write it.
    pub fn write(self, env: &Env) {
        if let Some(dataset) = dataset(env) {
            self.write_to(&dataset, 1);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds and versions are far below 2^53")]
    fn write_to(self, dataset: &AnalyticsEngineDataset, count: u32) {
        let Self { event, outcome, document, key, why, millis, version } = self;
        let point = AnalyticsEngineDataPointBuilder::new()
            .indexes([event])
            .blobs([event, outcome, document, key, why])
            .doubles([f64::from(count), millis as f64, version as f64]);
        // Whatever the platform says, the request goes on.
        let _ = point.write_to(dataset);
    }
}

fn dataset(env: &Env) -> Option<AnalyticsEngineDataset> {
    env.analytics_engine(METRICS).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rung_is_counted_in_its_own_column() {
        for (index, (rung, name)) in RUNGS.iter().enumerate() {
            assert_eq!(*rung as usize, index, "{name}");
        }
        for (index, (kind, name)) in Kind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index, "{name}");
        }
        count(Kind::Page, Rung::Memory);
        count(Kind::Page, Rung::Memory);
        count(Kind::Status, Rung::Object);
        let total: u32 = COUNTS.with(|counts| counts.iter().flatten().map(Cell::get).sum());
        let pages = COUNTS.with(|counts| counts[Kind::Page as usize][Rung::Memory as usize].get());
        assert_eq!((total, pages), (3, 2));
    }
}
