//! The banner of an address: watches, remembers what was closed, and tells screen readers.

use std::rc::Rc;

use candor_shared::published::StatusDocument;
use candor_shared::state::Indicator;
use yew::prelude::*;

use crate::banner::{BannerProps, announcement};
use crate::choose::{headline, is_seen, shown};
use crate::dismissal::{recall, remember};
use crate::voice::Voice;
use crate::watch::use_status;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LiveProps {
    pub(crate) url: AttrValue,
    pub(crate) refresh: u32,
    pub(crate) dismissible: bool,
    pub(crate) voice: Rc<Voice>,
}

#[component]
pub(crate) fn Live(props: &LiveProps) -> Html {
    let status = use_status(&props.url, props.refresh);
    let dismissed = use_state(String::new);
    let settled = use_state(|| false);
    let expanded = use_state(|| false);
    {
        let settled = settled.setter();
        // A live region speaks of what changes in it: it has to be there, empty, before.
        use_effect_with((), move |()| settled.set(true));
    }
    let seen = |document: &StatusDocument| {
        is_seen(document, &dismissed) || recall(&props.url).is_some_and(|seen| is_seen(document, &seen))
    };
    let visible = status.document.clone().filter(|document| !seen(document)).zip(status.now);
    let line = visible.as_ref().and_then(|(document, _)| headline(document));
    let (urgency, news) = line.map_or(("polite", String::new()), |line| {
        let urgency = if line.level == Indicator::Critical { "assertive" } else { "polite" };
        (urgency, announcement(&line, &props.voice))
    });
    let banner = visible.map(|(document, now)| {
        let on_dismiss = props.dismissible.then(|| {
            let (url, dismissed, document) = (props.url.clone(), dismissed.setter(), Rc::clone(&document));
            Callback::from(move |()| {
                let seen = shown(&document).join(",");
                remember(&url, &seen);
                dismissed.set(seen);
            })
        });
        let doubted_since = status.checked_at.filter(|_| status.failure.is_some());
        let voice = Rc::clone(&props.voice);
        BannerProps { document, now, doubted_since, voice, on_dismiss }.view(&expanded)
    });
    html! {
        <>
            { banner }
            <span class="say" aria-live={urgency} aria-atomic="true">{ if *settled { news } else { String::new() } }</span>
        </>
    }
}
