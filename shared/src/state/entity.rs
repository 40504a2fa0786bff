//! The kinds of entities that a page consists of, and how one is named.

use crate::text::Id;

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
    /// A message template.
    Template,
    /// The post-mortem of an incident, by the incident's id.
    Postmortem,
    /// A follow-up task.
    Followup,
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
            Self::Template => "template",
            Self::Postmortem => "postmortem",
            Self::Followup => "followup",
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

impl EntityRef {
    /// An incident.
    pub fn incident(id: Id) -> Self {
        Self { kind: EntityKind::Incident, id }
    }

    /// A maintenance.
    pub fn maintenance(id: Id) -> Self {
        Self { kind: EntityKind::Maintenance, id }
    }
}
