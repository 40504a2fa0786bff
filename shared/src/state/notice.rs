//! The notice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{Body, Language, Name, Url};
use crate::time::Time;

/// A message of the page to everybody. A page has at most one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The message: Markdown.
    pub body: Body,
    /// Translations of `body`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// Address of a page with more information.
    pub url: Option<Url>,
    /// When the notice was posted.
    pub posted_at: Time,
    /// When the notice disappears by itself; `None` if it stays until it is cleared.
    pub until: Option<Time>,
    /// Headline, if the notice has one.
    #[serde(default)]
    pub title: Option<Name>,
    /// Translations of `title`, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<Language, Name>,
    /// The long form; Markdown.
    #[serde(default)]
    pub details: Option<Body>,
}
