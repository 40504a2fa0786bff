//! The elements of the banner. `loader/draw.js` draws the same ones with the same words and metrics, so
//! that taking over moves nothing.

use std::rc::Rc;

use candor_shared::{Indicator, StatusDocument, Time};
use yew::prelude::*;

use crate::choose::{Headline, headline};
use crate::clock::{ago, clock, iso};
use crate::words;

/// What a [`Banner`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct BannerProps {
    /// The document; nothing is shown when it has nothing to tell.
    pub document: Rc<StatusDocument>,
    /// The time by the visitor's clock.
    pub now: Time,
    /// When checks fail: when the document was last confirmed.
    #[prop_or_default]
    pub doubted_since: Option<Time>,
    /// Called by the close button; without it there is none.
    #[prop_or_default]
    pub on_dismiss: Option<Callback<()>>,
}

/// The banner alone: neither fetches nor remembers.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let expanded = use_state(|| false);
    view(props, &expanded)
}

/// The elements. A component that has other things to do calls this itself: each component costs 2 KB.
pub(crate) fn view(props: &BannerProps, expanded: &UseStateHandle<bool>) -> Html {
    let Some(line) = headline(&props.document) else {
        return Html::default();
    };
    let facts = facts(props, &line, expanded);
    let close = props.on_dismiss.clone().map(|dismiss| {
        let onclick = move |_: MouseEvent| dismiss.emit(());
        html! { <button type="button" class="c" title={words::DISMISS} {onclick}>{ "×" }</button> }
    });
    html! {
        <section class={line.level.as_str()} aria-label={words::LABEL}>
            <b aria-hidden="true">{ "!" }</b>
            <div>
                <p><b>{ words::level(line.level) }</b>{ " " }<strong dir="auto">{ line.name }</strong></p>
                if !line.body.is_empty() {
                    <p><span dir="auto">{ line.body }</span></p>
                }
                if !line.note.is_empty() {
                    <p><span dir="auto">{ line.note }</span></p>
                }
                <small>
                    { facts }{ " " }
                    if let Some(url) = line.url.filter(|url| is_web(url)) {
                        <a href={url}>{ words::DETAILS }</a>
                    }
                </small>
                if **expanded {
                    <ul>
                        { for line.others.iter().map(|(level, name)| other(*level, name, &props.document)) }
                    </ul>
                }
            </div>
            { close }
        </section>
    }
}

/// The small print, each fact after a dot.
fn facts(props: &BannerProps, line: &Headline, expanded: &UseStateHandle<bool>) -> Html {
    let now = props.now;
    let mut facts = vec![html! {
        <>{ "Updated " }<time datetime={iso(line.updated_at)} title={clock(line.updated_at, now)}>{ ago(line.updated_at, now) }</time></>
    }];
    if let Some(since) = props.doubted_since.or(props.document.unconfirmed_since) {
        facts.push(html! { <em>{ "not confirmed since " }{ clock(since, now) }</em> });
    }
    if let Some(status) = line.status {
        facts.push(html! { words::status(status) });
    }
    if let Some((from, until)) = line.window {
        facts.push(html! { <>{ clock(from, now) }{ " to " }{ clock(until, now) }</> });
    }
    if line.reopened_at.is_some() {
        facts.push(html! { "reopened" });
    }
    if let Some(promised) = line.next_update_at {
        let time = html! { <time datetime={iso(promised)}>{ clock(promised, now) }</time> };
        facts.push(if line.overdue {
            html! { <em>{ "update overdue since " }{ time }</em> }
        } else {
            html! { <>{ "next update by " }{ time }</> }
        });
    }
    if !line.others.is_empty() {
        let expanded = expanded.clone();
        let open = *expanded;
        let onclick = move |_: MouseEvent| expanded.set(!open);
        facts.push(html! {
            <button type="button" aria-expanded={if open { "true" } else { "false" }} {onclick}>
                { line.others.len() }{ " more" }
            </button>
        });
    }
    facts
        .into_iter()
        .enumerate()
        .map(|(index, fact)| html! { <>{ if index > 0 { words::DOT } else { "" } }{ fact }</> })
        .collect()
}

fn other(level: Indicator, name: &str, document: &StatusDocument) -> Html {
    // A notice has no name: say what it says.
    let notice = document.notice.as_ref().filter(|_| name.is_empty()).map(|notice| notice.body.clone());
    html! {
        <li class={level.as_str()}>
            <b>{ words::level(level) }</b>{ " " }<span dir="auto">{ notice.unwrap_or_else(|| name.to_owned()) }</span>
        </li>
    }
}

/// Only these become links.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// What a screen reader is told, once for each update.
#[cfg(feature = "csr")]
pub(crate) fn announcement(line: &Headline) -> String {
    format!("{}: {} {}", words::level(line.level), line.name, line.body)
}
