//! A panel that follows what changes while it is open.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::contents::{Acts, Doubt, Moved, Shown, contents};
use super::read::read;
use super::trial::Outcome;
use crate::node::{node, text};
use crate::try_out::Trial;
use crate::watch::{Document, Known, OFFLINE, Subscription, address, subscribe};

/// The name of the document.
const PANEL: &str = "panel.json";
/// Seconds between checks.
const EVERY: u32 = 30;

/// The words until the panel is read, if there are any.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Words {
    /// What it is.
    pub(crate) label: AttrValue,
    /// Closes it.
    pub(crate) close: AttrValue,
    /// Nobody knows the state.
    pub(crate) unknown: AttrValue,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LivePanelProps {
    pub(crate) url: AttrValue,
    pub(crate) lang: AttrValue,
    pub(crate) words: Words,
    /// The page of the story to begin with, or of everything.
    pub(crate) page: AttrValue,
    /// Whether it lies over the page, as a dialog.
    pub(crate) is_modal: bool,
    pub(crate) on_close: Callback<()>,
}

/// What happens to a panel.
pub(crate) enum Happened {
    /// A check is over.
    Told(Known),
    /// The page around has read something newer.
    Changed,
    /// The visitor did something inside.
    Acted(Moved),
    /// An address was tried: its number, and what became of it.
    Tried(usize, Outcome),
    /// The visitor closes it.
    Close,
}

/// A struct and not a function, because each hook costs up to a kilobyte.
pub(crate) struct LivePanel {
    frame: NodeRef,
    known: Known,
    moved: Shown,
    subscription: Option<Subscription>,
    is_scrolled: bool,
    trial: Option<Trial>,
    _listener: Option<EventListener>,
}

impl LivePanel {
    fn watch(&mut self, context: &Context<Self>, lang: &str) {
        let props = context.props();
        let told = context.link().callback(Happened::Told);
        let document = |text: &str| read(text).map(|panel| Document::Panel(Rc::new(panel)));
        self.subscription = Some(subscribe(&address(&props.url, PANEL, lang), EVERY, document, told));
    }

    /// A dialog tells when it is closed, whoever closes it.
    fn close(&self, context: &Context<Self>) {
        match self.frame.cast::<HtmlDialogElement>().filter(|dialog| dialog.open()) {
            Some(dialog) => dialog.close(),
            None => context.props().on_close.emit(()),
        }
    }
}

impl Component for LivePanel {
    type Message = Happened;
    type Properties = LivePanelProps;

    fn create(context: &Context<Self>) -> Self {
        let act = context.link().callback(|()| Happened::Changed);
        let listener = web_sys::window()
            .map(|window| EventListener::new(&window, "candor:change", move |_| act.emit(())));
        let mut panel = Self {
            frame: NodeRef::default(),
            known: Known::default(),
            moved: Shown::default(),
            subscription: None,
            is_scrolled: false,
            trial: None,
            _listener: listener,
        };
        panel.watch(context, &context.props().lang);
        panel
    }

    fn update(&mut self, context: &Context<Self>, happened: Happened) -> bool {
        match happened {
            // Of another language nothing is known yet: what is shown stays until then.
            Happened::Told(known) if known.document.is_none() && known.failure.is_none() => return false,
            Happened::Told(known) => self.known = known,
            Happened::Changed => {
                if let Some(subscription) = &self.subscription {
                    subscription.refresh();
                }
                return false;
            }
            Happened::Acted(Moved::Language(lang)) => {
                self.watch(context, &lang);
                return false;
            }
            Happened::Acted(Moved::Day(day)) => self.moved.day = day,
            Happened::Acted(Moved::Try(urls)) => {
                self.moved.progress = vec![None; urls.len()];
                self.trial =
                    Some(Trial::of(urls, context.link().callback(|(at, it)| Happened::Tried(at, it))));
            }
            Happened::Tried(at, outcome) => {
                if let Some(place) = self.moved.progress.get_mut(at) {
                    *place = Some(outcome);
                }
            }
            Happened::Close => {
                self.close(context);
                return false;
            }
        }
        true
    }

