//! What several pages have.

use candor_shared::state::{Entry, Impact, State};
use candor_shared::text::{Body, Id, Name};
use candor_shared::time::Time;
use yew::prelude::*;

use super::written::Written;

use crate::render::words;

/// An instant: in UTC, and by the page's script in the visitor's zone with UTC beside it.
pub fn moment(time: Time) -> Html {
    html! { <time datetime={time.to_string()}>{ time.in_words() }</time> }
}

/// A fact in a list of facts.
pub fn fact(name: &'static str, value: Html) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

/// A fact that needs the whole width: an operator's text.
pub fn wide_fact(name: &'static str, value: &str) -> Html {
    html! { <div class="wide"><dt>{ name }</dt><Written tag="dd" class="text">{ value.to_owned() }</Written></div> }
}

/// How many were affected, where the operator said so.
pub fn affected(note: Option<&Body>, share: Option<&candor_shared::state::Affected>) -> Html {
    let share = share.map(|affected| format!("{} {}", affected.share, affected.basis));
    let text = match (note, share) {
        (Some(note), Some(share)) => format!("{note} ({share})"),
        (Some(note), None) => note.to_string(),
        (None, Some(share)) => share,
        (None, None) => return Html::default(),
    };
    wide_fact("Who is affected", &text)
}

/// Components by their names.
pub fn components<'a>(state: &State, ids: impl Iterator<Item = &'a Id>) -> Html {
    let names: Vec<String> = ids
        .map(|id| {
            state.components.get(id).map_or_else(|| id.to_string(), |component| component.name.to_string())
        })
        .collect();
    match names.is_empty() {
        true => Html::default(),
        false => fact("Components", html! { <Written>{ names.join(", ") }</Written> }),
    }
}

/// How bad something is, in a pill.
pub fn impact(impact: Impact) -> Html {
    html! { <b class={classes!("pill", words::impact_class(impact))}>{ words::impact(impact) }</b> }
}

/// The texts of an incident or a maintenance, newest first. Each can be linked to.
pub fn log<Status: Copy>(entries: &[Entry<Status>], word: impl Fn(Status) -> &'static str) -> Html {
    let items = entries.iter().rev().map(|entry| {
        html! {
            <li id={format!("update-{}", entry.number)}>
                <p><b>{ words::stage(word(entry.status)) }</b>{ " " }{ moment(entry.at) }</p>
                <Written tag="p" class="text">{ entry.body.to_string() }</Written>
            </li>
        }
    });
    html! { <ol class="log" role="list">{ for items }</ol> }
}

/// Says that the oldest texts are not all there.
pub fn left_out<Status>(entries: &[Entry<Status>]) -> Html {
    match entries.first() {
        Some(first) if first.number > 1 => html! {
            <p class="dim">{ format!("This is a long story: the first {} are not shown here.", words::count(usize::try_from(first.number.saturating_sub(1)).unwrap_or(usize::MAX), "update")) }</p>
        },
        _ => Html::default(),
    }
}

/// A name, in the direction of its language.
pub fn name(name: &Name) -> Html {
    html! { <Written>{ name.to_string() }</Written> }
}

/// A section of a page.
pub fn section(title: &str, content: Html) -> Html {
    html! { <section><h2>{ title.to_owned() }</h2>{ content }</section> }
}

/// As much of a text as a preview shows.
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}
