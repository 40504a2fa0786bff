//! Everything that there is to tell, in a panel: `/embed` shows it, rendered on the server.

use std::rc::Rc;

use candor_shared::{ComponentState, Indicator, StatusDocument, Time};
use yew::prelude::*;

use crate::choose::{Headline, headlines};
use crate::clock::iso;
use crate::words::{DOT, Words};

/// What a [`Panel`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct PanelProps {
    /// The document.
    pub document: Rc<StatusDocument>,
    /// How many things at the most, the worst first; of what is left out the number is said.
    pub most: usize,
    /// Where a person reads more.
    pub page: AttrValue,
}

/// The state in words, and below it what is open. It says that all is well, too.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let document = &props.document;
    let all = headlines(document);
    let left_out = all.len().saturating_sub(props.most);
    let ailing =
        document.components.iter().filter(|component| component.status != ComponentState::Operational);
    let names: Vec<&str> = ailing.map(|component| component.name.as_str()).collect();
    html! {
        <div class={classes!("hero", class(document.indicator))}>
            <h1 class="state">{ &document.description }</h1>
            { for all.iter().take(props.most).map(item) }
            if props.most > 0 && all.is_empty() && !names.is_empty() {
                <p dir="auto">{ names.join(", ") }</p>
            }
            <p class="dim">
                <a href={props.page.clone()} target="_blank" rel="noopener">
                    <span dir="auto">{ &document.page.name }</span>{ " status" }
                </a>
                if left_out > 0 { { DOT }{ left_out }{ " more" } }
            </p>
        </div>
    }
}

fn item(line: &Headline) -> Html {
    let words = Words::default();
    let class = if line.status.is_none() { "neutral" } else { class(line.level) };
    let name = if line.name.is_empty() { words.level(line.level) } else { line.name.as_str() };
    let mut facts = vec![html! { <>{ words.level(line.level) }</> }];
    facts.extend(
        line.status
            .map(|status| html! { <>{ words.of("status", status) }{ " " }{ when(line.updated_at) }</> }),
    );
    facts.extend(line.window.map(|(from, until)| html! { <>{ when(from) }{ " to " }{ when(until) }</> }));
    facts.extend(line.next_update_at.map(|promised| match line.overdue {
        true => html! { <em>{ "update overdue since " }{ when(promised) }</em> },
        false => html! { <>{ "next update by " }{ when(promised) }</> },
    }));
    let facts = facts
        .into_iter()
        .enumerate()
        .map(|(index, fact)| html! { <>{ if index > 0 { DOT } else { "" } }{ fact }</> });
    html! {
        <article class={class}>
            <h2 dir="auto">{ name.to_owned() }</h2>
            <p class="text" dir="auto">{ &line.body }</p>
            if !line.note.is_empty() { <p class="text" dir="auto">{ &line.note }</p> }
            <p class="dim">{ for facts }</p>
        </article>
    }
}

/// The class of a level.
fn class(level: Indicator) -> &'static str {
    if level == Indicator::None { "ok" } else { level.as_str() }
}

/// An instant in UTC, which a script may turn into the visitor's.
fn when(time: Time) -> Html {
    html! { <time datetime={iso(time)}>{ time.in_words() }</time> }
}
