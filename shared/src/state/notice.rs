//! The notice.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::text::{Body, Language, Name, Url};
use crate::time::Time;

/// What the operator wants everybody to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Plain text.
    pub body: Body,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Language, Body>,
    /// Where a person reads more.
    pub url: Option<Url>,
    /// When it was posted.
    pub posted_at: Time,
    /// When it goes away by itself.
    pub until: Option<Time>,
    /// Its headline, if it is more than a line.
    #[serde(default)]
    pub title: Option<Name>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<Language, Name>,
    /// Its long form, in Markdown.
    #[serde(default)]
    pub details: Option<Body>,
}
