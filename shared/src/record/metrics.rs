//! `metrics.json`: how long it took to detect, acknowledge and resolve, which promises were kept, how
//! changes went, and uptime by day.
//!
//! Uptime follows the field's convention: a major outage counts in full, a partial outage counts 30 %,
//! degraded performance and maintenance count nothing (Atlassian Statuspage, "Uptime calculation";
//! Instatus weighs likewise). An incident's outage counts from when it *started*, not from when it was
//! declared.

use serde::Serialize;
use std::collections::BTreeMap;

use super::changes::ChangeCounts;
use super::history::History;
use super::uptime::{DayUptime, Uptime, component_intervals, uptime};
use crate::state::{Component, Entry, Incident, IncidentStatus, Promises};
use crate::text::Id;
use crate::time::{Time, TimeZone};

/// The windows, in days.
pub const WINDOWS: [u16; 3] = [30, 90, 365];

/// Days of uptime.
pub const UPTIME_DAYS: u16 = 90;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// `GET /metrics.json`, schema 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricsDocument {
    /// 1.
    pub schema: u32,
    /// The version that it is of.
    pub version: u64,
    /// When it was computed; the windows end here.
    pub as_of: Time,
    /// The time zone of the days.
    pub time_zone: String,
    /// The measures over 30, 90 and 365 days.
    pub windows: Vec<Window>,
    /// The uptime of each component by day, in the page's order.
    pub uptime: Vec<Uptime>,
}

/// Measures over the incidents that started within a number of days.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Window {
    /// How many days, back from `as_of`.
    pub days: u16,
    /// How many incidents started in it.
    pub incidents: usize,
    /// From start to detection.
    pub time_to_detect: Option<Spread>,
    /// From start to the first word in public.
    pub time_to_acknowledge: Option<Spread>,
    /// From start to the last resolution; of an incident that was opened again, the final one.
    pub time_to_resolve: Option<Spread>,
    /// Between one update and the next, while it was open.
    pub time_between_updates: Option<Spread>,
    /// Promises of a next update.
    pub promises: Promises,
    /// Changes that were completed in it.
    pub changes: Changes,
}

/// How a measure is spread, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// The middle one; of an even number, the mean of the two in the middle.
    pub median: f64,
    /// The mean.
    pub mean: f64,
    /// The worst.
    pub max: f64,
    /// How many there are.
    pub count: usize,
}

/// How changes went, in all and by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// In all.
    #[serde(flatten)]
    pub all: ChangeCounts,
    /// By kind, for those that name one.
    pub by_kind: BTreeMap<Id, ChangeCounts>,
}

/// Takes the measures.
pub fn metrics<'a>(
    history: &History,
    components: impl IntoIterator<Item = &'a Component>,
    time_zone: &TimeZone,
    version: u64,
    as_of: Time,
) -> MetricsDocument {
    let days = time_zone.last_days(as_of, UPTIME_DAYS);
    let mut components: Vec<&Component> = components.into_iter().filter(|c| !c.is_group).collect();
    components.sort_by_key(|c| (c.position, &c.id));
    let uptime = components.into_iter().map(|component| {
        let intervals = component_intervals(component, history, as_of);
        let days = days.iter().map(|day| {
            let from = day.start.max(component.created_at);
            DayUptime { date: day.date.clone(), ratio: uptime(&intervals, from, day.end.min(as_of)) }
        });
        Uptime { component: component.id.clone(), days: days.collect() }
    });
    MetricsDocument {
        schema: 1,
        version,
        as_of,
        time_zone: time_zone.as_str().to_owned(),
        windows: WINDOWS.iter().map(|days| window(history, *days, as_of)).collect(),
        uptime: uptime.collect(),
    }
}

/// The first instant of the window of so many days.
pub fn window_start(days: u16, as_of: Time) -> Time {
    let millis = as_of.as_millis().saturating_sub(i64::from(days).saturating_mul(DAY_MILLIS));
    Time::from_millis(millis).unwrap_or(Time::EPOCH)
}

fn window(history: &History, days: u16, as_of: Time) -> Window {
    let since = window_start(days, as_of);
    let inside =
        || history.incidents.iter().filter(move |(i, _)| i.started_at >= since && i.started_at <= as_of);
    let from_start = |end: fn(&Incident) -> Option<Time>| {
        Spread::of(inside().filter_map(|(i, _)| Some(end(i)?.millis_since(i.started_at))).collect())
    };
    let mut promises = Promises::default();
    for (incident, _) in inside() {
        let Promises { kept, broken } = incident.promises_by_now();
        promises.kept = promises.kept.saturating_add(kept);
        promises.broken = promises.broken.saturating_add(broken);
    }
    let mut changes = Changes::default();
    for maintenance in &history.maintenances {
        let Some(change) = &maintenance.change else { continue };
        if maintenance.completed_at.is_some_and(|at| at >= since && at <= as_of) {
            changes.all.add(maintenance.outcome);
            if let Some(kind) = &change.kind {
                changes.by_kind.entry(kind.clone()).or_default().add(maintenance.outcome);
            }
        }
    }
    Window {
        days,
        incidents: inside().count(),
        time_to_detect: from_start(|i| i.detected_at),
        time_to_acknowledge: from_start(|i| Some(i.created_at)),
        time_to_resolve: from_start(|i| i.resolved_at),
        time_between_updates: Spread::of(inside().flat_map(|(_, entries)| gaps(entries)).collect()),
        promises,
        changes,
    }
}

/// Milliseconds from each text to the next; not from a resolution to what came after it.
fn gaps(entries: &[Entry<IncidentStatus>]) -> impl Iterator<Item = i64> {
    entries
        .iter()
        .zip(entries.iter().skip(1))
        .filter(|(earlier, _)| earlier.status != IncidentStatus::Resolved)
        .map(|(earlier, later)| later.at.millis_since(earlier.at))
}

impl Spread {
    /// The spread of these milliseconds, if there are any.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a year are far below 2^53")]
    #[expect(clippy::float_arithmetic, reason = "means are not whole")]
    fn of(mut millis: Vec<i64>) -> Option<Self> {
        millis.sort_unstable();
        let count = millis.len();
        let max = *millis.last()?;
        let middle = count.checked_div(2)?;
        let upper = *millis.get(middle)?;
        let lower = if count.is_multiple_of(2) { *millis.get(middle.checked_sub(1)?)? } else { upper };
        let seconds = |millis: f64| (millis.round()) / 1000.0;
        let sum: i64 = millis.iter().copied().fold(0, i64::saturating_add);
        Some(Self {
            median: seconds((lower as f64 + upper as f64) / 2.0),
            mean: seconds(sum as f64 / count as f64),
            max: seconds(max as f64),
            count,
        })
    }
}
