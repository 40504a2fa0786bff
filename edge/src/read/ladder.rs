//! The ladder: answers a read from this isolate's memory, else from the data centre's cache, else from the page's object. If
//! the object cannot be reached, it answers with the newest copy that it finds, labelled as unconfirmed; KV holds copies
//! of `status.json` and of the status page for this case.
//!
//! Every copy has the time when the object confirmed it. It is current for [`CURRENT_MILLIS`]. A browser may keep it for five
//! seconds more, so an update is readable everywhere within ten seconds.

use std::cell::RefCell;
use std::collections::BTreeMap;

use candor_shared::time::Time;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{Cache, Context, Env, Error, Headers, RequestInit, Response, ResponseBuilder};

use crate::document::{Document, HOME, STATUS};
use crate::http::{self, POLICY_HEADER, Problem, UNCONFIRMED_HEADER, VERSION_HEADER};
use crate::object::CopyMetadata;
use crate::object::stub::{self, PageError};
use crate::render::{Rendered, none_match, refuse, unconfirmed};
use crate::settings::LAST_GOOD;
use crate::{clock, log};

/// How long a copy is current after the object confirmed it: 4 seconds, in milliseconds.
const CURRENT_MILLIS: i64 = 4_000;
/// The age from which one request refreshes a copy in memory, while memory still answers all requests: 2 seconds, in
/// milliseconds.
const REFRESH_MILLIS: i64 = 2_000;
/// How long the worker does not call the object after a failure: 2 seconds, in milliseconds. Meanwhile readers get the
/// last-known-good copy at once, instead of each waiting for the time limit.
const BACK_OFF_MILLIS: i64 = 2_000;
/// How long the data centre's cache keeps a copy, for when the object cannot be reached: a day, in seconds.
const CACHE_SECONDS: u32 = 86_400;
/// The origin of the keys in the data centre's cache. No request from outside can have this host.
const CACHE_ORIGIN: &str = "https://candor.invalid";
/// The most documents in an isolate's memory. Anybody can request any name, so the number must have a limit.
const MAX_REMEMBERED: usize = 64;
/// On a copy in the data centre's cache: when the object confirmed it, in milliseconds since 1970.
const CONFIRMED_HEADER: &str = "candor-confirmed-at";
/// On a copy in the data centre's cache: the ETag of the document.
const ETAG_HEADER: &str = "candor-etag";

/// A copy of a document, ready to answer requests.
#[derive(Clone)]
struct DocumentCopy {
    document: Document,
    rendered: Rendered,
    version: u64,
    /// When the worker asked the object that confirmed it.
    confirmed_at: Time,
    /// The bytes, as JavaScript needs them.
    body: Uint8Array,
    /// The headers, as JavaScript needs them.
    init: web_sys::ResponseInit,
}

