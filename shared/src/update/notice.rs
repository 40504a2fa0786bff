//! `notice.post` and `notice.clear`.

use serde::Deserialize;

use super::kind::Kind;
use crate::text::{Body, Name, Translated, Url};
use crate::time::Time;

/// Posts the page's notice; replaces the current one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticePost {
    /// The message: Markdown.
    pub body: Translated<Body>,
    /// Address of a page with more information.
    pub url: Option<Url>,
    /// When the notice disappears by itself. If absent, it stays until `notice.clear`.
    pub until: Option<Time>,
    /// Headline.
    pub title: Option<Translated<Name>>,
    /// The long form, which visitors can open; Markdown.
    pub details: Option<Body>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

/// Removes the notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticeClear {}

impl Kind for NoticePost {
    fn at(&self) -> Option<Time> {
        self.at
    }
}

impl Kind for NoticeClear {}
