//! Events: what an update or the clock changed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::state::{Component, ComponentState, EntityKind, Entry, IncidentStatus, MaintenanceStatus};
use crate::text::{Body, Id, Language};
use crate::time::Time;

/// One change of the state. The log keeps the events, and the edge writes the entities that they name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The page's own data was set.
    PageSet,
    /// A component was created or changed.
    ComponentSet {
        /// The id of the entity.
        id: Id,
        /// The status that was set, if it is new.
        set: Option<ComponentState>,
        /// When it was set.
        at: Time,
    },
    /// A component was removed.
    ComponentRemoved {
        /// The id of the entity.
        id: Id,
        /// The component as it was last: the history names it.
        #[serde(skip)]
        last: Box<Component>,
    },
    /// The status that visitors see of a component changed.
    ComponentChanged {
        /// The id of the entity.
        id: Id,
        /// The status before.
        from: ComponentState,
        /// The status after.
        to: ComponentState,
        /// When it changed.
        at: Time,
    },
    /// The time since when a component has its status was corrected.
    ComponentBegan {
        /// The id of the entity.
        id: Id,
        /// Since when it has it.
        since: Time,
    },
    /// An incident was opened.
    IncidentOpened {
        /// The id of the entity.
        id: Id,
        /// The first entry. Not logged: the log has its text in the update.
        #[serde(skip)]
        entry: Entry<IncidentStatus>,
    },
    /// An incident got a new entry, and perhaps another status or promise.
    IncidentUpdated {
        /// The id of the entity.
        id: Id,
        /// The status before.
        from: IncidentStatus,
        /// The status after.
        to: IncidentStatus,
        /// Whether this update came by the promised time; `None` if none was promised.
        kept: Option<bool>,
        /// The new entry.
        #[serde(skip)]
        entry: Entry<IncidentStatus>,
    },
    /// The record of an incident was corrected.
    IncidentAmended {
        /// The id of the entity.
        id: Id,
        /// The number of the corrected entry, its new text, and the translations; `None` if no text was corrected.
        #[serde(skip)]
        text: Option<(u32, Body, BTreeMap<Language, Body>)>,
        /// When it was corrected.
        #[serde(skip)]
        at: Time,
    },
    /// The promised time of the next update passed without an update.
    PromiseBroken {
        /// The id of the incident.
        id: Id,
        /// The promised time.
        promised: Time,
    },
    /// A resolved incident left `status.json`.
    IncidentPast {
        /// The id of the entity.
        id: Id,
    },
    /// A maintenance was scheduled.
    MaintenanceScheduled {
        /// The id of the entity.
        id: Id,
        /// The first entry.
        #[serde(skip)]
        entry: Entry<MaintenanceStatus>,
    },
    /// A maintenance got a new entry, and perhaps another status or other times.
    MaintenanceUpdated {
        /// The id of the entity.
        id: Id,
        /// The status before.
        from: MaintenanceStatus,
        /// The status after.
        to: MaintenanceStatus,
        /// The new entry.
        #[serde(skip)]
        entry: Entry<MaintenanceStatus>,
    },
    /// A maintenance starts within 24 hours: `status.json` lists it from now on.
    MaintenanceNear {
        /// The id of the entity.
        id: Id,
    },
    /// A time of a maintenance that the operator moves on by hand has passed without the step.
    MaintenanceLate {
        /// The id of the entity.
        id: Id,
    },
    /// A notice was posted.
    NoticePosted,
    /// The notice was cleared, or expired.
    NoticeCleared,
    /// A template was created or replaced.
    TemplateSet {
        /// The id of the entity.
        id: Id,
    },
    /// A template was removed.
    TemplateRemoved {
        /// The id of the entity.
        id: Id,
    },
    /// A post-mortem was published or replaced.
    PostmortemPublished {
        /// The id of the incident.
        id: Id,
    },
    /// A follow-up task was created or changed.
    FollowupSet {
        /// The id of the entity.
        id: Id,
        /// The id of the incident that led to the task.
        incident: Id,
    },
    /// An open follow-up task became overdue.
    FollowupOverdue {
        /// The id of the entity.
        id: Id,
        /// The id of the incident that led to the task.
        incident: Id,
    },
}

impl Event {
    /// The kind and the id of the entity that changed. The page and the notice have no id of their own.
    pub fn entity(&self) -> (EntityKind, Option<&Id>) {
        match self {
            Self::PageSet => (EntityKind::Page, None),
            Self::NoticePosted | Self::NoticeCleared => (EntityKind::Notice, None),
            Self::ComponentSet { id, .. }
            | Self::ComponentRemoved { id, .. }
            | Self::ComponentChanged { id, .. }
            | Self::ComponentBegan { id, .. } => (EntityKind::Component, Some(id)),
            Self::TemplateSet { id } | Self::TemplateRemoved { id } => (EntityKind::Template, Some(id)),
            Self::PostmortemPublished { id } => (EntityKind::Postmortem, Some(id)),
            Self::FollowupSet { id, .. } | Self::FollowupOverdue { id, .. } => {
                (EntityKind::Followup, Some(id))
            }
            Self::PromiseBroken { id, .. }
            | Self::IncidentOpened { id, .. }
            | Self::IncidentUpdated { id, .. }
            | Self::IncidentPast { id }
            | Self::IncidentAmended { id, .. } => (EntityKind::Incident, Some(id)),
            Self::MaintenanceScheduled { id, .. }
            | Self::MaintenanceUpdated { id, .. }
            | Self::MaintenanceNear { id }
            | Self::MaintenanceLate { id } => (EntityKind::Maintenance, Some(id)),
        }
    }
}
