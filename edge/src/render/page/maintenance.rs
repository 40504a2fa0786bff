//! `/maintenances/ID`: a public maintenance with its times and texts.

use candor_shared::bulletin::maintenance_word;
use candor_shared::state::{Indicator, MaintenanceStatus};
use candor_shared::text::Id;
use candor_shared::words::Word;
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use super::part::{self, first_line};
use super::written::{Written, other_than};
use crate::document::Document;
use crate::render::rendered::Rendered;
use crate::render::source::Source;

/// Renders the page, if there is such a maintenance and it is public.
///
/// # Errors
/// If the storage cannot be read.
pub fn maintenance(source: &Source<'_>, id: &Id) -> Result<Option<Rendered>> {
    let Source { state, ledger, words, .. } = *source;
    let Some(record) = ledger.maintenance(id, Some(words.tag()))? else { return Ok(None) };
    let of = &record.maintenance;
    let open = of.is_open();
    let (class, level) = match of.status {
        MaintenanceStatus::Completed => ("ok", Indicator::None),
        // Called off: nothing was done, and nothing is well or bad because of it.
        MaintenanceStatus::Cancelled => ("neutral", Indicator::Maintenance),
        _ => ("maintenance", Indicator::Maintenance),
    };
    let planned = words.duration(of.scheduled_until.millis_since(of.scheduled_for));
    let own = of.language(&state.page);
    let (name, language) = words.translation(&of.name, own, &of.names);
    let language = other_than(words, language).unwrap_or_default();
    let stage = words.title(maintenance_word(of.status));
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <p class="dim">{ words.get(Word::StoryPlanned) }</p>
                <Written tag="h1" {language}>{ name.to_string() }</Written>
                <p class="state">{ stage.clone() }{ part::late(words, of) }</p>
            </div>
            { part::section(words, Word::StoryInShort, html! {
                <dl class="facts">
                    { part::fact(words, Word::StoryPlannedFor, part::window(words, of.scheduled_for, of.scheduled_until)) }
                    { part::fact(words, Word::StoryPlannedToLast, planned.into()) }
                    if let Some(at) = of.started_at { { part::when(words, Word::StoryReallyBegan, at) } }
                    if let Some(at) = of.completed_at { { part::when(words, Word::StoryReallyOver, at) } }
                    if let Some(at) = of.cancelled_at { { part::when(words, Word::StoryCalledOff, at) } }
                    { part::components(words, &record.component_names(state)) }
                </dl>
            }) }
            { part::section(words, Word::StoryUpdates, html! { <>{ part::log(words, &record.entries, own, None, maintenance_word, true) }{ part::omitted(words, &record.entries) }</> }) }
        </>
    };
    let document = Document::Maintenance(id.clone());
    let draft = Draft {
        path: &document.path(),
        title: format!("{name} · {}", state.page.title()),
        description: words.labelled(
            &stage,
            &first_line(words.translation(&of.told().body, own, &of.told().translations).0.as_str()),
        ),
        level: Some(level),
        version: open.then_some(source.version),
        content,
    };
    render(&document, source, draft).map(Some)
}
