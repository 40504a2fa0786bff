//! What is in a panel, from top to bottom.

use candor_shared::bulletin::Level;
use candor_shared::panel::{LanguageChoice, Panel};
use candor_shared::time::Time;
use yew::prelude::*;

use super::story::{links, section};
use super::trial::{Progress, trial};
use super::uptime::uptime;
use crate::clock;
use crate::level::class;
use crate::node::{filled, node, text};
use crate::pieces::localized;

/// Why what is shown may not be true any more, and since when.
pub(crate) type Doubts = Option<(Doubt, Time)>;

/// Why what is shown may not be true any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The page could not be asked.
    Unconfirmed,
    /// The device is offline.
    Offline,
}

/// What the visitor does inside of a panel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Moved {
    /// Chooses a language.
    Language(String),
    /// Points at a day of a component, or at none: the number of each.
    Day(Option<(usize, usize)>),
    /// Lets these addresses be tried.
    Try(Vec<String>),
}

/// Whoever is told of it.
#[derive(Clone, PartialEq)]
pub(crate) struct Acts(pub(crate) Callback<Moved>);

/// What the visitor has done inside.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    /// The day that is pointed at.
    pub(crate) day: Option<(usize, usize)>,
    /// How far trying the addresses has come.
    pub(crate) progress: Progress,
}

/// The server's doubt is the older one: it was there when the panel was fetched.
fn since(panel: &Panel, own: Doubts) -> Doubts {
    match (panel.unconfirmed_since, own) {
        (Some(since), Some((doubt, time))) => Some((doubt, since.min(time))),
        (Some(since), None) => Some((Doubt::Unconfirmed, since)),
        (None, own) => own,
    }
}

/// How bad it is, as a class, and in a sentence. Never green because something could not be read.
pub(crate) fn state(panel: &Panel, doubt: Doubts) -> (&'static str, &str) {
    if since(panel, doubt).is_some() && matches!(panel.level, Level::None | Level::Resolved) {
        ("unknown", &panel.unknown)
    } else {
        (class(panel.level), &panel.summary)
    }
}

/// The contents of a panel.
pub(crate) fn contents(panel: &Panel, doubt: Doubts, shown: &Shown, acts: &Acts) -> Html {
    let clock = clock::clock(&panel.language);
    let doubt = since(panel, doubt);
    let mut all = Vec::new();
    if let Some((doubt, since)) = doubt {
        let words = match doubt {
            Doubt::Unconfirmed => &panel.not_confirmed,
            Doubt::Offline => &panel.offline,
        };
        let words = filled(words, &clock.emit((since, None)));
        all.push(node("p", "doubt", &["class"], &["note"], vec![text(&words)]));
    }
    all.extend(panel.sections.iter().map(|of| section(of, &clock)));
    // What is red stays red in doubt; what is green does not stay green.
    let well = doubt.map(|_| &*panel.unknown);
    if let Some(of) = &panel.uptime {
        all.push(uptime(of, well, shown.day, acts, &clock));
    }
    if let Some(check) = &panel.check {
        all.push(trial(check, well, &shown.progress, acts, &panel.language, &clock));
    }
    let foot = vec![
        localized("span", "page", &panel.page.name, &clock),
        links("nav", &panel.links),
        languages(panel, acts),
    ];
    all.push(node("div", "foot", &["class"], &["foot"], foot));
    Html::from_iter(all)
}

fn languages(panel: &Panel, acts: &Acts) -> Html {
    let acts = acts.0.clone();
    let onchange = move |event: Event| {
        if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
            acts.emit(Moved::Language(select.value()));
        }
    };
    let option = |its: &LanguageChoice| {
        let selected = if its.language == panel.language { "selected" } else { "" };
        let values = [&*its.language, &*its.language, selected];
        node("option", "", &["value", "lang", "selected"], &values, vec![text(&its.name)])
    };
    let select = html! { <select {onchange}>{ for panel.languages.iter().map(option) }</select> };
    node("label", "language", &[], &[], vec![text(&panel.language_label), text(" "), select])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "contents_tests.rs"]
mod tests;
