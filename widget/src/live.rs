//! The banner of a page: watches, remembers what was closed, and speaks to screen readers.

use candor_shared::bulletin::Level;
use web_sys::{Element, ShadowRoot};
use yew::prelude::*;

use crate::banner::{announcement, current, view};
use crate::dismissal::{for_visitor, ids, is_closed, keys};
use crate::memory::Memory;
use crate::style::adopt;
use crate::watch::{OFFLINE, report_all, use_status};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LiveProps {
    pub(crate) url: AttrValue,
    pub(crate) lang: AttrValue,
    pub(crate) refresh: u32,
    pub(crate) theme: AttrValue,
    pub(crate) dismissible: bool,
    pub(crate) on_details: Option<Callback<()>>,
    /// The shadow root that it is in, which adopts the bulletin's style sheet.
    pub(crate) shadow: ShadowRoot,
}

#[component]
pub(crate) fn Live(props: &LiveProps) -> Html {
    let status = use_status(&props.url, &props.lang, props.refresh);
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
    let memory = Memory::of(&props.url);
    let closed = memory.closed();
    let doubted_since = status.checked_at.filter(|_| status.failure.is_some());
    let now = status.served_at.or(status.checked_at);
    let bulletin = status.bulletin.as_ref().map(|bulletin| current(bulletin, doubted_since));
    let bulletin = bulletin.map(|bulletin| for_visitor(bulletin, &memory.met(), &closed, now));
    let bulletin = bulletin.filter(|bulletin| !is_closed(&bulletin.lines, &closed));
    let shown = bulletin.as_ref().map(|bulletin| ids(&bulletin.lines)).unwrap_or_default();
    {
        let url = props.url.clone();
        use_effect_with(shown, move |shown| Memory::of(&url).meet(shown));
    }
    let Some(bulletin) = bulletin else { return spoken(Html::default(), "polite", String::new()) };
    let (urgency, news) = match bulletin.lines.first().filter(|_| *settled) {
        Some(line) if line.level == Level::Critical => ("assertive", announcement(line)),
        Some(line) => ("polite", announcement(line)),
        None => ("polite", String::new()),
    };
    let on_dismiss = props.dismissible.then(|| {
        let keys = keys(&bulletin.lines);
        Callback::from(move |()| {
            memory.close(&keys);
            report_all();
        })
    });
    let banner = view(&bulletin, status.failure.as_deref() == Some(OFFLINE), on_dismiss);
    let Some(on_details) = props.on_details.clone() else { return spoken(banner, urgency, news) };
    let onclick = move |event: MouseEvent| {
        if opens(&event) {
            event.prevent_default();
            on_details.emit(());
        }
    };
    spoken(html! { <div {onclick}>{ banner }</div> }, urgency, news)
}

/// Whether a click follows a link to the page of the status, in this window. A notice may lead elsewhere.
fn opens(click: &MouseEvent) -> bool {
    let inside = click.target_dyn_into::<Element>();
    let link = inside.and_then(|inside| inside.closest("[part=details]").ok().flatten());
    link.is_some() && !click.ctrl_key() && !click.meta_key() && !click.shift_key()
}

/// A banner, and what a screen reader says of it.
fn spoken(banner: Html, urgency: &'static str, news: String) -> Html {
    html! {
        <>
            { banner }
            <span class="say" aria-live={urgency} aria-atomic="true">{ news }</span>
        </>
    }
}
