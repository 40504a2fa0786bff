//! One entry in the history of an incident or a maintenance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::terms::{ComponentState, Impact};
use crate::text::{Body, Id, Language};
use crate::time::Time;

/// One entry in the history of an incident or a maintenance: a text, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<Status> {
    /// Position in the history, counted from 1.
    pub number: u32,
    /// Status of the incident or maintenance from this entry on.
    pub status: Status,
    /// The text for visitors: Markdown.
    pub body: Body,
    /// Translations of `body`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// The components that the update named, and their status; empty if it named none. An entry that reopens an incident
    /// names all that the incident held: what it holds again, and as operational what it does not.
    pub components: BTreeMap<Id, ComponentState>,
    /// The impact from this entry on, if the entry changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// When the update happened: its `at`, or else when it was accepted.
    pub at: Time,
    /// When the text was last corrected; `None` if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amended_at: Option<Time>,
}

impl<Status> Entry<Status> {
    /// The components that the update named as failing.
    pub fn failing(&self) -> impl Iterator<Item = &Id> {
        let failing = self.components.iter().filter(|(_, state)| **state != ComponentState::Operational);
        failing.map(|(id, _)| id)
    }
}
