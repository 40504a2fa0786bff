//! What is in a panel, from top to bottom.

use std::rc::Rc;

use candor_shared::bulletin::Level;
use candor_shared::panel::{Panel, Uptimes};
use candor_shared::time::Time;
use yew::prelude::*;

use super::story::{links, section};
use super::trial::Trial;
use super::uptime;
use crate::clock::{self, Clock};
use crate::level::class;
use crate::pieces::painted;

/// Why what is shown may not be true any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The page could not be asked.
    Unconfirmed,
    /// The device is offline.
    Offline,
}

/// A panel as it was read, and what the device adds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    /// What was read.
    pub(crate) panel: Rc<Panel>,
    /// Why it may be old, and since when.
    pub(crate) doubt: Option<(Doubt, Time)>,
}

impl Known {
    /// Why it may be old and since when: the server's doubt is the older one.
    fn since(&self) -> Option<(Doubt, Time)> {
        match (self.panel.unconfirmed_since, self.doubt) {
            (Some(since), Some((doubt, time))) => Some((doubt, since.min(time))),
            (Some(since), None) => Some((Doubt::Unconfirmed, since)),
            (None, doubt) => doubt,
        }
    }

    /// Never green because something could not be read.
    fn is_unknown(&self) -> bool {
        self.since().is_some() && matches!(self.panel.level, Level::None | Level::Resolved)
    }

    /// The class of the panel.
    pub(crate) fn class(&self) -> &'static str {
        if self.is_unknown() { "unknown" } else { class(self.panel.level) }
    }

    /// The state in a sentence.
    pub(crate) fn summary(&self) -> &str {
        if self.is_unknown() { &self.panel.unknown } else { &self.panel.summary }
    }

    fn doubt(&self, clock: &Clock) -> Option<String> {
        let (doubt, since) = self.since()?;
        let text = match doubt {
            Doubt::Unconfirmed => &self.panel.not_confirmed,
            Doubt::Offline => &self.panel.offline,
        };
        Some(text.replace("{time}", &clock.emit((since, None))))
    }
}

/// The contents of a panel. `choose`: called with a language that the visitor chooses.
pub(crate) fn contents(known: &Known, choose: Callback<String>) -> Html {
    let panel = &known.panel;
    let clock = clock::clock(&panel.language);
    let doubt = known.doubt(&clock).map(|text| html! { <p key="doubt" class="note">{ text }</p> });
    // What is red stays red in doubt; what is green does not stay green.
    let uptime = panel.uptime.as_ref().map(|uptime| uptime::section(&Rc::new(in_doubt(uptime, known)), &clock));
    let check = panel.check.clone().map(|check| {
        html! { <Trial key="check" check={Rc::new(check)} language={panel.language.clone()} /> }
    });
    let name = &panel.page.name;
    html! {
        <>
            { for doubt }
            { for panel.sections.iter().map(|of| section(of, &clock)) }
            { for uptime }
            { for check }
            <footer key="foot">
                <span dir="auto" lang={name.language.clone()}>{ painted(&name.text, &clock) }</span>
                { links("nav", &panel.links) }
                { languages(panel, choose) }
            </footer>
        </>
    }
}

fn in_doubt(uptime: &Uptimes, known: &Known) -> Uptimes {
    let mut uptime = uptime.clone();
    if known.since().is_some() {
        let all = uptime.groups.iter_mut().flat_map(|group| &mut group.components);
        for component in all.filter(|component| component.level == Level::None) {
            component.level = Level::Notice;
            known.panel.unknown.clone_into(&mut component.label);
        }
    }
    uptime
}

fn languages(panel: &Panel, choose: Callback<String>) -> Html {
    let onchange = move |event: Event| {
        if let Some(select) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
            choose.emit(select.value());
        }
    };
    let options = panel.languages.iter().map(|its| {
        let selected = its.language == panel.language;
        html! { <option value={its.language.clone()} lang={its.language.clone()} {selected}>{ its.name.clone() }</option> }
    });
    html! {
        <label>{ panel.language_label.clone() }{ " " }<select {onchange}>{ for options }</select></label>
    }
}
