//! `GET /v1/log`: the audit log, newest first, in pages. Only requests that an operator's key signed may read it.

use candor_shared::rules::Role;
use worker::{Env, Request, RequestInit, Response, Result};

use crate::http::{self, Problem};
use crate::object::Wanted;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;
use crate::write::{admitted, verified};

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn get(request: Request, query: &str, env: &Env, settings: &Settings) -> Result<Response> {
    let keys = match &settings.keys {
        Ok(keys) => keys,
        Err(wrong) => return http::problem(&Problem::unavailable(wrong.detail())),
    };
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    if let Err(problem) = admitted(&headers, keys) {
        return http::problem(&problem);
    }
    match verified("GET", &request.inner().url(), &headers, &[], keys, env).await {
        Err(problem) => return http::problem(&problem),
        Ok(verified) if verified.role != Role::Operator => {
            return http::problem(&Problem::forbidden(
                "Only an operator's key may read the log. Sign with one.",
            ));
        }
        Ok(_) => {}
    }
    if let Err(problem) = Wanted::read(query) {
        return http::problem(&problem);
    }
    match stub::fetch(env, &format!("/log?{query}"), RequestInit::new()).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Try again in a few seconds."
        ))),
    }
}
