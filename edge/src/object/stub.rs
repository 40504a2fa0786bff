//! Sends the worker's requests to the page's Durable Object, with a time limit on the whole answer, its body included.

use serde::de::IgnoredAny;
use worker::{Env, Error, Headers, Request, RequestInit, RequestRedirect, Response, ResponseBuilder};

use crate::http::{Problem, VERSION_HEADER};
use crate::settings::PAGE;
use crate::wait::within;

/// The name of the object. A deployment has one page, so it has one object.
const NAME: &str = "page";
/// How long the object may take to answer a request that reads no document: 5 seconds, in milliseconds.
pub const LIMIT_MILLIS: i64 = 5_000;

/// Why the object gave no answer. It may have handled the request all the same.
pub struct PageError(pub String);

/// An answer of the object, whatever its status.
pub struct Exchange {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Exchange {
    /// The answer as a response.
    pub fn response(self) -> Response {
        let Self { status, headers, body } = self;
        ResponseBuilder::new().with_status(status).with_headers(headers).fixed(body)
    }
}

/// Sends a request that reads no document to the object, and returns its answer.
///
/// # Errors
/// If the object cannot be reached, throws, or has not answered completely within five seconds, or if something else answers.
pub async fn ask(env: &Env, path: &str, init: RequestInit) -> std::result::Result<Exchange, PageError> {
    ask_within(env, path, init, LIMIT_MILLIS).await
}

/// The same within another time, in milliseconds.
///
/// # Errors
/// The same.
pub async fn ask_within(
    env: &Env,
    path: &str,
    init: RequestInit,
    millis: i64,
) -> std::result::Result<Exchange, PageError> {
    let exchange = exchange(env, path, init, millis).await?;
    let header = |name: &str| exchange.headers.get(name).ok().flatten();
    let (media_type, version) = (header("content-type"), header(VERSION_HEADER));
    if is_of_the_page(exchange.status, media_type.as_deref(), version.as_deref(), &exchange.body) {
        return Ok(exchange);
    }
    Err(PageError(format!("something else answered for it, with status {}", exchange.status)))
}

/// Whether the page's object has answered, and completely: with what it names its version for, or with a problem. Everything else may
/// come from whatever stands in its place, and says nothing about what was written.
fn is_of_the_page(status: u16, media_type: Option<&str>, version: Option<&str>, body: &[u8]) -> bool {
    let essence = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    match status {
        200 | 201 => {
            let is_whole = match essence {
                "application/json" => serde_json::from_slice::<IgnoredAny>(body).is_ok(),
                _ => std::str::from_utf8(body).is_ok(),
            };
            is_whole && version.is_some_and(|version| version.parse::<u64>().is_ok())
        }
        400..=599 => essence == "application/problem+json" && Problem::kind_in(body, status).is_some(),
        _ => false,
    }
}

/// Sends a request to the object and returns its answer, whatever that is. The object sends nobody elsewhere, so a redirect is not
/// followed.
///
/// # Errors
/// If the object cannot be reached, throws, or has not answered completely within this time, in milliseconds.
pub async fn exchange(
    env: &Env,
    path: &str,
    mut init: RequestInit,
    millis: i64,
) -> std::result::Result<Exchange, PageError> {
    init.with_redirect(RequestRedirect::Manual);
    let answer = async {
        let stub = env.durable_object(PAGE)?.get_by_name(NAME)?;
        let mut response =
            stub.fetch_with_request(Request::new_with_init(&format!("https://page{path}"), &init)?).await?;
        let (status, body) = (response.status_code(), response.bytes().await?);
        // A response that came over the network has headers that cannot be changed.
        let headers: Headers = response.headers().entries().collect();
        Ok::<_, Error>(Exchange { status, headers, body })
    };
    match within(millis, answer).await {
        Some(answer) => answer.map_err(|error| PageError(error.to_string())),
        None => Err(PageError(format!("no answer within {millis} ms"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_page_says_is_passed_on() {
        const JSON: Option<&str> = Some("application/json");
        const PROBLEM: Option<&str> = Some("application/problem+json");
        let problem = serde_json::to_vec(&Problem::conflict("No.")).unwrap();
        for (status, media_type, version, body, expected) in [
            (201, JSON, Some("3"), &b"{\"version\":3}"[..], true),
            (200, Some("application/json; charset=utf-8"), Some("0"), b"{}", true),
            (200, Some("text/plain; version=0.0.4"), Some("3"), b"# TYPE x gauge\n", true),
            (409, PROBLEM, None, &problem, true),
            // Whatever stands in the object's place.
            (200, Some("text/html"), None, b"<!doctype html>", false),
            (200, JSON, None, b"{}", false),
            (200, JSON, Some("x"), b"{}", false),
            (200, JSON, Some("3"), b"<!doctype html>", false),
            (201, JSON, Some("3"), b"{\"version\":", false),
            (200, Some("text/plain"), Some("3"), b"\xff\xfe", false),
            (204, None, Some("3"), b"", false),
            (206, JSON, Some("3"), b"{}", false),
            (302, JSON, Some("3"), b"{}", false),
            (304, None, Some("3"), b"", false),
            (409, JSON, Some("3"), &problem, false),
            (409, PROBLEM, None, b"{\"type\":\"about:blank\",\"status\":409}", false),
            (429, Some("text/plain"), None, b"Slow down", false),
            (500, Some("text/html"), None, b"<h1>Error</h1>", false),
            (503, PROBLEM, None, &problem, false),
        ] {
            let got = is_of_the_page(status, media_type, version, body);
            assert_eq!(got, expected, "{status} {media_type:?} {version:?} {}", body.escape_ascii());
        }
    }
}
