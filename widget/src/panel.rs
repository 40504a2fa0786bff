//! Everything that there is to tell, in a panel: `/embed` shows it, rendered on the server.

use std::rc::Rc;

use candor_shared::published::StatusDocument;
use candor_shared::state::{ComponentState, Indicator};
use candor_shared::text::markdown;
use candor_shared::time::Time;
use yew::prelude::*;

use crate::banner::dotted;
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

/// The state in words, and below it what there is to tell. It says that all is well, too.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let document = &props.document;
    let all = headlines(document);
    let left_out = all.len().saturating_sub(props.most);
    let words = Words::default();
    let state = match all.first() {
        Some(first) if first.resolved_at.is_some() => words.get("level.resolved"),
        _ => document.description.as_str(),
    };
    let ailing =
        document.components.iter().filter(|component| component.status != ComponentState::Operational);
    let lang = lang(document);
    let names: Vec<&str> = ailing.map(|component| component.name.as_str()).collect();
    html! {
        <div class={classes!("hero", hero(document))}>
            <h1 class="state">{ state }</h1>
            { for all.iter().take(props.most).map(|line| item(line, &lang, some_are_down(document))) }
            if props.most > 0 && all.is_empty() && !names.is_empty() {
                <p dir="auto" lang={lang.clone()}>{ names.join(", ") }</p>
            }
            <p class="dim">
                <a href={props.page.clone()} target="_blank" rel="noopener">
                    if document.page.name == "Status" {
                        { "Status page" }
                    } else {
                        <span dir="auto" {lang}>{ &document.page.name }</span>{ " status" }
                    }
                </a>
                if left_out > 0 { { DOT }{ left_out }{ " more" } }
            </p>
        </div>
    }
}

/// Whether a component is wholly down. An outage is then not called partial.
fn some_are_down(document: &StatusDocument) -> bool {
    document.components.iter().any(|component| component.status == ComponentState::MajorOutage)
}

fn item(line: &Headline, lang: &Option<AttrValue>, down: bool) -> Html {
    let words = Words::default();
    let class = match line.resolved_at {
        None if line.status.is_none() => "neutral",
        _ => class(line.level),
    };
    let level = match line.level {
        Indicator::Major if down => "Outage",
        level => words.level(level),
    };
    let name = if line.name.is_empty() { level } else { line.name.as_str() };
    html! {
        <article {class}>
            <h2 dir="auto" lang={lang.clone()}>{ name.to_owned() }</h2>
            <div class="prose" dir="auto" lang={lang.clone()}>{ prose(&line.body) }</div>
            if !line.note.is_empty() { <p class="text" dir="auto" lang={lang.clone()}>{ &line.note }</p> }
            <p class="dim">{ dotted(facts(line, level, &words)) }</p>
        </article>
    }
}

/// The text of an update: Markdown, as safe HTML. Its links leave the frame.
fn prose(text: &str) -> Html {
    let html = markdown::prose(text).replace("<a href=", "<a target=\"_blank\" rel=\"noopener\" href=");
    Html::from_html_unchecked(html.into())
}

/// The small print: as the banner's, but with times that stay true while the page is open.
fn facts(line: &Headline, level: &str, words: &Words) -> Vec<Html> {
    if let Some(at) = line.resolved_at {
        return vec![words.fill("resolved_at", &[("time", when(at))])];
    }
    let mut facts = vec![Html::from(level.to_owned())];
    facts.extend(
        line.status
            .iter()
            .map(|status| html! { <>{ words.of("status", status) }{ " " }{ when(line.updated_at) }</> }),
    );
    facts.extend(line.window.map(|(from, to)| window(from, to)));
    facts.extend(line.next_update_at.map(|promised| {
        let time = [("time", when(promised))];
        match line.overdue {
            true => html! { <em>{ words.fill("overdue", &time) }</em> },
            false => words.fill("next_update", &time),
        }
    }));
    facts
}

/// The language that operators write in, where it is not the English of the panel's own words.
fn lang(document: &StatusDocument) -> Option<AttrValue> {
    let language = document.page.language.as_deref()?;
    (language != "en" && !language.starts_with("en-")).then(|| language.to_owned().into())
}

/// The class of the whole: neutral beside an open incident without impact.
fn hero(document: &StatusDocument) -> &'static str {
    if document.indicator == Indicator::None && !document.incidents.is_empty() {
        return "neutral";
    }
    class(document.indicator)
}

/// The class of a level.
fn class(level: Indicator) -> &'static str {
    if level == Indicator::None { "ok" } else { level.as_str() }
}

/// An instant in UTC, which a script may turn into the visitor's.
fn when(time: Time) -> Html {
    html! { <time datetime={iso(time)}>{ time.in_words() }</time> }
}

/// A span of time in UTC, which names the day once if both ends are on it.
fn window(from: Time, to: Time) -> Html {
    let (first, last) = (from.in_words(), to.in_words());
    let first = first.strip_suffix(" UTC").unwrap_or(&first);
    let last = match (first.split_once(", "), last.split_once(", ")) {
        (Some((day, _)), Some((same, time))) if day == same => time,
        _ => last.as_str(),
    };
    html! { <time datetime={iso(from)} data-until={iso(to)}>{ first }{ " – " }{ last }</time> }
}
