//! Watches: one per address, whatever the number of banners that show it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use candor_shared::bulletin::Bulletin;
use candor_shared::panel::Panel;
use candor_shared::time::Time;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;
use yew::prelude::*;

use crate::address::{BULLETIN, beside, in_language};
use crate::check::{Answer, Failure, check};
use crate::read::{instant, read};
use crate::schedule::{SHORTEST, pause, spread};
#[cfg(feature = "live")]
use crate::stream::{Heard, keep, stream_of};

/// Why there is no document while the device is offline.
pub(crate) const OFFLINE: &str = "offline";
/// An answer with the date of the one before confirms nothing; for so long it is no failure either. Milliseconds.
const SAME: i64 = 60_000;

/// What is known of a page, and how fresh it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// The newest bulletin that was read; none before the first.
    pub bulletin: Option<Rc<Bulletin>>,
    /// When it was last confirmed, by the visitor's clock.
    pub checked_at: Option<Time>,
    /// The same by the server's clock, if the answer says so.
    pub served_at: Option<Time>,
    /// Why the last check failed, if it did; `offline` while the device is. The bulletin then is old, and the page's state unknown.
    pub failure: Option<Rc<str>>,
}

impl Status {
    /// The state of the whole page in a sentence, in the language of the bulletin: that it is unknown, if nothing current is known. None
    /// before the first bulletin.
    pub fn summary(&self) -> Option<&str> {
        let bulletin = self.bulletin.as_deref()?;
        let is_current = self.failure.is_none() && bulletin.unconfirmed_since.is_none();
        Some(if is_current { &bulletin.summary } else { &bulletin.unknown })
    }

    fn of(known: Known) -> Self {
        let Known { document, checked_at, date, failure } = known;
        let bulletin = match document {
            Some(Document::Bulletin(bulletin)) => Some(bulletin),
            Some(Document::Panel(_)) | None => None,
        };
        Self { bulletin, checked_at, served_at: date.as_deref().and_then(instant), failure }
    }
}

/// A document that can be watched.
#[derive(Clone)]
pub(crate) enum Document {
    /// `bulletin.json`
    Bulletin(Rc<Bulletin>),
    /// `panel.json`
    Panel(Rc<Panel>),
}

impl Document {
    fn version(&self) -> u64 {
        match self {
            Self::Bulletin(bulletin) => bulletin.version,
            Self::Panel(panel) => panel.version,
        }
    }

    /// Whether it shows something that may change soon: an open panel does.
    #[cfg(feature = "live")]
    fn tells(&self) -> bool {
        match self {
            Self::Bulletin(bulletin) => !bulletin.lines.is_empty(),
            Self::Panel(_) => true,
        }
    }

    fn published_at(&self) -> Time {
        match self {
            Self::Bulletin(bulletin) => bulletin.published_at,
            Self::Panel(panel) => panel.published_at,
        }
    }
}

/// Reads a document; nothing if it is none.
type Read = fn(&str) -> Option<Document>;

/// The newest document that was read, and how fresh it is, as in [`Status`].
#[derive(Clone, Default)]
pub(crate) struct Known {
    pub(crate) document: Option<Document>,
    pub(crate) checked_at: Option<Time>,
    /// The server's clock at the last answer, as it said it.
    pub(crate) date: Option<String>,
    pub(crate) failure: Option<Rc<str>>,
}

struct Watch {
    url: String,
    read: Read,
    every: Cell<u32>,
    failures: Cell<u32>,
    due: Cell<f64>,
    busy: Cell<bool>,
    known: RefCell<Known>,
    subscribers: RefCell<Vec<(u32, Callback<Known>)>>,
    timer: RefCell<Option<Timeout>>,
    listeners: RefCell<Vec<EventListener>>,
}

