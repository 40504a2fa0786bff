//! `metrics.json`: times to detect, acknowledge and resolve, kept promises, outcomes of changes, and uptime by day.
//!
//! Uptime follows Atlassian Statuspage ("Uptime calculation"); Instatus uses the same weights. A major outage counts
//! in full, a partial outage counts 30 %, degraded performance and maintenance do not count. An outage counts from
//! when the incident *started*, not from when it was declared.

use std::collections::BTreeMap;

use serde::Serialize;

use super::changes::ChangeCounts;
use super::incident_measures::IncidentMeasures;
use super::uptime::Uptime;
use crate::state::Promises;
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

/// Computes `metrics.json`. `incidents`: those that started within the longest window, in any order. `changes`: the changes
/// that were completed in each of the [`WINDOWS`]. `uptime`: as [`uptime_by_day`](super::uptime_by_day) has it.
pub fn metrics(
    incidents: &[IncidentMeasures],
    changes: [Changes; WINDOWS.len()],
    uptime: Vec<Uptime>,
    time_zone: &TimeZone,
    version: u64,
    as_of: Time,
) -> MetricsDocument {
    let windows = WINDOWS.iter().zip(changes).map(|(days, changes)| window(incidents, changes, *days, as_of));
    MetricsDocument {
        schema: 1,
        version,
        as_of,
        time_zone: time_zone.as_str().to_owned(),
        windows: windows.collect(),
        uptime,
    }
}

/// The first instant of a window of `days` days that ends at `as_of`.
pub fn window_start(days: u16, as_of: Time) -> Time {
    let millis = as_of.as_millis().saturating_sub(i64::from(days).saturating_mul(DAY_MILLIS));
    Time::from_millis(millis).unwrap_or(Time::EPOCH)
}

fn window(incidents: &[IncidentMeasures], changes: Changes, days: u16, as_of: Time) -> Window {
    let since = window_start(days, as_of);
    let inside = || incidents.iter().filter(move |of| of.started_at >= since && of.started_at <= as_of);
    let mut promises = Promises::default();
    for of in inside() {
        promises.kept = promises.kept.saturating_add(of.promises.kept);
        promises.broken = promises.broken.saturating_add(of.promises.broken);
    }
    Window {
        days,
        incidents: inside().count(),
        time_to_detect: Spread::of(inside().filter_map(|of| of.detect).collect()),
        time_to_acknowledge: Spread::of(inside().map(|of| of.acknowledge).collect()),
        time_to_resolve: Spread::of(inside().filter_map(|of| of.resolve).collect()),
        time_between_updates: Spread::of(inside().flat_map(|of| of.between.iter().copied()).collect()),
        promises,
        changes,
    }
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
