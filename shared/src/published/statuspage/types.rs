//! The objects of Statuspage's API.

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
