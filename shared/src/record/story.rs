//! An incident or a maintenance with its history, for pages, feeds and the API. Entries are oldest first; the oldest
//! of a very long history may be missing.

use std::collections::BTreeMap;

use crate::state::{
    ComponentState, Entry, Incident, IncidentStatus, Maintenance, MaintenanceStatus, Postmortem,
};
use crate::text::Id;

/// What each entry changed, by the number of the entry: the component, its status before and its status after.
type Affected = BTreeMap<u32, Vec<(Id, ComponentState, ComponentState)>>;

/// An incident with its history and its post-mortem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRecord {
    /// The incident.
    pub incident: Incident,
    /// The entries, oldest first; at least one.
    pub entries: Vec<Entry<IncidentStatus>>,
    /// The post-mortem, if one is published.
    pub postmortem: Option<Postmortem>,
}

/// A maintenance with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceRecord {
    /// The maintenance.
    pub maintenance: Maintenance,
    /// The entries, oldest first; at least one.
    pub entries: Vec<Entry<MaintenanceStatus>>,
}

impl IncidentRecord {
    /// The component statuses that each entry changed. A resolution releases every component; one that an entry does
    /// not name stays as it was.
    pub fn affected(&self) -> Affected {
        const RELEASED: ComponentState = ComponentState::Operational;
        // `held` survives a resolution, because a reopened incident holds the same again. `shown` is the effect.
        let mut held: BTreeMap<&Id, ComponentState> = BTreeMap::new();
        let mut shown: BTreeMap<&Id, ComponentState> = BTreeMap::new();
        let mut all = Affected::new();
        for entry in &self.entries {
            held.extend(entry.components.iter().map(|(id, state)| (id, *state)));
            let resolved = entry.status == IncidentStatus::Resolved;
            let changes = held.iter().map(|(id, state)| {
                let to = if resolved { RELEASED } else { *state };
                ((*id).clone(), shown.insert(id, to).unwrap_or(RELEASED), to)
            });
            all.insert(entry.number, changes.collect());
        }
        all
    }
}

impl MaintenanceRecord {
    /// The component statuses that each entry changed: components are under maintenance while the work is active.
    pub fn affected(&self) -> Affected {
        let state = |status| match status {
            MaintenanceStatus::InProgress | MaintenanceStatus::Verifying => ComponentState::UnderMaintenance,
            MaintenanceStatus::Scheduled | MaintenanceStatus::Completed => ComponentState::Operational,
        };
        let mut from = ComponentState::Operational;
        let mut all = Affected::new();
        for entry in &self.entries {
            let to = state(entry.status);
            let changes = self.maintenance.components.iter().map(|id| (id.clone(), from, to));
            all.insert(entry.number, changes.collect());
            from = to;
        }
        all
    }
}
