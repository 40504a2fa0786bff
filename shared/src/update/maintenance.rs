//! `maintenance.schedule` and `maintenance.update`.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::kind::Kind;
use super::nullable::nullable;
use crate::state::{Change, EntityRef, MaintenanceStatus, Outcome, Visibility};
use crate::text::{Body, Id, Name, Translated};
use crate::time::Time;

/// Schedules a maintenance: announces planned work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceSchedule {
    /// The maintenance's id; generated if absent, such as `maintenance-42`.
    pub id: Option<Id>,
    /// Display name: what is done, in one line.
    pub name: Translated<Name>,
    /// The components that are under maintenance while the work is active.
    #[serde(default)]
    pub components: BTreeSet<Id>,
    /// The text for visitors.
    pub body: Translated<Body>,
    /// Planned start.
    pub scheduled_for: Time,
    /// Planned end.
    pub scheduled_until: Time,
    /// Planned start of the verification, between start and end. No such phase if absent.
    pub verify_at: Option<Time>,
    /// Whether the status changes by itself at the planned times; `true` if absent.
    pub automatic: Option<bool>,
    /// The change that the maintenance makes: six questions. Internal.
    pub change: Option<Change>,
    /// `internal` hides the maintenance from visitors, except in the counts of changes; `public` if absent.
    pub visibility: Option<Visibility>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl MaintenanceSchedule {
    pub(crate) fn id_or_generated(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::generated("maintenance", version))
    }
}

/// Adds an update to a maintenance, changes its status, or reschedules it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaintenanceUpdate {
    /// The maintenance's id. May be absent if exactly one is not completed.
    pub maintenance: Option<Id>,
    /// Current status; unchanged if absent.
    pub status: Option<MaintenanceStatus>,
    /// The text for visitors.
    pub body: Translated<Body>,
    /// New planned start; unchanged if absent.
    pub scheduled_for: Option<Time>,
    /// New planned end; unchanged if absent.
    pub scheduled_until: Option<Time>,
    /// New planned start of the verification; `null` removes the phase. If absent, it moves with an end that is moved to a later time.
    #[serde(default, deserialize_with = "nullable")]
    pub verify_at: Option<Option<Time>>,
    /// Whether the status changes by itself at the planned times; unchanged if absent.
    pub automatic: Option<bool>,
    /// Outcome of the change. Only with the status `completed`, or after it.
    pub outcome: Option<Outcome>,
    /// How the change went, in words. Internal.
    pub result: Option<Body>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl Kind for MaintenanceSchedule {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        vec![EntityRef::maintenance(self.id_or_generated(version))]
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
