//! One text of an incident or a maintenance.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::terms::ComponentState;
use crate::text::{Body, Id, Language};
use crate::time::Time;

/// One text of an incident or a maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<Status> {
    /// Its number, from 1.
    pub number: u32,
    /// Where the incident or maintenance stood then.
    pub status: Status,
    /// What was told; plain text.
    pub body: Body,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// What the update held, if it said so.
    pub components: BTreeMap<Id, ComponentState>,
    /// When it was told.
    pub at: Time,
}
