//! Incidents.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::component::Component;
use super::entry::Entry;
use super::response::{Affected, Promises, Roles};
use super::terms::{ComponentState, Impact, IncidentStatus};
use crate::limits;
use crate::text::{Body, Id, Language, Name};
use crate::time::Time;

/// A time in which an incident was over, before it was reopened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it was resolved, as corrected.
    pub from: Time,
    /// When it was reopened.
    pub until: Time,
}

/// An incident: something that fails, from the first report until it is resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The incident's id.
    pub id: Id,
    /// Display name: what fails, in one line.
    pub name: Name,
    /// Translations of `name`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, Name>,
    /// The page's language when the incident was opened; `None` if the page had none set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Severity of the impact now, or when the incident was resolved. [`Self::recorded_impact`] is what the record shows.
    pub impact: Impact,
    /// The worst impact that the incident has had; `None` for incidents stored before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_impact: Option<Impact>,
    /// When the impact was last corrected; `None` if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_amended_at: Option<Time>,
    /// The number of the newest entry then; what an earlier version amended has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_amended_after: Option<u32>,
    /// Current status.
    pub status: IncidentStatus,
    /// The components that the incident holds, and at which status. A resolved incident keeps what it held last, so
    /// that it can hold the same again when it is reopened.
    pub components: BTreeMap<Id, ComponentState>,
    /// The components that it held before it was reopened and that had been removed by then.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub gone: BTreeSet<Id>,
    /// When the incident began for the people affected.
    pub started_at: Time,
    /// When the operator or a monitor noticed.
    pub detected_at: Option<Time>,
    /// When the operator declared the incident on the page.
    pub created_at: Time,
    /// When the cause was first known.
    pub identified_at: Option<Time>,
    /// When the status last became `monitoring`.
    pub monitoring_at: Option<Time>,
    /// When the incident was resolved; `None` while it is open.
    pub resolved_at: Option<Time>,
    /// When the incident was last reopened after it had been resolved.
    pub reopened_at: Option<Time>,
    /// When it was over in between, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Time of the newest entry.
    pub updated_at: Time,
    /// When the record was last corrected; `None` if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amended_at: Option<Time>,
    /// When an update came that is dated before the correction; `None` if none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched_at: Option<Time>,
    /// When its name was last corrected; `None` if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_at: Option<Time>,
    /// When its name, impact or times were last corrected, by the number of the entry that was the newest one then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub restated: BTreeMap<u32, Time>,
    /// The promised time of the next update; `None` if none is promised.
    pub next_update_at: Option<Time>,
    /// The newest entry. Its number is the number of entries.
    pub latest: Entry<IncidentStatus>,
    /// Until when `status.json` lists the incident as resolved: an hour after the page said so; `None` if that is no news. Earlier
    /// versions stored it as `told_until`.
    #[serde(default, alias = "told_until", skip_serializing_if = "Option::is_none")]
    pub news_until: Option<Time>,
    /// Whether `next_update_at` has passed without an update.
    #[serde(default)]
    pub overdue: bool,
    /// How many promises of a next update were kept and broken. A promise counts when the next update comes.
    #[serde(default)]
    pub promises: Promises,
    /// Who communicates and who fixes. Internal, never published.
    #[serde(default)]
    pub roles: Roles,
    /// Who and what is affected, in words; plain text.
    #[serde(default)]
    pub impact_note: Option<Body>,
    /// Translations of `impact_note`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub impact_notes: BTreeMap<Language, Body>,
    /// The share that is affected.
    #[serde(default)]
    pub affected: Option<Affected>,
}

impl Incident {
    /// The language of its own texts: the page's when it was opened, which is English if it had none set.
    pub fn own_language(&self) -> Language {
        self.language.clone().unwrap_or_else(Language::english)
    }

    /// Whether the incident is not resolved. Only an open incident holds components.
    pub fn is_open(&self) -> bool {
        self.status != IncidentStatus::Resolved
    }

    /// The components that it affects now: those that it holds, without any that it has released. None once it is over.
    pub fn affected_now(&self) -> impl Iterator<Item = &Id> {
        let held = self.components.iter().filter(|(_, state)| **state != ComponentState::Operational);
        held.filter(|_| self.is_open()).map(|(id, _)| id)
    }

    /// Whether it is about one of some components. One that has named none is about the whole page; else it is about what it affects
    /// now, and once it is over about all that it named.
    pub fn is_about(&self, is_one: impl Fn(&Id) -> bool) -> bool {
        let named = || self.components.keys().any(&is_one);
        (self.components.is_empty() && self.gone.is_empty())
            || self.affected_now().any(&is_one)
            || (!self.is_open() && named())
    }

    /// Whether a component is the one that the incident names by this id, and not one that was made under the id later. A component that the
    /// incident held at its end existed then; one that it had released existed at least when the incident was declared.
    pub fn names(&self, component: &Component) -> bool {
        match self.components.get(&component.id) {
            Some(ComponentState::Operational) => component.had_its_id(self.created_at),
            Some(_) => self.resolved_at.is_none_or(|resolved| component.had_its_id(resolved)),
            None => false,
        }
    }

    /// Whether `status.json` lists the incident: it is open, or the page has said within the last hour that it is over.
    pub fn is_in_status(&self) -> bool {
        self.is_open() || self.news_until.is_some()
    }

    /// The impact that the record shows: the present one while the incident is open, and the worst one afterwards. An
    /// outage stays a major one, even if its last hour was minor.
    pub fn recorded_impact(&self) -> Impact {
        if self.is_open() {
            self.impact
        } else {
            self.worst_impact.map_or(self.impact, |worst| worst.max(self.impact))
        }
    }

    /// When anything of it last changed, corrections included.
    pub fn modified_at(&self) -> Time {
        [self.amended_at, self.touched_at].into_iter().flatten().fold(self.updated_at, Time::max)
    }

    /// When the page last announced that it is over; `None` if that is no news.
    pub fn said_over_at(&self) -> Option<Time> {
        Time::from_millis(self.news_until?.as_millis().saturating_sub(limits::JUST_RESOLVED_MILLIS))
    }

    /// When one of its entries last changed for readers of feeds: when it was posted, its text was corrected, the name of the
    /// incident in its title was, or, while it was the newest one, when the impact or the times of the incident were.
    pub fn entry_modified_at(&self, entry: &Entry<IncidentStatus>) -> Time {
        let restated_at = self.restated.get(&entry.number).copied();
        [entry.amended_at, self.renamed_at, restated_at].into_iter().flatten().fold(entry.at, Time::max)
    }

    /// `promises`, plus the current one as broken if it is overdue.
    pub fn promises_by_now(&self) -> Promises {
        let Promises { kept, broken } = self.promises;
        Promises { kept, broken: broken.saturating_add(u32::from(self.overdue)) }
    }
}
