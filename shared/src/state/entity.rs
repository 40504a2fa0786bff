//! The kinds of entities that a page consists of, and references to them.

use crate::text::Id;

/// A kind of stored entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// The page's own data; there is exactly one.
    Page,
    /// A component.
    Component,
    /// An incident.
    Incident,
    /// A maintenance.
    Maintenance,
    /// The notice; there is at most one.
    Notice,
    /// A message template.
    Template,
    /// A post-mortem; it has the id of its incident.
    Postmortem,
    /// A follow-up task.
    Followup,
}

impl EntityKind {
    /// The name of the kind in the storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Component => "component",
            Self::Incident => "incident",
            Self::Maintenance => "maintenance",
            Self::Notice => "notice",
            Self::Template => "template",
            Self::Postmortem => "postmortem",
            Self::Followup => "followup",
        }
    }
}

/// Refers to one entity. The page and the notice have the name of their kind as id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    /// The kind of the entity.
    pub kind: EntityKind,
    /// The id, unique within the kind.
    pub id: Id,
}

impl EntityRef {
    /// Refers to an incident.
    pub fn incident(id: Id) -> Self {
        Self { kind: EntityKind::Incident, id }
    }

    /// Refers to a maintenance.
    pub fn maintenance(id: Id) -> Self {
        Self { kind: EntityKind::Maintenance, id }
    }
}
