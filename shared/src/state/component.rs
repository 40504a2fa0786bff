//! Components and groups.

use serde::{Deserialize, Serialize};

use super::terms::ComponentState;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// A component, or a group of components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The component's id.
    pub id: Id,
    /// Display name.
    pub name: Name,
    /// What the component does, for visitors; plain text.
    pub description: Option<Body>,
    /// The group that the component belongs to.
    pub group: Option<Id>,
    /// Whether this is a group.
    pub is_group: bool,
    /// Order on the page, ascending; equal positions are ordered by id.
    pub position: u32,
    /// The status that `component.set` set: the component's own, apart from incidents and maintenance.
    pub set: ComponentState,
    /// When `set` was last set; `None` if it never was.
    #[serde(default)]
    pub set_at: Option<Time>,
    /// The status that visitors see: the worst of `set` and what incidents and maintenance hold. Derived, and stored
    /// to notice when it changes.
    pub shown: ComponentState,
    /// Since when visitors see the status `shown`.
    pub since: Time,
    /// When the component was added to the page.
    pub created_at: Time,
    /// When `component.set` last changed the component.
    pub updated_at: Time,
    /// When the component was removed. The record keeps its last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Time>,
    /// When the component that had the id before this one was removed. What happened until then was that one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Time>,
}
