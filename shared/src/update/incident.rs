//! `incident.open`, `incident.update` and `incident.amend`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::kind::Kind;
use crate::state::{Affected, ComponentState, EntityRef, Impact, IncidentStatus, Roles};
use crate::text::{Body, Id, Name, Translated};
use crate::time::{Span, Time};

/// Opens an incident: declares that something fails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentOpen {
    /// The incident's id; generated if absent, such as `incident-42`.
    pub id: Option<Id>,
    /// Display name: what fails, in one line.
    pub name: Translated<Name>,
    /// Severity of the impact.
    pub impact: Impact,
    /// Current status: `investigating` if absent. `resolved` is refused.
    pub status: Option<IncidentStatus>,
    /// The components that the incident holds until it is resolved: the status by component id.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// The text for visitors. Send either this or `template`.
    pub body: Option<Translated<Body>>,
    /// The id of the message template that gives the text.
    pub template: Option<Id>,
    /// The values of the template's placeholders, by name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who communicates and who fixes. Internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words; plain text.
    pub impact_note: Option<Translated<Body>>,
    /// The share that is affected.
    pub affected: Option<Affected>,
    /// When the incident began for the people affected. If absent: `detected_at`, or else `at`.
    pub started_at: Option<Time>,
    /// When you or a monitor noticed.
    pub detected_at: Option<Time>,
    /// Promises the next update within this time. Send either this or `next_update_at`.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this instant.
    pub next_update_at: Option<Time>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl IncidentOpen {
    pub(crate) fn id_or_generated(&self, version: u64) -> Id {
        self.id.clone().unwrap_or_else(|| Id::generated("incident", version))
    }
}

/// Adds an update to an incident, resolves it, or reopens it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentUpdate {
    /// The incident's id. May be absent if exactly one incident is open.
    pub incident: Option<Id>,
    /// Current status; unchanged if absent. Any status but `resolved` reopens a resolved incident.
    pub status: Option<IncidentStatus>,
    /// Severity of the impact; unchanged if absent.
    pub impact: Option<Impact>,
    /// The components whose status the incident changes; it keeps holding the others as before.
    #[serde(default)]
    pub components: BTreeMap<Id, ComponentState>,
    /// The text for visitors. Send either this or `template`.
    pub body: Option<Translated<Body>>,
    /// The id of the message template that gives the text.
    pub template: Option<Id>,
    /// The values of the template's placeholders, by name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Who communicates and who fixes from now on; replaces the earlier roles. Internal, never published.
    pub roles: Option<Roles>,
    /// Who and what is affected, in words; plain text.
    pub impact_note: Option<Translated<Body>>,
    /// The share that is affected.
    pub affected: Option<Affected>,
    /// Promises the next update within this time. Send either this or `next_update_at`.
    pub next_update_in: Option<Span>,
    /// Promises the next update by this instant.
    pub next_update_at: Option<Time>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

/// Corrects the record of an incident without adding an update.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IncidentAmend {
    /// The incident's id. May be absent if exactly one incident is open.
    pub incident: Option<Id>,
    /// The corrected name.
    pub name: Option<Translated<Name>>,
    /// The corrected severity of the impact.
    pub impact: Option<Impact>,
    /// When the incident really began.
    pub started_at: Option<Time>,
    /// When the incident was really noticed.
    pub detected_at: Option<Time>,
    /// When the incident really ended. Refused while the incident is open.
    pub resolved_at: Option<Time>,
    /// The number of the update whose text `body` corrects, counted from 1. Needs `body`.
    pub update: Option<u32>,
    /// The corrected text of that update. Needs `update`.
    pub body: Option<Translated<Body>>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl Kind for IncidentOpen {
    fn at(&self) -> Option<Time> {
        self.at
    }

    fn needs(&self, version: u64) -> Vec<EntityRef> {
        vec![EntityRef::incident(self.id_or_generated(version))]
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
