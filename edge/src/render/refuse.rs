//! The response for a problem with a public document: an HTML page for people, JSON for programs.

use candor_shared::time::Time;
use candor_shared::words::{Words, accepted, offered, weight_of};
use worker::{Response, ResponseBuilder, Result};

use super::page::{embed_of_nothing, keep_language, refusal};
use crate::document::{Document, parameter};
use crate::http::{Problem, page, problem};
use crate::target::{target, without_escapes};

/// The response for a problem: an HTML page if `Accept` names `text/html`, as for a browser that navigates; else JSON.
///
/// # Errors
/// If the runtime refuses a header.
pub fn refuse(refused: &Problem, request: &web_sys::Request) -> Result<Response> {
    respond(refused, request, &|words| refusal(refused, words))
}

/// The response for a document that does not exist or of which nothing is known. A frame with `/embed` gets one as small as another
/// and says that the status is unknown; `frame_ancestors`: the sites that may show it.
///
/// # Errors
/// If the runtime refuses a header.
pub fn refuse_document(
    problem: &Problem,
    document: &Document,
    request: &web_sys::Request,
    frame_ancestors: &str,
    now: Time,
) -> Result<Response> {
    if !matches!(document.parts().0, Document::Embed(..)) || document.needs_editions() {
        return refuse(problem, request);
    }
    let response = respond(problem, request, &|words| embed_of_nothing(words, frame_ancestors, now))?;
    response.headers().set("cross-origin-embedder-policy", "require-corp")?;
    Ok(response)
}

fn respond(
    refused: &Problem,
    request: &web_sys::Request,
    html: &dyn Fn(&Words) -> Result<(String, String)>,
) -> Result<Response> {
    let url = request.url();
    let query = without_escapes(target(&url).1);
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let mut response = problem(refused)?;
    if takes_html(&accept) {
        let asked = parameter(&query, "lang").and_then(offered);
        let accepts = request.headers().get("accept-language")?;
        let language = asked.or_else(|| accepted(accepts.as_deref()?)).unwrap_or("en");
        let words = Words::of(language).unwrap_or_default();
        let (body, policy) = html(&words)?;
        let body = asked.map_or_else(|| body.clone(), |language| keep_language(&body, language));
        let headers = response.headers().clone();
        headers.set("content-type", "text/html; charset=utf-8")?;
        page(&headers, &policy)?;
        response =
            ResponseBuilder::new().with_status(refused.status).with_headers(headers).fixed(body.into_bytes());
    }
    response.headers().set("vary", "accept, accept-language")?;
    Ok(response)
}

/// Whether `Accept` (RFC 9110 section 12.5.1) names `text/html` and does not prefer JSON to it.
fn takes_html(accept: &str) -> bool {
    let ranges: Vec<(String, u32)> = accept.split(',').map(weighted).collect();
    let weight = |names: &[&str]| {
        ranges.iter().filter(|(range, _)| names.contains(&range.as_str())).map(|(_, weight)| *weight).max()
    };
    let html = weight(&["text/html"]).unwrap_or_default();
    let json = weight(&["application/problem+json", "application/json"])
        .or_else(|| weight(&["application/*"]))
        .or_else(|| weight(&["*/*"]))
        .unwrap_or_default();
    // Of equal weights, the one that is named first counts.
    let first = ranges.iter().find(|(range, _)| range == "text/html" || range.ends_with("json"));
    html > json || (html > 0 && html == json && first.is_some_and(|(range, _)| range == "text/html"))
}

/// A media range in lower case, and its weight in thousandths; 0 for one that cannot be read.
fn weighted(item: &str) -> (String, u32) {
    let mut parts = item.split(';').map(|part| part.trim().to_ascii_lowercase());
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").map(str::to_owned));
    (range, weight.map_or(1_000, |weight| weight_of(&weight).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_takes_html_and_a_program_does_not() {
        for accept in [
            "text/html",
            "TEXT/HTML",
            "application/xml;q=0.9, text/html; q=0.8",
            "text/html;charset=utf-8",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, */*",
            "text/html, application/json",
        ] {
            assert!(takes_html(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/json",
            "text/html;q=0",
            "text/html; q=0.000, */*",
            "text/htmlx",
            "application/json, text/html;q=0.5",
            "application/problem+json,text/html;q=0.9",
            "text/html;q=0.1,*/*;q=0.9",
            "application/json, text/html",
        ] {
            assert!(!takes_html(accept), "{accept}");
        }
    }
}
