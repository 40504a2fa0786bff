//! Turns a problem into an HTTP response.

use worker::{Headers, Response, ResponseBuilder, Result};

use super::headers::{DOUBT_HEADER, public};
use super::problem::Problem;
use crate::redact::without_secrets;

/// The response for a problem: `application/problem+json`, never cached, with `Retry-After`, `Allow` and `Accept-Encoding` where they apply.
///
/// # Errors
/// If the runtime refuses a header.
pub fn problem(problem: &Problem) -> Result<Response> {
    let headers = Headers::new();
    headers.set("content-type", "application/problem+json")?;
    headers.set("cache-control", "no-store")?;
    public(&headers)?;
    if let Some(seconds) = problem.retry_after {
        headers.set("retry-after", &seconds.to_string())?;
    }
    if problem.is_in_doubt {
        headers.set(DOUBT_HEADER, "1")?;
    }
    if let Some(allow) = problem.allow {
        headers.set("allow", allow)?;
    }
    if let Some(codings) = problem.accept_encoding {
        headers.set("accept-encoding", codings)?;
    }
    let body = without_secrets(&serde_json::to_string(problem)?).into_owned().into_bytes();
    Ok(ResponseBuilder::new().with_status(problem.status).with_headers(headers).fixed(body))
}
