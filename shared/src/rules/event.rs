//! What an update (or the clock) changed.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::state::{ComponentState, EntityKind, Entry, IncidentStatus, MaintenanceStatus};
use crate::text::{Body, Id, Language};
use crate::time::Time;

/// Something that changed. The log keeps them; whoever stores the state learns from them which
/// entities to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The page's own data.
    PageSet,
    /// A component's own data.
    ComponentSet {
        /// Which one.
        id: Id,
        /// What it was set to, if that was set.
        set: Option<ComponentState>,
        /// When.
        at: Time,
    },
    /// A component is gone.
    ComponentRemoved {
        /// Which one.
        id: Id,
    },
    /// The state that a component shows.
    ComponentChanged {
        /// Which one.
        id: Id,
        /// Until now.
        from: ComponentState,
        /// From now on.
        to: ComponentState,
        /// Since when.
        at: Time,
    },
    /// A new incident.
    IncidentOpened {
        /// Which one.
        id: Id,
        /// Its first text. The log has it in the update already.
        #[serde(skip)]
        entry: Entry<IncidentStatus>,
    },
    /// A new text, status or promise of an incident.
    IncidentUpdated {
        /// Which one.
        id: Id,
        /// The status until now.
        from: IncidentStatus,
        /// The status from now on.
        to: IncidentStatus,
        /// Whether the promise of this update was kept, if there was one.
        kept: Option<bool>,
        /// The new text.
        #[serde(skip)]
        entry: Entry<IncidentStatus>,
    },
    /// A correction of an incident's record.
    IncidentAmended {
        /// Which one.
        id: Id,
        /// The number of the update whose text was corrected, and the text.
        #[serde(skip)]
        text: Option<(u32, Body, BTreeMap<Language, Body>)>,
    },
    /// The time has passed for which the next update was promised.
    PromiseBroken {
        /// Which incident's.
        id: Id,
        /// When it was promised for.
        promised: Time,
    },
    /// Visitors are no longer told that an incident is over.
    IncidentPast {
        /// Which one.
        id: Id,
    },
    /// A new maintenance.
    MaintenanceScheduled {
        /// Which one.
        id: Id,
        /// Its first text.
        #[serde(skip)]
        entry: Entry<MaintenanceStatus>,
    },
    /// A new text, status or time of a maintenance.
    MaintenanceUpdated {
        /// Which one.
        id: Id,
        /// The status until now.
        from: MaintenanceStatus,
        /// The status from now on.
        to: MaintenanceStatus,
        /// The new text.
        #[serde(skip)]
        entry: Entry<MaintenanceStatus>,
    },
    /// A maintenance starts within 24 hours.
    MaintenanceNear {
        /// Which one.
        id: Id,
    },
    /// The notice is new.
    NoticePosted,
    /// The notice is gone.
    NoticeCleared,
    /// A template is new or changed.
    TemplateSet {
        /// Which one.
        id: Id,
    },
    /// A template is gone.
    TemplateRemoved {
        /// Which one.
        id: Id,
    },
    /// A post-mortem is new or changed.
    PostmortemPublished {
        /// The incident.
        id: Id,
    },
    /// A follow-up task is new or changed.
    FollowupSet {
        /// Which one.
        id: Id,
        /// The incident that it follows from.
        incident: Id,
    },
    /// The time of an open follow-up task has passed.
    FollowupOverdue {
        /// Which one.
        id: Id,
        /// The incident that it follows from.
        incident: Id,
    },
}

impl Event {
    /// The entity that changed.
    pub fn entity(&self) -> (EntityKind, Option<&Id>) {
        match self {
            Self::PageSet => (EntityKind::Page, None),
            Self::NoticePosted | Self::NoticeCleared => (EntityKind::Notice, None),
            Self::ComponentSet { id, .. }
            | Self::ComponentRemoved { id }
            | Self::ComponentChanged { id, .. } => (EntityKind::Component, Some(id)),
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
            | Self::MaintenanceNear { id } => (EntityKind::Maintenance, Some(id)),
        }
    }
}
