//! The public API that existing status clients speak: Statuspage's, version 2, under `/api/v2/`.
//!
//! The field's de-facto convention. Clients are strict in odd places, so that: times always have
//! milliseconds and a zone; `incident_updates` is newest first and never empty; no value is published
//! that the vendor's enums do not have; what is not known is `null`, never left out.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Component, ComponentState, Entry, Id, IncidentRecord, IncidentStatus, Indicator, MaintenanceRecord,
    MaintenanceStatus, State, Time, TimeZone,
};

macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)+ }
    };
}

object! {
    /// The page, in every document.
    StatuspagePage {
        /// Names the page; it never changes.
        id: String,
        /// What it is called.
        name: String,
        /// Its own address; empty until the operator has said it.
        url: String,
        /// The IANA time zone of its days.
        time_zone: String,
        /// When the page last changed.
        updated_at: Time,
    }
}

object! {
    /// The page's state.
    StatuspageStatus {
        /// In one word.
        indicator: Indicator,
        /// In one sentence.
        description: String,
    }
}

object! {
    /// A component, or a group: its members name it in `group_id`.
    StatuspageComponent {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// How it is.
        status: ComponentState,
        /// When it came to the page.
        created_at: Time,
        /// When anything of it last changed.
        updated_at: Time,
        /// Where it stands, smallest first.
        position: u32,
        /// What it does.
        description: Option<String>,
        /// Whether its uptime is shown.
        showcase: bool,
        /// Since when its uptime is known: `YYYY-MM-DD`.
        start_date: Option<String>,
        /// The group that it belongs to.
        group_id: Option<String>,
        /// The page's id.
        page_id: String,
        /// Whether it is a group.
        group: bool,
        /// Always false: a component is not hidden while it works.
        only_show_if_degraded: bool,
    }
}

object! {
    /// What an update said of a component.
    StatuspageAffected {
        /// The component's id.
        code: String,
        /// The component's name.
        name: String,
        /// How it was before.
        old_status: ComponentState,
        /// How it is since.
        new_status: ComponentState,
    }
}

object! {
    /// A text of an incident or a maintenance.
    StatuspageUpdate {
        /// Its id: the incident's, and the text's number.
        id: String,
        /// Where the incident or the maintenance stood then.
        status: StatuspageStage,
        /// What was told; plain text.
        body: String,
        /// What it is about.
        incident_id: String,
        /// When it was told.
        created_at: Time,
        /// When it was told.
        updated_at: Time,
        /// When it was told.
        display_at: Time,
        /// What it said of components, if anything.
        affected_components: Option<Vec<StatuspageAffected>>,
        /// Always false: nobody is notified from here.
        deliver_notifications: bool,
        /// Always null.
        custom_tweet: Option<String>,
        /// Always null.
        tweet_id: Option<String>,
    }
}

object! {
    /// An incident or a maintenance.
    StatuspageIncident {
        /// Its id.
        id: String,
        /// What it is called.
        name: String,
        /// Where it stands.
        status: StatuspageStage,
        /// When it was declared.
        created_at: Time,
        /// When it last changed.
        updated_at: Time,
        /// When a fix was put under watch.
        monitoring_at: Option<Time>,
        /// When it was over.
        resolved_at: Option<Time>,
        /// How bad it is; of planned work always `maintenance`.
        impact: Indicator,
        /// Its page.
        shortlink: String,
        /// When it began.
        started_at: Time,
        /// The page's id.
        page_id: String,
        /// What was told, newest first; at least one, at most the newest hundred.
        incident_updates: Vec<StatuspageUpdate>,
        /// The components that it names, as they are now.
        components: Vec<StatuspageComponent>,
        /// When the maintenance starts.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduled_for: Option<Time>,
        /// When the maintenance is to be over.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduled_until: Option<Time>,
        /// The post-mortem; Markdown.
        #[serde(skip_serializing_if = "Option::is_none")]
        postmortem_body: Option<String>,
        /// When the post-mortem last changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        postmortem_body_last_updated_at: Option<Time>,
        /// When the post-mortem was first published.
        #[serde(skip_serializing_if = "Option::is_none")]
        postmortem_published_at: Option<Time>,
    }
}

