//! `POST /v1/restore`: a part of an export, up to the object. Only requests that an operator's key signed may send it.

use js_sys::Uint8Array;
use worker::{Env, Error, Method, Request, RequestInit, Response};

use super::body::body;
use super::trace::Trace;
use super::verify::{admitted, operator};
use crate::http::Problem;
use crate::object::part_from;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;
use crate::storage::CHUNK_BYTES;

/// How long the object may take to restore a part: 25 seconds, in milliseconds.
const LIMIT_MILLIS: i64 = 25_000;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn restore(
    request: Request,
    query: &str,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<Response, Error> {
    if let Ok(keys) = &settings.keys {
        let headers: Vec<(String, String)> = request.headers().entries().collect();
        if let Err(problem) = admitted(&headers, keys) {
            return trace.refuse(&problem);
        }
    }
    let Some(part) = body(&request, CHUNK_BYTES).await? else {
        return trace.refuse(&Problem::too_large(CHUNK_BYTES));
    };
    if part.is_empty() {
        return trace.refuse(&Problem::bad_request(
            "The body is empty. Send a part of an export, from the byte that from names.",
        ));
    }
    let allowed = operator(&request, "POST", &part, env, settings, trace, "restore the page").await;
    if let Err(problem) = allowed.and_then(|_| part_from(query)) {
        return trace.refuse(&problem);
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(Uint8Array::from(part.as_slice()).into()));
    match stub::exchange(env, &format!("/restore?{query}"), init, LIMIT_MILLIS).await {
        Ok(exchange) => trace.answer(exchange, "restored"),
        Err(PageError(what)) => trace.refuse(&Problem::unavailable(format!(
            "The page's storage did not answer ({what}), so it is not known whether this was restored. Send the same part again: \
             it is read only once."
        ))),
    }
}
