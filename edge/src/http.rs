//! Answers: what every one of them carries.

use worker::{Headers, Response, ResponseBuilder, Result};

use crate::page::refusal;
use crate::problem::Problem;

/// The version that an answer is about.
pub const VERSION_HEADER: &str = "candor-version";
/// Since when what is answered is not confirmed to be current.
pub const UNCONFIRMED_HEADER: &str = "candor-unconfirmed-since";
/// Between the object and whoever asks it: the Content-Security-Policy of a page.
pub const POLICY_HEADER: &str = "candor-policy";
/// How long a copy in a browser or a cache is good. `stale-while-revalidate` and `stale-if-error`
/// are RFC 5861.
pub const PUBLIC_CACHE: &str = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";

/// Headers of everything that any page may read.
///
/// # Errors
/// If the runtime refuses a header.
pub fn public(headers: &Headers) -> Result<()> {
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, date, candor-unconfirmed-since")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")
}

/// Headers of every page (HTML): what it may load, and what it tells others.
///
/// # Errors
/// If the runtime refuses a header.
pub fn page(headers: &Headers, policy: &str) -> Result<()> {
    headers.set("content-security-policy", policy)?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

/// A problem for whoever asked: as a page for a browser that goes somewhere, else as JSON.
///
/// # Errors
/// If the runtime refuses a header.
pub fn refuse(wrong: &Problem, request: &web_sys::Request) -> Result<Response> {
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let response = problem(wrong)?;
    let response = match accept.contains("text/html") {
        true => {
            let (body, policy) = refusal(wrong)?;
            let headers = response.headers().clone();
            headers.set("content-type", "text/html; charset=utf-8")?;
            page(&headers, &policy)?;
            ResponseBuilder::new().with_status(wrong.status).with_headers(headers).fixed(body.into_bytes())
        }
        false => response,
    };
    response.headers().set("vary", "accept")?;
    Ok(response)
}

/// A problem as a response.
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
    if let Some(allow) = problem.allow {
        headers.set("allow", allow)?;
    }
    let body = serde_json::to_vec(problem)?;
    Ok(ResponseBuilder::new().with_status(problem.status).with_headers(headers).fixed(body))
}
