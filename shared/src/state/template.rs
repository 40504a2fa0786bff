//! Message templates: texts written in advance, with placeholders.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::{Body, Id};
use crate::time::Time;

/// A message template: a text written in advance. Internal until an update uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The template's id.
    pub id: Id,
    /// The text, with `{{placeholders}}`.
    pub body: Body,
    /// When the template was last set.
    pub updated_at: Time,
}

impl Template {
    /// The names of the placeholders, each once.
    pub fn placeholders(&self) -> BTreeSet<&str> {
        placeholders(self.body.as_str()).collect()
    }

    /// The text between placeholders (`Ok`) and the names of placeholders (`Err`), in order.
    pub fn parts(&self) -> impl Iterator<Item = Result<&str, &str>> {
        parts(self.body.as_str())
    }
}

/// The names of the placeholders in a text, in order.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    parts(text).filter_map(Result::err)
}

/// The text between placeholders (`Ok`) and the names of placeholders (`Err`), in order.
fn parts(text: &str) -> impl Iterator<Item = Result<&str, &str>> {
    let mut rest = Some(text);
    let mut pending = None;
    std::iter::from_fn(move || {
        if let Some(name) = pending.take() {
            return Some(Err(name));
        }
        let text = rest.take()?;
        let Some((before, after)) = text.split_once("{{") else { return Some(Ok(text)) };
        match after.split_once("}}") {
            Some((name, after)) => {
                pending = Some(name.trim());
                rest = Some(after);
                Some(Ok(before))
            }
            None => Some(Ok(text)),
        }
    })
}
