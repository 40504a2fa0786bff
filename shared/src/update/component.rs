//! `component.set` and `component.remove`.

use super::kind::Kind;
use super::nullable::nullable;
use serde::Deserialize;

use crate::state::ComponentState;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// Makes a component (then `name` is needed) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentSet {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: Option<Name>,
    /// What it does, for visitors.
    #[serde(default, deserialize_with = "nullable")]
    pub description: Option<Option<Body>>,
    /// The group that it belongs to.
    #[serde(default, deserialize_with = "nullable")]
    pub group: Option<Option<Id>>,
    /// Makes the new component a group. A group has no state of its own: it is as bad as its worst member.
    pub is_group: Option<bool>,
    /// Where it stands on the page, smallest first. A new one comes last.
    pub position: Option<u32>,
    /// How it is, apart from what incidents and maintenance hold.
    pub status: Option<ComponentState>,
    /// When it happened.
    pub at: Option<Time>,
}

impl ComponentSet {
    /// Whether the update touches nothing but the present status.
    pub fn sets_only_status(&self) -> bool {
        self.status.is_some()
            && self.at.is_none()
            && self.name.is_none()
            && self.description.is_none()
            && self.group.is_none()
            && self.is_group.is_none()
            && self.position.is_none()
    }
}

/// Takes a component away, if no open incident or maintenance names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComponentRemove {
    /// Its id.
    pub id: Id,
}

impl Kind for ComponentSet {
    const RENAMED: &[(&str, &str)] = &[("state", "status")];

    fn at(&self) -> Option<Time> {
        self.at
    }
}

impl Kind for ComponentRemove {}
