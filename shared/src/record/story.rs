//! An incident or a maintenance with everything that was told of it: what pages, feeds and the API
//! are made of. The texts are oldest first; of a very long story the oldest may be left out.

use std::collections::BTreeMap;

use crate::state::{
    ComponentState, Entry, Incident, IncidentStatus, Maintenance, MaintenanceStatus, Postmortem,
};
use crate::text::Id;

/// What each text changed, by the text's number: the component, how it was, how it is since.
type Affected = BTreeMap<u32, Vec<(Id, ComponentState, ComponentState)>>;

/// An incident, its texts and its post-mortem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRecord {
    /// The incident.
    pub incident: Incident,
    /// Its texts, oldest first; at least one.
    pub entries: Vec<Entry<IncidentStatus>>,
    /// Its post-mortem, if it has one.
    pub postmortem: Option<Postmortem>,
}

/// A maintenance and its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceRecord {
    /// The maintenance.
    pub maintenance: Maintenance,
    /// Its texts, oldest first; at least one.
    pub entries: Vec<Entry<MaintenanceStatus>>,
}

impl IncidentRecord {
    /// What each text said of components. A resolution gives back whatever was held; what a text does
    /// not name stays as it was.
    pub fn affected(&self) -> Affected {
        const WELL: ComponentState = ComponentState::Operational;
        // What it holds while it is open, kept for when it is opened again; and what that shows.
        let mut held: BTreeMap<&Id, ComponentState> = BTreeMap::new();
        let mut shown: BTreeMap<&Id, ComponentState> = BTreeMap::new();
        let mut all = Affected::new();
        for entry in &self.entries {
            held.extend(entry.components.iter().map(|(id, state)| (id, *state)));
            let is_over = entry.status == IncidentStatus::Resolved;
            let changes = held.iter().map(|(id, state)| {
                let to = if is_over { WELL } else { *state };
                ((*id).clone(), shown.insert(id, to).unwrap_or(WELL), to)
            });
            all.insert(entry.number, changes.collect());
        }
        all
    }
}

impl MaintenanceRecord {
    /// What each text said of components: they are under maintenance while work goes on.
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
