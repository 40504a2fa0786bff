//! `GET /healthz`, which anybody may read, and `GET /metrics`, for operators and their monitoring. The object composes both.

use worker::{Env, Headers, Request, RequestInit, Response, Result};

use super::events::streams;
use super::get::{confirmed_at, newest};
use crate::clock;
use crate::http::{self, Problem};
use crate::object::stub::{self, Exchange, PageError};
use crate::settings::Settings;
use crate::write::{Trace, may_read_metrics};

/// Answers `GET /healthz`: 200 if the settings are valid and the object can read its storage, else 503.
///
/// # Errors
/// Only if the runtime fails.
pub async fn health(env: &Env, settings: &Settings) -> Result<Response> {
    if let Some(wrong) = settings.wrong() {
        return http::problem(&Problem::unavailable(wrong.detail()));
    }
    match ask(env, "/health").await {
        Ok(exchange) => {
            http::public(&exchange.headers)?;
            Ok(exchange.response())
        }
        Err(problem) => http::problem(&problem),
    }
}

/// Answers `GET /metrics`, in Prometheus' text exposition format.
///
/// # Errors
/// Only if the runtime fails.
pub async fn metrics(
    request: Request,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<Response> {
    if let Err(problem) = may_read_metrics(&request, env, settings, trace).await {
        return trace.refuse(&problem);
    }
    match ask(env, "/metrics").await {
        Ok(exchange) => trace.answer(exchange, "read"),
        Err(problem) => trace.refuse(&problem),
    }
}

/// Asks the object, and tells it what this isolate knows. Nothing keeps its answer.
async fn ask(env: &Env, path: &str) -> std::result::Result<Exchange, Problem> {
    let confirmed = confirmed_at();
    let (open, behind) = streams(clock::now());
    let mut query = format!("streams={open}&behind={behind}");
    if let Some(at) = confirmed {
        query.push_str(&format!("&confirmed={}", at.as_millis()));
    }
    if let Some(newest) = newest() {
        query.push_str(&format!("&heard={}", newest.version));
    }
    let answer = stub::ask(env, &format!("{path}?{query}"), RequestInit::new()).await;
    let answer = answer.and_then(|exchange| {
        let headers: Headers = exchange.headers;
        headers.set("cache-control", "no-store").map_err(|error| PageError(error.to_string()))?;
        Ok(Exchange { headers, ..exchange })
    });
    answer.map_err(|PageError(what)| {
        let since = confirmed.map(|at| format!(" It last confirmed what is served here at {at}."));
        Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}).{} Try again in a few seconds.",
            since.unwrap_or_default()
        ))
    })
}
