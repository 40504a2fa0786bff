//! What an accepted request to write is answered.

use candor_shared::published::StatusDocument;
use candor_shared::record::ChangeCounts;
use candor_shared::review::Gauntlet;
use candor_shared::text::Id;
use serde::Serialize;

/// The body of the answer.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AnswerBody<'a> {
    /// The version that the last update made, or would make.
    pub version: u64,
    /// What became of each update, in their order.
    pub results: Vec<AnswerResult<'a>>,
    /// What a good update would also have.
    pub advice: Vec<String>,
    /// Present if nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// What would be shown, if nothing was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_show: Option<StatusDocument>,
}

/// What became of one update.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AnswerResult<'a> {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The id of what it made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Where a person reads more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of a post-mortem: how it runs the gauntlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gauntlet: Option<Gauntlet>,
    /// Of a planned change: how others of its kind went in the last 365 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_changes: Option<ChangeCounts>,
}
