//! `/embed`: the status for frames and webviews, drawn by the widget's own panel. It always says
//! something: an empty strip would say nothing at all.

use std::rc::Rc;

use candor_shared::status_document;
use candor_widget::Panel;
use yew::prelude::*;

use super::{Draft, render};
use crate::document::{Document, Variant};
use crate::edition::Rendered;
use crate::publish::Source;

/// Renders a variant.
///
/// # Errors
/// Only if it cannot be rendered.
pub fn embed(source: &Source<'_>, variant: Variant) -> worker::Result<Rendered> {
    let status = Rc::new(status_document(source.state, source.version, source.published_at));
    let most = match variant {
        Variant::Badge => 0,
        Variant::Banner => 1,
        Variant::Inline => usize::MAX,
    };
    let page = source.state.page.address_or_path("/");
    let document = Document::Embed(variant);
    let draft = Draft {
        path: &document.path(),
        title: source.state.page.title().to_owned(),
        description: status.description.clone(),
        level: status.indicator,
        version: Some(source.version),
        content: html! { <Panel document={status} {most} {page} /> },
    };
    render(&document, source, draft)
}