thread_local! {
    static WATCHES: RefCell<Vec<Rc<Watch>>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// Ends with the value.
pub(crate) struct Subscription {
    id: u32,
    watch: Rc<Watch>,
}

impl Subscription {
    /// Checks now: there is something newer than what is known.
    pub(crate) fn refresh(&self) {
        self.watch.check_newer();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.watch.subscribers.borrow_mut().retain(|(id, _)| *id != self.id);
        if self.watch.subscribers.borrow().is_empty() {
            self.watch.timer.take();
            self.watch.listeners.take();
            WATCHES.with_borrow_mut(|watches| watches.retain(|watch| !Rc::ptr_eq(watch, &self.watch)));
            listen();
        }
    }
}

/// Reports to `callback` now and after each check. `every` is in seconds; the shortest of all that watch
/// an address counts.
pub(crate) fn subscribe(url: &str, every: u32, read: Read, callback: Callback<Known>) -> Subscription {
    let watch = watch(url, read);
    watch.every.set(watch.every.get().min(every.max(SHORTEST)));
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    watch.subscribers.borrow_mut().push((id, callback));
    if watch.listeners.borrow().is_empty() {
        watch.start();
    }
    watch.report();
    Subscription { id, watch }
}

fn watch(url: &str, read: Read) -> Rc<Watch> {
    WATCHES.with_borrow_mut(|watches| {
        if let Some(watch) = watches.iter().find(|watch| watch.url == url) {
            return Rc::clone(watch);
        }
        let watch = Rc::new(Watch {
            url: url.to_owned(),
            read,
            every: Cell::new(u32::MAX),
            failures: Cell::new(0),
            due: Cell::new(0.0),
            busy: Cell::new(false),
            known: RefCell::default(),
            subscribers: RefCell::default(),
            timer: RefCell::default(),
            listeners: RefCell::default(),
        });
        watches.push(Rc::clone(&watch));
        watch
    })
}

impl Watch {
    fn start(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let Some(document) = window.document() else { return };
        let on = |target: &EventTarget, name: &'static str, act: fn(&Rc<Self>)| {
            let watch = Rc::downgrade(self);
            EventListener::new(target, name, move |_| {
                if let Some(watch) = watch.upgrade() {
                    act(&watch);
                }
            })
        };
        let seen = |watch: &Rc<Self>| {
            watch.arm();
            listen();
        };
        self.listeners.replace(vec![
            on(&document, "visibilitychange", seen),
            on(&window, "online", Self::check),
            on(&window, "offline", |watch| watch.report()),
        ]);
        self.arm();
    }

    /// The next check, at its time; none while the tab is hidden. What fell due meanwhile is made up at once.
    fn arm(self: &Rc<Self>) {
        self.timer.take();
        if is_hidden() {
            return;
        }
        let wait = (self.due.get() - js_sys::Date::now()).clamp(0.0, 4_000_000.0);
        let watch = Rc::downgrade(self);
        // Whole milliseconds, about an hour at most.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let timer = Timeout::new(wait as u32, move || {
            if let Some(watch) = watch.upgrade() {
                watch.check();
            }
        });
        self.timer.replace(Some(timer));
    }

    fn plan(&self, asked: Option<f64>) {
        let pause = pause(self.every.get(), self.failures.get(), asked);
        self.due.set(js_sys::Date::now() + spread(pause, js_sys::Math::random()));
    }

    fn check(self: &Rc<Self>) {
        self.ask(self.url.clone());
    }

    /// No copy answers that is as old as what is known, if the edge can find a newer one.
    fn check_newer(self: &Rc<Self>) {
        let known = self.known.borrow().document.as_ref().map_or(0, Document::version);
        let sign = if self.url.contains('?') { "&at=" } else { "?at=" };
        self.ask([&self.url, sign, &known.saturating_add(1).to_string()].concat());
    }

    fn ask(self: &Rc<Self>, url: String) {
        if self.busy.replace(true) {
            return;
        }
        let watch = Rc::clone(self);
        spawn_local(async move {
            let result = check(&url, watch.read).await;
            watch.busy.set(false);
            watch.learn(result);
        });
    }

    fn learn(self: &Rc<Self>, result: Result<Answer<Document>, Failure>) {
        let asked = match result.and_then(|answer| self.take(answer)) {
            Ok(()) => {
                self.failures.set(0);
                self.known.borrow_mut().failure = None;
                None
            }
            Err(failure) => {
                self.failures.set(self.failures.get().saturating_add(1));
                self.known.borrow_mut().failure = Some(failure.reason.as_str().into());
                failure.retry_after
            }
        };
        self.plan(asked);
        self.arm();
        listen();
        self.report();
    }

    /// Takes what the server answered, if it is not older than what is known.
    fn take(&self, Answer { document, date }: Answer<Document>) -> Result<(), Failure> {
        let mut known = self.known.borrow_mut();
        // A cache on the way may be behind: what is shown is newer then.
        let before = known.document.as_ref().map(Document::published_at);
        let is_behind = before.is_some_and(|before| document.published_at() < before);
        if !is_behind {
            known.document = Some(document);
        }
        // A cache or a service worker whose answer has the same date each time confirms nothing.
        let is_same = date.is_some() && known.date == date;
        known.date = date;
        let now = now();
        let is_old = || Some(now?.millis_since(known.checked_at?) > SAME);
        if is_same && is_old() == Some(true) {
            return Err(Failure::of("old"));
        }
        if !is_behind && !is_same {
            known.checked_at = now;
        }
        Ok(())
    }

    /// What a stream says takes the place of a check.
    #[cfg(feature = "live")]
    fn hear(self: &Rc<Self>, heard: &Heard) {
        let Known { document: Some(document), failure, .. } = self.known.borrow().clone() else { return };
        let at = match heard {
            Heard::Version(version) if document.version() != *version => return self.check_newer(),
            Heard::Version(_) => return,
            Heard::Confirmed(_) if failure.is_some() => return self.check(),
            Heard::Confirmed(at) => at.clone(),
        };
        {
            let mut known = self.known.borrow_mut();
            (known.checked_at, known.date) = (now(), at);
        }
        self.plan(None);
        self.arm();
        self.report();
    }

    fn report(&self) {
        let mut known = self.known.borrow().clone();
        if is_offline() {
            known.failure = Some(OFFLINE.into());
        }
        // A copy, since a subscriber may leave while it is told.
        let subscribers: Vec<_> =
            self.subscribers.borrow().iter().map(|(_, callback)| callback.clone()).collect();
        for subscriber in subscribers {
            subscriber.emit(known.clone());
        }
    }
}

