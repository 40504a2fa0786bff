//! `/notice.json`: the notice, with the long form.

use serde::Serialize;

use crate::state::Notice;
use crate::text::markdown::to_html;
use crate::time::Time;

/// `GET /notice.json`, schema 1: the notice, with the long form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeDocument {
    /// The schema: 1.
    pub schema: u32,
    /// Headline, if the notice has one.
    pub title: Option<String>,
    /// The short form: Markdown.
    pub body: String,
    /// The long form, if the notice has one; Markdown.
    pub details: Option<String>,
    /// The long form as an HTML fragment, safe to show.
    pub html: Option<String>,
    /// When the notice was posted.
    pub updated_at: Time,
    /// When the notice disappears by itself; `null` if it stays until it is cleared.
    pub until: Option<Time>,
}

/// Builds `notice.json`.
pub fn notice_document(notice: &Notice) -> NoticeDocument {
    NoticeDocument {
        schema: 1,
        title: notice.title.as_ref().map(ToString::to_string),
        body: notice.body.to_string(),
        details: notice.details.as_ref().map(ToString::to_string),
        html: notice.details.as_ref().map(|details| to_html(details.as_str())),
        updated_at: notice.posted_at,
        until: notice.until,
    }
}
