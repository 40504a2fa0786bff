//! What is derived from the history and held in memory beside the tables that store it.

use std::collections::BTreeMap;

use candor_shared::record::{IncidentMeasures, Lost};
use candor_shared::text::Id;
use candor_shared::time::Time;
use worker::Result;

use crate::log;

/// What is derived from the history, as far as it was read; none if it was not read yet.
#[derive(Default)]
pub(super) struct Derived {
    /// The rows of `uptime_sum` by their start.
    pub sums: Option<BTreeMap<Time, Sum>>,
    /// The rows of `incident_measure`.
    pub measures: Option<BTreeMap<Id, IncidentMeasures>>,
}

/// Whether something derived was stored. A failure is logged, and what was derived is right without it: a read does not fail
/// because the storage takes no more.
pub(super) fn kept(outcome: Result<()>) -> bool {
    if let Err(error) = &outcome {
        log::error("what was derived from the history could not be stored", &[("error", &error.to_string())]);
    }
    outcome.is_ok()
}

/// The loss of one period.
#[derive(Clone)]
pub(super) struct Sum {
    pub start: Time,
    pub until: Time,
    pub lost: Lost,
}
