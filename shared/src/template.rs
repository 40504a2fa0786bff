//! Messages that are written before they are needed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Body, Id, Rejection, Time, limits};

/// A message that is written before it is needed. Internal until it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: Id,
    /// The text, with `{{placeholders}}`.
    pub body: Body,
    /// When it was last set.
    pub updated_at: Time,
}

impl Template {
    /// The names of its placeholders.
    pub fn placeholders(&self) -> BTreeSet<&str> {
        placeholders(self.body.as_str()).collect()
    }

    /// The text with the values in place of the placeholders. A value is text, and is not looked at
    /// for placeholders again.
    ///
    /// # Errors
    /// Names the values that are missing, or that the template does not have.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Result<Body, Rejection> {
        let wanted = self.placeholders();
        let list = |names: Vec<&str>| names.join(", ");
        let missing: Vec<&str> = wanted.iter().copied().filter(|name| !values.contains_key(*name)).collect();
        if !missing.is_empty() {
            return Err(Rejection::invalid(
                "/values",
                format!("The template {} needs values for: {}.", self.id, list(missing)),
            ));
        }
        let unknown: Vec<&str> =
            values.keys().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
        if !unknown.is_empty() {
            return Err(Rejection::invalid(
                "/values",
                format!("The template {} has no placeholder for: {}.", self.id, list(unknown)),
            ));
        }
        let mut text = String::new();
        for part in parts(self.body.as_str()) {
            text.push_str(match part {
                Ok(text) => text,
                Err(name) => values.get(name).map_or("", String::as_str),
            });
            // Far too long already: many placeholders with a long value would come to a hundred megabytes.
            if text.len() > 8 * limits::BODY_CHARS {
                break;
            }
        }
        Body::try_from(text)
            .map_err(|error| Rejection::invalid("/values", format!("The filled-in text {error}.")))
    }
}

/// The names of the placeholders in a text, in order.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn template(body: &str) -> Template {
        Template {
            id: Id::try_from("down".to_owned()).unwrap(),
            body: Body::try_from(body.to_owned()).unwrap(),
            updated_at: Time::EPOCH,
        }
    }

    fn fill(body: &str, values: &[(&str, &str)]) -> Result<String, String> {
        let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        template(body).fill(&values).map(|body| body.to_string()).map_err(|error| error.detail)
    }

    #[test]
    fn values_take_the_place_of_placeholders() {
        assert_eq!(
            fill("{{what}} fails since {{ when }}. {{what}}!", &[("what", "Pay"), ("when", "noon")]).unwrap(),
            "Pay fails since noon. Pay!"
        );
        assert_eq!(fill("No holes, {{ but an open one", &[]).unwrap(), "No holes, {{ but an open one");
        assert_eq!(fill("{{a}}", &[("a", "{{b}}")]).unwrap(), "{{b}}", "a value is text");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            fill("{{a}} {{b}} {{c}}", &[("b", "x")]).unwrap_err(),
            "The template down needs values for: a, c."
        );
        assert_eq!(
            fill("{{a}}", &[("a", "x"), ("z", "x")]).unwrap_err(),
            "The template down has no placeholder for: z."
        );
        let long = "x".repeat(60_000);
        assert!(fill(&"{{a}}".repeat(1_000), &[("a", &long)]).unwrap_err().contains("120000 characters"));
        assert!(fill("{{a}}", &[("a", "\u{7}")]).unwrap_err().contains("control character"));
    }
}
