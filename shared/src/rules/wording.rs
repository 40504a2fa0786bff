//! The texts of an update: written out, or from a template.

use std::collections::BTreeMap;

use super::rejection::Rejection;
use super::template::fill;
use crate::state::{Page, State};
use crate::text::markdown::is_blank;
use crate::text::{Body, Id, Language, Translated};

/// The body of an update and its translations: `body`, or the template filled in with `values`. `own`: the language of what it is about.
pub(super) fn body_of(
    state: &State,
    body: Option<&Translated<Body>>,
    template: Option<&Id>,
    values: &BTreeMap<String, String>,
    own: &Language,
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
        (Some(body), None) => prose_in_language(body, own, &state.page),
        (None, Some(_)) if *own != state.page.language() => {
            Err(not_by_language("/template", own, &state.page.language()))
        }
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

/// The `body` of an update, which is Markdown, in the language of what it is about, and its translations.
///
/// # Errors
/// If the text is missing in that language, or if one shows nothing.
pub(super) fn prose_in_language(
    body: &Translated<Body>,
    own: &Language,
    page: &Page,
) -> Result<(Body, BTreeMap<Language, Body>), Rejection> {
    let (text, translations) = in_language(body, own, page, "/body")?;
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
    own: &Language,
) -> Result<(Option<Body>, BTreeMap<Language, Body>), Rejection> {
    let Some(note) = note else { return Ok((None, BTreeMap::new())) };
    let (note, notes) = in_language(note, own, &state.page, "/impact_note")?;
    Ok((Some(note), notes))
}

/// The text in the language of what it is about, and its translations. That is the page's language, unless the page has another one since.
///
/// # Errors
/// If the text is missing in that language, or if its own language is not declared.
pub(super) fn in_language<T: Clone>(
    text: &Translated<T>,
    own: &Language,
    page: &Page,
    pointer: &str,
) -> Result<(T, BTreeMap<Language, T>), Rejection> {
    let of_page = page.language();
    match text {
        Translated::One(_) if *own != of_page => Err(not_by_language(pointer, own, &of_page)),
        text => text.split(own).ok_or_else(|| {
            let whose = if *own == of_page {
                "the page's language (page.set \"language\")"
            } else {
                "in which this was announced"
            };
            Rejection::invalid(pointer, format!("Add the text in \"{own}\", {whose}."))
        }),
    }
}

/// A text on something that was announced in a language that the page no longer has.
fn not_by_language(pointer: &str, own: &Language, page: &Language) -> Rejection {
    let detail = format!(
        "This was announced in \"{own}\", and the page is in \"{page}\" now. Give the text by language: {{\"{own}\": \"…\", \"{page}\": \"…\"}}."
    );
    Rejection::invalid(pointer, detail)
}
