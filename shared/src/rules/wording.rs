//! The texts of an update: written out, or from a template.

use std::collections::BTreeMap;

use super::rejection::Rejection;
use super::template::fill;
use crate::state::{Page, State};
use crate::text::markdown::is_blank;
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
        (Some(body), None) => prose_in_page_language(body, &state.page),
        (None, Some(id)) => match state.templates.get(id) {
            Some(template) => {
                let body = fill(template, values)?;
                check_shown(body.as_str(), "/values")?;
                Ok((body, BTreeMap::new()))
            }
            None => {
                let known: Vec<&str> = state.templates.keys().map(Id::as_str).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Err(Rejection::invalid("/template", format!("There is no template {id}. Known: {known}.")))
            }
        },
    }
}

/// The `body` of an update, which is Markdown, in the page's language, and its translations.
///
/// # Errors
/// If the text is missing in the page's language, or if one shows nothing.
pub(super) fn prose_in_page_language(
    body: &Translated<Body>,
    page: &Page,
) -> Result<(Body, BTreeMap<Language, Body>), Rejection> {
    let (text, translations) = in_page_language(body, page, "/body")?;
    check_shown(text.as_str(), "/body")?;
    for (language, text) in &translations {
        check_shown(text.as_str(), &format!("/body/{language}"))?;
    }
    Ok((text, translations))
}

/// Refuses Markdown of which nothing is to be seen, such as a heading without words. It is no rule of the type: what was accepted
/// before still loads.
pub(super) fn check_shown(text: &str, pointer: &str) -> Result<(), Rejection> {
    if is_blank(text) {
        let start: String = text.chars().take(20).collect();
        let detail = format!("As Markdown, {start:?} shows nothing; write some words.");
        return Err(Rejection::invalid(pointer, detail));
    }
    Ok(())
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
