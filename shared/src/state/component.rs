//! Components and groups.

use serde::{Deserialize, Serialize};

use super::terms::ComponentState;
use crate::limits;
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
    /// Since when it has the status `shown`: since visitors see it, or since its incident began, if that was earlier.
    pub since: Time,
    /// When the component was added to the page.
    pub created_at: Time,
    /// When `component.set` last changed the component.
    pub updated_at: Time,
    /// When its shown status last changed; `None` if it never did, or if an earlier version stored it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Time>,
    /// When the component was removed. The record keeps its last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Time>,
    /// The removed components that had this id before, the oldest first, at most [`limits::FORMER`]. What happened until the last
    /// of them was removed belongs to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Former>,
}

/// A component that had an id until another one was made under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Its last name.
    pub name: Name,
    /// When it was removed.
    pub removed_at: Time,
}

impl Component {
    /// When the component was removed that had the id before this one, if there was one.
    pub fn follows(&self) -> Option<Time> {
        self.former.last().map(|last| last.removed_at)
    }

    /// Whether this component, and not a former one, had the id at this time.
    pub fn had_its_id(&self, at: Time) -> bool {
        self.follows().is_none_or(|removed| removed < at)
    }

    /// The last name of the component that had the id at this time.
    pub fn name_at(&self, at: Time) -> &Name {
        self.former.iter().find(|former| at <= former.removed_at).map_or(&self.name, |former| &former.name)
    }

    /// The former components of the next component with this id.
    pub fn with_former(&self) -> Vec<Former> {
        let removed_at = self.removed_at.unwrap_or(self.updated_at);
        let own = Former { name: self.name.clone(), removed_at };
        let mut all = [self.former.as_slice(), &[own]].concat();
        all.drain(..all.len().saturating_sub(limits::FORMER));
        all
    }
}
