//! Uptime by day.
//!
//! It follows from what each component *lost*: its outages, weighted. Losses of periods that follow each other add up, so the
//! loss of a period that is over is computed once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::held::Held;
use super::history::History;
use crate::state::{Component, ComponentState, IncidentStatus, Indicator};
use crate::text::Id;
use crate::time::{Day, Time};

/// The weight of an outage that counts in full. Weights are in thousandths.
const FULL: i64 = 1000;

/// The uptime of one component.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Uptime {
    /// The component's id.
    pub component: Id,
    /// One entry per day, oldest first. The last one is today up to now.
    pub days: Vec<DayUptime>,
}

/// The uptime of one day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayUptime {
    /// `YYYY-MM-DD`, in the page's time zone.
    pub date: String,
    /// The share of the day without outage, from 0 to 1; `null` if the component did not exist yet.
    pub ratio: Option<f64>,
    /// How long the component existed on that day, so far, in milliseconds: what the day weighs in a longer period.
    #[serde(skip)]
    pub known_millis: i64,
}

impl DayUptime {
    /// How bad the day was: `minor`, `major` below 99 % and `critical` below 95 %; none for a day without an outage, or on which
    /// the component did not exist.
    pub fn level(&self) -> Option<Indicator> {
        match self.ratio? {
            ratio if ratio < 0.95 => Some(Indicator::Critical),
            ratio if ratio < 0.99 => Some(Indicator::Major),
            ratio if ratio < 1.0 => Some(Indicator::Minor),
            _ => None,
        }
    }
}

impl Uptime {
    /// The share of the last `days` days without outage, today included; `None` if nothing is known. It weighs time, not
    /// days: today counts only so far, and the first day only from when the component was created.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of 90 days are far below 2^53")]
    #[expect(clippy::float_arithmetic, reason = "a ratio is not whole")]
    pub fn over(&self, days: usize) -> Option<f64> {
        let known =
            || self.days.iter().rev().take(days).filter_map(|day| Some((day.ratio?, day.known_millis)));
        let whole: i64 = known().map(|(_, millis)| millis).fold(0, i64::saturating_add);
        (whole > 0).then(|| known().map(|(ratio, millis)| ratio * millis as f64).sum::<f64>() / whole as f64)
    }
}

/// A period in which one source (an incident or `component.set`) gave a component a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first instant of the period.
    pub from: Time,
    /// The first instant after the period.
    pub until: Time,
    /// The status.
    pub state: ComponentState,
}

/// What each component lost in a period, in thousandths of milliseconds: its outages, each weighted. A component that lost
/// nothing is left out.
pub type Lost = BTreeMap<Id, i64>;

/// What these components lost from `from` until `until`. `history` has everything that touches the period.
pub fn lost<'a>(
    components: impl IntoIterator<Item = &'a Component>,
    history: &History,
    from: Time,
    until: Time,
) -> Lost {
    let loss_of = |component: &'a Component| {
        let intervals = component_intervals(component, history, until);
        (component.id.clone(), lost_of(&intervals, from.max(component.created_at), until))
    };
    components.into_iter().map(loss_of).filter(|(_, lost)| *lost > 0).collect()
}

/// The uptime of each component by day, in the order of the page. `days`: each day with what components lost on it until
/// `as_of`.
#[expect(clippy::cast_precision_loss, reason = "thousandths of milliseconds of a day are far below 2^53")]
#[expect(clippy::float_arithmetic, reason = "a ratio is not whole")]
pub fn uptime_by_day<'a>(
    components: impl IntoIterator<Item = &'a Component>,
    days: &[(Day, Lost)],
    as_of: Time,
) -> Vec<Uptime> {
    let mut components: Vec<&Component> = components.into_iter().filter(|c| !c.is_group).collect();
    components.sort_by_key(|c| (c.position, &c.id));
    let uptime = components.into_iter().map(|component| {
        let days = days.iter().map(|(day, lost)| {
            let known = day.end.min(as_of).millis_since(day.start.max(component.created_at)).max(0);
            let whole = known.saturating_mul(FULL);
            let left = whole.saturating_sub(lost.get(&component.id).copied().unwrap_or_default()).max(0);
            let ratio = (whole > 0).then(|| left as f64 / whole as f64);
            DayUptime { date: day.date.clone(), ratio, known_millis: known }
        });
        Uptime { component: component.id.clone(), days: days.collect() }
    });
    uptime.collect()
}

