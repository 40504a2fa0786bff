//! Components and groups.

use serde::{Deserialize, Serialize};

use super::terms::ComponentState;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// A component, or a group of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: Name,
    /// What it does, for visitors.
    pub description: Option<Body>,
    /// The group that it belongs to.
    pub group: Option<Id>,
    /// Whether it is a group.
    pub is_group: bool,
    /// Where it stands on the page, smallest first.
    pub position: u32,
    /// How it is, apart from what incidents and maintenance hold.
    pub set: ComponentState,
    /// When it was last set to that.
    #[serde(default)]
    pub set_at: Option<Time>,
    /// How it is: the worst of what is set and what is held. Derived; kept to know when it changed.
    pub shown: ComponentState,
    /// Since when it is shown so.
    pub since: Time,
    /// When it came to the page.
    pub created_at: Time,
    /// When anything of it last changed.
    pub updated_at: Time,
}