/// Where an incident or a maintenance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the terms of `IncidentStatus` and `MaintenanceStatus`, and `postmortem`: resolved, with one"
)]
pub enum StatuspageStage {
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Postmortem,
    Scheduled,
    InProgress,
    Verifying,
    Completed,
}

impl From<IncidentStatus> for StatuspageStage {
    fn from(status: IncidentStatus) -> Self {
        match status {
            IncidentStatus::Investigating => Self::Investigating,
            IncidentStatus::Identified => Self::Identified,
            IncidentStatus::Monitoring => Self::Monitoring,
            IncidentStatus::Resolved => Self::Resolved,
        }
    }
}

impl From<MaintenanceStatus> for StatuspageStage {
    fn from(status: MaintenanceStatus) -> Self {
        match status {
            MaintenanceStatus::Scheduled => Self::Scheduled,
            MaintenanceStatus::InProgress => Self::InProgress,
            MaintenanceStatus::Verifying => Self::Verifying,
            MaintenanceStatus::Completed => Self::Completed,
        }
    }
}

object! {
    /// `GET /api/v2/summary.json`: what is open, and how everything is.
    StatuspageSummary {
        /// The page.
        page: StatuspagePage,
        /// The components, in the page's order.
        components: Vec<StatuspageComponent>,
        /// The incidents that are not resolved.
        incidents: Vec<StatuspageIncident>,
        /// The maintenances that are not completed.
        scheduled_maintenances: Vec<StatuspageIncident>,
        /// The page's state.
        status: StatuspageStatus,
    }
}

object! {
    /// `GET /api/v2/status.json`.
    StatuspageStatusDocument {
        /// The page.
        page: StatuspagePage,
        /// The page's state.
        status: StatuspageStatus,
    }
}

object! {
    /// `GET /api/v2/components.json`.
    StatuspageComponents {
        /// The page.
        page: StatuspagePage,
        /// The components, in the page's order.
        components: Vec<StatuspageComponent>,
    }
}

object! {
    /// `GET /api/v2/incidents.json` and `/incidents/unresolved.json`: newest first.
    StatuspageIncidents {
        /// The page.
        page: StatuspagePage,
        /// The incidents.
        incidents: Vec<StatuspageIncident>,
    }
}

object! {
    /// `GET /api/v2/scheduled-maintenances.json`, `/upcoming.json` and `/active.json`.
    StatuspageMaintenances {
        /// The page.
        page: StatuspagePage,
        /// The maintenances.
        scheduled_maintenances: Vec<StatuspageIncident>,
    }
}

/// Makes the documents of one version.
#[derive(Clone, Copy, Debug)]
pub struct Statuspage<'a> {
    /// Names the page.
    pub page_id: &'a str,
    /// What is live.
    pub state: &'a State,
    /// When this version was published.
    pub updated_at: Time,
}

