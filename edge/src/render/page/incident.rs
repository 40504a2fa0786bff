//! `/incidents/ID`: an incident with its texts, and after it is closed its post-mortem and tasks. Also its card on the status
//! page.

use candor_shared::record::IncidentRecord;
use candor_shared::state::{IncidentStatus, Indicator, State};
use candor_shared::text::Id;
use candor_shared::time::TimeZone;
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use super::part::{self, first_line};
use super::postmortem::{postmortem, tasks};
use super::written::Written;
use crate::document::Document;
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// Renders the page, if there is such an incident.
///
/// # Errors
/// If the storage cannot be read.
pub fn incident(source: &Source<'_>, id: &Id) -> Result<Option<Rendered>> {
    let Source { state, ledger, .. } = *source;
    let Some(record) = ledger.incident(id)? else { return Ok(None) };
    let followups = ledger.followups_of(id)?;
    let of = &record.incident;
    let open = of.is_open();
    let level = if open { of.impact.into() } else { Indicator::None };
    let zone = state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
    let month = zone.month_of(of.started_at);
    let class = if open { words::impact_class(of.impact) } else { "ok" };
    let lasted = of.resolved_at.map(|until| words::duration(until.millis_since(of.started_at)));
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <p><a href={Document::History(Some(month), 1).path()}>{ month.in_words() }</a></p>
                <Written tag="h1">{ of.name.to_string() }</Written>
                <p class="state">{ words::stage(of.status.as_str()) }</p>
            </div>
            { part::section("In short", html! {
                <dl class="facts">
                    { part::fact("Impact", part::impact(of.recorded_impact())) }
                    { promise(&record) }
                    { part::fact("Began", part::moment(of.started_at)) }
                    if let Some(at) = of.detected_at { { part::fact("Detected", part::moment(at)) } }
                    { part::fact("Declared", part::moment(of.created_at)) }
                    if let Some(at) = of.resolved_at { { part::fact("Resolved", part::moment(at)) } }
                    if let Some(lasted) = lasted { { part::fact("Lasted", lasted.into()) } }
                    if let Some(at) = of.reopened_at { { part::fact("Reopened", part::moment(at)) } }
                    { part::components(state, &record.removed, of.components.keys()) }
                    { part::affected(of.impact_note.as_ref(), of.affected.as_ref()) }
                </dl>
            }) }
            { part::section("Updates", html! { <>{ part::log(&record.entries, IncidentStatus::as_str) }{ part::omitted(&record.entries) }</> }) }
            if let Some(known) = record.postmortem.as_ref().filter(|_| !open) {
                { postmortem(known) }
                { tasks(&followups) }
            }
        </>
    };
    let document = Document::Incident(id.clone());
    let newest = record.entries.last().map(|entry| entry.body.to_string()).unwrap_or_default();
    let draft = Draft {
        path: &document.path(),
        title: format!("{} · {}", of.name, state.page.title()),
        description: format!("{}: {}", words::stage(of.status.as_str()), first_line(&newest)),
        level,
        version: open.then_some(source.version),
        content,
    };
    render(&document, source, draft).map(Some)
}

/// An open incident with its texts, for the status page.
pub(super) fn card(state: &State, record: &IncidentRecord) -> Html {
    let of = &record.incident;
    html! {
        <article class={words::impact_class(of.impact)}>
            <p>{ part::impact(of.impact) }</p>
            <h3><a href={format!("/incidents/{}", of.id)}>{ part::name(&of.name) }</a></h3>
            <dl class="facts">
                { promise(record) }
                { part::fact("Began", part::moment(of.started_at)) }
                if let Some(at) = of.reopened_at { { part::fact("Reopened", part::moment(at)) } }
                { part::components(state, &record.removed, of.components.keys()) }
                { part::affected(of.impact_note.as_ref(), of.affected.as_ref()) }
            </dl>
            { part::log(&record.entries, IncidentStatus::as_str) }
            { part::omitted(&record.entries) }
        </article>
    }
}

/// The time by which the operator promised the next update, and whether it has passed; nothing without a promise.
fn promise(record: &IncidentRecord) -> Html {
    let of = &record.incident;
    let Some(at) = of.next_update_at.filter(|_| of.is_open()) else { return Html::default() };
    let late = of.overdue.then(|| html! { <>{ " " }<b class="pill critical">{ "overdue" }</b></> });
    part::fact("Next update by", html! { <>{ part::moment(at) }{ late }</> })
}
