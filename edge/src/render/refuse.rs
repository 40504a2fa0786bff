//! Refusals for people and for programs.

use worker::{Response, ResponseBuilder, Result};

use super::page::refusal;
use crate::http::{Problem, page, problem};

/// A problem as a page for a browser that navigates, and as JSON for everything else.
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