impl Statuspage<'_> {
    /// `summary.json`, from what is open.
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
            status: self.state_in_words(),
        }
    }

    /// `status.json`.
    pub fn status(&self) -> StatuspageStatusDocument {
        StatuspageStatusDocument { page: self.page(), status: self.state_in_words() }
    }

    /// `components.json`.
    pub fn components(&self) -> StatuspageComponents {
        StatuspageComponents { page: self.page(), components: self.component_list() }
    }

    /// `incidents.json`, of whatever incidents it is asked for.
    pub fn incidents(&self, incidents: &[IncidentRecord]) -> StatuspageIncidents {
        StatuspageIncidents {
            page: self.page(),
            incidents: incidents.iter().map(|record| self.incident(record)).collect(),
        }
    }

    /// `scheduled-maintenances.json`, of whatever maintenances it is asked for.
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
            url: page.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            time_zone: page.time_zone.clone().unwrap_or_else(TimeZone::utc).as_str().to_owned(),
            updated_at: self.updated_at,
        }
    }

    fn state_in_words(&self) -> StatuspageStatus {
        let indicator = self.state.indicator();
        StatuspageStatus { indicator, description: indicator.description().to_owned() }
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
            updated_at: component.updated_at.max(component.since),
            position: component.position,
            description: component.description.as_ref().map(ToString::to_string),
            showcase: !component.is_group,
            start_date: (!component.is_group)
                .then(|| component.created_at.to_string().chars().take(10).collect()),
            group_id: component.group.as_ref().map(ToString::to_string),
            page_id: self.page_id.to_owned(),
            group: component.is_group,
            only_show_if_degraded: false,
        }
    }

    fn named<'i>(&self, ids: impl Iterator<Item = &'i Id>) -> Vec<StatuspageComponent> {
        ids.filter_map(|id| self.state.components.get(id)).map(|c| self.component(c)).collect()
    }

    fn link(&self, folder: &str, id: &Id) -> String {
        self.state.page.address_or_path(&format!("/{folder}/{id}"))
    }

    fn incident(&self, record: &IncidentRecord) -> StatuspageIncident {
        let IncidentRecord { incident, entries, postmortem } = record;
        let postmortem = postmortem.as_ref().filter(|_| !incident.is_open());
        StatuspageIncident {
            id: incident.id.to_string(),
            name: incident.name.to_string(),
            status: match postmortem {
                Some(_) => StatuspageStage::Postmortem,
                None => incident.status.into(),
            },
            created_at: incident.created_at,
            updated_at: postmortem.map_or(incident.updated_at, |p| p.updated_at.max(incident.updated_at)),
            monitoring_at: incident.monitoring_at,
            resolved_at: incident.resolved_at,
            impact: incident.impact.into(),
            shortlink: self.link("incidents", &incident.id),
            started_at: incident.started_at,
            page_id: self.page_id.to_owned(),
            incident_updates: self.updates(&incident.id, entries, &record.affected()),
            components: self.named(incident.components.keys()),
            scheduled_for: None,
            scheduled_until: None,
            postmortem_body: postmortem.map(crate::article),
            postmortem_body_last_updated_at: postmortem.map(|p| p.updated_at),
            postmortem_published_at: postmortem.map(|p| p.published_at),
        }
    }

    fn maintenance(&self, record: &MaintenanceRecord) -> StatuspageIncident {
        let MaintenanceRecord { maintenance, entries } = record;
        StatuspageIncident {
            id: maintenance.id.to_string(),
            name: maintenance.name.to_string(),
            status: maintenance.status.into(),
            created_at: maintenance.created_at,
            updated_at: maintenance.updated_at,
            monitoring_at: None,
            resolved_at: maintenance.completed_at,
            impact: Indicator::Maintenance,
            shortlink: self.link("maintenances", &maintenance.id),
            started_at: maintenance.started_at.unwrap_or(maintenance.scheduled_for),
            page_id: self.page_id.to_owned(),
            incident_updates: self.updates(&maintenance.id, entries, &record.affected()),
            components: self.named(maintenance.components.iter()),
            scheduled_for: Some(maintenance.scheduled_for),
            scheduled_until: Some(maintenance.scheduled_until),
            postmortem_body: None,
            postmortem_body_last_updated_at: None,
            postmortem_published_at: None,
        }
    }

    /// The texts, newest first, as they come. What each of them changed is found by its number.
    fn updates<Status: Copy + Into<StatuspageStage>>(
        &self,
        id: &Id,
        entries: &[Entry<Status>],
        affected: &BTreeMap<u32, Vec<(Id, ComponentState, ComponentState)>>,
    ) -> Vec<StatuspageUpdate> {
        let name = |id: &Id| {
            self.state
                .components
                .get(id)
                .map_or_else(|| id.to_string(), |component| component.name.to_string())
        };
        let updates = entries.iter().rev().map(|entry| StatuspageUpdate {
            id: format!("{id}-{}", entry.number),
            status: entry.status.into(),
            body: entry.body.to_string(),
            incident_id: id.to_string(),
            created_at: entry.at,
            updated_at: entry.at,
            display_at: entry.at,
            affected_components: affected.get(&entry.number).filter(|all| !all.is_empty()).map(|all| {
                all.iter()
                    .map(|(id, from, to)| StatuspageAffected {
                        code: id.to_string(),
                        name: name(id),
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
