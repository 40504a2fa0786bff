//! What an update (or the clock) changed.

use serde::Serialize;

use crate::{Body, ComponentState, Entry, Id, IncidentStatus, MaintenanceStatus, Time};

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
        text: Option<(u32, Body)>,
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
}

/// A kind of stored entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// The page; there is one.
    Page,
    /// A component.
    Component,
    /// An incident.
    Incident,
    /// A maintenance.
    Maintenance,
    /// The notice; there is at most one.
    Notice,
}

impl EntityKind {
    /// The name under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Component => "component",
            Self::Incident => "incident",
            Self::Maintenance => "maintenance",
            Self::Notice => "notice",
        }
    }
}

/// One entity. The page's and the notice's id is their kind's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: Id,
}

impl Event {
    /// The entity that changed.
    pub fn entity(&self) -> (EntityKind, Option<&Id>) {
        match self {
            Self::PageSet => (EntityKind::Page, None),
            Self::NoticePosted | Self::NoticeCleared => (EntityKind::Notice, None),
            Self::ComponentSet { id } | Self::ComponentRemoved { id } | Self::ComponentChanged { id, .. } => {
                (EntityKind::Component, Some(id))
            }
            Self::IncidentOpened { id, .. }
            | Self::IncidentUpdated { id, .. }
            | Self::IncidentAmended { id, .. } => (EntityKind::Incident, Some(id)),
            Self::MaintenanceScheduled { id, .. }
            | Self::MaintenanceUpdated { id, .. }
            | Self::MaintenanceNear { id } => (EntityKind::Maintenance, Some(id)),
        }
    }
}
