//! Tries addresses from this device. Nothing is sent along: no credentials, no referrer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode, Response,
};
use yew::Callback;

use crate::panel::Outcome;

/// How long an address may take. Milliseconds.
const PATIENCE: u32 = 8_000;

/// Addresses that are tried. What comes back after it is dropped is not told.
pub(crate) struct Trial {
    is_over: Rc<Cell<bool>>,
    /// Notes what the page refuses, which the browser says in a task of its own.
    _listener: Option<EventListener>,
}

impl Drop for Trial {
    fn drop(&mut self) {
        self.is_over.set(true);
    }
}

impl Trial {
    /// Tries all of them at the same time, and tells for each number what became of it.
    pub(crate) fn of(urls: Vec<String>, tell: Callback<(usize, Outcome)>) -> Self {
        let refused = Rc::new(RefCell::new(Vec::<String>::new()));
        let is_over = Rc::new(Cell::new(false));
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| {
            let refused = Rc::clone(&refused);
            EventListener::new(&document, "securitypolicyviolation", move |event| {
                let uri = Reflect::get(event, &"blockedURI".into()).ok().and_then(|uri| uri.as_string());
                refused.borrow_mut().extend(uri.filter(|uri| !uri.is_empty()));
            })
        });
        for (number, url) in urls.into_iter().enumerate() {
            let (refused, is_over, tell) = (Rc::clone(&refused), Rc::clone(&is_over), tell.clone());
            spawn_local(async move {
                let outcome = match try_one(&url).await {
                    Some(millis) => Outcome::Answered(millis),
                    None => {
                        pause().await;
                        let its = |uri: &String| url.starts_with(&**uri) || uri.starts_with(&*url);
                        if refused.borrow().iter().any(its) { Outcome::Untried } else { Outcome::Silent }
                    }
                };
                if !is_over.get() {
                    tell.emit((number, outcome));
                }
            });
        }
        Self { is_over, _listener: listener }
    }
}

/// Gives the browser time for the task in which it says what the page refused.
async fn pause() {
    let pause = Promise::new(&mut |done, _| {
        Timeout::new(50, move || drop(done.call0(&JsValue::NULL))).forget();
    });
    let _ = JsFuture::from(pause).await;
}

/// How long the answer took, in milliseconds. Where the answer may be read, a server's error is none; where it may not, any answer
/// counts.
async fn try_one(url: &str) -> Option<u32> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE);
    let start = js_sys::Date::now();
    let answer = match ask(url, RequestMode::Cors, &patience).await {
        Some(answer) => Some(answer),
        None => ask(url, RequestMode::NoCors, &patience).await,
    };
    // At most a few thousand; below zero where the clock was set meanwhile.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let took = (js_sys::Date::now() - start).max(0.0) as u32;
    answer.filter(|answer| answer.status() < 500).map(|_| took)
}

async fn ask(url: &str, mode: RequestMode, patience: &AbortSignal) -> Option<Response> {
    let init = RequestInit::new();
    init.set_mode(mode);
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(patience));
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(url, &init)).await.ok()?;
    answer.dyn_into().ok()
}
