//! `metrics.json`: times to detect, acknowledge and resolve, kept promises, outcomes of changes, and uptime by day.
//!
//! Uptime follows Atlassian Statuspage ("Uptime calculation"); Instatus uses the same weights. A major outage counts
//! in full, a partial outage counts 30 %, degraded performance and maintenance do not count. An outage counts from
//! when the incident *started*, not from when it was declared.

use std::collections::BTreeMap;

use serde::Serialize;

use super::changes::ChangeCounts;
use super::history::History;
use super::uptime::{DayUptime, Uptime, component_intervals, uptime};
use crate::state::{Component, Entry, Incident, IncidentStatus, Promises};
use crate::text::Id;
use crate::time::{Time, TimeZone};

/// The lengths of the windows, in days.
pub const WINDOWS: [u16; 3] = [30, 90, 365];

/// How many days of uptime the document has.
pub const UPTIME_DAYS: u16 = 90;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// `GET /metrics.json`, schema 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricsDocument {
    /// The schema: 1.
    pub schema: u32,
    /// The version of the page that the document describes.
    pub version: u64,
    /// When the document was computed. The windows end here.
    pub as_of: Time,
    /// The IANA time zone of the days in `uptime`.
    pub time_zone: String,
    /// The metrics over 30, 90 and 365 days.
    pub windows: Vec<Window>,
    /// The uptime of each component by day over 90 days, in the order of the page.
    pub uptime: Vec<Uptime>,
}

/// The metrics of the incidents that started within a number of days.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Window {
    /// Length in days, back from `as_of`.
    pub days: u16,
    /// Incidents that started in the window.
    pub incidents: usize,
    /// From the start of an incident to its detection; `null` if no incident has that time.
    pub time_to_detect: Option<Spread>,
    /// From the start to the declaration on the page.
    pub time_to_acknowledge: Option<Spread>,
    /// From the start to the resolution; the last one if the incident was reopened.
    pub time_to_resolve: Option<Spread>,
    /// Between one update and the next, while the incident was open.
    pub time_between_updates: Option<Spread>,
    /// How many promises of a next update were kept, and how many broken.
    pub promises: Promises,
    /// The changes that were completed in the window.
    pub changes: Changes,
}

/// The distribution of a duration, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// The median; for an even count, the mean of the two middle values.
    pub median: f64,
    /// The mean.
    pub mean: f64,
    /// The longest.
    pub max: f64,
    /// The number of values.
    pub count: usize,
}

/// Counts of completed changes, in total and by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// All changes.
    #[serde(flatten)]
    pub all: ChangeCounts,
    /// The changes that name a kind, by kind.
    pub by_kind: BTreeMap<Id, ChangeCounts>,
}

/// Computes `metrics.json`.
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
            let until = day.end.min(as_of);
            DayUptime {
                date: day.date.clone(),
                ratio: uptime(&intervals, from, until),
                known_millis: until.millis_since(from).max(0),
            }
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

/// The first instant of a window of `days` days that ends at `as_of`.
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

/// Milliseconds from each entry to the next, except from a resolution to the entry after it.
fn gaps(entries: &[Entry<IncidentStatus>]) -> impl Iterator<Item = i64> {
    entries
        .iter()
        .zip(entries.iter().skip(1))
        .filter(|(earlier, _)| earlier.status != IncidentStatus::Resolved)
        .map(|(earlier, later)| later.at.millis_since(earlier.at))
}

impl Spread {
    /// The distribution of durations in milliseconds; `None` if there are none.
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
