//! Everything that there is to tell, in the page of somebody else: what is open, and what is not well.
//! `element/views.js` draws the same elements where WebAssembly is refused.

use candor_shared::{ComponentState, ComponentStatus, StatusDocument, Time};
use yew::prelude::*;

use crate::banner::{details, dotted, facts, told};
use crate::choose::{Headline, headlines};
use crate::voice::Voice;

/// The elements: an article for each thing that is open, and a list of components.
pub(crate) fn report(document: &StatusDocument, now: Time, voice: &Voice) -> Html {
    html! {
        <div class="report">
            { for headlines(document).iter().map(|line| item(line, now, voice)) }
            if !document.components.is_empty() {
                <ul>{ for document.components.iter().map(|its| component(its, voice)) }</ul>
            }
        </div>
    }
}

fn item(line: &Headline, now: Time, voice: &Voice) -> Html {
    html! {
        <article class={line.class()} part="item">
            { told(line, voice) }
            <small>{ dotted(facts(line, now, voice, None)) }{ details(line.url.as_deref(), voice) }</small>
        </article>
    }
}

fn component(its: &ComponentStatus, voice: &Voice) -> Html {
    let level = match its.status {
        ComponentState::Operational => "ok",
        ComponentState::UnderMaintenance => "maintenance",
        ComponentState::DegradedPerformance => "minor",
        ComponentState::PartialOutage => "major",
        ComponentState::MajorOutage => "critical",
    };
    html! {
        <li class={level}>
            <i class="dot"></i>
            <span dir="auto" lang={voice.language_of("name", &its.id.to_string())}>{ &its.name }</span>{ " " }
            <span class="state">{ voice.words.of("component", its.status.as_str()) }</span>
        </li>
    }
}
