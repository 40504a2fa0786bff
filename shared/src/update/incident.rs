//! `incident.open`, `incident.update` and `incident.amend`.

use super::kind::Kind;
use crate::state::EntityRef;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::state::{Affected, ComponentState, Impact, IncidentStatus, Roles};
use crate::text::{Body, Id, Name, Translated};
use crate::time::{Span, Time};

/// Opens an incident: admits that something fails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentOpen {
    /// Its id; a short one is made if it is absent.
    pub id: Option<Id>,
    /// What is wrong, in one line.
    pub name: Translated<Name>,
    /// How bad it is.
    pub impact: Impact,
    /// Where it stands: `investigating` if absent. Not `resolved`.
    pub status: Option<IncidentStatus>,
    /// What it holds: component id to state, until it is resolved.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// What you tell people; or `template` and `values`.
    pub body: Option<Translated<Body>>,
    /// The template that says it.
    pub template: Option<Id>,
    /// What stands in the template's placeholders.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who does what: internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words.
    pub impact_note: Option<Translated<Body>>,
    /// How many are affected.
    pub affected: Option<Affected>,
    /// When it began for those affected; `at` if absent.
    pub started_at: Option<Time>,
    /// When you noticed.
    pub detected_at: Option<Time>,
    /// Promises the next update in this time.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this time.
    pub next_update_at: Option<Time>,
    /// When it happened.
    pub at: Option<Time>,
}

impl IncidentOpen {
    pub(crate) fn id_or_made(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::made("incident", version))
    }
}

/// Tells people more about an incident, or that it is over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdate {
    /// Which one; the open one if absent.
    pub incident: Option<Id>,
    /// Where it stands now. A resolved incident is opened again by any other status.
    pub status: Option<IncidentStatus>,
    /// How bad it is now.
    pub impact: Option<Impact>,
    /// What it holds now; components that are not named stay as they are.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// What you tell people; or `template` and `values`.
    pub body: Option<Translated<Body>>,
    /// The template that says it.
    pub template: Option<Id>,
    /// What stands in the template's placeholders.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who does what from now on: internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words.
    pub impact_note: Option<Translated<Body>>,
    /// How many are affected.
    pub affected: Option<Affected>,
    /// Promises the next update in this time.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this time.
    pub next_update_at: Option<Time>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Corrects the record of an incident without a new update.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentAmend {
    /// Which one; the open one if absent.
    pub incident: Option<Id>,
    /// Its right name.
    pub name: Option<Translated<Name>>,
    /// Its right impact.
    pub impact: Option<Impact>,
    /// When it really began.
    pub started_at: Option<Time>,
    /// When it was really noticed.
    pub detected_at: Option<Time>,
    /// When it was really over; only for a resolved one.
    pub resolved_at: Option<Time>,
    /// The number of the update whose text is corrected, from 1.
    pub update: Option<u32>,
    /// That update's right text.
    pub body: Option<Translated<Body>>,
    /// When it happened.
    pub at: Option<Time>,
}

impl Kind for IncidentOpen {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        vec![EntityRef::incident(self.id_or_made(version))]
    }
}

impl Kind for IncidentUpdate {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, _: u64) -> Vec<EntityRef> {
        self.incident.clone().map(EntityRef::incident).into_iter().collect()
    }
}

impl Kind for IncidentAmend {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, _: u64) -> Vec<EntityRef> {
        self.incident.clone().map(EntityRef::incident).into_iter().collect()
    }
}
