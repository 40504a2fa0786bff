//! `template.set` and `template.remove`.

use serde::Deserialize;

use super::kind::Kind;
use crate::text::{Body, Id};

/// Creates or replaces a message template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateSet {
    /// The template's id.
    pub id: Id,
    /// The text, with `{{placeholders}}` that an update fills in; Markdown, as is what fills them.
    pub body: Body,
}

/// Removes a template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateRemove {
    /// The template's id.
    pub id: Id,
}

impl Kind for TemplateSet {}

impl Kind for TemplateRemove {}
