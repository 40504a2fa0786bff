//! Answers a GET or HEAD of a document: carries out the steps that the ladder chooses.
//!
//! A request may not wait for another request's I/O in this runtime. So the request that begins a climb runs it in the
//! background (`wait_until`: a visitor who leaves does not stop it), and the others look at memory again after a short while.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use candor_shared::time::Time;
use futures_util::future::join;
use js_sys::Promise;
use js_sys::futures::{JsFuture, future_to_promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{Context, Delay, Env, Error, Response};

use super::cache::{delete_from_cache, from_cache, put_in_cache};
use super::climb::{Climb, Next, Reader};
use super::copy::DocumentCopy;
use super::ladder::{CLIMB_MILLIS, Ladder, SPREAD_MILLIS};
use super::listeners::Outcome;
use super::notes::{self, CLAIM_MILLIS, Note};
use super::stamp::{Reply, Stamp, Step, UNKNOWN, is_recent};
use super::steps::{changed, from_object, last_known_good};
use super::unsigned::unsigned;
use crate::clock;
use crate::document::{BULLETIN, Document, HOME, Kind, STATUS, parameter};
use crate::http::{EPOCH_HEADER, Problem, VERSION_HEADER};
use crate::log::{self, Level};
use crate::meter::{self, Rung};
use crate::render::{Doubt, refuse_document};
use crate::settings::settings;
use crate::target::target;
use crate::wait::within;

/// How often a request looks whether another request's climb has ended: every 20 milliseconds.
const LOOK_MILLIS: i64 = 20;

/// The parameter that names the version of which a reader has heard: an older copy does not answer it while the object can be asked.
pub const AT: &str = "at";

thread_local! {
    static LADDER: RefCell<Ladder<Rc<DocumentCopy>>> = const { RefCell::new(Ladder::new(&[STATUS, BULLETIN, HOME])) };
}

/// A refresh that the caller must run ([`refresh`]).
pub struct Refresh(Document, Climb);

/// Answers from memory if the copy there is current. Also returns a refresh for later requests if one is due. Awaits and
/// parses nothing, because this path serves almost all reads.
pub fn from_memory(name: &str, request: &web_sys::Request) -> Option<(web_sys::Response, Option<Refresh>)> {
    let (copy, refresh) = current(name, clock::now())?;
    let if_none_match = request.headers().get("if-none-match").ok()?;
    let answer = copy.answer(&request.method(), if_none_match.as_deref()).ok()?;
    meter::count(copy.kind, Rung::Memory);
    Some((answer, refresh))
}

/// The copy in memory if it is current, and a refresh for later requests if one is due.
pub(super) fn current(name: &str, now: Time) -> Option<(Rc<DocumentCopy>, Option<Refresh>)> {
    LADDER.with_borrow_mut(|ladder| {
        let (copy, climb) = ladder.current(name, now)?;
        Some((Rc::clone(copy), climb.map(|climb| Refresh(copy.document.clone(), climb))))
    })
}

/// Replaces the copy in memory and in the data centre's cache by a newer one, after the response has left.
pub async fn refresh(Refresh(document, climb): Refresh, env: Env) {
    let began = clock::now();
    let copy = match near(&document, climb, &env).await {
        Some(climb) => ask(&document, climb, &env, began).await,
        None => None,
    };
    tidy(copy, &env).await;
}

/// What is left to do after a climb, of which nobody waits: the cache gets the copy that the object gave.
async fn tidy(copy: Option<Rc<DocumentCopy>>, env: &Env) {
    if let Some(copy) = copy {
        put_in_cache(&copy, env).await;
    }
    take_back(Vec::new(), env).await;
    meter::flush(env, clock::now());
}

/// Deletes from the cache these documents, and those that must not become current there ([`Ladder::take_back`]).
async fn take_back(mut names: Vec<String>, env: &Env) {
    names.extend(LADDER.with_borrow_mut(Ladder::take_back));
    delete_from_cache(&names, env).await;
}

/// Makes a write visible to later reads through this isolate: they get the version that was written, or a newer one. Deletes
/// `status.json` from the data centre's cache, within a limit.
///
/// # Errors
/// Only if the runtime fails.
pub async fn after_write(response: &Response, env: &Env) -> Result<(), Error> {
    let version = response.headers().get(VERSION_HEADER)?.and_then(|version| version.parse().ok());
    let epoch = response.headers().get(EPOCH_HEADER)?;
    let Some((version, epoch)) = version.zip(epoch) else { return Ok(()) };
    let stamp = Stamp { epoch: epoch.into(), version, confirmed_at: clock::now() };
    LADDER.with_borrow_mut(|ladder| ladder.wrote(&stamp));
    take_back(vec![STATUS.to_owned()], env).await;
    Ok(())
}

/// Tells a new instance when a write was last in doubt, in milliseconds since 1970, before it reads anything.
#[wasm_bindgen]
pub fn doubt(at: f64) {
    LADDER.with_borrow_mut(|ladder| ladder.doubts(clock::time(at)));
}

/// Nobody knows what a write has made: later reads through this isolate ask the object before they say anything. Deletes `status.json`
/// from the data centre's cache, within a limit.
pub async fn after_doubt(env: &Env) {
    LADDER.with_borrow_mut(|ladder| ladder.doubts(clock::now()));
    take_back(vec![STATUS.to_owned()], env).await;
}

/// Answers a GET or HEAD of a document.
///
/// # Errors
/// Only if the runtime fails.
pub async fn get(
    document: &Document,
    request: &web_sys::Request,
    env: &Env,
    ctx: &Context,
) -> Result<Response, Error> {
    let method = request.method();
    if let Some(problem) = unsigned(document, &settings(env), clock::now()) {
        return refused(&problem, document, request, env);
    }
    let url = request.url();
    let at = parameter(target(&url).1, AT).and_then(|version| version.parse().ok()).unwrap_or_default();
    match found(document, at, document.kind(), env, ctx).await {
        Found::Current(copy) => {
            let if_none_match = request.headers().get("if-none-match")?;
            Ok(copy.answer(&method, if_none_match.as_deref())?.into())
        }
        Found::Unconfirmed(copy, doubt) => copy.answer_unconfirmed(&method, doubt, clock::now()),
        Found::Absent => refused(&Problem::no_document(document), document, request, env),
        Found::Unavailable => {
            let detail = "The page's storage cannot be reached and there is no copy, so the status of the service is unknown here. Try again in a few seconds.";
            refused(&Problem::unavailable(detail), document, request, env)
        }
    }
}

fn refused(
    problem: &Problem,
    document: &Document,
    request: &web_sys::Request,
    env: &Env,
) -> Result<Response, Error> {
    let settings = settings(env);
    let sites = settings.frame_ancestors.as_deref().unwrap_or("'none'");
    refuse_document(problem, document, request, sites, clock::now())
}

/// What a reader gets of a document.
pub(super) enum Found {
    /// A current copy.
    Current(Rc<DocumentCopy>),
    /// An old copy, and what is known of it.
    Unconfirmed(Rc<DocumentCopy>, Doubt),
    /// It does not exist.
    Absent,
    /// Nothing is known.
    Unavailable,
}

/// Finds the nearest copy of a document for a reader who has heard of this version, of any if it is 0; counts it as a read of this kind,
/// and logs it if it is not current.
pub(super) async fn found(document: &Document, at: u64, kind: Kind, env: &Env, ctx: &Context) -> Found {
    let began = clock::now();
    let found = find(document, at, env, ctx).await;
    let (rung, outcome) = match &found {
        Found::Current(_) => (Rung::Searched, None),
        Found::Absent => (Rung::Absent, None),
        Found::Unconfirmed(..) => (Rung::Unconfirmed, Some((Level::Warn, "unconfirmed"))),
        Found::Unavailable => (Rung::Unavailable, Some((Level::Error, "unavailable"))),
    };
    meter::count(kind, rung);
    if let Some((level, outcome)) = outcome {
        let now = clock::now();
        let age = match &found {
            Found::Unconfirmed(_, doubt) => Some(now.millis_since(doubt.since).max(0)),
            _ => None,
        };
        log::line(level, "read", outcome)
            .with("document", document.path())
            .with_some("age_ms", age)
            .with("ms", now.millis_since(began).max(0))
            .write();
    }
    found
}

/// When the object last answered this isolate, if it did and that is known.
pub fn confirmed_at() -> Option<Time> {
    newest().map(|stamp| stamp.confirmed_at).filter(|at| *at != UNKNOWN)
}

/// Finds the nearest copy of a document for a reader who has heard of this version; of any, if it is 0.
pub(super) async fn find(document: &Document, at: u64, env: &Env, ctx: &Context) -> Found {
    let is_standby = matches!(settings(env).follows, Ok(Some(_)));
    let has_copy = is_standby || document.has_kv_copy();
    let mut reader = Reader::new(document.path(), has_copy, clock::now()).at(at);
    // The climb that this request runs.
    let mut climbing = None;
    loop {
        let now = clock::now();
        match LADDER.with_borrow_mut(|ladder| ladder.look(&mut reader, now)) {
            Next::Current(copy) => return Found::Current(copy),
            Next::Unconfirmed(copy, doubt) => return Found::Unconfirmed(copy, doubt),
            Next::Absent => return Found::Absent,
            Next::Unavailable => return Found::Unavailable,
            Next::Climb(climb, wait) => {
                // For a document that does not exist, `status.json` is searched for.
                let searched = Document::named(climb.name());
                climbing = Some(run(searched.as_ref().unwrap_or(document), climb, env, ctx, wait).await);
            }
            Next::Wait(millis) => match climbing.take() {
                Some(own) => {
                    if within(millis, JsFuture::from(Promise::clone(&own))).await.is_none() {
                        climbing = Some(own);
                    }
                }
                None => pause(millis.min(LOOK_MILLIS)).await,
            },
            Next::AskKv => {
                let copy = last_known_good(document, env).await;
                LADDER.with_borrow_mut(|ladder| ladder.last_known_good(&reader, copy, clock::now()));
            }
        }
    }
}

/// Waits for so many milliseconds.
async fn pause(millis: i64) {
    Delay::from(Duration::from_millis(u64::try_from(millis).unwrap_or_default())).await;
}

/// Begins a climb in the background, and waits until the cache has answered, for at most so many milliseconds. The promise that is
/// returned ends with the climb.
async fn run(document: &Document, climb: Climb, env: &Env, ctx: &Context, wait: i64) -> Promise {
    let began = clock::now();
    let further: Rc<RefCell<Option<Climb>>> = Rc::default();
    let found: Rc<RefCell<Option<Rc<DocumentCopy>>>> = Rc::default();
    let nearby = future_to_promise({
        let (document, env, further) = (document.clone(), env.clone(), Rc::clone(&further));
        async move {
            let left = near(&document, climb, &env).await;
            *further.borrow_mut() = left;
            Ok(JsValue::UNDEFINED)
        }
    });
    let climbing = future_to_promise({
        let (document, env, found) = (document.clone(), env.clone(), Rc::clone(&found));
        let nearby = JsFuture::from(nearby.clone());
        async move {
            nearby.await?;
            let climb = further.borrow_mut().take();
            if let Some(climb) = climb {
                let copy = ask(&document, climb, &env, began).await;
                *found.borrow_mut() = copy;
            }
            Ok(JsValue::UNDEFINED)
        }
    });
    let (ended, env) = (JsFuture::from(climbing.clone()), env.clone());
    ctx.wait_until(async move {
        // Cannot fail; the copy is stored after the readers have it.
        let _ = ended.await;
        let copy = found.borrow_mut().take();
        tidy(copy, &env).await;
    });
    if wait > 0 {
        let _ = within(wait, JsFuture::from(nearby)).await;
    }
    climbing
}

/// Asks for a document of which there is no current copy, unless somebody does already.
pub(super) fn want(document: &Document, env: &Env, ctx: &Context) {
    let climb = LADDER.with_borrow_mut(|ladder| ladder.want(&document.path(), clock::now()));
    if let Some(climb) = climb {
        ctx.wait_until(refresh(Refresh(document.clone(), climb), env.clone()));
    }
}

/// What the object last confirmed, as far as this isolate knows.
pub(super) fn newest() -> Option<Stamp> {
    LADDER.with_borrow_mut(|ladder| ladder.newest(clock::now()))
}

/// The newest version that is known to readers of this document ([`Ladder::newest_of`]).
pub(super) fn newest_of(name: &str, now: Time) -> Option<Stamp> {
    LADDER.with_borrow_mut(|ladder| ladder.newest_of(name, now))
}

/// Asks the object for its newest version when it changes, as [`changed`] does, and takes it for known. Who has no place there does not
/// ask while others of this data centre are turned away.
pub(super) async fn look(has_place: bool, env: &Env) -> Outcome {
    if !has_place && Note::Crowd.is_there(env).await {
        return Outcome::Refused;
    }
    let (turn, known) = LADDER.with_borrow_mut(|ladder| (ladder.turn(), ladder.newest(clock::now())));
    let outcome = match changed(env, known.as_ref()).await {
        Some((stamp, held)) => {
            LADDER.with_borrow_mut(|ladder| ladder.vouched(&stamp, turn));
            Outcome::answered(known.is_some_and(|known| known.id() == stamp.id()), held)
        }
        None => Outcome::Refused,
    };
    if outcome == Outcome::Refused {
        Note::Crowd.leave(env);
    }
    outcome
}

/// The first step of a climb: the cache. Returns the climb if the object has to be asked. If another isolate of this data centre asks it
/// already, waits for its copy.
async fn near(document: &Document, climb: Climb, env: &Env) -> Option<Climb> {
    if climb.skips_cache() {
        return Some(climb);
    }
    LADDER.with_borrow_mut(|ladder| ladder.spread(random_spread));
    let began = clock::now();
    let note = Note::Asks(document, newest().map_or(0, |newest| newest.version));
    loop {
        let (cached, is_claimed) = join(from_cache(document, env), note.is_there(env)).await;
        let now = clock::now();
        match LADDER.with_borrow_mut(|ladder| ladder.cached(&climb, cached, now)) {
            Step::Ended | Step::Found => {
                meter::count(document.kind(), Rung::Cache);
                return None;
            }
            Step::GivenUp => {
                meter::count(document.kind(), Rung::Nothing);
                return None;
            }
            Step::AskObject if is_claimed && is_recent(began, CLAIM_MILLIS, now) => {
                pause(notes::LOOK_MILLIS).await;
            }
            Step::AskObject => {
                note.leave(env);
                return Some(climb);
            }
        }
    }
}

/// A random number below [`SPREAD_MILLIS`].
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "hundreds")]
fn random_spread() -> i64 {
    (js_sys::Math::random() * SPREAD_MILLIS as f64) as i64
}

