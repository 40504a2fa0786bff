//! `/incidents/ID`: an incident with its texts, and after it is closed its post-mortem and tasks. Also its card on the status
//! page.

use candor_shared::bulletin::incident_word;
use candor_shared::record::IncidentRecord;
use candor_shared::state::{Indicator, State};
use candor_shared::text::Id;
use candor_shared::words::{Word, Words};
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use super::part::{self, first_line};
use super::postmortem::{postmortem, tasks};
use super::written::{Written, other_than};
use crate::document::Document;
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// Renders the page, if there is such an incident.
///
/// # Errors
/// If the storage cannot be read.
pub fn incident(source: &Source<'_>, id: &Id) -> Result<Option<Rendered>> {
    let Source { state, ledger, words, .. } = *source;
    let Some(record) = ledger.incident(id, Some(words.tag()))? else { return Ok(None) };
    let followups = ledger.followups_of(id)?;
    let of = &record.incident;
    let open = of.is_open();
    let level = if open { state.severity(of) } else { Indicator::None };
    let zone = state.page.zone();
    let month = zone.month_of(of.started_at);
    let class = if open { words::impact_class(state.shown_impact(of)) } else { "ok" };
    let lasted = of.resolved_at.map(|until| words.duration(until.millis_since(of.started_at)));
    let own = of.language.as_ref();
    let (name, language) = words.translation(&of.name, own, &of.names);
    let language = other_than(words, language).unwrap_or_default();
    let stage = words.title(incident_word(of.status));
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <p><a href={Document::History(Some(month), 1).path()}>{ words.month(month) }</a></p>
                <Written tag="h1" {language}>{ name.to_string() }</Written>
                <p class="state">{ stage.clone() }{ " " }{ part::corrected(words, of.amended_at) }</p>
            </div>
            { part::section(words, Word::StoryInShort, html! {
                <dl class="facts">
                    { part::fact(words, Word::StoryImpact, part::shown_impact(words, state, &record)) }
                    { promise(words, &record) }
                    { part::when(words, Word::StoryBegan, of.started_at) }
                    if let Some(at) = of.detected_at { { part::when(words, Word::StoryDetected, at) } }
                    { part::when(words, Word::StoryDeclared, of.created_at) }
                    if let Some(at) = of.resolved_at { { part::when(words, Word::StoryResolved, at) } }
                    if let Some(lasted) = lasted { { part::fact(words, Word::StoryLasted, lasted.into()) } }
                    if let Some(at) = of.reopened_at { { part::when(words, Word::StoryReopened, at) } }
                    { part::components(words, &record.all_component_names(state)) }
                    { part::affected(words, of.impact_note.as_ref(), own, &of.impact_notes, of.affected.as_ref()) }
                </dl>
            }) }
            { part::section(words, Word::StoryUpdates, html! { <>{ part::log(words, &record.entries, own, record.corrected_impact(), incident_word, true) }{ part::omitted(words, &record.entries) }</> }) }
            if let Some(known) = &record.postmortem {
                { postmortem(words, known, own) }
                { tasks(words, &followups) }
            }
        </>
    };
    let document = Document::Incident(id.clone());
    let newest = record
        .entries
        .last()
        .map(|entry| words.translation(&entry.body, own, &entry.translations).0.to_string());
    let newest = newest.unwrap_or_default();
    let draft = Draft {
        path: &document.path(),
        title: format!("{name} · {}", state.page.title()),
        description: words.labelled(&stage, &first_line(&newest)),
        level: Some(level),
        version: open.then_some(source.version),
        content,
    };
    render(&document, source, draft).map(Some)
}

/// An open incident with its texts, for the status page.
pub(super) fn card(words: &Words, state: &State, record: &IncidentRecord) -> Html {
    let of = &record.incident;
    let own = of.language.as_ref();
    html! {
        <article class={words::impact_class(state.shown_impact(of))}>
            <p>{ part::shown_impact(words, state, record) }</p>
            <h3><a href={format!("/incidents/{}", of.id)}>{ part::name_in(words, &of.name, own, &of.names) }</a></h3>
            <dl class="facts">
                { promise(words, record) }
                { part::when(words, Word::StoryBegan, of.started_at) }
                if let Some(at) = of.reopened_at { { part::when(words, Word::StoryReopened, at) } }
                { part::components(words, &record.component_names(state, of.affected_now())) }
                { part::affected(words, of.impact_note.as_ref(), own, &of.impact_notes, of.affected.as_ref()) }
            </dl>
            { part::log(words, &record.entries, own, record.corrected_impact(), incident_word, false) }
            { part::omitted(words, &record.entries) }
        </article>
    }
}

/// The time by which the operator promised the next update, and whether it has passed; nothing without a promise.
fn promise(words: &Words, record: &IncidentRecord) -> Html {
    let of = &record.incident;
    let Some(at) = of.next_update_at.filter(|_| of.is_open()) else { return Html::default() };
    let late = of
        .overdue
        .then(|| html! { <>{ " " }<b class="pill critical">{ words.get(Word::StoryOverdue) }</b></> });
    part::fact(words, Word::StoryNextUpdate, html! { <>{ part::moment(words, at) }{ late }</> })
}
