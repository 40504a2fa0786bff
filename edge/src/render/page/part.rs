//! Parts that several pages share.

use candor_shared::record::RemovedComponents;
use candor_shared::state::{Affected, Entry, Impact, Maintenance, State};
use candor_shared::text::{Body, Id, Name, markdown};
use candor_shared::time::Time;
use yew::prelude::*;

use super::written::Written;
use crate::render::words;

/// An instant in UTC. The page's script adds the time in the visitor's zone.
pub(super) fn moment(time: Time) -> Html {
    html! { <time datetime={time.to_string()}>{ time.in_words() }</time> }
}

/// A span of time in UTC, which names the day once if both ends are on it: `4 Oct 2010, 15:00 – 17:00 UTC`. The page's script
/// writes it in the visitor's zone and language.
pub(super) fn window(from: Time, to: Time) -> Html {
    html! { <time datetime={from.to_string()} data-until={to.to_string()}>{ words::window(from, to) }</time> }
}

/// The text of an update: Markdown, as safe HTML.
pub(super) fn prose(body: &Body) -> Html {
    html! { <Written tag="div" class="prose">{ Html::from_html_unchecked(markdown::prose(body.as_str()).into()) }</Written> }
}

/// An entry in a list of facts: a name and a value.
pub(super) fn fact(name: &'static str, value: Html) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

/// A fact over the whole width, with an operator's text as value.
pub(super) fn wide_fact(name: &'static str, value: &str) -> Html {
    html! { <div class="wide"><dt>{ name }</dt><Written tag="dd" class="text">{ value.to_owned() }</Written></div> }
}

/// Who is affected, as a note and a share; nothing if the operator gave neither.
pub(super) fn affected(note: Option<&Body>, share: Option<&Affected>) -> Html {
    let share = share.map(|affected| format!("{} {}", affected.share, affected.basis));
    let text = match (note, share) {
        (Some(note), Some(share)) => format!("{note} ({share})"),
        (Some(note), None) => note.to_string(),
        (None, Some(share)) => share,
        (None, None) => return Html::default(),
    };
    wide_fact("Who is affected", &text)
}

/// The fact that lists components by name; nothing if there are none.
pub(super) fn components<'a>(
    state: &'a State,
    removed: &'a RemovedComponents,
    ids: impl Iterator<Item = &'a Id>,
) -> Html {
    let names: Vec<&str> = ids.map(|id| removed.name(state, id)).collect();
    if names.is_empty() {
        return Html::default();
    }
    fact("Components", html! { <Written>{ names.join(", ") }</Written> })
}

/// Marks a maintenance that a person moves on by hand and whose time has passed.
pub(super) fn late(of: &Maintenance, now: Time) -> Html {
    if of.is_late(now) {
        html! { <>{ " " }<b class="pill minor">{ "late" }</b></> }
    } else {
        Html::default()
    }
}

/// An incident's impact in a pill.
pub(super) fn impact(impact: Impact) -> Html {
    html! { <b class={classes!("pill", words::impact_class(impact))}>{ words::impact(impact) }</b> }
}

/// The texts of an incident or a maintenance, newest first. Each has an id, `update-N`, to which feeds link.
pub(super) fn log<Status: Copy>(entries: &[Entry<Status>], word: impl Fn(Status) -> &'static str) -> Html {
    let items = entries.iter().rev().map(|entry| {
        html! {
            <li id={format!("update-{}", entry.number)}>
                <p>
                    <b>{ words::stage(word(entry.status)) }</b>{ " " }{ moment(entry.at) }
                    if let Some(changed) = entry.impact.filter(|_| entry.number > 1) { { " " }{ impact(changed) } }
                    if let Some(at) = entry.amended_at { <small>{ "corrected " }{ moment(at) }</small> }
                </p>
                { prose(&entry.body) }
            </li>
        }
    });
    html! { <ol class="log" role="list">{ for items }</ol> }
}

/// States how many of the oldest texts are omitted; nothing if all are there.
pub(super) fn omitted<Status>(entries: &[Entry<Status>]) -> Html {
    match entries.first() {
        Some(first) if first.number > 1 => html! {
            <p class="dim">{ format!("This is a long story: the first {} are not shown here.", words::count(usize::try_from(first.number.saturating_sub(1)).unwrap_or(usize::MAX), "update")) }</p>
        },
        _ => Html::default(),
    }
}

/// A name that an operator wrote, in the direction of its script.
pub(super) fn name(name: &Name) -> Html {
    html! { <Written>{ name.to_string() }</Written> }
}

/// A section of a page, with a heading.
pub(super) fn section(title: &str, content: Html) -> Html {
    html! { <section><h2>{ title.to_owned() }</h2>{ content }</section> }
}

/// The first line of the text of an update without markup, cut at 200 characters, for previews.
pub(super) fn first_line(text: &str) -> String {
    markdown::first_line(text).chars().take(200).collect()
}
