//! Candor's worker: verifies signed updates, stores them, and serves the documents of each edition.
//!
//! `entry.js` calls [`fetch()`] for every request and creates `StatusPage`, the Durable Object. This file holds the
//! routes; it decides nothing else.

#![deny(clippy::arithmetic_side_effects)]

mod assets;
mod clock;
mod document;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
mod http;
mod log;
mod meter;
mod names;
mod object;
#[cfg(test)]
mod openapi;
mod read;
mod redact;
mod render;
mod settings;
#[cfg(any(test, feature = "simulation"))]
#[doc(hidden)]
pub mod simulation;
mod storage;
mod target;
mod wait;
mod write;

use std::borrow::Cow;

use candor_shared::words::accepted;
use js_sys::futures::future_to_promise;
use wasm_bindgen::prelude::*;
use worker::{Context, Env, Request, Response, Result, worker_sys};

use crate::assets::{LOADER, OPENAPI, PARTS, asset, is_asset};
use crate::document::{BULLETIN, Document, STATUS, parameter};
use crate::http::Problem;
use crate::read::Operators;
use crate::target::{target, without_escapes, without_stray_slashes};
use crate::write::Command;

/// The path of the stream of events.
const EVENTS: &str = "/events";

/// Logs the message of a panic. A panic is a bug; the workspace lints forbid the calls that cause one.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| log::error("panic", &[("error", &panic.to_string())])));
}

/// Answers one request: a `Response` if the document is in memory, otherwise a promise of one.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, ctx: worker_sys::Context) -> JsValue {
    let url = request.url();
    let (path, query) = target(&url);
    let (path, query) = (&*without_escapes(path), &*without_escapes(query));
    let method = request.method();
    if matches!(method.as_str(), "GET" | "HEAD")
        && let Some((response, refresh)) = from_memory(path, query, &request)
    {
        if let Some(refresh) = refresh {
            Context::new(ctx).wait_until(read::refresh(refresh, env));
        }
        return response.into();
    }
    let (path, query) = (path.to_owned(), query.to_owned());
    future_to_promise(async move {
        let ctx = Context::new(ctx);
        let asked = Clone::clone(&request);
        match route(request, &method, (&path, &query), &env, &ctx).await {
            Ok(response) => Ok(web_sys::Response::from(response).into()),
            Err(error) => {
                log::error("a request failed", &[("error", &error.to_string())]);
                let what = "The worker failed on this request. Try again in a few seconds.";
                let problem = Problem::unavailable(match asked.method().as_str() {
                    "GET" | "HEAD" => what.to_owned(),
                    _ => format!("{what} If it is a write: {}", write::advice()),
                });
                let answer = render::refuse(&problem, &asked).or_else(|_| http::problem(&problem))?;
                Ok(web_sys::Response::from(answer).into())
            }
        }
    })
    .into()
}

/// Notes that nobody knows what a write has made, because the module trapped or hung during it.
#[wasm_bindgen]
pub fn doubted(env: Env) -> JsValue {
    future_to_promise(async move {
        read::after_doubt(&env).await;
        Ok(JsValue::UNDEFINED)
    })
    .into()
}

/// Answers a GET or HEAD from memory if what it asks for is there and current. Also returns a refresh if one is due.
fn from_memory(
    path: &str,
    query: &str,
    request: &web_sys::Request,
) -> Option<(web_sys::Response, Option<read::Refresh>)> {
    if parameter(query, read::AT).is_some() {
        return None;
    }
    if path == LOADER {
        return read::loader_from_memory(&document_name(BULLETIN, query, request)?, request);
    }
    read::from_memory(&document_name(path, query, request)?, request)
}

/// Answers a request that memory did not answer.
async fn route(
    request: web_sys::Request,
    method: &str,
    (path, query): (&str, &str),
    env: &Env,
    ctx: &Context,
) -> Result<Response> {
    let settings = settings::settings(env);
    if let Some(document) = requested(path, query, &request) {
        return match method {
            "GET" | "HEAD" => match &settings.bindings {
                Ok(()) => read::get(&document, &request, env, ctx).await,
                Err(wrong) => render::refuse(&Problem::unavailable(wrong.detail()), &request),
            },
            _ => not_a_read(method),
        };
    }
    if path == EVENTS
        && let Some(bulletin) = requested(BULLETIN, query, &request)
    {
        return match method {
            "GET" | "HEAD" => match &settings.bindings {
                Ok(()) => read::listen(&bulletin, &request, env, ctx).await,
                Err(wrong) => render::refuse(&Problem::unavailable(wrong.detail()), &request),
            },
            _ => not_a_read(method),
        };
    }
    if is_asset(path) {
        return match method {
            "GET" | "HEAD" => static_file((path, query), &request, env, ctx, &settings).await,
            _ => not_a_read(method),
        };
    }
    if let Some(part) = missing_part(path).filter(|_| matches!(method, "GET" | "HEAD")) {
        return redirect_to_current(part);
    }
    if let Some((media_type, text)) = part_of_the_program(path) {
        return match method {
            "GET" | "HEAD" => fixed(media_type, text, &request),
            _ => not_a_read(method),
        };
    }
    if let Some((path, allowed)) = FOR_KEYS.iter().find(|(known, _)| *known == path) {
        return for_keys(request, (method, *allowed), (*path, query), env, ctx, &settings).await;
    }
    match (method, path) {
        ("GET" | "HEAD", "/healthz") => read::health(env, &settings).await,
        (_, "/healthz") => not_a_read(method),
        _ => nothing_here(method, path, query, &request),
    }
}