/// The other steps: asks the object until the climb ends. Returns the copy that it gave, which the cache does not have yet.
async fn ask(document: &Document, mut climb: Climb, env: &Env, began: Time) -> Option<Rc<DocumentCopy>> {
    loop {
        let now = clock::now();
        LADDER.with_borrow(|ladder| ladder.asks(&mut climb));
        let left = CLIMB_MILLIS.saturating_sub(now.millis_since(began)).clamp(0, CLIMB_MILLIS);
        let listed = LADDER.with_borrow(|ladder| ladder.listed(now));
        let reply = from_object(document, env, listed, now, left).await;
        let copy = if let Reply::Document(copy) = &reply { Some(Rc::clone(copy)) } else { None };
        let is_gone = matches!(reply, Reply::Nothing(..));
        let step = LADDER.with_borrow_mut(|ladder| ladder.replied(&mut climb, reply, clock::now()));
        match step {
            Step::AskObject => {}
            Step::Found => {
                meter::count(document.kind(), Rung::Object);
                return copy;
            }
            Step::Ended | Step::GivenUp => {
                meter::count(document.kind(), Rung::Nothing);
                if is_gone {
                    // Its old copies must not come back when the object cannot be reached.
                    take_back(vec![document.path()], env).await;
                }
                return None;
            }
        }
    }
}
