//! The public documents: bytes from this isolate's memory, from the data centre's cache, from the page's
//! object; and if the object cannot be reached, the last-known-good copy, labelled. For `status.json`
//! and the status page there is one in KV, too.
//!
//! Every copy knows when the object confirmed it. A copy is current for [`CURRENT_MILLIS`], so that
//! with the five seconds that a browser may keep it, an update is readable everywhere within ten.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candor_shared::time::Time;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{Cache, Context, Env, Headers, RequestInit, Response, ResponseBuilder, Result};

use crate::document::{Document, HOME, STATUS};
use crate::http::Problem;
use crate::http::{self, POLICY_HEADER, PUBLIC_CACHE, UNCONFIRMED_HEADER, VERSION_HEADER};
use crate::object::Copied;
use crate::object::stub::{self, PageError};
use crate::render::{Rendered, none_match, refuse, unconfirmed};
use crate::settings::LAST_GOOD;
use crate::{clock, log};

/// How long a copy counts as current after the object confirmed it.
const CURRENT_MILLIS: i64 = 4_000;
/// From what age on one request asks again, while all others are answered from memory.
const ASK_AGAIN_MILLIS: i64 = 2_000;
/// How long the object is left alone after it could not be reached: readers get the last-known-good
/// copy at once, instead of each waiting for the time limit.
const LEFT_ALONE_MILLIS: i64 = 2_000;
/// How long the data centre keeps its copy, in case the object cannot be reached: a day, in seconds.
const KEPT_SECONDS: u32 = 86_400;
/// Where the data centre's copies are. The host is ours alone: no request can name it.
const CACHE_ORIGIN: &str = "https://candor.invalid";
/// Documents that an isolate remembers; anybody may ask for any name.
const REMEMBERED: usize = 64;
/// In the data centre's copy: when the object confirmed it, in milliseconds since 1970.
const CONFIRMED_HEADER: &str = "candor-confirmed-at";

/// A copy of a document that is held here.
#[derive(Clone)]
struct Held {
    document: Document,
    rendered: Rendered,
    version: u64,
    confirmed_at: Time,
    /// The same bytes and headers, ready to be answered.
    body: Uint8Array,
    init: web_sys::ResponseInit,
}

