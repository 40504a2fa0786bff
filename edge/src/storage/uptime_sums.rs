//! What components lost, summed once for each period that is over, so that the uptime of 90 days costs the same however
//! often a component changed.
//!
//! A row of `uptime_sum` is the loss of one period, which lies within one day of the page's time zone. A day that is over is one
//! row. Of today, each hour that is over is one row; where many statuses are set, the running hour has one as well. A write
//! deletes the rows that it makes untrue ([`Ledger::forget_derived`]), and they are summed again.

use std::collections::BTreeMap;

use candor_shared::record::{Lost, lost};
use candor_shared::state::State;
use candor_shared::time::{Day, Time};
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::ledger::Ledger;

/// The most statuses that are read at once: a period with more is summed in halves.
const MAX_READ: i64 = 2_000;
/// From how many statuses on the sum of the running hour is kept.
const MANY: i64 = 200;
const HOUR_MILLIS: i64 = 60 * 60 * 1000;
/// Longer than any day.
pub(super) const DAY_MILLIS: i64 = 26 * HOUR_MILLIS;

/// The loss of one period.
#[derive(Clone)]
struct Sum {
    start: Time,
    until: Time,
    lost: Lost,
}

#[derive(Deserialize)]
struct SumRow {
    start: i64,
    until: i64,
    lost: String,
}

fn time(millis: i64) -> Time {
    Time::from_millis(millis).unwrap_or(Time::EPOCH)
}

/// The beginning of the hour of an instant, in UTC.
fn hour(of: Time) -> i64 {
    of.as_millis().saturating_sub(of.as_millis().rem_euclid(HOUR_MILLIS))
}

fn add(all: &mut Lost, more: Lost) {
    for (id, lost) in more {
        let sum = all.entry(id).or_default();
        *sum = sum.saturating_add(lost);
    }
}

impl Ledger {
    /// What components lost on each of these days, oldest first, until `now`. Stores the sums that were missing.
    ///
    /// # Errors
    /// If the storage fails, or holds JSON that this version cannot parse.
    pub fn lost_by_day(&self, state: &State, days: Vec<Day>, now: Time) -> Result<Vec<(Day, Lost)>> {
        let Some(first) = days.first() else { return Ok(Vec::new()) };
        let rows: Vec<SumRow> = self.rows(
            "SELECT start, until, lost FROM uptime_sum WHERE start >= ? ORDER BY start",
            vec![first.start.as_millis().into()],
        )?;
        let mut stored: BTreeMap<Time, Sum> = BTreeMap::new();
        for SumRow { start, until, lost } in rows {
            let (start, until) = (time(start), time(until));
            stored.insert(start, Sum { start, until, lost: serde_json::from_str(&lost)? });
        }
        let mut all = Vec::new();
        for day in days {
            let lost = self.lost_on(state, &day, &mut stored, now)?;
            all.push((day, lost));
        }
        Ok(all)
    }

    fn lost_on(&self, state: &State, day: &Day, stored: &mut BTreeMap<Time, Sum>, now: Time) -> Result<Lost> {
        let end = day.end.min(now);
        // The stored sums that cover the day from its beginning without a gap.
        let mut sums: Vec<Sum> = Vec::new();
        let mut from = day.start;
        while from < end
            && let Some(sum) = stored.remove(&from).filter(|sum| sum.until > from && sum.until <= end)
        {
            from = sum.until;
            sums.push(sum);
        }
        if from >= end {
            return Ok(total(&sums));
        }
        let is_over = day.end <= now;
        let mut keep = is_over;
        while from < end {
            let next_hour = time(hour(from).saturating_add(HOUR_MILLIS));
            let until = if is_over { end } else { next_hour.min(end) };
            keep |= next_hour <= end || self.count_set(from, until, MANY)? >= MANY;
            sums.push(Sum { start: from, until, lost: self.lost_in(state, from, until)? });
            from = until;
        }
        let lost = total(&sums);
        if keep {
            let merged = if is_over {
                vec![Sum { start: day.start, until: day.end, lost: lost.clone() }]
            } else {
                by_hour(sums)
            };
            self.keep_sums(day, &merged)?;
        }
        Ok(lost)
    }

    /// What components lost in a period, from what happened in it.
    fn lost_in(&self, state: &State, from: Time, until: Time) -> Result<Lost> {
        let length = until.millis_since(from);
        if length > 1 && self.count_set(from, until, MAX_READ.saturating_add(1))? > MAX_READ {
            let middle = time(from.as_millis().saturating_add(length / 2));
            let mut lost = self.lost_in(state, from, middle)?;
            add(&mut lost, self.lost_in(state, middle, until)?);
            return Ok(lost);
        }
        Ok(lost(state.components.values(), &self.history(from, until)?, from, until))
    }

    /// Replaces the sums of a day.
    fn keep_sums(&self, day: &Day, sums: &[Sum]) -> Result<()> {
        self.transaction(&mut || {
            self.run(
                "DELETE FROM uptime_sum WHERE start < ? AND start >= ? AND until > ?",
                vec![
                    day.end.as_millis().into(),
                    day.start.as_millis().saturating_sub(DAY_MILLIS).into(),
                    day.start.as_millis().into(),
                ],
            )?;
            for Sum { start, until, lost } in sums {
                let values: Vec<Value> = vec![
                    start.as_millis().into(),
                    until.as_millis().into(),
                    serde_json::to_string(lost)?.into(),
                ];
                self.run("INSERT INTO uptime_sum (start, until, lost) VALUES (?, ?, ?)", values)?;
            }
            Ok(())
        })
    }
}

fn total(sums: &[Sum]) -> Lost {
    let mut lost = Lost::new();
    for sum in sums {
        add(&mut lost, sum.lost.clone());
    }
    lost
}

/// Merges sums that follow each other within one hour.
fn by_hour(sums: Vec<Sum>) -> Vec<Sum> {
    let mut merged: Vec<Sum> = Vec::new();
    for sum in sums {
        match merged.last_mut() {
            Some(last) if last.until == sum.start && hour(last.start) == hour(sum.start) => {
                last.until = sum.until;
                add(&mut last.lost, sum.lost);
            }
            _ => merged.push(sum),
        }
    }
    merged
}
