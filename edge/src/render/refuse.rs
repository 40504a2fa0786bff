//! The response for a problem with a public document: an HTML page for people, JSON for programs.

use worker::{Response, ResponseBuilder, Result};

use super::page::refusal;
use crate::document::{Document, target};
use crate::http::{Problem, page, problem};

/// The response for a problem: an HTML page if `Accept` names `text/html`, as for a browser that navigates; else JSON.
///
/// # Errors
/// If the runtime refuses a header.
pub fn refuse(refused: &Problem, request: &web_sys::Request) -> Result<Response> {
    let url = request.url();
    let (path, query) = target(&url);
    let document = Document::at(path, query);
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let mut response = problem(refused)?;
    if accept.to_ascii_lowercase().contains("text/html") {
        let (body, policy) = refusal(refused, document.as_ref())?;
        let headers = response.headers().clone();
        headers.set("content-type", "text/html; charset=utf-8")?;
        page(&headers, &policy)?;
        response =
            ResponseBuilder::new().with_status(refused.status).with_headers(headers).fixed(body.into_bytes());
    }
    response.headers().set("vary", "accept")?;
    Ok(response)
}
