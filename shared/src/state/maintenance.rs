//! Planned work.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::entry::Entry;
use super::terms::{MaintenanceStatus, Outcome, Visibility};
use crate::text::{Body, Id, Language, Name};
use crate::time::Time;

/// Planned work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Its id.
    pub id: Id,
    /// What is done, in one line.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// Where it stands.
    pub status: MaintenanceStatus,
    /// The components that it holds while it is active.
    pub components: BTreeSet<Id>,
    /// When it starts.
    pub scheduled_for: Time,
    /// When checking begins.
    pub verify_at: Option<Time>,
    /// When it is over.
    pub scheduled_until: Time,
    /// Whether it goes on by itself at its times.
    pub automatic: bool,
    /// Whether it starts within 24 hours, or has started: from then on visitors are told.
    pub near: bool,
    /// When it was announced.
    pub created_at: Time,
    /// When it really started.
    pub started_at: Option<Time>,
    /// When it was really over.
    pub completed_at: Option<Time>,
    /// When the newest text is from.
    pub updated_at: Time,
    /// The newest text. Its number is how many there are.
    pub latest: Entry<MaintenanceStatus>,
    /// The change that it makes.
    #[serde(default)]
    pub change: Option<Change>,
    /// Whether visitors are told of it.
    #[serde(default)]
    pub visibility: Visibility,
    /// How it went.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// How it went, in words. Internal.
    #[serde(default)]
    pub result: Option<Body>,
}

impl Maintenance {
    /// Whether it is yet to be completed.
    pub fn is_open(&self) -> bool {
        self.status != MaintenanceStatus::Completed
    }

    /// Whether work is going on.
    pub fn is_active(&self) -> bool {
        matches!(self.status, MaintenanceStatus::InProgress | MaintenanceStatus::Verifying)
    }

    /// Whether visitors are told of it. What they are not told of changes nothing that they see.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}
