//! The elements of the banner. `loader/draw.js` and `element/views.js` draw the same ones with
//! the same words and metrics, so
//! that taking over moves nothing.

use std::rc::Rc;

use candor_shared::published::StatusDocument;
use candor_shared::time::Time;
use yew::prelude::*;

use crate::choose::{Headline, Languages, headline};
use crate::voice::Voice;
use crate::words::DOT;

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
    /// How it is said.
    #[prop_or_default]
    pub voice: Rc<Voice>,
    /// Called by the close button; without it there is none.
    #[prop_or_default]
    pub on_dismiss: Option<Callback<()>>,
}

/// The banner alone: neither fetches nor remembers.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let expanded = use_state(|| false);
    props.view(&expanded)
}

impl BannerProps {
    /// The elements. A component that has other things to do calls this itself: each component costs 2 KB.
    pub(crate) fn view(&self, expanded: &UseStateHandle<bool>) -> Html {
        let doubted_since = self.doubted_since.or(self.document.unconfirmed_since);
        let mut document = Rc::clone(&self.document);
        if doubted_since.is_some() {
            // Whether it has come back since, nobody knows.
            Rc::make_mut(&mut document).resolved.clear();
        }
        let Some(line) = headline(&document) else {
            return Html::default();
        };
        let doubt = doubted_since.map(|since| {
            let time = Html::from(self.voice.clock(since, self.now));
            self.voice.words.fill("not_confirmed", &[("time", time)])
        });
        let on_dismiss = self.on_dismiss.clone();
        Strip { line: &line, now: self.now, voice: &self.voice, doubt, on_dismiss }.view(expanded)
    }
}

/// What a banner is drawn from.
pub(crate) struct Strip<'a> {
    pub(crate) line: &'a Headline,
    pub(crate) now: Time,
    pub(crate) voice: &'a Voice,
    /// Why it is in doubt, in words.
    pub(crate) doubt: Option<Html>,
    pub(crate) on_dismiss: Option<Callback<()>>,
}

impl Strip<'_> {
    pub(crate) fn view(self, expanded: &UseStateHandle<bool>) -> Html {
        let Self { line, voice, .. } = self;
        let words = &voice.words;
        let mut facts = facts(line, self.now, voice, self.doubt);
        facts.extend(more(line, voice, expanded));
        let close = self.on_dismiss.map(|dismiss| {
            let onclick = move |_: MouseEvent| dismiss.emit(());
            html! { <button type="button" class="c" title={words.get("dismiss").to_owned()} {onclick}>{ "×" }</button> }
        });
        html! {
            <section class={line.class()} aria-label={words.get("label").to_owned()} part="banner">
                <b aria-hidden="true">{ "!" }</b>
                <div>
                    { told(line, voice) }
                    <small>{ dotted(facts) }{ details(line.url.as_deref(), voice) }</small>
                    if **expanded {
                        <ul>{ for line.others.iter().map(|(class, name)| html! {
                            <li class={*class}>
                                <b>{ words.of("level", class) }</b>{ " " }<span dir="auto">{ name }</span>
                            </li>
                        }) }</ul>
                    }
                </div>
                { close }
            </section>
        }
    }
}

/// What operators wrote: the level and the name, the text, who is affected.
pub(crate) fn told(line: &Headline, voice: &Voice) -> Html {
    let text = |text: &str, language: &Option<String>| html! { <p><span dir="auto" lang={language.clone()}>{ text.to_owned() }</span></p> };
    let Languages { name, body, note } = &line.languages;
    html! {
        <>
            <p>
                <b>{ voice.words.of("level", line.class()) }</b>{ " " }
                <strong dir="auto" lang={name.clone()}>{ &line.name }</strong>
            </p>
            if !line.body.is_empty() { { text(&line.body, body) } }
            if !line.note.is_empty() { { text(&line.note, note) } }
        </>
    }
}

/// The small print.
pub(crate) fn facts(line: &Headline, now: Time, voice: &Voice, doubt: Option<Html>) -> Vec<Html> {
    let words = &voice.words;
    if let Some(at) = line.resolved_at {
        return vec![words.fill("resolved_at", &[("time", voice.ago(at, now))])];
    }
    let mut facts = vec![words.fill("updated", &[("time", voice.ago(line.updated_at, now))])];
    facts.extend(doubt.map(|doubt| html! { <em>{ doubt }</em> }));
    facts.extend(line.status.iter().map(|status| Html::from(words.of("status", status).to_owned())));
    facts.extend(
        line.window.map(|(from, to)| {
            words.fill("window", &[("from", voice.at(from, now)), ("to", voice.at(to, now))])
        }),
    );
    facts.extend(line.reopened_at.map(|_| Html::from(words.get("reopened").to_owned())));
    facts.extend(line.next_update_at.map(|promised| {
        let time = [("time", voice.at(promised, now))];
        match line.overdue {
            true => html! { <em>{ words.fill("overdue", &time) }</em> },
            false => words.fill("next_update", &time),
        }
    }));
    facts
}

/// Facts, with a dot between them.
pub(crate) fn dotted(facts: Vec<Html>) -> Html {
    facts
        .into_iter()
        .enumerate()
        .map(|(index, fact)| html! { <>{ if index > 0 { DOT } else { "" } }{ fact }</> })
        .collect()
}

/// Where a person reads more. Only addresses of the web become links.
pub(crate) fn details(url: Option<&str>, voice: &Voice) -> Html {
    let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    match url.filter(is_web) {
        Some(url) => html! { <>{ " " }<a href={url.to_owned()}>{ voice.words.get("details") }</a></> },
        None => Html::default(),
    }
}

/// What else there is, behind a button.
fn more(line: &Headline, voice: &Voice, expanded: &UseStateHandle<bool>) -> Option<Html> {
    if line.others.is_empty() {
        return None;
    }
    let (open, expanded) = (**expanded, expanded.clone());
    let onclick = move |_: MouseEvent| expanded.set(!open);
    Some(html! {
        <button type="button" aria-expanded={if open { "true" } else { "false" }} {onclick}>
            { voice.more(line.others.len()) }
        </button>
    })
}

/// What a screen reader is told, once for each update.
#[cfg(feature = "csr")]
pub(crate) fn announcement(line: &Headline, voice: &Voice) -> String {
    format!("{}: {} {}", voice.words.of("level", line.class()), line.name, line.body)
}
