//! What one incident adds to the measures. It is computed once for an incident that is over.

use serde::{Deserialize, Serialize};

use crate::state::{Entry, Incident, IncidentStatus, Promises};
use crate::time::Time;

/// What one incident adds to the measures. Durations are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct IncidentMeasures {
    /// When it began.
    pub started_at: Time,
    /// From the start to the detection, if it is known.
    pub detect: Option<i64>,
    /// From the start to the declaration on the page.
    pub acknowledge: i64,
    /// From the start to the resolution; `None` while it is open.
    pub resolve: Option<i64>,
    /// From each update to the next, except from a resolution to the update after it.
    pub between: Vec<i64>,
    /// The promises of a next update that were kept and broken.
    pub promises: Promises,
}

/// The fields in order, times in milliseconds: a page may have thousands, and all are read when it starts.
type Stored = (i64, Option<i64>, i64, Option<i64>, Vec<i64>, [u32; 2]);

impl From<IncidentMeasures> for Stored {
    fn from(of: IncidentMeasures) -> Self {
        let IncidentMeasures { started_at, detect, acknowledge, resolve, between, promises } = of;
        (started_at.as_millis(), detect, acknowledge, resolve, between, [promises.kept, promises.broken])
    }
}

impl TryFrom<Stored> for IncidentMeasures {
    type Error = &'static str;

    fn try_from(
        (started, detect, acknowledge, resolve, between, [kept, broken]): Stored,
    ) -> Result<Self, Self::Error> {
        let started_at = Time::from_millis(started).ok_or("a time is out of range")?;
        Ok(Self { started_at, detect, acknowledge, resolve, between, promises: Promises { kept, broken } })
    }
}

impl IncidentMeasures {
    /// Computes them from an incident and all its entries, oldest first.
    pub fn of(incident: &Incident, entries: &[Entry<IncidentStatus>]) -> Self {
        let from_start = |end: Time| end.millis_since(incident.started_at);
        let between = entries
            .iter()
            .zip(entries.iter().skip(1))
            .filter(|(earlier, _)| earlier.status != IncidentStatus::Resolved)
            .map(|(earlier, later)| later.at.millis_since(earlier.at));
        Self {
            started_at: incident.started_at,
            detect: incident.detected_at.map(from_start),
            acknowledge: from_start(incident.created_at),
            resolve: incident.resolved_at.map(from_start),
            between: between.collect(),
            promises: incident.promises_by_now(),
        }
    }
}
