//! `template.set` and `template.remove`.

use super::kind::Kind;
use serde::Deserialize;

use crate::text::{Body, Id};

/// Keeps a message for later.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateSet {
    /// Its id.
    pub id: Id,
    /// The text, with `{{placeholders}}`.
    pub body: Body,
}

/// Takes a template away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateRemove {
    /// Its id.
    pub id: Id,
}

impl Kind for TemplateSet {}

impl Kind for TemplateRemove {}
