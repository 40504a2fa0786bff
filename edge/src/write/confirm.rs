//! `POST /v1/export`: says that an export is stored safely. Only requests that an operator's key signed may say so.

use js_sys::Uint8Array;
use worker::{Env, Error, Method, Request, RequestInit, Response};

use super::body::body;
use super::trace::Trace;
use super::verify::{admitted, operator};
use crate::http::Problem;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;

/// The most bytes of the body, which is the last line of an export.
const MAX_BYTES: usize = 1024;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn confirm(
    request: Request,
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
    let Some(line) = body(&request, MAX_BYTES).await? else {
        return trace.refuse(&Problem::too_large(MAX_BYTES));
    };
    if let Err(problem) = operator(&request, "POST", &line, env, settings, trace, "confirm an export").await {
        return trace.refuse(&problem);
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(Uint8Array::from(line.as_slice()).into()));
    match stub::ask(env, "/export", init).await {
        Ok(exchange) => trace.answer(exchange, "confirmed"),
        Err(PageError(what)) => trace.refuse(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Send this again: to confirm an export twice is harmless."
        ))),
    }
}
