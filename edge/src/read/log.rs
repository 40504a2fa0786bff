//! `GET /v1/log`: the audit log, newest first, in pages. Only requests that an operator's key signed may read it.

use worker::{Env, Request, RequestInit, Response, Result};

use crate::http::Problem;
use crate::object::Wanted;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;
use crate::write::{Trace, operator};

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn get(
    request: Request,
    query: &str,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<Response> {
    let allowed = operator(&request, "GET", &[], env, settings, trace, "read the log").await;
    if let Err(problem) = allowed.and_then(|()| Wanted::read(query).map(|_| ())) {
        return trace.refuse(&problem);
    }
    match stub::ask(env, &format!("/log?{query}"), RequestInit::new()).await {
        Ok(exchange) => trace.answer(exchange, "read"),
        Err(PageError(what)) => trace.refuse(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Try again in a few seconds."
        ))),
    }
}
