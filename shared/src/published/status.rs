//! `status.json`: the document that the widget reads. A type of its own, so that no internal field
//! can be published by accident.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::state::{Affected, ComponentState, Impact, IncidentStatus, Indicator, MaintenanceStatus};
use crate::text::Id;
use crate::time::Time;

/// `GET /status.json`, schema 1.
///
/// Fields are only ever added within a schema; a reader ignores what it does not know and refuses
/// another `schema`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusDocument {
    /// [`StatusDocument::SCHEMA`].
    pub schema: u32,
    /// Whose status this is.
    pub page: PageEntry,
    /// Counts accepted updates and what the clock did by itself; grows by one with each.
    pub version: u64,
    /// When this version was published.
    pub published_at: Time,
    /// The page's state in one word.
    pub indicator: Indicator,
    /// The page's state in one sentence.
    pub description: String,
    /// The components that are not operational, in the page's order.
    #[serde(default)]
    pub components: Vec<ComponentStatus>,
    /// The open incidents, worst and newest first.
    #[serde(default)]
    pub incidents: Vec<IncidentStatusEntry>,
    /// The incidents that were said to be over within the last hour, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<ResolvedEntry>,
    /// Maintenances that are active, then those that start within 24 hours; earliest first.
    #[serde(default)]
    pub maintenances: Vec<MaintenanceStatusEntry>,
    /// What the operator wants everybody to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeEntry>,
    /// Present only on a last-known-good copy: since when nobody could confirm that it is current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_since: Option<Time>,
}

impl StatusDocument {
    /// The schema that this type reads and writes.
    pub const SCHEMA: u32 = 1;

    /// Whether a visitor is to be told of anything: of what goes on, or that something is just over.
    pub fn has_news(&self) -> bool {
        self.indicator != Indicator::None
            || !self.incidents.is_empty()
            || !self.maintenances.is_empty()
            || !self.resolved.is_empty()
            || self.notice.is_some()
    }
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageEntry {
    /// What the page is called.
    pub name: String,
    /// Where a person reads more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What its texts are in (BCP 47), if the operator has said so; else English, most likely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// What was said in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Translation {
    /// What it is called; of a notice, its headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The newest update's text; plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Who and what is affected; plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_note: Option<String>,
}

/// By language tag (BCP 47).
pub type Translations = BTreeMap<String, Translation>;

/// A component that is not operational.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentStatus {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The worst of what is set, what open incidents hold and what active maintenance holds.
    pub status: ComponentState,
    /// Since when it is in this state.
    pub since: Time,
}

/// An open incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentStatusEntry {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub status: IncidentStatus,
    /// How bad it is.
    pub impact: Impact,
    /// When it began for those affected.
    pub started_at: Time,
    /// When the newest update is from.
    pub updated_at: Time,
    /// When it was last opened again after it had been resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_at: Option<Time>,
    /// The newest update's text; plain text.
    pub body: String,
    /// When the next update was promised for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_at: Option<Time>,
    /// Whether that time has passed without an update.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// Since when the promised update is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_since: Option<Time>,
    /// Who and what is affected, in words; plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_note: Option<String>,
    /// How many are affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<Affected>,
    /// The ids of the components that it names.
    #[serde(default)]
    pub components: Vec<Id>,
    /// Where a person reads more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// An incident that was said to be over within the last hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolvedEntry {
    /// Its id.
    pub id: Id,
    /// What it was called.
    pub name: String,
    /// How bad it was.
    pub impact: Impact,
    /// When it was over.
    pub resolved_at: Time,
    /// The newest update's text; plain text.
    pub body: String,
    /// Where a person reads more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// A maintenance that is active or starts soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MaintenanceStatusEntry {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub status: MaintenanceStatus,
    /// When it starts.
    pub scheduled_for: Time,
    /// When it is to be over.
    pub scheduled_until: Time,
    /// When the newest update is from.
    pub updated_at: Time,
    /// The newest update's text; plain text.
    pub body: String,
    /// The ids of the components that it names.
    #[serde(default)]
    pub components: Vec<Id>,
    /// Where a person reads more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// A notice. `GET /notice.json` has its long form, if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeEntry {
    /// Its headline, if it is more than a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text.
    pub body: String,
    /// When it was posted.
    pub updated_at: Time,
    /// Where a person reads more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}
