//! What is derived from the history and held in memory beside the tables that store it.

use std::collections::BTreeMap;

use candor_shared::record::{IncidentMeasures, Lost};
use candor_shared::text::Id;
use candor_shared::time::Time;

/// What is derived from the history, as far as it was read; none if it was not read yet.
#[derive(Default)]
pub(super) struct Derived {
    /// The rows of `uptime_sum` by their start.
    pub sums: Option<BTreeMap<Time, Sum>>,
    /// The rows of `incident_measure`.
    pub measures: Option<BTreeMap<Id, IncidentMeasures>>,
}

/// The loss of one period.
#[derive(Clone)]
pub(super) struct Sum {
    pub start: Time,
    pub until: Time,
    pub lost: Lost,
}