/// What this isolate remembers.
#[derive(Default)]
struct Memory {
    copies: BTreeMap<String, Held>,
    /// A version that was read or written here: nothing older is answered as current.
    newest: u64,
    /// Documents that are not there, and when the object said so.
    absent: BTreeMap<String, Time>,
    /// When somebody last set out to ask again.
    asking_since: Option<Time>,
    /// When the object last could not be reached.
    failed_at: Option<Time>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Held {
    fn new(document: &Document, rendered: Rendered, version: u64, confirmed_at: Time) -> Result<Self> {
        let headers = headers(document, &rendered, PUBLIC_CACHE)?;
        let init = web_sys::ResponseInit::new();
        init.set_headers_headers(&headers.0);
        let body = Uint8Array::from(rendered.body.as_bytes());
        Ok(Self { document: document.clone(), rendered, version, confirmed_at, body, init })
    }

    fn is_current(&self, now: Time) -> bool {
        now.millis_since(self.confirmed_at) < CURRENT_MILLIS
    }

    /// The answer to one request.
    fn answer(
        &self,
        method: &str,
        if_none_match: Option<&str>,
    ) -> std::result::Result<web_sys::Response, JsValue> {
        if if_none_match.is_some_and(|header| none_match(header, &self.rendered.etag)) {
            let init = web_sys::ResponseInit::new();
            init.set_status(304);
            init.set_headers(&js_sys::Reflect::get(&self.init, &"headers".into())?);
            return web_sys::Response::new_with_opt_str_and_init(None, &init);
        }
        match method {
            "HEAD" => web_sys::Response::new_with_opt_str_and_init(None, &self.init),
            _ => web_sys::Response::new_with_opt_js_u8_array_and_init(Some(&self.body), &self.init),
        }
    }

    /// The answer that says since when it is not confirmed.
    fn answer_unconfirmed(&self, method: &str) -> Result<Response> {
        let edition = unconfirmed(&self.document, self.version, &self.rendered, self.confirmed_at)?;
        let headers = headers(&self.document, &edition, "public, max-age=5")?;
        headers.set(UNCONFIRMED_HEADER, &self.confirmed_at.to_string())?;
        let response = ResponseBuilder::new().with_headers(headers);
        Ok(if method == "HEAD" { response.empty() } else { response.fixed(edition.body.into_bytes()) })
    }
}

fn headers(document: &Document, rendered: &Rendered, cache: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", document.media_type())?;
    headers.set("cache-control", cache)?;
    headers.set("etag", &rendered.etag)?;
    http::public(&headers)?;
    if let Some(policy) = &rendered.policy {
        http::page(&headers, policy)?;
    }
    Ok(headers)
}

/// Answers from memory, if what is there is current, and names the document if it is to be
/// [`refresh`]ed for the next ones. Nothing is awaited, nothing parsed.
pub fn from_memory(name: &str, request: &web_sys::Request) -> Option<(web_sys::Response, Option<Document>)> {
    let now = clock::now();
    MEMORY.with_borrow_mut(|memory| {
        let copy = memory.copies.get(name).filter(|copy| copy.is_current(now))?;
        let if_none_match = request.headers().get("if-none-match").ok()?;
        let answer = copy.answer(&request.method(), if_none_match.as_deref()).ok()?;
        let ages = now.millis_since(copy.confirmed_at) >= ASK_AGAIN_MILLIS;
        // Whoever set out and did not come back is not waited for.
        let asked = memory.asking_since.is_some_and(|at| now.millis_since(at) < CURRENT_MILLIS);
        let refresh = ages && !asked;
        let document = refresh.then(|| copy.document.clone());
        if refresh {
            memory.asking_since = Some(now);
        }
        Some((answer, document))
    })
}

/// Asks the object again, behind an answer that was given already.
pub async fn refresh(document: Document, env: Env) {
    if let Ok(Asked::Document(copy)) = ask(&document, &env, clock::now()).await {
        remember(&copy);
        if let Err(error) = keep(&copy).await {
            log::error("the copy could not be cached", &[("error", &error.to_string())]);
        }
    }
    MEMORY.with_borrow_mut(|memory| memory.asking_since = None);
}

/// After a write through this isolate: what is read here from now on is the version that was written, or newer. Older
/// copies are dropped from memory and from this data centre.
///
/// # Errors
/// Only if the runtime fails.
pub async fn after_write(response: &Response) -> Result<()> {
    let version = response.headers().get(VERSION_HEADER)?.and_then(|version| version.parse().ok());
    let Some(version) = version else { return Ok(()) };
    MEMORY.with_borrow_mut(|memory| {
        memory.newest = memory.newest.max(version);
        memory.copies.retain(|_, copy| copy.version >= version);
        memory.absent.clear();
    });
    if let Err(error) = Cache::default().delete(cache_key(STATUS), true).await {
        log::error("the cached copy could not be deleted", &[("error", &error.to_string())]);
    }
    Ok(())
}

fn cache_key(path: &str) -> String {
    format!("{CACHE_ORIGIN}{path}")
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
) -> Result<Response> {
    let name = document.path();
    let method = request.method();
    let if_none_match = request.headers().get("if-none-match")?;
    let now = clock::now();

    let cached = cached(document).await;
    let (newest, failed_at) = MEMORY.with_borrow(|memory| (memory.newest, memory.failed_at));
    if let Some(copy) = cached.as_ref().filter(|copy| copy.is_current(now) && copy.version >= newest) {
        remember(copy);
        return Ok(copy.answer(&method, if_none_match.as_deref())?.into());
    }
    let absent = MEMORY.with_borrow(|memory| memory.absent.get(&name).copied());
    if absent.is_some_and(|at| now.millis_since(at) < CURRENT_MILLIS) {
        return refuse(&Problem::no_document(document), request);
    }
    if failed_at.is_some_and(|at| now.millis_since(at) < LEFT_ALONE_MILLIS) {
        return last_known_good(document, cached, env, request).await;
    }
    match ask(document, env, now).await {
        Ok(Asked::Document(copy)) => {
            remember(&copy);
            let answer = copy.answer(&method, if_none_match.as_deref())?;
            ctx.wait_until(async move {
                if let Err(error) = keep(&copy).await {
                    log::error("the copy could not be cached", &[("error", &error.to_string())]);
                }
            });
            Ok(answer.into())
        }
        Ok(Asked::Nothing) => {
            MEMORY.with_borrow_mut(|memory| {
                if memory.absent.len() >= REMEMBERED {
                    memory.absent.clear();
                }
                memory.absent.insert(name.clone(), now);
            });
            // It is gone: no old copy may come back when the object cannot be reached.
            if MEMORY.with_borrow_mut(|memory| memory.copies.remove(&name)).or(cached).is_some() {
                let _ = Cache::default().delete(cache_key(&name), true).await;
            }
            refuse(&Problem::no_document(document), request)
        }
        Err(PageError(what)) => {
            MEMORY.with_borrow_mut(|memory| memory.failed_at = Some(clock::now()));
            log::error("the page's object cannot be reached", &[("error", &what)]);
            last_known_good(document, cached, env, request).await
        }
    }
}

enum Asked {
    Document(Held),
    /// Nothing is published there.
    Nothing,
}

async fn ask(document: &Document, env: &Env, now: Time) -> std::result::Result<Asked, PageError> {
    let failed = |error: worker::Error| PageError(error.to_string());
    let mut response = stub::fetch(env, &document.path(), RequestInit::new()).await?;
    match response.status_code() {
        200 => {}
        404 => return Ok(Asked::Nothing),
        status => return Err(PageError(format!("status {status}"))),
    }
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let (Some(etag), Some(version)) = (header("etag"), header(VERSION_HEADER).and_then(|v| v.parse().ok()))
    else {
        return Err(PageError("an edition without a version".to_owned()));
    };
    let policy = header(POLICY_HEADER);
    let body = response.text().await.map_err(failed)?;
    // Confirmed when it was asked for, not when the answer came: never newer than it is.
    Held::new(document, Rendered { etag, body, policy }, version, now).map(Asked::Document).map_err(failed)
}

fn remember(copy: &Held) {
    MEMORY.with_borrow_mut(|memory| {
        if copy.version >= memory.newest {
            memory.newest = copy.version;
            if memory.copies.len() >= REMEMBERED {
                // Never the one that everybody asks for.
                memory.copies.retain(|path, _| path == STATUS || path == HOME);
            }
            memory.copies.insert(copy.document.path(), copy.clone());
        }
    });
}

async fn cached(document: &Document) -> Option<Held> {
    let mut response = Cache::default().get(cache_key(&document.path()), true).await.ok().flatten()?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let etag = header("candor-etag")?;
    let version = header(VERSION_HEADER)?.parse().ok()?;
    let confirmed_at = header(CONFIRMED_HEADER)?.parse().ok().and_then(Time::from_millis)?;
    let policy = header(POLICY_HEADER);
    let body = response.text().await.ok()?;
    Held::new(document, Rendered { etag, body, policy }, version, confirmed_at).ok()
}

async fn keep(copy: &Held) -> Result<()> {
    let Rendered { etag, body, policy } = &copy.rendered;
    let response = ResponseBuilder::new()
        .with_header("cache-control", &format!("public, max-age={KEPT_SECONDS}"))?
        .with_header("candor-etag", etag)?
        .with_header(VERSION_HEADER, &copy.version.to_string())?
        .with_header(CONFIRMED_HEADER, &copy.confirmed_at.as_millis().to_string())?
        .fixed(body.clone().into_bytes());
    if let Some(policy) = policy {
        response.headers().set(POLICY_HEADER, policy)?;
    }
    Cache::default().put(cache_key(&copy.document.path()), response).await
}

/// The best copy there is, labelled; or the plain word that nothing is known.
async fn last_known_good(
    document: &Document,
    cached: Option<Held>,
    env: &Env,
    request: &web_sys::Request,
) -> Result<Response> {
    let memory = MEMORY.with_borrow(|memory| memory.copies.get(&document.path()).cloned());
    let in_kv = if document.is_copied() { in_kv(document, env).await } else { None };
    let copies = [memory, cached, in_kv];
    match copies.into_iter().flatten().max_by_key(|copy| (copy.version, copy.confirmed_at)) {
        Some(copy) => copy.answer_unconfirmed(&request.method()),
        None => refuse(
            &Problem::unavailable(
                "The page's storage cannot be reached and there is no copy. Whether the service works is not known here.",
            ),
            request,
        ),
    }
}

async fn in_kv(document: &Document, env: &Env) -> Option<Held> {
    let kv = env.kv(LAST_GOOD).ok()?;
    let (body, copied) = kv.get(&document.path()).text_with_metadata::<Copied>().await.ok()?;
    let (body, Copied { confirmed_at, version, policy }) = (body?, copied?);
    Held::new(document, Rendered { etag: String::new(), body, policy }, version, confirmed_at).ok()
}
