//! What components lost, summed once for each period that is over, so that the uptime of 90 days costs the same however
//! often a component changed.
//!
//! A row of `uptime_sum` is the loss of one period, which lies within one day of the page's time zone. A day that is over is one
//! row. Of today, each hour that is over is one row; where many statuses are set, the running hour has one as well. A write
//! deletes the rows that it makes untrue ([`Ledger::forget_derived`]), and they are summed again.

use candor_shared::record::{Lost, lost};
use candor_shared::state::State;
use candor_shared::time::{Day, Time};
use serde::Deserialize;
use serde_json::Value;
use worker::Result;

use super::derived::{Sum, kept};
use super::ledger::Ledger;

/// The most statuses that are read at once: a period with more is summed in halves.
const MAX_READ: i64 = 2_000;
/// From how many statuses on the sum of the running hour is kept.
const MANY: i64 = 200;
const HOUR_MILLIS: i64 = 60 * 60 * 1000;
/// How many days sums are kept; longer than the uptime goes back.
const KEPT_DAYS: i64 = 200;
/// Longer than any day.
pub(super) const DAY_MILLIS: i64 = 26 * HOUR_MILLIS;

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
        self.load_sums(first.start)?;
        let mut all = Vec::new();
        for day in days {
            let lost = self.lost_on(state, &day, now)?;
            all.push((day, lost));
        }
        Ok(all)
    }

    /// Reads the stored sums into memory, if they are not there.
    fn load_sums(&self, since: Time) -> Result<()> {
        if self.derived.borrow().sums.is_some() {
            return Ok(());
        }
        let rows: Vec<SumRow> = self.rows(
            "SELECT start, until, lost FROM uptime_sum WHERE start >= ?",
            vec![since.as_millis().into()],
        )?;
        let sums = rows.into_iter().map(|SumRow { start, until, lost }| {
            let (start, until) = (time(start), time(until));
            Ok((start, Sum { start, until, lost: serde_json::from_str(&lost)? }))
        });
        let sums = sums.collect::<Result<_>>()?;
        self.derived.borrow_mut().sums = Some(sums);
        Ok(())
    }

    /// The sums in memory that cover a day from its beginning without a gap, up to `end`.
    fn sums_of(&self, day: &Day, end: Time) -> Vec<Sum> {
        let derived = self.derived.borrow();
        let stored = |start| derived.sums.as_ref().and_then(|sums| sums.get(&start));
        let mut sums: Vec<Sum> = Vec::new();
        let mut from = day.start;
        while let Some(sum) = stored(from).filter(|sum| sum.until > from && sum.until <= end) {
            from = sum.until;
            sums.push(sum.clone());
        }
        sums
    }

    fn lost_on(&self, state: &State, day: &Day, now: Time) -> Result<Lost> {
        let end = day.end.min(now);
        let mut sums = self.sums_of(day, end);
        let mut from = sums.last().map_or(day.start, |sum| sum.until);
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
            self.keep_sums(day, &merged);
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

    /// Replaces the sums of a day. A failure is logged.
    fn keep_sums(&self, day: &Day, sums: &[Sum]) {
        let outcome = self.transaction(&mut || {
            self.run(
                "DELETE FROM uptime_sum WHERE start < ? AND start >= ? AND until > ?",
                vec![
                    day.end.as_millis().into(),
                    day.start.as_millis().saturating_sub(DAY_MILLIS).into(),
                    day.start.as_millis().into(),
                ],
            )?;
            // Nobody reads what is older than the uptime goes back.
            let oldest = day.start.as_millis().saturating_sub(KEPT_DAYS.saturating_mul(DAY_MILLIS));
            self.run("DELETE FROM uptime_sum WHERE start < ?", vec![oldest.into()])?;
            for Sum { start, until, lost } in sums {
                let values: Vec<Value> = vec![
                    start.as_millis().into(),
                    until.as_millis().into(),
                    serde_json::to_string(lost)?.into(),
                ];
                self.run("INSERT INTO uptime_sum (start, until, lost) VALUES (?, ?, ?)", values)?;
            }
            Ok(())
        });
        if kept(outcome)
            && let Some(held) = &mut self.derived.borrow_mut().sums
        {
            held.retain(|start, sum| *start >= day.end || sum.until <= day.start);
            held.extend(sums.iter().map(|sum| (sum.start, sum.clone())));
        }
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
