//! Everything that there is to tell, in the page of somebody else: what is open, and what is not well.
//! `element/views.js` draws the same elements where WebAssembly is refused.

use candor_shared::state::ComponentState;
use candor_shared::time::Time;
use yew::prelude::*;

use crate::banner::{details, dotted, facts, told};
use crate::choose::Headline;
use crate::voice::Voice;

/// A component that is not well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ailing {
    pub(crate) name: String,
    pub(crate) state: ComponentState,
    /// Of the name, as a BCP 47 tag.
    pub(crate) language: Option<String>,
}

/// The elements: an article for each thing that is open, and a list of components.
pub(crate) fn report(lines: &[Headline], components: &[Ailing], now: Time, voice: &Voice) -> Html {
    html! {
        <div class="report">
            { for lines.iter().map(|line| item(line, now, voice)) }
            if !components.is_empty() {
                <ul>{ for components.iter().map(|its| component(its, voice)) }</ul>
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

fn component(its: &Ailing, voice: &Voice) -> Html {
    let level = match its.state {
        ComponentState::Operational => "ok",
        ComponentState::UnderMaintenance => "maintenance",
        ComponentState::DegradedPerformance => "minor",
        ComponentState::PartialOutage => "major",
        ComponentState::MajorOutage => "critical",
    };
    html! {
        <li class={level}>
            <i class="dot"></i>
            <span dir="auto" lang={its.language.clone()}>{ &its.name }</span>{ " " }
            <span class="state">{ voice.words.of("component", its.state.as_str()) }</span>
        </li>
    }
}