/// The periods until `as_of` in which an incident or `component.set` made the component other than operational.
fn component_intervals(component: &Component, history: &History, as_of: Time) -> Vec<Interval> {
    let mut intervals = Vec::new();
    let mut push = |from: Time, until: Time, state| {
        if from < until && state != ComponentState::Operational {
            intervals.push(Interval { from, until, state });
        }
    };
    let set = history.set.get(&component.id).map(Vec::as_slice).unwrap_or_default();
    let mut changes: Vec<(Time, ComponentState)> = set.to_vec();
    changes.sort_by_key(|(at, _)| *at);
    for (index, (from, state)) in changes.iter().enumerate() {
        let until = changes.get(index.saturating_add(1)).map_or(as_of, |(at, _)| *at);
        push(*from, until.min(as_of), *state);
    }
    for (incident, entries) in &history.incidents {
        // An amendment may have moved an end, in either direction: what counts are the corrected times, `resolved_at` and the pauses,
        // and not when the resolution was published.
        let end = incident.resolved_at.unwrap_or(as_of).min(as_of);
        let mut held: Option<(Time, ComponentState)> = None;
        let mut release = |held: &mut Option<(Time, ComponentState)>, at: Time| {
            let Some((mut from, state)) = held.take() else { return };
            for pause in &incident.pauses {
                if pause.until > from {
                    push(from, at.min(end).min(pause.from), state);
                    from = pause.until;
                }
            }
            push(from, at.min(end), state);
        };
        let mut all = Held::default();
        // When the resolution was published after which nothing has been reopened yet.
        let mut resolved: Option<Time> = None;
        for entry in entries {
            let at = if entry.number == 1 { incident.started_at } else { entry.at };
            let held_now = all.after(entry);
            if entry.status == IncidentStatus::Resolved {
                resolved.get_or_insert(at);
                continue;
            }
            if let Some(published) = resolved.take() {
                let pause = incident.pauses.iter().find(|pause| pause.until == at);
                release(&mut held, pause.map_or(published, |pause| pause.from));
            }
            let state = held_now.get(&component.id).copied();
            if held.map(|(_, known)| known) != state {
                release(&mut held, at);
                held = state.map(|state| (at, state));
            }
        }
        release(&mut held, end);
    }
    intervals
}

fn weight(state: ComponentState) -> i64 {
    match state {
        ComponentState::MajorOutage => FULL,
        ComponentState::PartialOutage => 300,
        ComponentState::DegradedPerformance
        | ComponentState::UnderMaintenance
        | ComponentState::Operational => 0,
    }
}

/// What was lost from `from` until `until`, in thousandths of milliseconds. Where intervals overlap, only the worst one counts.
pub fn lost_of(intervals: &[Interval], from: Time, until: Time) -> i64 {
    // A sweep over the boundaries; `open` counts the open intervals of each weight.
    let mut boundaries: Vec<(Time, i64, i32)> = Vec::new();
    for interval in intervals {
        let (start, end, weight) =
            (interval.from.max(from), interval.until.min(until), weight(interval.state));
        if start < end && weight > 0 {
            boundaries.push((start, weight, 1));
            boundaries.push((end, weight, -1));
        }
    }
    boundaries.sort_unstable();
    let mut open: BTreeMap<i64, i32> = BTreeMap::new();
    let (mut lost, mut since) = (0_i64, from);
    for (at, weight, change) in boundaries {
        let worst =
            open.iter().filter(|(_, count)| **count > 0).map(|(weight, _)| *weight).max().unwrap_or(0);
        lost = lost.saturating_add(worst.saturating_mul(at.millis_since(since)));
        since = at;
        let count = open.entry(weight).or_default();
        *count = count.saturating_add(change);
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_bad_as_its_outage_was_long() {
        let level = |ratio| DayUptime { date: "2026-03-01".to_owned(), ratio, known_millis: 1 }.level();
        for (ratio, expected) in [
            (None, None),
            (Some(1.0), None),
            (Some(0.999_999), Some(Indicator::Minor)),
            (Some(0.99), Some(Indicator::Minor)),
            (Some(0.989), Some(Indicator::Major)),
            (Some(0.95), Some(Indicator::Major)),
            (Some(0.949), Some(Indicator::Critical)),
            (Some(0.0), Some(Indicator::Critical)),
        ] {
            assert_eq!(level(ratio), expected, "{ratio:?}");
        }
    }
}
