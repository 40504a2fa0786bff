//! Builds the documents of the Statuspage API.

use std::collections::BTreeMap;

use super::types::{
    StatuspageAffected, StatuspageComponent, StatuspageComponents, StatuspageIncident, StatuspageIncidents,
    StatuspageMaintenances, StatuspagePage, StatuspageStage, StatuspageStatus, StatuspageStatusDocument,
    StatuspageSummary, StatuspageUpdate,
};
use crate::published::postmortem::whole_article;
use crate::record::{IncidentRecord, MaintenanceRecord};
use crate::state::{Component, ComponentState, Entry, Indicator, MaintenanceStatus, State};
use crate::text::{Id, Language, Url};
use crate::time::Time;
use crate::words::{Word, Words};

/// Builds the documents of one version.
#[derive(Clone, Copy, Debug)]
pub struct Statuspage<'a> {
    /// The page's id in the API; it must stay the same.
    pub page_id: &'a str,
    /// The current state.
    pub state: &'a State,
    /// The words of the headings in a post-mortem.
    pub words: &'a Words,
    /// When this version was published.
    pub updated_at: Time,
}

impl Statuspage<'_> {
    /// `summary.json`, from the open incidents and maintenances.
    pub fn summary(
        &self,
        incidents: &[IncidentRecord],
        maintenances: &[MaintenanceRecord],
    ) -> StatuspageSummary {
        StatuspageSummary {
            page: self.page(),
            components: self.component_list(),
            incidents: incidents.iter().map(|record| self.incident(record)).collect(),
            scheduled_maintenances: maintenances.iter().map(|record| self.maintenance(record)).collect(),
            status: self.status_in_words(),
        }
    }

    /// `status.json`.
    pub fn status(&self) -> StatuspageStatusDocument {
        StatuspageStatusDocument { page: self.page(), status: self.status_in_words() }
    }

    /// `components.json`.
    pub fn components(&self) -> StatuspageComponents {
        StatuspageComponents { page: self.page(), components: self.component_list() }
    }

    /// `incidents.json` or `incidents/unresolved.json`, with the given incidents.
    pub fn incidents(&self, incidents: &[IncidentRecord]) -> StatuspageIncidents {
        StatuspageIncidents {
            page: self.page(),
            incidents: incidents.iter().map(|record| self.incident(record)).collect(),
        }
    }

    /// `scheduled-maintenances.json`, or `upcoming.json` or `active.json` below it, with the given maintenances.
    pub fn maintenances(&self, maintenances: &[MaintenanceRecord]) -> StatuspageMaintenances {
        StatuspageMaintenances {
            page: self.page(),
            scheduled_maintenances: maintenances.iter().map(|record| self.maintenance(record)).collect(),
        }
    }

    fn page(&self) -> StatuspagePage {
        let page = &self.state.page;
        StatuspagePage {
            id: self.page_id.to_owned(),
            name: page.title().to_owned(),
            url: page.url.as_ref().map(Url::ascii).unwrap_or_default(),
            time_zone: page.zone().as_str().to_owned(),
            updated_at: self.updated_at,
        }
    }

    fn status_in_words(&self) -> StatuspageStatus {
        let indicator = self.state.indicator();
        StatuspageStatus { indicator, description: self.state.description().to_owned() }
    }

    fn component_list(&self) -> Vec<StatuspageComponent> {
        self.state.components_in_order().into_iter().map(|component| self.component(component)).collect()
    }

    fn component(&self, component: &Component) -> StatuspageComponent {
        StatuspageComponent {
            id: component.id.to_string(),
            name: component.name.to_string(),
            status: component.shown,
            created_at: component.created_at,
            // Since when it fails may be corrected to earlier.
            updated_at: component.updated_at.max(component.changed_at.unwrap_or(component.since)),
            position: component.position,
            description: component.description.as_ref().map(ToString::to_string),
            showcase: !component.is_group,
            start_date: (!component.is_group).then(|| self.state.page.zone().date_of(component.created_at)),
            group_id: component.group.as_ref().map(ToString::to_string),
            page_id: self.page_id.to_owned(),
            group: component.is_group,
            only_show_if_degraded: false,
            components: component.is_group.then(|| self.members(component)),
        }
    }

    /// The ids of a group's members, in the page's order.
    fn members(&self, group: &Component) -> Vec<String> {
        let components = self.state.components_in_order().into_iter();
        let members = components.filter(|component| component.group.as_ref() == Some(&group.id));
        members.map(|component| component.id.to_string()).collect()
    }

    /// The components that are on the page still, of those that were named at a time.
    fn named<'i>(&self, named: impl Iterator<Item = (&'i Id, Option<Time>)>) -> Vec<StatuspageComponent> {
        let present = named.filter_map(|(id, at)| {
            let is_it = |of: &&Component| at.is_none_or(|at| of.had_its_id(at));
            self.state.components.get(id).filter(is_it)
        });
        present.map(|component| self.component(component)).collect()
    }

    fn link(&self, folder: &str, id: &Id) -> String {
        self.state.page.address_or_path(&format!("/{folder}/{id}"))
    }

    fn incident(&self, record: &IncidentRecord) -> StatuspageIncident {
        let IncidentRecord { incident, entries, postmortem, .. } = record;
        let own = incident.own_language();
        StatuspageIncident {
            id: incident.id.to_string(),
            name: self.read(&incident.name, &own, &incident.names).to_string(),
            status: match postmortem {
                Some(_) => StatuspageStage::Postmortem,
                None => incident.status.into(),
            },
            created_at: incident.created_at,
            updated_at: postmortem
                .as_ref()
                .map_or(incident.modified_at(), |p| p.updated_at.max(incident.modified_at())),
            // The end may have been corrected to before it.
            monitoring_at: incident
                .monitoring_at
                .filter(|at| incident.resolved_at.is_none_or(|resolved| *at <= resolved)),
            resolved_at: incident.resolved_at,
            impact: self.state.shown_impact(incident).into(),
            shortlink: self.link("incidents", &incident.id),
            started_at: incident.started_at,
            page_id: self.page_id.to_owned(),
            incident_updates: self.updates(
                (&incident.id, &own),
                entries,
                &record.affected(),
                |id, at| record.name_then(self.state, id, at).to_owned(),
                |entry| incident.entry_modified_at(entry),
            ),
            components: self.named(record.component_ids().into_iter().map(|id| (id, record.named_at(id)))),
            reminder_intervals: None,
            scheduled_for: None,
            scheduled_until: None,
            postmortem_body: postmortem.as_ref().map(|postmortem| whole_article(postmortem, self.words)),
            postmortem_body_last_updated_at: postmortem.as_ref().map(|p| p.updated_at),
            postmortem_published_at: postmortem.as_ref().map(|p| p.published_at),
        }
    }

    fn maintenance(&self, record: &MaintenanceRecord) -> StatuspageIncident {
        let MaintenanceRecord { maintenance, entries, removed } = record;
        let own = &maintenance.own_language(&self.state.page);
        let name = |id: &Id, _: Time| removed.name(self.state, id, record.named_at()).to_owned();
        let mut incident_updates =
            self.updates((&maintenance.id, own), entries, &record.affected(), name, |entry| entry.at);
        // The vendor knows `completed` only, so the text says what happened, in the language of the page.
        let words = Words::near(self.state.page.language().as_str());
        for (update, entry) in incident_updates.iter_mut().zip(entries.iter().rev()) {
            if entry.status == MaintenanceStatus::Cancelled {
                update.body = words.labelled(&words.title(Word::StatusCancelled), &update.body);
            }
        }
        StatuspageIncident {
            id: maintenance.id.to_string(),
            name: self.read(&maintenance.name, own, &maintenance.names).to_string(),
            status: maintenance.status.into(),
            created_at: maintenance.created_at,
            updated_at: maintenance.updated_at,
            monitoring_at: None,
            resolved_at: maintenance.completed_at.or(maintenance.cancelled_at),
            impact: Indicator::Maintenance,
            shortlink: self.link("maintenances", &maintenance.id),
            // The vendor's format has a start for each: what was called off began and ended then, so that it took no time.
            started_at: maintenance
                .started_at
                .or(maintenance.cancelled_at)
                .unwrap_or(maintenance.scheduled_for),
            page_id: self.page_id.to_owned(),
            incident_updates,
            components: self.named(maintenance.components.iter().map(|id| (id, record.named_at()))),
            reminder_intervals: None,
            scheduled_for: Some(maintenance.scheduled_for),
            scheduled_until: Some(maintenance.scheduled_until),
            postmortem_body: None,
            postmortem_body_last_updated_at: None,
            postmortem_published_at: None,
        }
    }

    /// A text in the page's language, if there is one in it; else in its own, in which it was sent.
    fn read<'t, T>(&self, text: &'t T, own: &Language, translations: &'t BTreeMap<Language, T>) -> &'t T {
        let page = self.state.page.language();
        if *own == page { text } else { translations.get(&page).unwrap_or(text) }
    }

    /// The entries, newest first. `affected` has what each entry changed, by the number of the entry.
    fn updates<Status: Copy + Into<StatuspageStage>>(
        &self,
        (id, own): (&Id, &Language),
        entries: &[Entry<Status>],
        affected: &BTreeMap<u32, Vec<(Id, ComponentState, ComponentState)>>,
        name: impl Fn(&Id, Time) -> String,
        modified_at: impl Fn(&Entry<Status>) -> Time,
    ) -> Vec<StatuspageUpdate> {
        let updates = entries.iter().rev().map(|entry| StatuspageUpdate {
            id: format!("{id}-{}", entry.number),
            status: entry.status.into(),
            body: self.read(&entry.body, own, &entry.translations).to_string(),
            incident_id: id.to_string(),
            created_at: entry.at,
            updated_at: modified_at(entry),
            display_at: entry.at,
            affected_components: affected.get(&entry.number).filter(|all| !all.is_empty()).map(|all| {
                all.iter()
                    .map(|(id, from, to)| StatuspageAffected {
                        code: id.to_string(),
                        name: name(id, entry.at),
                        old_status: *from,
                        new_status: *to,
                    })
                    .collect()
            }),
            deliver_notifications: false,
            custom_tweet: None,
            tweet_id: None,
        });
        updates.collect()
    }
}