/// The memory of this isolate.
#[derive(Default)]
struct Memory {
    /// The copies by name ([`Document::path`]).
    copies: BTreeMap<String, DocumentCopy>,
    /// The newest version that this isolate has read or written. No older copy is answered as current.
    newest: u64,
    /// The names of documents that do not exist, and when the worker asked for them.
    absent: BTreeMap<String, Time>,
    /// When the running [`refresh`] began, if one is running.
    refreshing_since: Option<Time>,
    /// When the worker last failed to reach the object.
    failed_at: Option<Time>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl DocumentCopy {
    fn new(document: &Document, rendered: Rendered, version: u64, confirmed_at: Time) -> Result<Self, Error> {
        let headers = headers(document, &rendered, document.cache_control())?;
        let init = web_sys::ResponseInit::new();
        init.set_headers_headers(&headers.0);
        let body = Uint8Array::from(rendered.body.as_bytes());
        Ok(Self { document: document.clone(), rendered, version, confirmed_at, body, init })
    }

    fn is_current(&self, now: Time) -> bool {
        now.millis_since(self.confirmed_at) < CURRENT_MILLIS
    }

    /// The response to a GET or HEAD: 304 if `If-None-Match` names the copy, else 200.
    fn answer(&self, method: &str, if_none_match: Option<&str>) -> Result<web_sys::Response, JsValue> {
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

    /// The response with an unconfirmed copy: the document and a header state when the object last confirmed it.
    fn answer_unconfirmed(&self, method: &str) -> Result<Response, Error> {
        let rendered = unconfirmed(&self.document, self.version, &self.rendered, self.confirmed_at)?;
        let headers = headers(&self.document, &rendered, "public, max-age=5")?;
        headers.set(UNCONFIRMED_HEADER, &self.confirmed_at.to_string())?;
        let response = ResponseBuilder::new().with_headers(headers);
        Ok(if method == "HEAD" { response.empty() } else { response.fixed(rendered.body.into_bytes()) })
    }
}

fn headers(document: &Document, rendered: &Rendered, cache_control: &str) -> Result<Headers, Error> {
    let headers = Headers::new();
    headers.set("content-type", document.media_type())?;
    headers.set("cache-control", cache_control)?;
    headers.set("etag", &rendered.etag)?;
    http::public(&headers)?;
    if let Some(policy) = &rendered.policy {
        http::page(&headers, policy)?;
    }
    Ok(headers)
}

/// Answers from memory if the copy there is current. Also returns the document if the caller must [`refresh`] it for later
/// requests. Awaits and parses nothing, because this path serves almost all reads.
pub fn from_memory(name: &str, request: &web_sys::Request) -> Option<(web_sys::Response, Option<Document>)> {
    let now = clock::now();
    MEMORY.with_borrow_mut(|memory| {
        let copy = memory.copies.get(name).filter(|copy| copy.is_current(now))?;
        let if_none_match = request.headers().get("if-none-match").ok()?;
        let answer = copy.answer(&request.method(), if_none_match.as_deref()).ok()?;
        let ages = now.millis_since(copy.confirmed_at) >= REFRESH_MILLIS;
        // A refresh that the runtime has cancelled never ends, so after a while it no longer counts as running.
        let running = memory.refreshing_since.is_some_and(|at| now.millis_since(at) < CURRENT_MILLIS);
        let refresh = ages && !running;
        let document = refresh.then(|| copy.document.clone());
        if refresh {
            memory.refreshing_since = Some(now);
        }
        Some((answer, document))
    })
}

/// Replaces the copy in memory and in the data centre's cache by one from the object, after the response has left.
pub async fn refresh(document: Document, env: Env) {
    if let Ok(Answer::Document(copy)) = from_object(&document, &env, clock::now()).await {
        remember(&copy);
        if let Err(error) = put_in_cache(&copy).await {
            log::error("the copy could not be cached", &[("error", &error.to_string())]);
        }
    }
    MEMORY.with_borrow_mut(|memory| memory.refreshing_since = None);
}

/// Makes a write visible to later reads through this isolate: they get the version that was written, or a newer one. Drops
/// older copies from memory, and `status.json` from the data centre's cache.
///
/// # Errors
/// Only if the runtime fails.
pub async fn after_write(response: &Response) -> Result<(), Error> {
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
) -> Result<Response, Error> {
    let name = document.path();
    let method = request.method();
    let if_none_match = request.headers().get("if-none-match")?;
    let now = clock::now();

    let cached = from_cache(document).await;
    let (newest, failed_at) = MEMORY.with_borrow(|memory| (memory.newest, memory.failed_at));
    if let Some(copy) = cached.as_ref().filter(|copy| copy.is_current(now) && copy.version >= newest) {
        remember(copy);
        return Ok(copy.answer(&method, if_none_match.as_deref())?.into());
    }
    let absent = MEMORY.with_borrow(|memory| memory.absent.get(&name).copied());
    if absent.is_some_and(|at| now.millis_since(at) < CURRENT_MILLIS) {
        return refuse(&Problem::no_document(document), request);
    }
    if failed_at.is_some_and(|at| now.millis_since(at) < BACK_OFF_MILLIS) {
        return last_known_good(document, cached, env, request).await;
    }
    match from_object(document, env, now).await {
        Ok(Answer::Document(copy)) => {
            remember(&copy);
            let answer = copy.answer(&method, if_none_match.as_deref())?;
            ctx.wait_until(async move {
                if let Err(error) = put_in_cache(&copy).await {
                    log::error("the copy could not be cached", &[("error", &error.to_string())]);
                }
            });
            Ok(answer.into())
        }
        Ok(Answer::Nothing) => {
            MEMORY.with_borrow_mut(|memory| {
                if memory.absent.len() >= MAX_REMEMBERED {
                    memory.absent.clear();
                }
                memory.absent.insert(name.clone(), now);
            });
            // The document is gone. Its old copies must not come back when the object cannot be reached.
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

/// The object's answer to a request for a document.
enum Answer {
    Document(DocumentCopy),
    /// The document does not exist.
    Nothing,
}

async fn from_object(document: &Document, env: &Env, now: Time) -> Result<Answer, PageError> {
    let failed = |error: Error| PageError(error.to_string());
    let mut response = stub::fetch(env, &document.path(), RequestInit::new()).await?;
    match response.status_code() {
        200 => {}
        404 => return Ok(Answer::Nothing),
        status => return Err(PageError(format!("status {status}"))),
    }
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let (Some(etag), Some(version)) = (header("etag"), header(VERSION_HEADER).and_then(|v| v.parse().ok()))
    else {
        return Err(PageError("a document without an ETag or a version".to_owned()));
    };
    let policy = header(POLICY_HEADER);
    let body = response.text().await.map_err(failed)?;
    // The copy is confirmed at the time of the request, not of the answer: the object may have changed in between.
    DocumentCopy::new(document, Rendered { etag, body, policy }, version, now)
        .map(Answer::Document)
        .map_err(failed)
}

/// Puts a copy into memory, unless memory has seen a newer version.
fn remember(copy: &DocumentCopy) {
    MEMORY.with_borrow_mut(|memory| {
        if copy.version >= memory.newest {
            memory.newest = copy.version;
            if memory.copies.len() >= MAX_REMEMBERED {
                // Keeps the two documents that most requests ask for.
                memory.copies.retain(|path, _| path == STATUS || path == HOME);
            }
            memory.copies.insert(copy.document.path(), copy.clone());
        }
    });
}

/// The copy in the data centre's cache, of any age.
async fn from_cache(document: &Document) -> Option<DocumentCopy> {
    let mut response = Cache::default().get(cache_key(&document.path()), true).await.ok().flatten()?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let etag = header(ETAG_HEADER)?;
    let version = header(VERSION_HEADER)?.parse().ok()?;
    let confirmed_at = header(CONFIRMED_HEADER)?.parse().ok().and_then(Time::from_millis)?;
    let policy = header(POLICY_HEADER);
    let body = response.text().await.ok()?;
    DocumentCopy::new(document, Rendered { etag, body, policy }, version, confirmed_at).ok()
}

async fn put_in_cache(copy: &DocumentCopy) -> Result<(), Error> {
    let Rendered { etag, body, policy } = &copy.rendered;
    let response = ResponseBuilder::new()
        .with_header("cache-control", &format!("public, max-age={CACHE_SECONDS}"))?
        .with_header(ETAG_HEADER, etag)?
        .with_header(VERSION_HEADER, &copy.version.to_string())?
        .with_header(CONFIRMED_HEADER, &copy.confirmed_at.as_millis().to_string())?
        .fixed(body.clone().into_bytes());
    if let Some(policy) = policy {
        response.headers().set(POLICY_HEADER, policy)?;
    }
    Cache::default().put(cache_key(&copy.document.path()), response).await
}

/// The newest copy from memory, cache and KV, labelled as unconfirmed; or a 503 if there is no copy.
async fn last_known_good(
    document: &Document,
    cached: Option<DocumentCopy>,
    env: &Env,
    request: &web_sys::Request,
) -> Result<Response, Error> {
    let memory = MEMORY.with_borrow(|memory| memory.copies.get(&document.path()).cloned());
    let in_kv = if document.has_kv_copy() { from_kv(document, env).await } else { None };
    let copies = [memory, cached, in_kv];
    match copies.into_iter().flatten().max_by_key(|copy| (copy.version, copy.confirmed_at)) {
        Some(copy) => copy.answer_unconfirmed(&request.method()),
        None => refuse(
            &Problem::unavailable(
                "The page's storage cannot be reached and there is no copy, so the status of the service is unknown here. Try again in a few seconds.",
            ),
            request,
        ),
    }
}

async fn from_kv(document: &Document, env: &Env) -> Option<DocumentCopy> {
    let kv = env.kv(LAST_GOOD).ok()?;
    let (body, metadata) = kv.get(&document.path()).text_with_metadata::<CopyMetadata>().await.ok()?;
    let (body, CopyMetadata { confirmed_at, version, policy }) = (body?, metadata?);
    // An unconfirmed copy is rendered again with an ETag of its own, so it needs none here.
    DocumentCopy::new(document, Rendered { etag: String::new(), body, policy }, version, confirmed_at).ok()
}
