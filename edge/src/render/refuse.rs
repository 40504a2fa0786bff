//! The response for a problem with a public document: an HTML page for people, JSON for programs.

use candor_shared::words::{Words, accepted};
use worker::{Response, ResponseBuilder, Result};

use super::page::refusal;
use crate::document::Document;
use crate::http::{Problem, page, problem};
use crate::target::target;

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
    if takes_html(&accept) {
        let asked = document.as_ref().and_then(|document| document.parts().1);
        let accepts = request.headers().get("accept-language")?;
        let language = asked.or_else(|| accepted(accepts.as_deref()?)).unwrap_or("en");
        let words = Words::of(language).unwrap_or_default();
        let (body, policy) = refusal(refused, document.as_ref(), &words)?;
        let headers = response.headers().clone();
        headers.set("content-type", "text/html; charset=utf-8")?;
        page(&headers, &policy)?;
        response =
            ResponseBuilder::new().with_status(refused.status).with_headers(headers).fixed(body.into_bytes());
    }
    response.headers().set("vary", "accept, accept-language")?;
    Ok(response)
}

/// Whether `Accept` (RFC 9110 section 12.5.1) names `text/html` and does not refuse it by a weight of 0.
fn takes_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let is_html = parts.next().is_some_and(|name| name == "text/html");
        let weight = parts.find_map(|part| part.strip_prefix("q=").map(str::to_owned));
        is_html && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_takes_html_and_a_program_does_not() {
        for accept in
            ["text/html", "TEXT/HTML", "application/xml;q=0.9, text/html; q=0.8", "text/html;charset=utf-8"]
        {
            assert!(takes_html(accept), "{accept}");
        }
        for accept in
            ["", "*/*", "application/json", "text/html;q=0", "text/html; q=0.000, */*", "text/htmlx"]
        {
            assert!(!takes_html(accept), "{accept}");
        }
    }
}
