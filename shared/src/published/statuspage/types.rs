//! The objects of the Statuspage API, field by field in its order.

use serde::Serialize;

use crate::state::{ComponentState, IncidentStatus, Indicator, MaintenanceStatus};
use crate::time::Time;

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
        /// The page's id; it never changes.
        id: String,
        /// Display name.
        name: String,
        /// Public address of the page; empty until it is set.
        url: String,
        /// The IANA time zone of the page's days.
        time_zone: String,
        /// When the page last changed.
        updated_at: Time,
    }
}

object! {
    /// Overall status of the page.
    StatuspageStatus {
        /// Overall status in one word.
        indicator: Indicator,
        /// Overall status as a sentence.
        description: String,
    }
}

object! {
    /// A component, or a group. The members of a group have the group's id as `group_id`.
    StatuspageComponent {
        /// The component's id.
        id: String,
        /// Display name.
        name: String,
        /// Current status.
        status: ComponentState,
        /// When the component was added to the page.
        created_at: Time,
        /// When the component or its shown status last changed.
        updated_at: Time,
        /// Order on the page, ascending.
        position: u32,
        /// What the component does.
        description: Option<String>,
        /// Whether uptime is shown: true for components, false for groups.
        showcase: bool,
        /// Since when uptime is measured: `YYYY-MM-DD`; `null` for groups.
        start_date: Option<String>,
        /// The id of the group that the component belongs to.
        group_id: Option<String>,
        /// The page's id.
        page_id: String,
        /// Whether this is a group.
        group: bool,
        /// Always false: operational components are shown too.
        only_show_if_degraded: bool,
        /// The ids of the members; only a group has them.
        #[serde(skip_serializing_if = "Option::is_none")]
        components: Option<Vec<String>>,
    }
}

object! {
    /// How an update changed the status of a component.
    StatuspageAffected {
        /// The component's id.
        code: String,
        /// The component's name.
        name: String,
        /// Status before the update.
        old_status: ComponentState,
        /// Status after the update.
        new_status: ComponentState,
    }
}

object! {
    /// An update of an incident or a maintenance.
    StatuspageUpdate {
        /// The id of the incident or maintenance, a hyphen, and the number of the update.
        id: String,
        /// Status from this update on.
        status: StatuspageStage,
        /// Text of the update: Markdown, as it was sent.
        body: String,
        /// The id of the incident or maintenance.
        incident_id: String,
        /// Time of the update.
        created_at: Time,
        /// Time of the update.
        updated_at: Time,
        /// Time of the update.
        display_at: Time,
        /// The components whose status the incident or maintenance affects; `null` if none.
        affected_components: Option<Vec<StatuspageAffected>>,
        /// Always false: Candor sends no notifications.
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
        /// The id of the incident or maintenance.
        id: String,
        /// Display name.
        name: String,
        /// Current status.
        status: StatuspageStage,
        /// When it was declared or announced.
        created_at: Time,
        /// When it last changed.
        updated_at: Time,
        /// When the status last became `monitoring`.
        monitoring_at: Option<Time>,
        /// When it was resolved or completed; `null` before.
        resolved_at: Option<Time>,
        /// Severity of the impact; always `maintenance` for a maintenance.
        impact: Indicator,
        /// Address of the page about the incident or maintenance.
        shortlink: String,
        /// When it began; for a maintenance that has not started, the planned start, and for one that was called off, when that was.
        started_at: Time,
        /// The page's id.
        page_id: String,
        /// The updates, newest first: at least one, and at most the newest hundred.
        incident_updates: Vec<StatuspageUpdate>,
        /// The components that it names, with their current status.
        components: Vec<StatuspageComponent>,
        /// Always null: nobody is reminded.
        reminder_intervals: Option<String>,
        /// Planned start of the maintenance; absent for an incident.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduled_for: Option<Time>,
        /// Planned end of the maintenance; absent for an incident.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduled_until: Option<Time>,
        /// The post-mortem; Markdown. Absent if there is none.
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

/// Status of an incident or a maintenance. A resolved incident with a post-mortem has the status `postmortem`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the terms of `IncidentStatus` and `MaintenanceStatus`, and `postmortem`")]
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
            // The vendor has no such status; the text says that it was called off.
            MaintenanceStatus::Completed | MaintenanceStatus::Cancelled => Self::Completed,
        }
    }
}

object! {
    /// `GET /api/v2/summary.json`: overall status, all components, and what is open.
    StatuspageSummary {
        /// The page.
        page: StatuspagePage,
        /// The components, in the order of the page.
        components: Vec<StatuspageComponent>,
        /// The incidents that are not resolved.
        incidents: Vec<StatuspageIncident>,
        /// The maintenances that are not completed.
        scheduled_maintenances: Vec<StatuspageIncident>,
        /// Overall status of the page.
        status: StatuspageStatus,
    }
}

object! {
    /// `GET /api/v2/status.json`.
    StatuspageStatusDocument {
        /// The page.
        page: StatuspagePage,
        /// Overall status of the page.
        status: StatuspageStatus,
    }
}

object! {
    /// `GET /api/v2/components.json`.
    StatuspageComponents {
        /// The page.
        page: StatuspagePage,
        /// The components, in the order of the page.
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
