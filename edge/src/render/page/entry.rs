//! Renders one entry of the history in a line.

use candor_shared::state::Indicator;
use candor_shared::time::Time;
use yew::prelude::*;

use super::part;
use crate::render::words;
use crate::storage::Happening;

/// An incident or a maintenance in a line. `now` is set on pages that are rendered again each minute: only these can state
/// how long something has been open.
pub(super) fn entry(happening: &Happening, now: Option<Time>) -> Html {
    let took = |from: Time, until: Option<Time>| match (until, now) {
        (Some(until), _) => format!("lasted {}", words::duration(until.millis_since(from))),
        (None, Some(now)) => format!("ongoing for {}", words::duration(now.millis_since(from))),
        (None, None) => "not over yet".to_owned(),
    };
    match happening {
        Happening::Incident(of) => html! {
            <p>
                <a href={format!("/incidents/{}", of.id)}>{ part::name(&of.name) }</a>{ " " }{ part::impact(of.recorded_impact()) }
                <small>{ format!("{}, {}", words::stage(of.status.as_str()), took(of.started_at, of.resolved_at)) }</small>
            </p>
        },
        Happening::Maintenance(of) => html! {
            <p>
                <a href={format!("/maintenances/{}", of.id)}>{ part::name(&of.name) }</a>{ " " }
                <b class={classes!("pill", words::level(Indicator::Maintenance))}>{ "Maintenance" }</b>
                <small>{ format!("{}, {}", words::stage(of.status.as_str()), took(happening.began(), of.completed_at)) }</small>
            </p>
        },
    }
}
