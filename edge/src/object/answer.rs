//! The JSON body of the answer to an accepted `POST /v1/updates`.

use candor_shared::published::StatusDocument;
use candor_shared::record::ChangeCounts;
use candor_shared::review::Gauntlet;
use candor_shared::text::Id;
use serde::Serialize;
use serde_json::Value;

/// The answer to an accepted request: 201, or 200 for a dry run or updates that changed nothing.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AnswerBody<'a> {
    /// The version that the request made, or would make without `dry_run`.
    pub version: u64,
    /// The result of each update, in the order of the request.
    pub results: Vec<AnswerResult<'a>>,
    /// Hints on what would make the updates better. They are not errors.
    pub advice: Vec<String>,
    /// `true` for a dry run, which stores nothing; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    /// For a dry run: `status.json` as it would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_show: Option<StatusDocument>,
}

/// The result of one update.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AnswerResult<'a> {
    /// The type of the update, such as `incident.open`.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// Whether the update changed nothing: it made no version, and nothing was stored for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unchanged: bool,
    /// The id of what the update made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The URL of the page about it, if the page's address is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// For a post-mortem: how the gauntlet grades it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gauntlet: Option<Gauntlet>,
    /// For a planned change: how other changes of this kind went in the last 365 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_changes: Option<ChangeCounts>,
}

/// Whether a stored answer says that none of its updates changed anything.
pub(super) fn changed_nothing(answer: &str) -> bool {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let results = answer.get("results").and_then(Value::as_array);
    results.is_some_and(|all| all.iter().all(|result| result.get("unchanged") == Some(&Value::Bool(true))))
}
