//! Incidents.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::entry::Entry;
use super::response::{Affected, Promises, Roles};
use super::terms::{ComponentState, Impact, IncidentStatus};
use crate::text::{Body, Id, Language, Name};
use crate::time::Time;

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: Id,
    /// What is wrong, in one line.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// The page's language when it was opened; none if nobody had said which that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How bad it is.
    pub impact: Impact,
    /// Where it stands.
    pub status: IncidentStatus,
    /// What it holds while it is open, and held when it was resolved.
    pub components: BTreeMap<Id, ComponentState>,
    /// When it began for those affected.
    pub started_at: Time,
    /// When the operator noticed.
    pub detected_at: Option<Time>,
    /// When it was declared.
    pub created_at: Time,
    /// When the cause was first known.
    pub identified_at: Option<Time>,
    /// When a fix was last put under watch.
    pub monitoring_at: Option<Time>,
    /// When it was over; none while it is open.
    pub resolved_at: Option<Time>,
    /// When it was last opened again after it had been resolved.
    pub reopened_at: Option<Time>,
    /// When the newest text is from.
    pub updated_at: Time,
    /// When the next update was promised for.
    pub next_update_at: Option<Time>,
    /// The newest text. Its number is how many there are.
    pub latest: Entry<IncidentStatus>,
    /// Until when `status.json` lists it as resolved; none while it is open, and afterwards. Was stored as
    /// `told_until`.
    #[serde(default, alias = "told_until", skip_serializing_if = "Option::is_none")]
    pub news_until: Option<Time>,
    /// Whether the promised time has passed without an update.
    #[serde(default)]
    pub overdue: bool,
    /// What became of the promises that an update has settled.
    #[serde(default)]
    pub promises: Promises,
    /// Who does what. Internal, never published.
    #[serde(default)]
    pub roles: Roles,
    /// Who and what was affected, in words.
    #[serde(default)]
    pub impact_note: Option<Body>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub impact_notes: BTreeMap<Language, Body>,
    /// How many were affected.
    #[serde(default)]
    pub affected: Option<Affected>,
}

impl Incident {
    /// Whether it holds anything.
    pub fn is_open(&self) -> bool {
        self.status != IncidentStatus::Resolved
    }

    /// Whether `status.json` has it: it is open, or was resolved within the last hour.
    pub fn is_in_status(&self) -> bool {
        self.is_open() || self.news_until.is_some()
    }

    /// What became of its promises, the one that is overdue now included.
    pub fn promises_by_now(&self) -> Promises {
        let Promises { kept, broken } = self.promises;
        Promises { kept, broken: broken.saturating_add(u32::from(self.overdue)) }
    }
}
