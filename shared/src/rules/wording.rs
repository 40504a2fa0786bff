//! The texts of an update: written out, or from a template.

use std::collections::BTreeMap;

use super::rejection::Rejection;
use super::template::fill;
use crate::state::{Page, State};
use crate::text::{Body, Id, Language, Translated};

/// The body of an update and its translations: `body`, or the template filled in with `values`.
pub(super) fn body_of(
    state: &State,
    body: Option<&Translated<Body>>,
    template: Option<&Id>,
    values: &BTreeMap<String, String>,
) -> Result<(Body, BTreeMap<Language, Body>), Rejection> {
    match (body, template) {
        (Some(_), Some(_)) => {
            Err(Rejection::invalid("/template", "Give a \"body\" or a \"template\", not both."))
        }
        (None, None) => Err(Rejection::invalid(
            "/body",
            "An update needs a text: \"body\", or \"template\" with \"values\".",
        )),
        (Some(_), None) if !values.is_empty() => Err(Rejection::invalid(
            "/values",
            "\"values\" are for a \"template\", and the update names none.",
        )),
        (Some(body), None) => in_page_language(body, &state.page, "/body"),
        (None, Some(id)) => match state.templates.get(id) {
            Some(template) => Ok((fill(template, values)?, BTreeMap::new())),
            None => {
                let known: Vec<&str> = state.templates.keys().map(Id::as_str).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Err(Rejection::invalid("/template", format!("There is no template {id}. Known: {known}.")))
            }
        },
    }
}

/// The impact note of an update and its translations; `None` if the update has none.
pub(super) fn note_of(
    state: &State,
    note: Option<&Translated<Body>>,
) -> Result<(Option<Body>, BTreeMap<Language, Body>), Rejection> {
    let Some(note) = note else { return Ok((None, BTreeMap::new())) };
    let (note, notes) = in_page_language(note, &state.page, "/impact_note")?;
    Ok((Some(note), notes))
}

/// The text in the page's language, and its translations.
///
/// # Errors
/// If the text is missing in the page's language.
pub(super) fn in_page_language<T: Clone>(
    text: &Translated<T>,
    page: &Page,
    pointer: &str,
) -> Result<(T, BTreeMap<Language, T>), Rejection> {
    let language = page.language();
    text.split(&language).ok_or_else(|| {
        let detail = format!("Add the text in \"{language}\", the page's language (page.set \"language\").");
        Rejection::invalid(pointer, detail)
    })
}
