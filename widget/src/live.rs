//! The banner of a page: watches, remembers what was closed, and speaks to screen readers.

use std::rc::Rc;

use candor_shared::bulletin::{Bulletin, Level};
use web_sys::ShadowRoot;
use yew::prelude::*;

use crate::address::{BULLETIN, beside};
use crate::banner::{announcement, current, view};
use crate::dismissal::{is_seen, keys, recall, remember};
use crate::style::adopt;
use crate::watch::use_status;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LiveProps {
    pub(crate) url: AttrValue,
    pub(crate) lang: AttrValue,
    pub(crate) refresh: u32,
    pub(crate) theme: AttrValue,
    pub(crate) dismissible: bool,
    /// The shadow root that it is in, which adopts the bulletin's style sheet.
    pub(crate) shadow: ShadowRoot,
}

#[component]
pub(crate) fn Live(props: &LiveProps) -> Html {
    let status = use_status(&props.url, &props.lang, props.refresh);
    let dismissed = use_state(String::new);
    let settled = use_state(|| false);
    {
        let settled = settled.setter();
        // A live region speaks of what changes in it: it has to be there, empty, before.
        use_effect_with((), move |()| settled.set(true));
    }
    {
        let styles = status.bulletin.as_ref().and_then(|bulletin| bulletin.styles.clone());
        let given = (styles, props.theme.clone(), props.shadow.clone());
        use_effect_with(given, |(styles, theme, shadow)| {
            adopt(shadow, styles.as_deref().unwrap_or_default(), theme);
        });
    }
    let doubted_since = status.checked_at.filter(|_| status.failure.is_some());
    let bulletin = status.bulletin.as_ref().map(|bulletin| current(bulletin, doubted_since));
    let address = beside(&props.url, BULLETIN);
    let is_closed = |bulletin: &Bulletin| {
        let is_seen = |seen: &str| is_seen(&bulletin.lines, seen);
        is_seen(&dismissed) || recall(&address).is_some_and(|seen| is_seen(&seen))
    };
    let Some(bulletin) = bulletin.filter(|bulletin| !is_closed(bulletin)) else {
        return said(Html::default(), "polite", String::new());
    };
    let (urgency, news) = match bulletin.lines.first().filter(|_| *settled) {
        Some(line) if line.level == Level::Critical => ("assertive", announcement(line)),
        Some(line) => ("polite", announcement(line)),
        None => ("polite", String::new()),
    };
    let on_dismiss = props.dismissible.then(|| {
        let (dismissed, bulletin) = (dismissed.setter(), Rc::clone(&bulletin));
        Callback::from(move |()| {
            let seen = keys(&bulletin.lines);
            remember(&address, &seen);
            dismissed.set(seen);
        })
    });
    said(view(&bulletin, on_dismiss), urgency, news)
}

/// A banner, and what a screen reader says of it.
fn said(banner: Html, urgency: &'static str, news: String) -> Html {
    html! {
        <>
            { banner }
            <span class="say" aria-live={urgency} aria-atomic="true">{ news }</span>
        </>
    }
}