    fn rendered(&mut self, context: &Context<Self>, is_first: bool) {
        if is_first {
            open(&self.frame, context.props().is_modal);
        }
        if !self.is_scrolled && self.known.document.is_some() {
            self.is_scrolled = true;
            scroll(&self.frame, &context.props().page);
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let LivePanelProps { words, page, is_modal, on_close, .. } = context.props();
        let failure = self.known.failure.as_deref();
        let doubt = if failure == Some(OFFLINE) { Doubt::Offline } else { Doubt::Unconfirmed };
        let doubt = self.known.checked_at.filter(|_| failure.is_some()).map(|since| (doubt, since));
        let (mut label, mut title, mut state) = (words.label.clone(), words.close.clone(), "unknown");
        let (mut lang, mut dir, mut summary) = ("", "", &*words.label);
        let inside;
        if let Some(Document::Panel(panel)) = &self.known.document {
            label = panel.title.clone().into();
            title = panel.close.clone().into();
            (lang, dir) = (&panel.language, &panel.direction);
            (state, summary) = super::contents::state(panel, doubt);
            let acts = Acts(context.link().callback(Happened::Acted));
            inside = contents(panel, doubt, &self.moved, &acts);
        } else if self.known.failure.is_some() {
            summary = &words.unknown;
            // Who cannot be told here may find it there.
            inside = node("a", "page", &["href"], &[page], vec![text(page)]);
        } else {
            inside = node("p", "wait", &["class", "aria-busy"], &["wait", "true"], vec![text("…")]);
        }
        let head = vec![
            node("i", "", &["class", "part"], &["dot", "dot"], Vec::new()),
            node("span", "", &["role"], &["status"], vec![text(summary)]),
        ];
        let close = context.link().callback(|_: MouseEvent| Happened::Close);
        let button = html! { <button type="button" class="c" title={title.clone()} aria-label={title} onclick={close.clone()}>{ "×" }</button> };
        let head = node(
            "div",
            "head",
            &["class"],
            &["top"],
            vec![node("h2", "", &["class"], &[state], head), button],
        );
        let body = node("div", "body", &["class", "tabindex"], &["body", "-1"], vec![inside]);
        let class = ["frame ", state].concat();
        let all = node("div", "", &["class", "lang", "dir"], &[&class, lang, dir], vec![head, body]);
        if !is_modal {
            return html! { <section ref={&self.frame} part="panel" aria-label={label} tabindex="-1">{ all }</section> };
        }
        // Beside the contents there is the backdrop only.
        let frame = self.frame.clone();
        let beside = move |event: MouseEvent| {
            let target = event.target_dyn_into::<Element>();
            if target.is_some() && target == frame.cast::<Element>() {
                close.emit(event);
            }
        };
        let onclose = on_close.reform(|_: Event| ());
        html! { <dialog ref={&self.frame} part="panel" aria-label={label} onclick={beside} {onclose}>{ all }</dialog> }
    }
}

fn open(frame: &NodeRef, is_modal: bool) {
    if is_modal && let Some(dialog) = frame.cast::<HtmlDialogElement>() {
        let _ = dialog.show_modal();
    } else if let Some(section) = frame.cast::<HtmlElement>() {
        let _ = section.focus();
    }
}

/// Shows the story with this page, if it is one of several.
fn scroll(frame: &NodeRef, page: &str) {
    let Some(frame) = frame.cast::<Element>() else { return };
    let Ok(links) = frame.query_selector_all("article~article a") else { return };
    let all = (0..links.length()).filter_map(|at| links.get(at)?.dyn_into::<Element>().ok());
    let its = all.into_iter().find(|link| link.get_attribute("href").as_deref() == Some(page));
    if let Some(Ok(Some(story))) = its.map(|link| link.closest("article")) {
        story.scroll_into_view();
    }
}
