//! An incident or a maintenance with its history, for pages, feeds and the API. Entries are oldest first; the oldest
//! of a very long history may be missing.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Held;
use crate::state::{
    Component, ComponentState, Entry, Impact, Incident, IncidentStatus, Maintenance, MaintenanceStatus,
    Postmortem, State,
};
use crate::text::Id;
use crate::time::Time;

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
    /// The components that it names and that were removed since.
    pub removed: RemovedComponents,
}

/// A maintenance with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceRecord {
    /// The maintenance.
    pub maintenance: Maintenance,
    /// The entries, oldest first; at least one.
    pub entries: Vec<Entry<MaintenanceStatus>>,
    /// The components that it names and that were removed since.
    pub removed: RemovedComponents,
}

/// Removed components, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemovedComponents(pub BTreeMap<Id, Component>);

impl RemovedComponents {
    /// What a component is called, everywhere: by its present name while it is on the page, by the last name that it had
    /// afterwards, and by its id if neither is known. `at`: when it was named, because another component may have its id by now; none for the
    /// present component.
    pub fn name<'a>(&'a self, state: &'a State, id: &'a Id, at: Option<Time>) -> &'a str {
        let component = state.components.get(id).or_else(|| self.0.get(id));
        let name = |of: &'a Component| at.map_or(&of.name, |at| of.name_at(at)).as_str();
        component.map_or(id.as_str(), name)
    }
}

impl IncidentRecord {
    /// The ids of all components that it names, in order.
    pub fn component_ids(&self) -> BTreeSet<&Id> {
        let entries = self.entries.iter().flat_map(|entry| entry.components.keys());
        self.incident.components.keys().chain(&self.incident.gone).chain(entries).collect()
    }

    /// When an entry last named a component as failing; none if the incident affects it now.
    pub fn named_at(&self, id: &Id) -> Option<Time> {
        if self.incident.affected_now().any(|affected| affected == id) {
            return None;
        }
        let naming = self
            .entries
            .iter()
            .rfind(|entry| entry.components.get(id).is_some_and(|held| *held != ComponentState::Operational));
        Some(naming.map_or(self.incident.created_at, |entry| entry.at))
    }

    /// The name of a component in an entry of this time. A component that was removed before the incident was reopened keeps the name
    /// that it had in earlier entries.
    pub fn name_then<'a>(&'a self, state: &'a State, id: &'a Id, at: Time) -> &'a str {
        let Incident { gone, components, .. } = &self.incident;
        let at = if gone.contains(id) && !components.contains_key(id) { self.named_at(id) } else { Some(at) };
        self.removed.name(state, id, at)
    }

    /// The names of some of its components.
    pub fn component_names<'a>(
        &'a self,
        state: &'a State,
        ids: impl Iterator<Item = &'a Id>,
    ) -> Vec<&'a str> {
        ids.map(|id| self.removed.name(state, id, self.named_at(id))).collect()
    }

    /// The names of all its components. One id may have been that of several.
    pub fn all_component_names<'a>(&'a self, state: &'a State) -> Vec<&'a str> {
        let names = self.component_ids().into_iter().flat_map(|id| {
            let naming = self.entries.iter().filter(|entry| entry.components.contains_key(id));
            let mut names: Vec<&str> = naming.map(|entry| self.name_then(state, id, entry.at)).collect();
            names.push(self.removed.name(state, id, self.named_at(id)));
            let mut known = BTreeSet::new();
            names.retain(|name| known.insert(*name));
            names
        });
        names.collect()
    }

    /// When the impact that the record shows was last corrected; none if an entry has changed it since. Once the incident is over, it shows
    /// the worst one, so only an entry that named that one has.
    pub fn impact_corrected_at(&self) -> Option<Time> {
        let at = self.incident.impact_amended_at?;
        let shown = self.incident.recorded_impact();
        let changes = |impact: Impact| self.incident.is_open() || impact == shown;
        let mut since = self.entries.iter().filter(|entry| !self.was_there_at_correction(entry));
        (!since.any(|entry| entry.impact.is_some_and(changes))).then_some(at)
    }

    /// The number of the entry whose impact was corrected, and when: the newest one that named an impact or, if the incident was over,
    /// the newest one with the worst, which is what the record showed. None if it says what is right.
    pub fn corrected_impact(&self) -> Option<(u32, Time)> {
        let at = self.incident.impact_amended_at?;
        let known = || self.entries.iter().filter(|entry| self.was_there_at_correction(entry));
        let was_over = known().next_back()?.status == IncidentStatus::Resolved;
        let mut named = known().filter_map(|entry| Some((entry.impact?, entry.number)));
        let (impact, number) = if was_over { named.max() } else { named.next_back() }?;
        let is_right = impact == self.incident.impact && self.impact_corrected_at().is_some();
        (!is_right).then_some((number, at))
    }

    /// Whether an entry was there when the impact was last corrected.
    fn was_there_at_correction(&self, entry: &Entry<IncidentStatus>) -> bool {
        let Incident { impact_amended_after: after, impact_amended_at: at, .. } = &self.incident;
        after.map_or(at.is_some_and(|at| entry.at <= at), |after| entry.number <= after)
    }

    /// The component statuses that each entry changed. A resolution releases every component; one that an entry does
    /// not name stays as it was.
    pub fn affected(&self) -> Affected {
        const RELEASED: ComponentState = ComponentState::Operational;
        let mut held = Held::default();
        // Every component that was named so far, with the effect on it.
        let mut shown: BTreeMap<&Id, ComponentState> = BTreeMap::new();
        let mut all = Affected::new();
        for entry in &self.entries {
            let now = held.after(entry);
            for id in entry.components.keys() {
                shown.entry(id).or_insert(RELEASED);
            }
            let changes = shown.iter_mut().map(|(id, state)| {
                let to = now.get(id).copied().unwrap_or(RELEASED);
                ((*id).clone(), std::mem::replace(state, to), to)
            });
            all.insert(entry.number, changes.collect());
        }
        all
    }
}

impl MaintenanceRecord {
    /// When its components were named; none while it is open, because it is about the present components then.
    pub fn named_at(&self) -> Option<Time> {
        (!self.maintenance.is_open()).then_some(self.maintenance.created_at)
    }

    /// The names of its components.
    pub fn component_names<'a>(&'a self, state: &'a State) -> Vec<&'a str> {
        let at = self.named_at();
        self.maintenance.components.iter().map(|id| self.removed.name(state, id, at)).collect()
    }

    /// The component statuses that each entry changed: components are under maintenance while the work is active.
    pub fn affected(&self) -> Affected {
        let state = |status| match status {
            MaintenanceStatus::InProgress | MaintenanceStatus::Verifying => ComponentState::UnderMaintenance,
            MaintenanceStatus::Scheduled | MaintenanceStatus::Completed | MaintenanceStatus::Cancelled => {
                ComponentState::Operational
            }
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
