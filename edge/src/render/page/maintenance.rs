//! `/maintenances/ID`: a public maintenance with its times and texts.

use candor_shared::state::{Indicator, MaintenanceStatus};
use candor_shared::text::Id;
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use super::part::{self, first_line};
use super::written::Written;
use crate::document::Document;
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// Renders the page, if there is such a maintenance and it is public.
///
/// # Errors
/// If the storage cannot be read.
pub fn maintenance(source: &Source<'_>, id: &Id) -> Result<Option<Rendered>> {
    let Source { state, ledger, .. } = *source;
    let Some(record) = ledger.maintenance(id)? else { return Ok(None) };
    let of = &record.maintenance;
    let open = of.is_open();
    let (class, level) = match of.status {
        MaintenanceStatus::Completed => ("ok", Indicator::None),
        // Called off: nothing was done, and nothing is well or bad because of it.
        MaintenanceStatus::Cancelled => ("neutral", Indicator::Maintenance),
        _ => ("maintenance", Indicator::Maintenance),
    };
    let planned = words::duration(of.scheduled_until.millis_since(of.scheduled_for));
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <p class="dim">{ "Planned maintenance" }</p>
                <Written tag="h1">{ of.name.to_string() }</Written>
                <p class="state">{ words::stage(of.status.as_str()) }{ part::late(of, source.now) }</p>
            </div>
            { part::section("In short", html! {
                <dl class="facts">
                    { part::fact("Planned for", part::window(of.scheduled_for, of.scheduled_until)) }
                    { part::fact("Planned to last", planned.into()) }
                    if let Some(at) = of.started_at { { part::fact("Really began", part::moment(at)) } }
                    if let Some(at) = of.completed_at { { part::fact("Really over", part::moment(at)) } }
                    if let Some(at) = of.cancelled_at { { part::fact("Called off", part::moment(at)) } }
                    { part::components(state, &record.removed, of.components.iter()) }
                </dl>
            }) }
            { part::section("Updates", html! { <>{ part::log(&record.entries, MaintenanceStatus::as_str) }{ part::omitted(&record.entries) }</> }) }
        </>
    };
    let document = Document::Maintenance(id.clone());
    let draft = Draft {
        path: &document.path(),
        title: format!("{} · {}", of.name, state.page.title()),
        description: format!("{}: {}", words::stage(of.status.as_str()), first_line(of.latest.body.as_str())),
        level,
        version: open.then_some(source.version),
        content,
    };
    render(&document, source, draft).map(Some)
}
