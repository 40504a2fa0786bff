//! The input of the metrics.

use std::collections::BTreeMap;

use crate::state::{ComponentState, Entry, Incident, IncidentStatus, Maintenance};
use crate::text::Id;
use crate::time::Time;

/// The input of the metrics: everything of the last 365 days, and older incidents that are still open.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Each incident with all its entries, oldest first.
    pub incidents: Vec<(Incident, Vec<Entry<IncidentStatus>>)>,
    /// The maintenances that have a change record.
    pub maintenances: Vec<Maintenance>,
    /// The status that `component.set` gave each component, and since when; oldest first.
    pub set: BTreeMap<Id, Vec<(Time, ComponentState)>>,
}
