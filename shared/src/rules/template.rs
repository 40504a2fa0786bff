//! Message templates.

use std::collections::BTreeMap;

use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::state::{State, Template};
use crate::text::{Body, Id};
use crate::time::Time;
use crate::update::TemplateSet;

pub(super) fn template_set(
    state: &mut State,
    update: &TemplateSet,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let limit = limits::TEMPLATES;
    if !state.templates.contains_key(&update.id) && state.templates.len() >= limit {
        return Err(Rejection::conflict(
            "",
            format!("There are {limit} templates, which is the limit. Remove one first."),
        ));
    }
    if !template_is_usable(&update.body) {
        return Err(Rejection::invalid("/body", "A placeholder has no name; write it like {{what}}."));
    }
    if state.templates.get(&update.id).is_some_and(|known| known.body == update.body) {
        return Ok(Vec::new());
    }
    let template = Template { id: update.id.clone(), body: update.body.clone(), updated_at: at };
    state.templates.insert(update.id.clone(), template);
    Ok(vec![Event::TemplateSet { id: update.id.clone() }])
}

fn template_is_usable(body: &Body) -> bool {
    !crate::state::placeholders(body.as_str()).any(str::is_empty)
}

pub(super) fn template_remove(state: &mut State, id: &Id) -> Result<Vec<Event>, Rejection> {
    match state.templates.remove(id) {
        Some(_) => Ok(vec![Event::TemplateRemoved { id: id.clone() }]),
        None => Err(Rejection::not_found("/id", format!("There is no template {id}."))),
    }
}

/// Replaces the placeholders by their values. Placeholders within a value are not replaced.
///
/// # Errors
/// If values are missing, if the template has no placeholder for a value, or if the result is not a valid body.
pub(super) fn fill(template: &Template, values: &BTreeMap<String, String>) -> Result<Body, Rejection> {
    let wanted = template.placeholders();
    let list = |names: Vec<&str>| names.join(", ");
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !values.contains_key(*name)).collect();
    if !missing.is_empty() {
        return Err(Rejection::invalid(
            "/values",
            format!("The template {} needs values for: {}.", template.id, list(missing)),
        ));
    }
    let unknown: Vec<&str> =
        values.keys().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    if !unknown.is_empty() {
        return Err(Rejection::invalid(
            "/values",
            format!("The template {} has no placeholder for: {}.", template.id, list(unknown)),
        ));
    }
    let mut text = String::new();
    for part in template.parts() {
        text.push_str(match part {
            Ok(text) => text,
            Err(name) => values.get(name).map_or("", String::as_str),
        });
        // Stop early: many placeholders with a long value could fill a hundred megabytes. The text is refused anyway.
        if text.len() > 8 * limits::BODY_CHARS {
            break;
        }
    }
    Body::try_from(text)
        .map_err(|error| Rejection::invalid("/values", format!("The filled-in text {error}.")))
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
        super::fill(&template(body), &values).map(|body| body.to_string()).map_err(|error| error.detail)
    }

    #[test]
    fn values_replace_placeholders() {
        assert_eq!(
            fill("{{what}} fails since {{ when }}. {{what}}!", &[("what", "Pay"), ("when", "noon")]).unwrap(),
            "Pay fails since noon. Pay!"
        );
        assert_eq!(fill("No holes, {{ but an open one", &[]).unwrap(), "No holes, {{ but an open one");
        assert_eq!(
            fill("{{a}}", &[("a", "{{b}}")]).unwrap(),
            "{{b}}",
            "a placeholder within a value is not replaced"
        );
    }

    #[test]
    fn errors_name_the_missing_and_unknown_values() {
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
