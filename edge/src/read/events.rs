//! `GET /events`: the bulletin as a stream of server-sent events (WHATWG HTML, 9.2), so that an open page hears of a change at once.
//!
//! `listeners.rs` decides what a stream does; `edge/stream.js` has its timer. Nothing of a stream lives in WebAssembly, because the
//! runtime does not say when a visitor leaves: what is JavaScript's is collected then.

use std::cell::RefCell;
use std::rc::Rc;

use candor_shared::time::Time;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use worker::{Context, Env, Error, Headers, Response, ResponseBuilder, worker_sys};

use super::copy::DocumentCopy;
use super::get::{Found, current, find, look, newest_of, refresh, want};
use super::listeners::{Ask, Ending, Listeners, Stream, TICK_MILLIS, Turn};
use crate::clock;
use crate::document::Document;
use crate::http::{self, Problem};
use crate::render::refuse;

/// The longest id that is read from `Last-Event-ID`. Ours are shorter.
const MAX_ID: usize = 64;
/// The pause before a client connects again, in milliseconds: after a stream that has ended, and when there is no stream to be had.
const RETRY_MILLIS: u32 = 2_000;
const LATER_MILLIS: u32 = 60_000;

thread_local! {
    static LISTENERS: RefCell<Listeners> = const { RefCell::new(Listeners::new()) };
}

#[wasm_bindgen(raw_module = "./stream.js")]
extern "C" {
    /// The body of a stream: a first text, then what [`hear`] returns.
    fn stream(
        number: u32,
        name: &str,
        last_id: &str,
        first: &str,
        env: &Env,
        ctx: &worker_sys::Context,
    ) -> web_sys::ReadableStream;
}

/// Answers a GET or HEAD of the stream of this document.
///
/// # Errors
/// Only if the runtime fails.
pub async fn listen(
    document: &Document,
    request: &web_sys::Request,
    env: &Env,
    ctx: &Context,
) -> Result<Response, Error> {
    let is_current = match find(document, 0, env, ctx).await {
        Found::Current(_) => true,
        Found::Unconfirmed(..) | Found::Unavailable => false,
        Found::Absent => return refuse(&Problem::no_document(document), request),
    };
    let headers = Headers::new();
    headers.set("content-type", "text/event-stream")?;
    // A proxy that compresses it would hold it back.
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("x-accel-buffering", "no")?;
    http::public(&headers)?;
    if document.is_negotiated() {
        headers.set("vary", "accept-language")?;
    }
    let response = ResponseBuilder::new().with_headers(headers);
    if request.method() == "HEAD" {
        return Ok(response.empty());
    }
    let number = if is_current {
        LISTENERS.with_borrow_mut(|all| {
            all.spread(js_sys::Math::random);
            all.enter(clock::now()).ok_or(Ending::Full)
        })
    } else {
        Err(Ending::Unconfirmed)
    };
    // A browser takes an error for the end of all attempts, and prints it. After this it tries again by itself.
    let number = match number {
        Ok(number) => number,
        Err(why) => return Ok(response.fixed(farewell(why).into_bytes())),
    };
    let last_id = request.headers().get("last-event-id")?.filter(|id| id.len() <= MAX_ID).unwrap_or_default();
    let first = format!("retry: {RETRY_MILLIS}\n\n");
    let body = stream(number, &document.path(), &last_id, &first, env, ctx.as_ref());
    Ok(response.stream(body))
}

/// The last text of a stream: the reason, for people who read it with curl, and when the client may connect again.
fn farewell(why: Ending) -> String {
    let (retry, words) = match why {
        Ending::Old => return String::new(),
        Ending::Unconfirmed => (LATER_MILLIS / 2, "the page's storage cannot be reached"),
        Ending::Full => (LATER_MILLIS, "there are too many streams here: poll instead"),
    };
    format!(": {words}\nretry: {retry}\n\n")
}

/// What a stream sends now. `opened` and `sent_at`, the time of its last event, are in milliseconds since 1970; the others are those of
/// [`stream`].
///
/// Returns an array: the time until the stream looks again, in milliseconds, or a negative number if it ends now; a text to send; and the
/// id of the event in it. The latter two may be missing.
#[wasm_bindgen]
pub fn hear(
    number: u32,
    name: &str,
    last_id: String,
    opened: f64,
    sent_at: f64,
    env: Env,
    ctx: worker_sys::Context,
) -> Array {
    let (ctx, now) = (Context::new(ctx), clock::now());
    match LISTENERS.with_borrow_mut(|all| all.ask(now)) {
        Ask::Object => {
            let (env, has_place) = (env.clone(), LISTENERS.with_borrow(|all| all.has_place(now)));
            ctx.wait_until(async move {
                let outcome = look(has_place, &env).await;
                LISTENERS.with_borrow_mut(|all| all.ended(outcome, clock::now()));
            });
        }
        Ask::Copies => drop(young(name, now, &env, &ctx)),
        Ask::Nobody => {}
    }
    let stream = Stream { number, last_id, opened: clock::time(opened), sent_at: clock::time(sent_at) };
    match LISTENERS.with_borrow_mut(|all| all.look(&stream, newest_of(name, now).as_ref(), now)) {
        Turn::Send(again) => match bulletin(name, now, &env, &ctx) {
            Some((text, id)) => says(TICK_MILLIS, &text, Some(&id)),
            None => wait(again),
        },
        Turn::Confirm(at) => says(TICK_MILLIS, &confirmed(at), None),
        Turn::Rest => wait(TICK_MILLIS),
        Turn::End(why) => says(-1, &farewell(why), None),
    }
}

/// Forgets a stream whose reader has left.
#[wasm_bindgen]
pub fn leave(number: u32) {
    LISTENERS.with_borrow_mut(|all| all.leave(number));
}

/// How many streams this isolate has, and for how long at most one of them has had something to send, in milliseconds.
pub fn streams(now: Time) -> (usize, i64) {
    LISTENERS.with_borrow(|all| all.health(now))
}

/// The event that says when the object last confirmed the bulletin.
fn confirmed(at: Time) -> String {
    format!("event: confirmed\ndata: {at}\n\n")
}

/// The current copy of a document, which is kept young: if it is not, or there is none, it is asked for.
fn young(name: &str, now: Time, env: &Env, ctx: &Context) -> Option<Rc<DocumentCopy>> {
    let Some((copy, due)) = current(name, now) else {
        want(&Document::named(name)?, env, ctx);
        return None;
    };
    if let Some(due) = due {
        ctx.wait_until(refresh(due, env.clone()));
    }
    Some(copy)
}

/// The events with the document and its confirmation, and its id, if there is a current copy. Otherwise it is asked for.
fn bulletin(name: &str, now: Time, env: &Env, ctx: &Context) -> Option<(String, String)> {
    let copy = young(name, now, env, ctx)?;
    let id = copy.stamp.id();
    // JSON without line breaks, which would each begin another line of data.
    let data = copy.rendered.body.trim_end();
    Some((format!("event: bulletin\nid: {id}\ndata: {data}\n\n{}", confirmed(copy.stamp.confirmed_at)), id))
}

fn wait(millis: i64) -> Array {
    // A few hundred milliseconds.
    #[expect(clippy::cast_precision_loss)]
    Array::of1(&JsValue::from_f64(millis as f64))
}

fn says(millis: i64, text: &str, id: Option<&str>) -> Array {
    let all = wait(millis);
    all.push(&text.into());
    if let Some(id) = id {
        all.push(&id.into());
    }
    all
}
