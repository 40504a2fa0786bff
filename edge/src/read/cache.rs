//! The data centre's cache: copies of any age, each with a seal. Whatever the cache does, throwing at once included, is an outcome.

use std::rc::Rc;

use candor_shared::time::Time;
use futures_util::StreamExt;
use futures_util::future::join_all;
use js_sys::futures::JsFuture;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use worker::{Env, Error, Response, ResponseBuilder};

use super::copy::DocumentCopy;
use super::ladder::CACHE_MILLIS;
use super::stamp::Stamp;
use super::steps::has_copies;
use crate::clock::now;
use crate::document::Document;
use crate::http::{EPOCH_HEADER, POLICY_HEADER, PUBLISHED_HEADER, VERSION_HEADER};
use crate::log;
use crate::render::{MAX_COPY_BYTES, Rendered};
use crate::wait::{limited, within};

/// How long the cache may take to store a copy, which nobody waits for: 5 seconds, in milliseconds.
const PUT_MILLIS: i64 = 5_000;
/// How long the cache keeps a copy, for when the object cannot be reached: a day, in seconds.
const CACHE_SECONDS: u32 = 86_400;
/// The origin of the keys. No request from outside can have this host.
const CACHE_ORIGIN: &str = "https://candor.invalid";
/// On a copy: when the object confirmed it, in milliseconds since 1970.
const CONFIRMED_HEADER: &str = "candor-confirmed-at";
/// On a copy: the ETag of the document.
const ETAG_HEADER: &str = "candor-etag";
/// On a copy: its [seal](crate::render::Sealed).
const SEAL_HEADER: &str = "candor-seal";

/// Calls a method of the cache, with a key and another argument.
pub(super) async fn call(method: &str, name: &str, other: &JsValue) -> Result<JsValue, JsValue> {
    let caches = Reflect::get(&js_sys::global(), &"caches".into())?;
    let cache = Reflect::get(&caches, &"default".into())?;
    let method: Function = Reflect::get(&cache, &method.into())?.dyn_into()?;
    let key = format!("{CACHE_ORIGIN}{name}").into();
    let outcome = method.apply(&cache, &Array::of2(&key, other))?;
    JsFuture::from(Promise::resolve(&outcome)).await
}

/// The copy in the cache, of any age.
pub(super) async fn from_cache(document: &Document, env: &Env) -> Option<Rc<DocumentCopy>> {
    if !has_copies(env) {
        return None;
    }
    let name = document.path();
    let found = within(CACHE_MILLIS, found(document, &name)).await?;
    found
        .map_err(|error| {
            log::error("a cached copy is not used", &[("document", &name), ("error", &error.to_string())])
        })
        .ok()?
}

async fn found(document: &Document, name: &str) -> Result<Option<Rc<DocumentCopy>>, Error> {
    let found = call("match", name, &Object::new()).await?;
    let Ok(found) = found.dyn_into::<web_sys::Response>() else { return Ok(None) };
    let mut response = Response::from(found);
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let time = |name: &str| header(name)?.parse().ok().and_then(Time::from_millis);
    let parts = (|| {
        let (epoch, version) = (header(EPOCH_HEADER)?.into(), header(VERSION_HEADER)?.parse().ok()?);
        let stamp = Stamp { epoch, version, confirmed_at: time(CONFIRMED_HEADER)? };
        Some((stamp, time(PUBLISHED_HEADER)?, header(ETAG_HEADER)?, header(SEAL_HEADER)?))
    })();
    // An earlier release puts other copies there.
    let Some((stamp, published_at, etag, seal)) = parts else { return Ok(None) };
    let policy = header(POLICY_HEADER);
    let rendered = Rendered { etag, body: text(&mut response).await?, policy };
    let copy = DocumentCopy::new(document, rendered, stamp, published_at)?;
    if !copy.sealed(name, copy.stamp.confirmed_at).is_sealed(&seal) {
        return Err(Error::RustError("it is not what was put there".to_owned()));
    }
    Ok(Some(copy))
}

/// The body, piece by piece, so that neither a large one nor a slow one takes long.
async fn text(response: &mut Response) -> Result<String, Error> {
    let (mut pieces, mut bytes) = (response.stream()?, Vec::new());
    while let Some(piece) = pieces.next().await {
        bytes.extend(piece?);
        if bytes.len() > MAX_COPY_BYTES {
            return Err(Error::RustError("it is too large".to_owned()));
        }
    }
    String::from_utf8(bytes).map_err(|_| Error::RustError("it is not UTF-8".to_owned()))
}

/// Puts a copy into the cache. A failure is logged.
///
/// Its time is the earliest of those that this isolate and the object had, and of the present one: other isolates compare it with their own
/// clocks, and an isolate whose clock is ahead would make it current a second time when its time has come.
pub(super) async fn put_in_cache(copy: &DocumentCopy, env: &Env) {
    if !has_copies(env) || copy.rendered.body.len() > MAX_COPY_BYTES {
        return;
    }
    let put = async {
        let (name, stamp) = (copy.document.path(), &copy.stamp);
        let Rendered { etag, body, policy } = &copy.rendered;
        let confirmed_at =
            copy.objects_time.map_or(stamp.confirmed_at, |at| at.min(stamp.confirmed_at)).min(now());
        let response = ResponseBuilder::new()
            .with_header("cache-control", &format!("public, max-age={CACHE_SECONDS}"))?
            .with_header(ETAG_HEADER, etag)?
            .with_header(EPOCH_HEADER, &stamp.epoch)?
            .with_header(VERSION_HEADER, &stamp.version.to_string())?
            .with_header(PUBLISHED_HEADER, &copy.published_at.as_millis().to_string())?
            .with_header(CONFIRMED_HEADER, &confirmed_at.as_millis().to_string())?
            .with_header(SEAL_HEADER, &copy.sealed(&name, confirmed_at).seal())?
            .fixed(body.clone().into_bytes());
        if let Some(policy) = policy {
            response.headers().set(POLICY_HEADER, policy)?;
        }
        Ok(call("put", &name, &web_sys::Response::from(response)).await?)
    };
    if let Err(error) = limited(PUT_MILLIS, put).await {
        log::error("the copy could not be cached", &[("error", &error.to_string())]);
    }
}

/// Deletes copies from the cache, all at the same time. A failure is logged: the copy grows old there.
pub(super) async fn delete_from_cache(names: &[String], env: &Env) {
    if names.is_empty() || !has_copies(env) {
        return;
    }
    let options = Object::new();
    let delete = async {
        let all = join_all(names.iter().map(|name| call("delete", name, &options))).await;
        all.into_iter().find_map(Result::err).map_or(Ok(()), |error| Err(error.into()))
    };
    if let Err(error) = limited(CACHE_MILLIS, delete).await {
        log::error("a cached copy could not be deleted", &[("error", &error.to_string())]);
    }
}
