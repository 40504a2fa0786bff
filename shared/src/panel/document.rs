//! `panel.json`.

use serde::{Deserialize, Serialize};

use crate::bulletin::{Level, LocalizedText, PageLink};
use crate::text::{Id, Piece};
use crate::time::Time;

/// `GET /panel.json`, schema 1: everything that a visitor may want to know, in one language, with every choice made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Panel {
    /// The schema: 1.
    pub schema: u32,
    /// The version of the page.
    pub version: u64,
    /// When that version was published.
    pub published_at: Time,
    /// The language of all words but the operators' own: a BCP 47 tag.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// What a panel is, for its heading.
    pub title: String,
    /// How bad it is at worst.
    pub level: Level,
    /// The state of the whole page in a sentence.
    pub summary: String,
    /// The same sentence, for when nobody knows the state any more.
    pub unknown: String,
    /// The page.
    pub page: PageLink,
    /// What is going on, what is planned, what is over, in this order. A section without stories is absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// The components and their uptime; absent where the page has no component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Uptimes>,
    /// Addresses that a visitor's device can try; absent where operators named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<DeviceCheck>,
    /// Where more is: the page, its history, help, feeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<PanelLink>,
    /// The languages in which the panel exists.
    pub languages: Vec<LanguageChoice>,
    /// What a choice of language is called.
    pub language_label: String,
    /// Closes the panel.
    pub close: String,
    /// Nobody could confirm since `{time}`.
    pub not_confirmed: String,
    /// The device is offline; what it has is as of `{time}`.
    pub offline: String,
    /// Since when nobody could confirm that this is current; absent if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_since: Option<Time>,
}

/// Stories under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Section {
    /// The heading.
    pub title: String,
    /// At least one.
    pub stories: Vec<Story>,
}

/// An incident, a maintenance, or a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Story {
    /// `incident/ID`, `maintenance/ID` or `notice/`: the beginning of the key of the bulletin's line about it.
    pub key: String,
    /// How bad it is, or was at worst if it is over.
    pub level: Level,
    /// The same in a word or two.
    pub label: String,
    /// What it is called; absent for a notice without a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalizedText>,
    /// Who and what is affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<LocalizedText>,
    /// The small print: one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Vec<Piece>>,
    /// The page about it, and its post-mortem if it has one; for a notice, what its operator names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<PanelLink>,
    /// All its updates, newest first; empty for what is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<StoryUpdate>,
}

/// One text of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoryUpdate {
    /// Where the story stood; absent in a notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The text.
    pub body: LocalizedText,
    /// When it was published, and when it was corrected if it was: one sentence each.
    pub facts: Vec<Vec<Piece>>,
}

/// The components, and their uptime by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Uptimes {
    /// The heading.
    pub title: String,
    /// The dates of the days, oldest first; the last one is today.
    pub days: Vec<String>,
    /// What a day is called on which a component did not exist yet.
    pub no_data: String,
    /// What a day without any outage had, in per cent.
    pub whole: String,
    /// What the last day is called.
    pub today: String,
    /// The components, in the page's order.
    pub groups: Vec<Group>,
}

/// The components of a group, or some without a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// The name of the group; absent for components without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalizedText>,
    /// At least one.
    pub components: Vec<ListedComponent>,
}

/// A component, with its uptime by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListedComponent {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: LocalizedText,
    /// How bad its status is.
    pub level: Level,
    /// Its status in words.
    pub label: String,
    /// Its uptime in a sentence, for who cannot see the days.
    pub description: String,
    /// Its uptime over all of the days, in per cent.
    pub share: String,
    /// How long ago the first day is, or for how many days there are data.
    pub span: String,
    /// On how many of the days it existed: the last ones.
    pub known: usize,
    /// The days with an outage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imperfect: Vec<Imperfect>,
}

/// A day with an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Imperfect {
    /// Which of the days it is, from 0.
    pub day: usize,
    /// How bad it was: `minor`, `major` or `critical`.
    pub level: Level,
    /// The uptime of the day in per cent.
    pub share: String,
}

/// Addresses that a visitor's device can try, and the words for the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceCheck {
    /// The heading.
    pub title: String,
    /// What happens.
    pub about: String,
    /// Begins.
    pub start: String,
    /// It is under way.
    pub checking: String,
    /// An address answers, after `{time}`.
    pub answers: String,
    /// An address does not answer.
    pub silent: String,
    /// An address cannot be tried from here, because the page around forbids it.
    pub untried: String,
    /// All of them answer.
    pub all_answer: String,
    /// None of them answers.
    pub all_silent: String,
    /// Whatever does not answer is not operational here, too.
    pub known: String,
    /// Something does not answer that is operational here.
    pub not_known: String,
    /// Where visitors can get help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<PanelLink>,
    /// The addresses, 1 to 8.
    pub addresses: Vec<CheckedAddress>,
}

/// An address that a visitor's device can try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckedAddress {
    /// What is there.
    pub name: LocalizedText,
    /// An `https:` URL.
    pub url: String,
    /// How bad the status is of the component behind it, or of the page if none is named.
    pub level: Level,
    /// The same in words.
    pub label: String,
}

/// Where more is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PanelLink {
    /// What is there.
    pub label: String,
    /// The address.
    pub url: String,
}

/// A language in which the panel exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LanguageChoice {
    /// The BCP 47 tag.
    pub language: String,
    /// What the language calls itself.
    pub name: String,
}
