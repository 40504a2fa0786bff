//! Maintenance: planned work.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::entry::Entry;
use super::page::Page;
use super::terms::{MaintenanceStatus, Outcome, Visibility};
use crate::text::{Body, Id, Language, Name};
use crate::time::Time;

/// A maintenance: planned work, from the announcement until it is completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// The maintenance's id.
    pub id: Id,
    /// Display name: what is done, in one line.
    pub name: Name,
    /// Translations of `name`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// The page's language when it was scheduled; `None` if an earlier version scheduled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Current status.
    pub status: MaintenanceStatus,
    /// The components that are under maintenance while the work is active.
    pub components: BTreeSet<Id>,
    /// Planned start.
    pub scheduled_for: Time,
    /// Planned start of the verification; `None` if there is no such phase.
    pub verify_at: Option<Time>,
    /// Planned end.
    pub scheduled_until: Time,
    /// Whether the status changes by itself at the planned times.
    pub automatic: bool,
    /// Whether the start is less than 24 hours away, or past: from then on `status.json` lists the maintenance.
    pub near: bool,
    /// Whether a time of a maintenance that the operator moves on by hand has passed without the step: it has not begun, has not
    /// been verified, or has not ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// When the maintenance was announced.
    pub created_at: Time,
    /// Actual start. None before the work begins, and none if only later steps were reported.
    pub started_at: Option<Time>,
    /// Actual end.
    pub completed_at: Option<Time>,
    /// When the maintenance was called off; `None` if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Time>,
    /// Time of the newest entry.
    pub updated_at: Time,
    /// The newest entry. Its number is the number of entries.
    pub latest: Entry<MaintenanceStatus>,
    /// The operator's newest entry, if the newest is the clock's, which says no more than the status does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Entry<MaintenanceStatus>>,
    /// The change that the maintenance makes. Internal.
    #[serde(default)]
    pub change: Option<Change>,
    /// Whether visitors see the maintenance.
    #[serde(default)]
    pub visibility: Visibility,
    /// How the change went; `None` until the operator reports it.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// How the change went, in words. Internal.
    #[serde(default)]
    pub result: Option<Body>,
}

impl Maintenance {
    /// The language of its own texts: the page's when it was scheduled; of what an earlier version scheduled, its present one.
    pub fn language<'a>(&'a self, page: &'a Page) -> Option<&'a Language> {
        self.language.as_ref().or(page.language.as_ref())
    }

    /// The same; English if the page has none set.
    pub fn own_language(&self, page: &Page) -> Language {
        self.language(page).cloned().unwrap_or_else(Language::english)
    }

    /// When the operator's next step is due: the start, the verification or the end. None if it goes on by itself, or is over.
    pub fn due_at(&self) -> Option<Time> {
        let due = match self.status {
            MaintenanceStatus::Scheduled => self.scheduled_for,
            MaintenanceStatus::InProgress => {
                self.verify_at.map_or(self.scheduled_until, |verify| verify.min(self.scheduled_until))
            }
            MaintenanceStatus::Verifying => self.scheduled_until,
            MaintenanceStatus::Completed | MaintenanceStatus::Cancelled => return None,
        };
        (!self.automatic).then_some(due)
    }

    /// When it first was under way for certain: from its start, or, if nobody reported that, when it ended or, while it goes on, at the
    /// newest report. The planned start if it has not begun.
    pub fn began(&self) -> Time {
        let reported = self.started_at.or(self.completed_at);
        reported.unwrap_or(if self.is_active() { self.updated_at } else { self.scheduled_for })
    }

    /// The operator's newest entry.
    pub fn told(&self) -> &Entry<MaintenanceStatus> {
        self.told.as_ref().unwrap_or(&self.latest)
    }

    /// Whether the maintenance is not completed.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, MaintenanceStatus::Completed | MaintenanceStatus::Cancelled)
    }

    /// Whether the work has started and is not completed.
    pub fn is_active(&self) -> bool {
        matches!(self.status, MaintenanceStatus::InProgress | MaintenanceStatus::Verifying)
    }

    /// Whether visitors see the maintenance. An internal one changes nothing that is published, except the counts of
    /// changes.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}
