//! The state that the rules work on, and what follows from it: the status of components and the indicator.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::component::Component;
use super::followup::Followup;
use super::incident::Incident;
use super::maintenance::Maintenance;
use super::notice::Notice;
use super::page::Page;
use super::postmortem::Postmortem;
use super::template::Template;
use super::terms::{ComponentState, FollowupStatus, Impact, Indicator};
use crate::text::Id;

/// Everything that the rules need: the components, what is open, and the closed incidents and maintenances that the
/// next update names. It does not grow with history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The page's own data.
    pub page: Page,
    /// The components, groups included.
    pub components: BTreeMap<Id, Component>,
    /// The incidents that are open, are in `status.json`, or are needed by the update.
    pub incidents: BTreeMap<Id, Incident>,
    /// The maintenances that are open or needed by the update.
    pub maintenances: BTreeMap<Id, Maintenance>,
    /// The notice.
    pub notice: Option<Notice>,
    /// The message templates.
    pub templates: BTreeMap<Id, Template>,
    /// The published post-mortem that the update replaces, if any. The archive holds all others.
    pub postmortems: BTreeMap<Id, Postmortem>,
    /// The follow-up tasks that are open or needed by the update.
    pub followups: BTreeMap<Id, Followup>,
    /// The removed component whose id the update gives to another one, if any. The archive holds all others.
    pub removed: BTreeMap<Id, Component>,
}

impl State {
    /// The incidents that are not resolved.
    pub fn open_incidents(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values().filter(|incident| incident.is_open())
    }

    /// The incidents that `status.json` lists as resolved: the one that ended last comes first.
    pub fn just_resolved(&self) -> Vec<&Incident> {
        let mut resolved: Vec<&Incident> =
            self.incidents.values().filter(|incident| incident.news_until.is_some()).collect();
        resolved.sort_by_key(|incident| (Reverse(incident.resolved_at), &incident.id));
        resolved
    }

    /// The maintenances that are not completed.
    pub fn open_maintenances(&self) -> impl Iterator<Item = &Maintenance> {
        self.maintenances.values().filter(|maintenance| maintenance.is_open())
    }

    /// The components and groups by position, then by id.
    pub fn components_in_order(&self) -> Vec<&Component> {
        let mut components: Vec<&Component> = self.components.values().collect();
        components.sort_by_key(|component| (component.position, &component.id));
        components
    }

    /// The components by group, in the page's order: each group that has members with them, and components without a group,
    /// those between two groups together.
    pub fn components_by_group(&self) -> Vec<(Option<&Component>, Vec<&Component>)> {
        let all = self.components_in_order();
        let mut lists: Vec<(Option<&Component>, Vec<&Component>)> = Vec::new();
        for component in all.iter().filter(|component| component.group.is_none()) {
            match (component.is_group, lists.last_mut()) {
                (true, _) => {
                    let members = all.iter().filter(|c| c.group.as_ref() == Some(&component.id));
                    lists.push((Some(component), members.copied().collect()));
                }
                (false, Some((None, list))) => list.push(component),
                (false, _) => lists.push((None, vec![component])),
            }
        }
        lists.retain(|(_, members)| !members.is_empty());
        lists
    }

    /// Removes what is closed and not in `status.json`. The archive holds it, and the rules do not need it.
    pub fn forget_closed(&mut self) {
        self.incidents.retain(|_, incident| incident.is_in_status());
        self.maintenances.retain(|_, maintenance| maintenance.is_open());
        self.followups.retain(|_, followup| followup.status == FollowupStatus::Open);
        self.postmortems.clear();
        self.removed.clear();
    }

    /// Derives the status that visitors see: the worst of the component's own status, what open incidents hold and
    /// what active maintenance holds. A group has the worst status that is shown of its members.
    pub fn derived(&self, component: &Component) -> ComponentState {
        if component.is_group {
            let members = self.components.values().filter(|c| c.group.as_ref() == Some(&component.id));
            return members.map(|c| c.shown).max().unwrap_or(ComponentState::Operational);
        }
        let incidents = self.open_incidents().filter_map(|i| i.components.get(&component.id)).copied();
        let maintenances = self
            .maintenances
            .values()
            .filter(|m| m.is_active() && m.is_public() && m.components.contains(&component.id))
            .map(|_| ComponentState::UnderMaintenance);
        incidents.chain(maintenances).fold(component.set, Ord::max)
    }

