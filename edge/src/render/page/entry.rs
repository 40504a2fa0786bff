//! One entry of the history, in a line.

use candor_shared::state::Indicator;
use candor_shared::time::Time;
use yew::prelude::*;

use super::part;
use crate::render::words;
use crate::storage::Happening;

/// One thing that happened, in a line. How long it has gone on is said by a page that is rendered again
/// as time goes on, and so knows what time it is.
pub fn entry(happening: &Happening, now: Option<Time>) -> Html {
    let took = |from: Time, until: Option<Time>| match (until, now) {
        (Some(until), _) => format!("lasted {}", words::duration(until.millis_since(from))),
        (None, Some(now)) => format!("ongoing for {}", words::duration(now.millis_since(from))),
        (None, None) => "not over yet".to_owned(),
    };
    match happening {
        Happening::Incident(of) => html! {
            <p>
                <a href={format!("/incidents/{}", of.id)}>{ part::name(&of.name) }</a>{ " " }{ part::impact(of.impact) }
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
