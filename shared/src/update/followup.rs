//! `followup.set`.

use super::kind::Kind;
use super::nullable::nullable;
use crate::state::{EntityKind, EntityRef};
use serde::Deserialize;

use crate::state::FollowupStatus;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// Makes a follow-up task (then `incident` and `name` are needed) or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowupSet {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// The incident that it follows from.
    pub incident: Option<Id>,
    /// What is to be done, in one line.
    pub name: Option<Name>,
    /// The cause that it prevents.
    pub prevents: Option<Body>,
    /// The role that does it. Internal.
    pub owner: Option<Name>,
    /// When it is to be done; `null` takes the date away.
    #[serde(default, deserialize_with = "nullable")]
    pub due: Option<Option<Time>>,
    /// Where it stands.
    pub status: Option<FollowupStatus>,
    /// Why it was dropped.
    pub reason: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

impl FollowupSet {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("followup", version))
    }
}

impl Kind for FollowupSet {
    const RENAMED: &[(&str, &str)] = &[("state", "status")];

    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        let mut needed = vec![EntityRef { kind: EntityKind::Followup, id: self.id_or_made(version) }];
        needed.extend(self.incident.clone().map(EntityRef::incident));
        needed
    }
}