/// Lets all banners look again at what this browser remembers.
pub(crate) fn report_all() {
    let watches = WATCHES.with_borrow(|watches| watches.clone());
    watches.iter().for_each(|watch| watch.report());
}

/// Listens while a visible watch shows something that may change.
#[cfg(feature = "live")]
fn listen() {
    let tells = |watch: &Rc<Watch>| watch.known.borrow().document.as_ref().is_some_and(Document::tells);
    let wanted: Vec<String> = WATCHES.with_borrow(|watches| {
        let all = watches.iter().filter(|watch| !is_hidden() && tells(watch));
        all.map(|watch| stream_of(&watch.url)).collect()
    });
    keep(&wanted, |url, heard| {
        let watches = WATCHES.with_borrow(|watches| watches.clone());
        for watch in watches.iter().filter(|watch| stream_of(&watch.url) == url) {
            watch.hear(&heard);
        }
    });
}

#[cfg(not(feature = "live"))]
fn listen() {}

/// The visitor's clock.
fn now() -> Option<Time> {
    // Milliseconds since 1970 are far below 2^53.
    #[expect(clippy::cast_possible_truncation)]
    Time::from_millis(js_sys::Date::now() as i64)
}

fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}

fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// The address of a document beside the page at `url`, in a language; an empty one is the document's.
pub(crate) fn address(url: &str, name: &str, lang: &str) -> String {
    let own = if lang.is_empty() { language() } else { lang.to_owned() };
    in_language(&beside(url, name), &own)
}

/// The language of the document, or else the visitor's; empty if neither is known.
fn language() -> String {
    let Some(window) = web_sys::window() else { return String::new() };
    let root = window.document().and_then(|document| document.document_element());
    let own = root.and_then(|root| root.get_attribute("lang")).filter(|language| !language.is_empty());
    own.or_else(|| window.navigator().language()).unwrap_or_default()
}

/// The status of the page at `url`, checked every `refresh` seconds (at least 10) while the tab is visible. `url` is the address of
/// the page, or of its `bulletin.json` or `status.json`; `lang` a BCP 47 tag, or empty for the language of the document.
/// Components that watch the same page in the same language share one poll.
#[hook]
pub fn use_status(url: &str, lang: &str, refresh: u32) -> Status {
    let status = use_state(Status::default);
    let set = status.setter();
    use_effect_with((url.to_owned(), lang.to_owned(), refresh), move |(url, lang, refresh)| {
        let told = Callback::from(move |known: Known| set.set(Status::of(known)));
        let read = |text: &str| read(text).map(|bulletin| Document::Bulletin(Rc::new(bulletin)));
        let subscription = subscribe(&address(url, BULLETIN, lang), *refresh, read, told);
        move || drop(subscription)
    });
    (*status).clone()
}
