//! `status.json`: the document that the widget reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::{Affected, ComponentState, Impact, IncidentStatus, Indicator, MaintenanceStatus};
use crate::text::Id;
use crate::time::Time;

/// `GET /status.json`, schema 1.
///
/// Within a schema, fields are only added. A reader ignores unknown fields and refuses another `schema`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusDocument {
    /// The schema: 1 ([`StatusDocument::SCHEMA`]).
    pub schema: u32,
    /// The page whose status this is.
    pub page: PageEntry,
    /// Grows by one with each accepted update and each change that the clock makes.
    pub version: u64,
    /// When this version was published.
    pub published_at: Time,
    /// Overall status in one word.
    pub indicator: Indicator,
    /// Overall status as a sentence.
    pub description: String,
    /// The components that are not operational, in the order of the page.
    #[serde(default)]
    pub components: Vec<ComponentStatus>,
    /// The open incidents, worst first by their impact and by what they hold, then newest first.
    #[serde(default)]
    pub incidents: Vec<IncidentStatusEntry>,
    /// The incidents of which the page has said within the last hour that they are over, unless they had been over for a day by then.
    /// The one that ended last comes first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<ResolvedEntry>,
    /// Active maintenances, then those that start within 24 hours; each by planned start.
    #[serde(default)]
    pub maintenances: Vec<MaintenanceStatusEntry>,
    /// The current notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeEntry>,
    /// Only in a last-known-good copy: since when the copy could not be confirmed to be current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_since: Option<Time>,
}

impl StatusDocument {
    /// The value of `schema` that this type reads and writes.
    pub const SCHEMA: u32 = 1;

    /// Whether there is anything to show to a visitor, a just resolved incident included.
    pub fn has_news(&self) -> bool {
        self.indicator != Indicator::None
            || !self.incidents.is_empty()
            || !self.maintenances.is_empty()
            || !self.resolved.is_empty()
            || self.notice.is_some()
    }
}

/// The page in `status.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageEntry {
    /// Display name of the page.
    pub name: String,
    /// Address of a page with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Language of the texts (BCP 47). Absent if the operator has not set it; the texts are then probably in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// The texts of an entity in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Translation {
    /// Display name; for a notice, the headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Text of the newest update: Markdown, as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Who and what is affected; plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_note: Option<String>,
}

/// Translations by language tag (BCP 47).
pub type Translations = BTreeMap<String, Translation>;

/// A component that is not operational.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentStatus {
    /// The component's id.
    pub id: Id,
    /// Display name.
    pub name: String,
    /// Current status: the worst of what is set, what open incidents hold and active maintenance.
    pub status: ComponentState,
    /// Since when the component has this status.
    pub since: Time,
}

/// An open incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidentStatusEntry {
    /// The incident's id.
    pub id: Id,
    /// Display name.
    pub name: String,
    /// Current status.
    pub status: IncidentStatus,
    /// Severity of the impact, as the operator set it. What the incident holds may be worse.
    pub impact: Impact,
    /// When the incident began for the people affected.
    pub started_at: Time,
    /// Time of the newest update.
    pub updated_at: Time,
    /// When the incident was last reopened after it had been resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_at: Option<Time>,
    /// Text of the newest update: Markdown, as it was sent.
    pub body: String,
    /// The promised time of the next update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_at: Option<Time>,
    /// Whether `next_update_at` has passed without an update.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// Since when the promised update is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_since: Option<Time>,
    /// Who and what is affected, in words; plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_note: Option<String>,
    /// The share that is affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<Affected>,
    /// The ids of the components that it affects now.
    #[serde(default)]
    pub components: Vec<Id>,
    /// Address of a page with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Translations of the texts, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// An incident that is over, as the page has said within the last hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolvedEntry {
    /// The incident's id.
    pub id: Id,
    /// Display name.
    pub name: String,
    /// Severity of the impact.
    pub impact: Impact,
    /// When the incident was resolved.
    pub resolved_at: Time,
    /// Text of the newest update: Markdown, as it was sent.
    pub body: String,
    /// Address of a page with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Translations of the texts, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// A maintenance that is active or starts within 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MaintenanceStatusEntry {
    /// The maintenance's id.
    pub id: Id,
    /// Display name.
    pub name: String,
    /// Current status.
    pub status: MaintenanceStatus,
    /// Whether the operator moves it on by hand and the time for that has passed: it has not begun, has not been verified, or has not ended.
    #[serde(default)]
    pub late: bool,
    /// Planned start.
    pub scheduled_for: Time,
    /// Planned end.
    pub scheduled_until: Time,
    /// Time of the newest update.
    pub updated_at: Time,
    /// Text of the newest update: Markdown, as it was sent.
    pub body: String,
    /// The ids of the affected components.
    #[serde(default)]
    pub components: Vec<Id>,
    /// Address of a page with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Translations of the texts, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}

/// The notice. `GET /notice.json` has the long form, if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeEntry {
    /// Headline, if the notice has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The message: Markdown.
    pub body: String,
    /// When the notice was posted.
    pub updated_at: Time,
    /// Address of a page with more information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Translations of the texts, by language tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: Translations,
}
