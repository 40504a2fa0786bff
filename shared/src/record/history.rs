//! What the measures are taken from.

use std::collections::BTreeMap;

use crate::state::{ComponentState, Entry, Incident, IncidentStatus, Maintenance};
use crate::text::Id;
use crate::time::Time;

/// What the measures are taken from: everything of the last 365 days, and what is older and still goes on.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The incidents with all their texts, oldest first.
    pub incidents: Vec<(Incident, Vec<Entry<IncidentStatus>>)>,
    /// The maintenances that have a change record.
    pub maintenances: Vec<Maintenance>,
    /// What each component was set to, oldest first.
    pub set: BTreeMap<Id, Vec<(Time, ComponentState)>>,
}
