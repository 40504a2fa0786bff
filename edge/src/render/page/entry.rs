//! Renders one entry of the history in a line.

use candor_shared::bulletin::{incident_word, maintenance_word};
use candor_shared::state::{Indicator, State};
use candor_shared::time::Time;
use candor_shared::words::{Word, Words};
use yew::prelude::*;

use super::part;
use crate::render::words;
use crate::storage::Happening;

/// An incident or a maintenance in a line. `now` is set on pages that are rendered again each minute: only these can state
/// how long something has been open.
pub(super) fn entry(words: &Words, state: &State, happening: &Happening, now: Option<Time>) -> Html {
    let lasted = |word, from: Time, until: Time| {
        words.fill(word, &[("time", &words.duration(until.millis_since(from)))])
    };
    let took = |from: Time, until: Option<Time>| match (until, now) {
        (Some(until), _) => lasted(Word::LogLasted, from, until),
        (None, Some(now)) => lasted(Word::LogOngoing, from, now),
        (None, None) => words.get(Word::LogNotOver).to_owned(),
    };
    match happening {
        Happening::Incident(of) => html! {
            <p>
                <a href={format!("/incidents/{}", of.id)}>{ part::name_in(words, &of.name, of.language.as_ref(), &of.names) }</a>{ " " }{ part::impact(words, state.shown_impact(of)) }
                <small>{ words.clauses(&words.title(incident_word(of.status)), &took(of.started_at, of.resolved_at)) }</small>
            </p>
        },
        Happening::Maintenance(of) => {
            let stage = words.title(maintenance_word(of.status));
            // How long is not known if nobody reported when it began.
            let stage_and_length = match of.started_at {
                Some(from) => words.clauses(&stage, &took(from, of.completed_at)),
                None => stage,
            };
            html! {
            <p>
                <a href={format!("/maintenances/{}", of.id)}>{ part::name_in(words, &of.name, of.language(&state.page), &of.names) }</a>{ " " }
                <b class={classes!("pill", words::level(Indicator::Maintenance))}>{ words.get(Word::LevelMaintenance) }</b>
                { part::late(words, of) }
                <small>{ stage_and_length }</small>
            </p>
            }
        }
    }
}
