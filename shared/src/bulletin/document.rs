//! `bulletin.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::{ComponentState, Indicator};
use crate::text::{Id, Piece};
use crate::time::Time;

/// `GET /bulletin.json`, schema 1: what is to be said to a visitor now, in one language, with every choice made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bulletin {
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
    /// How bad it is at worst.
    pub level: Level,
    /// The state of the whole page in a sentence.
    pub summary: String,
    /// The same sentence, for when nobody knows the state any more.
    #[serde(default)]
    pub unknown: String,
    /// What an embed is, for a screen reader.
    #[serde(default)]
    pub label: String,
    /// The page.
    pub page: PageLink,
    /// What there is to say, worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// The components that are not operational, in the page's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Ailing>,
    /// The components that were asked for and that the page does not have, and groups without members: nobody knows how they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Id>,
    /// Where signed copies are when the edge is gone; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirrors: Option<Mirrors>,
    /// The style sheet of a banner that says this; present exactly where there are lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub styles: Option<String>,
    /// The words that a painter needs besides; absent where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrases: Option<Phrases>,
    /// Since when nobody could confirm that this is current; absent if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_since: Option<Time>,
}

impl Bulletin {
    /// The bulletin with the style sheet of a banner, if it has lines, and without one otherwise.
    #[must_use]
    pub fn styled(self, styles: &str) -> Self {
        Self { styles: (!self.lines.is_empty()).then(|| styles.to_owned()), ..self }
    }
}

/// Where signed copies are, and by whose keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mirrors {
    /// The addresses of the mirrors, without a slash at the end.
    pub urls: Vec<String>,
    /// The public keys whose signatures hold, Ed25519 in base64url, by their ids.
    pub keys: BTreeMap<String, String>,
}

/// How bad something is, best first: an indicator, or that it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing is wrong.
    None,
    /// It is over.
    Resolved,
    /// A notice, or an incident without impact.
    Notice,
    /// Maintenance.
    Maintenance,
    /// Some users are affected, or all of them slightly.
    Minor,
    /// Many users are affected.
    Major,
    /// All users are affected.
    Critical,
}

impl From<Indicator> for Level {
    fn from(indicator: Indicator) -> Self {
        match indicator {
            Indicator::None => Self::None,
            Indicator::Maintenance => Self::Maintenance,
            Indicator::Minor => Self::Minor,
            Indicator::Major => Self::Major,
            Indicator::Critical => Self::Critical,
        }
    }
}

/// The page, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageLink {
    /// Its name.
    pub name: LocalizedText,
    /// Its address, if it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An operator's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LocalizedText {
    /// The words.
    pub text: Vec<Piece>,
    /// Their language, where it is another one than the bulletin's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// One thing that is to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// Names what is said, in the state in which it is said: whoever closes an embed has seen the keys that it showed.
    pub key: String,
    /// How bad it is.
    pub level: Level,
    /// The same in a word or two.
    pub label: String,
    /// What it is called; absent for a notice without a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalizedText>,
    /// The newest text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<LocalizedText>,
    /// Who and what is affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<LocalizedText>,
    /// The small print: one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Vec<Piece>>,
    /// The ids of the components that it affects now, or of those that it affected if it is over; empty if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Id>,
    /// Where more is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether that is an address which its operator named, and not one of the page: no panel shows what is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
}

/// A component that is not operational.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ailing {
    /// Its id.
    pub id: Id,
    /// The id of its group, if it has one: an embed that is about a group is about its members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Id>,
    /// Its name.
    pub name: LocalizedText,
    /// Its status.
    pub status: ComponentState,
    /// How bad that is.
    pub level: Level,
    /// Its status in words.
    pub label: String,
}

/// The words of a painter, beside what the bulletin says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phrases {
    /// Closes an embed.
    pub dismiss: String,
    /// All is well, for who has not seen what is over.
    #[serde(default)]
    pub well: String,
    /// Leads to the page.
    pub details: String,
    /// Opens a panel.
    pub show: String,
    /// Closes a panel.
    pub close: String,
    /// Nobody could confirm since `{time}`.
    pub not_confirmed: String,
    /// The device is offline; what it has is as of `{time}`.
    pub offline: String,
    /// How many more things there are: `{count}`, by plural category (CLDR).
    pub more: BTreeMap<String, String>,
}