/// The paths for those who have a key, each with the methods that it accepts.
const FOR_KEYS: [(&str, &str); 6] = [
    ("/v1/updates", "POST"),
    ("/v1/log", "GET, HEAD"),
    ("/v1/export", "GET, HEAD, POST"),
    ("/v1/restore", "POST"),
    ("/v1/standby", "GET, HEAD, POST"),
    ("/metrics", "GET, HEAD"),
];

/// Answers a request for one of [`FOR_KEYS`], and logs it.
async fn for_keys(
    request: web_sys::Request,
    (method, allowed): (&str, &'static str),
    (path, query): (&'static str, &str),
    env: &Env,
    ctx: &Context,
    settings: &settings::Settings,
) -> Result<Response> {
    let entry = write::Entry::of(ctx);
    let mut trace = write::Trace::new(&request, path);
    let request = Request::from(request);
    let command = match (method, path) {
        ("POST", "/v1/restore") => Some(Command::Restore),
        ("POST", "/v1/export") => Some(Command::Confirm),
        ("POST", "/v1/standby") => Some(Command::Standby),
        _ => None,
    };
    let wanted = match path {
        "/v1/log" => Some(Operators::Log),
        "/v1/export" => Some(Operators::Export),
        "/v1/standby" => Some(Operators::Standby),
        _ => None,
    };
    let answer = if !allowed.split(", ").any(|one| one == method) {
        trace.refuse(&Problem::method_not_allowed(method, allowed))
    } else if let Some(wrong) = settings.without_page() {
        trace.refuse(&Problem::unavailable(wrong.detail()))
    } else if let Some(command) = command {
        write::command(command, request, query, env, settings, &mut trace, &entry).await
    } else if let Some(wanted) = wanted {
        read::for_operators(wanted, request, query, env, settings, &mut trace).await
    } else if path == "/metrics" {
        read::metrics(request, env, settings, &mut trace).await
    } else {
        write::post(request, env, settings, &mut trace, &entry).await
    };
    let is_in_doubt = trace.is_in_doubt();
    trace.end(env);
    match (method, &answer) {
        _ if is_in_doubt => {
            entry.doubts();
            read::after_doubt(env).await;
        }
        ("POST", Ok(response)) => read::after_write(response, env).await?,
        _ => {}
    }
    match answer {
        Ok(response) if method == "HEAD" => Ok(Response::empty()?
            .with_status(response.status_code())
            .with_headers(response.headers().clone())),
        answer => answer,
    }
}

/// Answers a request for a path at which nothing exists. If only stray slashes are wrong with it, or the number of a month's first
/// page, redirects to the right path; but names the right path if the request is signed, because the signature holds for one path.
fn nothing_here(method: &str, path: &str, query: &str, request: &web_sys::Request) -> Result<Response> {
    // The stream is one of the bulletin, with its parameters.
    if let Some(document) = Document::at(if path == EVENTS { BULLETIN } else { path }, "") {
        return render::refuse(&Problem::no_such_parameter(&document), request);
    }
    let plain = without_stray_slashes(path);
    let first = Document::first_page(plain.as_deref().unwrap_or(path)).map(str::to_owned);
    let problem = match first.or(plain) {
        Some(plain)
            if Document::at(&plain, "").is_some()
                || part_of_the_program(&plain).is_some()
                || is_asset(&plain)
                || [EVENTS, "/healthz"].contains(&plain.as_str()) =>
        {
            return match method {
                "GET" | "HEAD" => redirect(&plain, query),
                _ => not_a_read(method),
            };
        }
        Some(plain) if FOR_KEYS.iter().any(|(known, _)| *known == plain) => Problem::not_found(format!(
            "Nothing exists at this path, because it has a slash too many. The path is {plain}."
        )),
        _ => Problem::nothing_at(path),
    };
    render::refuse(&problem, request)
}

/// Redirects for good to another path of this worker.
fn redirect(path: &str, query: &str) -> Result<Response> {
    let headers = worker::Headers::new();
    let location = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    headers.set("location", &location)?;
    headers.set("cache-control", "public, max-age=3600")?;
    http::public(&headers)?;
    Ok(Response::empty()?.with_status(308).with_headers(headers))
}

/// The media type and the text of a document that is part of the program.
fn part_of_the_program(path: &str) -> Option<(&'static str, &'static str)> {
    match path {
        "/postmortems/template.json" => Some(("application/json", candor_shared::state::TEMPLATE_JSON)),
        "/postmortems/template.md" => {
            Some(("text/markdown; charset=utf-8", candor_shared::state::TEMPLATE_MARKDOWN))
        }
        _ => None,
    }
}

/// Answers a GET or HEAD of a static file: the loader with the bulletin inside, or the description of the API.
async fn static_file(
    (path, query): (&str, &str),
    request: &web_sys::Request,
    env: &Env,
    ctx: &Context,
    settings: &settings::Settings,
) -> Result<Response> {
    let response = if path == LOADER {
        let bulletin = requested(BULLETIN, query, request).filter(|_| settings.bindings.is_ok());
        read::loader(bulletin.as_ref(), request, env, ctx).await?
    } else {
        let description = asset(OPENAPI, env).await;
        description.map(|file| fixed("application/json", &file.text, request)).transpose()?
    };
    match response {
        Some(response) => Ok(response),
        None => render::refuse(
            &Problem::unavailable("This file cannot be read at the moment. Try again in a few seconds."),
            request,
        ),
    }
}

/// The folder and the name of a file of the widget, if an older deployment had it and this one does not. The platform serves
/// the files that exist, so their requests never reach the worker.
fn missing_part(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.strip_prefix("/candor/")?.split_once('/')?;
    let is_folder = !folder.is_empty() && folder.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_folder && PARTS.contains(&name)).then_some((folder, name))
}

/// Redirects an outdated loader, which a browser has cached or a page still runs, to the current file under a URL that no cache can
/// hold yet.
fn redirect_to_current((folder, name): (&str, &str)) -> Result<Response> {
    let headers = worker::Headers::new();
    headers.set("location", &format!("/{name}?after={folder}"))?;
    headers.set("cache-control", "no-store")?;
    http::public(&headers)?;
    Ok(Response::empty()?.with_status(302).with_headers(headers))
}

/// Answers with a document that changes only with a deployment: 304 if `If-None-Match` names it, else 200.
fn fixed(media_type: &str, text: &str, request: &web_sys::Request) -> Result<Response> {
    let etag = render::etag_of(text);
    let headers = worker::Headers::new();
    headers.set("content-type", media_type)?;
    headers.set("cache-control", "public, max-age=3600")?;
    headers.set("etag", &etag)?;
    http::public(&headers)?;
    let known = request.headers().get("if-none-match")?.is_some_and(|tags| render::none_match(&tags, &etag));
    let response = Response::builder().with_headers(headers);
    Ok(match request.method().as_str() {
        _ if known => response.with_status(304).empty(),
        "HEAD" => response.empty(),
        _ => response.fixed(text.as_bytes().to_vec()),
    })
}

/// Answers another method than GET and HEAD at the address of something public.
fn not_a_read(method: &str) -> Result<Response> {
    match method {
        "OPTIONS" => preflight(),
        _ => http::problem(&Problem::method_not_allowed(method, "GET, HEAD, OPTIONS")),
    }
}

/// Answers a CORS preflight (Fetch standard): any site may read the public documents.
fn preflight() -> Result<Response> {
    let response = Response::empty()?.with_status(204);
    let headers = response.headers();
    http::public(headers)?;
    headers.set("allow", "GET, HEAD, OPTIONS")?;
    headers.set("access-control-allow-methods", "GET, HEAD, OPTIONS")?;
    headers.set("access-control-allow-headers", "*")?;
    headers.set("access-control-max-age", "86400")?;
    Ok(response)
}

/// The document that a request is for, in the language that it asks for: by `?lang=`, or else by `Accept-Language`.
fn requested(path: &str, query: &str, request: &web_sys::Request) -> Option<Document> {
    let document = Document::at(path, query)?;
    if !document.is_negotiated() {
        return Some(document);
    }
    let accept = request.headers().get("accept-language").ok().flatten();
    Some(match accept.as_deref().and_then(accepted) {
        Some(language) => document.negotiated(language),
        None => document,
    })
}

/// The name under which memory would hold the document ([`Document::path`]). The path of what programs read is its name.
fn document_name<'a>(path: &'a str, query: &str, request: &web_sys::Request) -> Option<Cow<'a, str>> {
    if path == STATUS || (query.is_empty() && path.starts_with("/api/")) {
        return Some(path.into());
    }
    requested(path, query, request).map(|document| document.path().into())
}
