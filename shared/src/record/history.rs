//! The input of the uptime: what incidents and `component.set` did to components in a period.

use std::collections::BTreeMap;

use crate::state::{ComponentState, Entry, Incident, IncidentStatus};
use crate::text::Id;
use crate::time::Time;

/// What happened to components in a period: the incidents that touched it, and the statuses that were set in it.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Each incident with all its entries, oldest first.
    pub incidents: Vec<(Incident, Vec<Entry<IncidentStatus>>)>,
    /// The status that `component.set` gave each component, and since when; oldest first. The first one may be from before
    /// the period: the status with which it begins.
    pub set: BTreeMap<Id, Vec<(Time, ComponentState)>>,
}
