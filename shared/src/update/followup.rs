//! `followup.set`.

use serde::Deserialize;

use super::kind::Kind;
use super::nullable::nullable;
use crate::state::{EntityKind, EntityRef, FollowupStatus};
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// Creates a follow-up task (`incident` and `name` are then required) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowupSet {
    /// The task's id; generated if absent, such as `followup-42`.
    pub id: Option<Id>,
    /// The incident that led to the task. It cannot be changed later.
    pub incident: Option<Id>,
    /// What to do, in one line.
    pub name: Option<Name>,
    /// The cause that the task removes.
    pub prevents: Option<Body>,
    /// The role that is responsible. Internal, never published.
    pub owner: Option<Name>,
    /// When the task is due; `null` removes the date.
    #[serde(default, deserialize_with = "nullable")]
    pub due: Option<Option<Time>>,
    /// Current status: `open` if absent on a new task.
    pub status: Option<FollowupStatus>,
    /// Why the task was dropped; required with `dropped`.
    pub reason: Option<Body>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl FollowupSet {
    pub(crate) fn id_or_generated(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::generated("followup", version))
    }
}

impl Kind for FollowupSet {
    const RENAMED: &[(&str, &str)] = &[("state", "status")];

    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        let mut needed = vec![EntityRef { kind: EntityKind::Followup, id: self.id_or_generated(version) }];
        needed.extend(self.incident.clone().map(EntityRef::incident));
        needed
    }
}
