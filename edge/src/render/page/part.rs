//! Parts that several pages have.

use std::collections::BTreeMap;

use candor_shared::bulletin::impact_word;
use candor_shared::record::IncidentRecord;
use candor_shared::state::{Affected, Entry, Impact, Maintenance, State};
use candor_shared::text::{Body, Language, Name, markdown};
use candor_shared::time::{Time, TimeZone};
use candor_shared::words::{Count, Part, Word, Words};
use yew::prelude::*;

use super::written::{Written, other_than};
use crate::render::words;

/// An instant in UTC. The page's script adds the time in the visitor's zone.
pub(super) fn moment(words: &Words, time: Time) -> Html {
    html! { <time datetime={time.to_string()}>{ words.moment(time) }</time> }
}

/// The time zone of the page's days. Instants are in UTC.
pub(super) fn zone(zone: &TimeZone) -> Html {
    let name = zone.as_str().trim_start_matches("Etc/");
    html! { <small class="dim" translate="no">{ name.to_owned() }</small> }
}

/// A span of time in UTC, which names the day once if both ends are on it: `4 Oct 2010, 15:00 – 17:00 UTC`. The page's script
/// writes it in the visitor's zone and language.
pub(super) fn window(words: &Words, from: Time, to: Time) -> Html {
    html! { <time datetime={from.to_string()} data-until={to.to_string()}>{ words.window(from, to) }</time> }
}

/// A sentence with a thing in its place.
pub(super) fn sentence(words: &Words, word: Word, thing: &Html) -> Html {
    let part = |part| match part {
        Part::Text(text) => Html::from(text),
        Part::Place(_) => thing.clone(),
    };
    words.parts(word).map(part).collect()
}

/// An operator's text in the language of the page if it is translated, else as it was written; and its language, for
/// [`Written`].
fn translated<'a, T>(
    words: &Words,
    text: &'a T,
    own: Option<&'a Language>,
    translations: &'a BTreeMap<Language, T>,
) -> (&'a T, AttrValue) {
    let (text, language) = words.translation(text, own, translations);
    (text, other_than(words, language).unwrap_or_default())
}

/// The text of an update: Markdown, as safe HTML.
pub(super) fn prose(
    words: &Words,
    body: &Body,
    own: Option<&Language>,
    translations: &BTreeMap<Language, Body>,
) -> Html {
    let (body, language) = translated(words, body, own, translations);
    html! { <Written tag="div" class="prose" {language}>{ Html::from_html_unchecked(markdown::prose(body.as_str()).into()) }</Written> }
}

/// An entry in a list of facts: a name and a value.
pub(super) fn fact(words: &Words, name: Word, value: Html) -> Html {
    html! { <div><dt>{ words.get(name) }</dt><dd>{ value }</dd></div> }
}

/// A fact with a time.
pub(super) fn when(words: &Words, name: Word, time: Time) -> Html {
    fact(words, name, moment(words, time))
}

/// Who is affected, as a note and a share; nothing if the operator gave neither.
pub(super) fn affected(
    words: &Words,
    note: Option<&Body>,
    own: Option<&Language>,
    notes: &BTreeMap<Language, Body>,
    share: Option<&Affected>,
) -> Html {
    let share = share.map(ToString::to_string);
    let note = note.map(|note| translated(words, note, own, notes));
    let (text, language) = match (note, share) {
        (Some((note, language)), Some(share)) => (format!("{note} ({share})"), Some(language)),
        (Some((note, language)), None) => (note.to_string(), Some(language)),
        (None, Some(share)) => (share, None),
        (None, None) => return Html::default(),
    };
    html! { <div class="wide"><dt>{ words.get(Word::StoryAffected) }</dt><Written tag="dd" class="text" {language}>{ text }</Written></div> }
}

/// The fact that lists components by name; nothing if there are none.
pub(super) fn components(words: &Words, names: &[&str]) -> Html {
    if names.is_empty() {
        return Html::default();
    }
    fact(words, Word::PageComponents, html! { <Written>{ words.list(names) }</Written> })
}

/// Marks a maintenance that a person moves on by hand and whose time has passed.
pub(super) fn late(words: &Words, of: &Maintenance) -> Html {
    if of.late {
        html! { <>{ " " }<b class="pill minor">{ words.get(Word::StoryLate) }</b></> }
    } else {
        Html::default()
    }
}

