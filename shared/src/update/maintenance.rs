//! `maintenance.schedule` and `maintenance.update`.

use super::kind::Kind;
use super::nullable::nullable;
use crate::state::EntityRef;
use serde::Deserialize;
use std::collections::BTreeSet;

use crate::state::{Change, MaintenanceStatus, Outcome, Visibility};
use crate::text::{Body, Id, Name, Translated};
use crate::time::Time;

/// Announces planned work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceSchedule {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// What is done, in one line.
    pub name: Translated<Name>,
    /// The components that are under maintenance while it is active.
    #[serde(default)]
    pub components: BTreeSet<Id>,
    /// What you tell people.
    pub body: Translated<Body>,
    /// When it starts.
    pub scheduled_for: Time,
    /// When it is over.
    pub scheduled_until: Time,
    /// When the work is done and checking begins; there is no such phase if absent.
    pub verify_at: Option<Time>,
    /// Whether it starts, verifies and completes by itself at its times; yes if absent.
    pub automatic: Option<bool>,
    /// The change that it makes: six questions. Internal.
    pub change: Option<Change>,
    /// `internal` keeps it from visitors, except in the counts.
    pub visibility: Option<Visibility>,
    /// When it happened.
    pub at: Option<Time>,
}

impl MaintenanceSchedule {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("maintenance", version))
    }
}

/// Tells people more about a maintenance, moves it on, or moves its times.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceUpdate {
    /// Which one; the one that is not completed if absent.
    pub maintenance: Option<Id>,
    /// Where it stands now.
    pub status: Option<MaintenanceStatus>,
    /// What you tell people.
    pub body: Translated<Body>,
    /// When it starts.
    pub scheduled_for: Option<Time>,
    /// When it is over.
    pub scheduled_until: Option<Time>,
    /// When checking begins; `null` takes the phase away.
    #[serde(default, deserialize_with = "nullable")]
    pub verify_at: Option<Option<Time>>,
    /// Whether it goes on by itself at its times.
    pub automatic: Option<bool>,
    /// How the change went; with or after `completed`.
    pub outcome: Option<Outcome>,
    /// How it went, in words. Internal.
    pub result: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

impl Kind for MaintenanceSchedule {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        vec![EntityRef::maintenance(self.id_or_made(version))]
    }
}

impl Kind for MaintenanceUpdate {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, _: u64) -> Vec<EntityRef> {
        self.maintenance.clone().map(EntityRef::maintenance).into_iter().collect()
    }
}
