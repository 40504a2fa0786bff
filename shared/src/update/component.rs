//! `component.set` and `component.remove`.

use serde::Deserialize;

use super::kind::Kind;
use super::nullable::nullable;
use crate::state::{ComponentState, EntityKind, EntityRef};
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// Creates a component (`name` is then required) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentSet {
    /// The component's id.
    pub id: Id,
    /// Display name.
    pub name: Option<Name>,
    /// What the component does, for visitors; plain text. `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    pub description: Option<Option<Body>>,
    /// The group that the component belongs to; `null` takes it out of its group.
    #[serde(default, deserialize_with = "nullable")]
    pub group: Option<Option<Id>>,
    /// Makes a new component a group. A group has no status of its own: it shows the worst status of its members.
    pub is_group: Option<bool>,
    /// Order on the page, ascending. A new component comes last.
    pub position: Option<u32>,
    /// The component's own status, apart from what incidents and maintenance hold; a new one is `operational`.
    pub status: Option<ComponentState>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl ComponentSet {
    /// Whether the update sets nothing but the status, which may be missing, and has no `at`: all that a monitor may do.
    pub fn sets_only_status(&self) -> bool {
        self.at.is_none()
            && self.name.is_none()
            && self.description.is_none()
            && self.group.is_none()
            && self.is_group.is_none()
            && self.position.is_none()
    }
}

/// Removes a component or an empty group. Refused while an open incident or maintenance names it. An address of the page's `checks`
/// that names it is about the page as a whole from then on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentRemove {
    /// The component's id.
    pub id: Id,
}

impl Kind for ComponentSet {
    const RENAMED: &[(&str, &str)] = &[("state", "status")];

    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, _: u64) -> Vec<EntityRef> {
        vec![EntityRef { kind: EntityKind::Component, id: self.id.clone() }]
    }
}

impl Kind for ComponentRemove {}