/// An incident's impact in a pill.
pub(super) fn impact(words: &Words, impact: Impact) -> Html {
    pill(words::impact_class(impact), words.title(impact_word(impact)).into())
}

fn pill(class: &'static str, content: Html) -> Html {
    html! { <b class={classes!("pill", class)}>{ content }</b> }
}

/// The impact that people are shown of an incident, and when it was corrected, unless what the incident holds is worse.
pub(super) fn shown_impact(words: &Words, state: &State, record: &IncidentRecord) -> Html {
    let shown = state.shown_impact(&record.incident);
    let is_recorded = shown == record.incident.recorded_impact();
    let at = record.impact_corrected_at().filter(|_| is_recorded);
    html! { <>{ impact(words, shown) }{ at.map(|_| " ") }{ corrected(words, at) }</> }
}

/// The texts of an incident or a maintenance, newest first. `replaced`: the number of the text whose impact was corrected, and when.
/// `is_linked`: whether each has an id, `update-N`, to which feeds link, as only the page that is about nothing else may.
pub(super) fn log<Status: Copy>(
    words: &Words,
    entries: &[Entry<Status>],
    own: Option<&Language>,
    replaced: Option<(u32, Time)>,
    word: impl Fn(Status) -> Word,
    is_linked: bool,
) -> Html {
    // The first impact stands beside the incident's name, until another entry or a correction changes it.
    let has_changed =
        replaced.is_some() || entries.iter().any(|entry| entry.number > 1 && entry.impact.is_some());
    let changed = |entry: &Entry<Status>| {
        let impact = entry.impact.filter(|_| has_changed)?;
        let at = replaced.filter(|(number, _)| *number == entry.number).map(|(_, at)| at);
        let word = Html::from(words.title(impact_word(impact)));
        let word = if at.is_some() {
            html! { <s>{ word }</s> }
        } else {
            word
        };
        Some(html! { <>{ " " }{ pill(words::impact_class(impact), word) }{ corrected(words, at) }</> })
    };
    let items = entries.iter().rev().map(|entry| {
        html! {
            <li id={is_linked.then(|| format!("update-{}", entry.number))}>
                <p>
                    <b>{ words.title(word(entry.status)) }</b>{ " " }{ moment(words, entry.at) }
                    { changed(entry) }
                    { corrected(words, entry.amended_at) }
                </p>
                { prose(words, &entry.body, own, &entry.translations) }
            </li>
        }
    });
    html! { <ol class="log" role="list">{ for items }</ol> }
}

/// When something was last corrected; nothing if it never was.
pub(super) fn corrected(words: &Words, at: Option<Time>) -> Html {
    at.map_or_else(
        Html::default,
        |at| html! { <small>{ sentence(words, Word::StoryCorrected, &moment(words, at)) }</small> },
    )
}

/// States how many of the oldest texts are omitted; nothing if all are there.
pub(super) fn omitted<Status>(words: &Words, entries: &[Entry<Status>]) -> Html {
    match entries.first() {
        Some(first) if first.number > 1 => {
            let omitted = usize::try_from(first.number.saturating_sub(1)).unwrap_or(usize::MAX);
            html! { <p class="dim">{ words.count(Count::LeftOut, omitted) }</p> }
        }
        _ => Html::default(),
    }
}

/// A name that an operator wrote, in the direction of its script.
pub(super) fn name(name: &Name) -> Html {
    html! { <Written>{ name.to_string() }</Written> }
}

/// A name in the language of the page if it is translated.
pub(super) fn name_in(
    words: &Words,
    name: &Name,
    own: Option<&Language>,
    names: &BTreeMap<Language, Name>,
) -> Html {
    let (name, language) = translated(words, name, own, names);
    html! { <Written {language}>{ name.to_string() }</Written> }
}

/// A section of a page, with a heading.
pub(super) fn section(words: &Words, title: Word, content: Html) -> Html {
    html! { <section><h2>{ words.get(title) }</h2>{ content }</section> }
}

/// The first line of the text of an update without markup, cut at 200 characters, for previews.
pub(super) fn first_line(text: &str) -> String {
    markdown::first_line(text).chars().take(200).collect()
}
