//! `GET /v1/export`: the whole page, in parts. Only requests that an operator's key signed may read it.

use worker::{Env, Request, RequestInit, Response, Result};

use crate::http::{self, Problem};
use crate::object::part_after;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;
use crate::write::operator;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn get(request: Request, query: &str, env: &Env, settings: &Settings) -> Result<Response> {
    let allowed = operator(&request, "GET", &[], env, settings, "export the page").await;
    if let Err(problem) = allowed.and_then(|()| part_after(query).map(|_| ())) {
        return http::problem(&problem);
    }
    match stub::fetch(env, &format!("/export?{query}"), RequestInit::new()).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Request this part again in a few seconds."
        ))),
    }
}
