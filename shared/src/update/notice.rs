//! `notice.post` and `notice.clear`.

use super::kind::Kind;
use serde::Deserialize;

use crate::text::{Body, Name, Translated, Url};
use crate::time::Time;

/// Posts the page's notice, in place of the one there is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoticePost {
    /// What you tell people.
    pub body: Translated<Body>,
    /// Where a person reads more.
    pub url: Option<Url>,
    /// When it goes away by itself: until then it is pinned.
    pub until: Option<Time>,
    /// Its headline, if it is more than a line.
    pub title: Option<Translated<Name>>,
    /// Its long form, in Markdown: a frank talk.
    pub details: Option<Body>,
    /// When it happened.
    pub at: Option<Time>,
}

/// Takes the notice away.
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