    /// The sentence that goes with the indicator. Where the indicator is `none` and an incident without impact is open,
    /// the sentence is the name of the newest such incident: nothing says that all is well beside an open incident.
    pub fn description(&self) -> &str {
        self.quiet_incident().map_or(self.indicator().description(), |incident| incident.name.as_str())
    }

    /// The newest open incident, where the indicator is `none` beside it.
    pub fn quiet_incident(&self) -> Option<&Incident> {
        let newest =
            self.open_incidents().max_by_key(|incident| (incident.started_at, Reverse(&incident.id)));
        newest.filter(|_| self.indicator() == Indicator::None)
    }

    /// The overall status in one word: the worst of the components, the impact of open incidents, and active
    /// maintenance.
    ///
    /// A major outage of all components gives `critical`, of some `major`. If the worst is a partial outage, it gives
    /// `major` if no component is better, else `minor`. Degraded performance gives `minor`, and maintenance alone
    /// gives `maintenance`. This follows Statuspage's "Top-level status and incident impact calculations" and decides
    /// the cases that it leaves open.
    pub fn indicator(&self) -> Indicator {
        let components = together(self.leaves().map(|component| component.shown));
        let incidents = self.open_incidents().map(|incident| Indicator::from(incident.impact));
        let maintenances = self
            .maintenances
            .values()
            .filter(|m| m.is_active() && m.is_public())
            .map(|_| Indicator::Maintenance);
        incidents.chain(maintenances).fold(components, Ord::max)
    }

    /// How bad an incident is, and its place among others: while it is open, never better than its impact, nor than what the
    /// page would be if nothing failed but the components that it holds. Afterwards it holds none, and the record counts
    /// ([`Incident::recorded_impact`]).
    pub fn severity(&self, incident: &Incident) -> Indicator {
        let recorded = Indicator::from(incident.recorded_impact());
        if !incident.is_open() {
            return recorded;
        }
        recorded.max(self.held_severity(incident))
    }

    /// How bad the page would be if nothing failed but the components that an incident holds.
    fn held_severity(&self, incident: &Incident) -> Indicator {
        self.with_only(|component| incident.components.get(&component.id).copied())
    }

    /// The same as an impact.
    pub(crate) fn held_impact(&self, incident: &Incident) -> Impact {
        impact_of(self.held_severity(incident))
    }

    /// How bad the page would be if nothing failed but these components.
    pub fn together(&self, components: &[&Component]) -> Indicator {
        self.with_only(|of| {
            components.iter().find(|failing| failing.id == of.id).map(|failing| failing.shown)
        })
    }

    /// How bad the page would be with these statuses; a component without one is operational.
    fn with_only(&self, status: impl Fn(&Component) -> Option<ComponentState> + Clone) -> Indicator {
        together(self.leaves().map(move |of| status(of).unwrap_or(ComponentState::Operational)))
    }

    /// The impact that people are shown of an incident: its severity, as an impact.
    pub fn shown_impact(&self, incident: &Incident) -> Impact {
        impact_of(self.severity(incident))
    }

    /// The components that are no groups.
    fn leaves(&self) -> impl Iterator<Item = &Component> + Clone {
        self.components.values().filter(|component| !component.is_group)
    }
}

/// How bad the statuses of all components of a page are together.
fn together(states: impl Iterator<Item = ComponentState> + Clone) -> Indicator {
    let all = |at_least| states.clone().all(|state| state >= at_least);
    match states.clone().max() {
        None | Some(ComponentState::Operational) => Indicator::None,
        Some(ComponentState::UnderMaintenance) => Indicator::Maintenance,
        Some(ComponentState::DegradedPerformance) => Indicator::Minor,
        Some(ComponentState::PartialOutage) if all(ComponentState::PartialOutage) => Indicator::Major,
        Some(ComponentState::PartialOutage) => Indicator::Minor,
        Some(ComponentState::MajorOutage) if all(ComponentState::MajorOutage) => Indicator::Critical,
        Some(ComponentState::MajorOutage) => Indicator::Major,
    }
}

/// A severity as an impact.
fn impact_of(severity: Indicator) -> Impact {
    match severity {
        Indicator::None | Indicator::Maintenance => Impact::None,
        Indicator::Minor => Impact::Minor,
        Indicator::Major => Impact::Major,
        Indicator::Critical => Impact::Critical,
    }
}
