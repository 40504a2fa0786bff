//! Sends the worker's requests to the page's Durable Object, with a time limit on the whole answer, its body included.

use std::cell::Cell;

use candor_shared::time::Time;
use futures_util::StreamExt;
use serde::de::IgnoredAny;
use worker::{
    AbortController, AbortSignal, Env, Error, Headers, Method, RequestInit, RequestRedirect, Response,
    ResponseBody, ResponseBuilder, Result,
};

use crate::clock;
use crate::http::{ASKED_HEADER, CLOCK_HEADER, DIGEST_HEADER, EPOCH_HEADER, Problem, VERSION_HEADER};
use crate::render::etag_of;
use crate::settings::PAGE;
use crate::wait::within;

/// The name of the object. A deployment has one page, so it has one object.
const NAME: &str = "page";
/// How long the object may take to answer a request that reads no document: 5 seconds, in milliseconds.
pub const LIMIT_MILLIS: i64 = 5_000;
/// The most bytes of an answer: 24 MiB. A document may be far larger than what is copied, and an isolate has 128 MB of memory.
const MAX_ANSWER_BYTES: usize = 24 << 20;

thread_local! {
    /// The object's time, as it last named it to this isolate.
    static HEARD: Cell<Option<Time>> = const { Cell::new(None) };
}

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

    /// The object's time, if it refuses a write as a late one (`asked.rs`).
    fn late(&self) -> Option<Time> {
        if self.status == 503 { objects_time(&self.headers) } else { None }
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
    let Exchange { status, headers, body } = &exchange;
    if is_of_the_page(*status, |name| headers.get(name).ok().flatten(), body) {
        return Ok(exchange);
    }
    Err(PageError(format!("something else answered for it, with status {status}")))
}

/// Whether the page's object has answered, and completely: with what it names its version and a hash for, or with a problem. Everything
/// else may come from whatever stands in its place, and says nothing about what was written.
fn is_of_the_page(status: u16, header: impl Fn(&str) -> Option<String>, body: &[u8]) -> bool {
    let media_type = header("content-type").unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match status {
        200 | 201 => {
            // An object of an earlier deployment names no hash: its JSON is whole if it can be read.
            let is_whole = match (std::str::from_utf8(body), header(DIGEST_HEADER)) {
                (Ok(body), Some(digest)) => etag_of(body) == digest,
                (Ok(body), None) => {
                    essence == "application/json" && serde_json::from_str::<IgnoredAny>(body).is_ok()
                }
                (Err(_), _) => false,
            };
            let version = header(VERSION_HEADER).is_some_and(|version| version.parse::<u64>().is_ok());
            is_whole && version && header(EPOCH_HEADER).is_some_and(|epoch| !epoch.is_empty())
        }
        400..=599 => essence == "application/problem+json" && Problem::kind_in(body, status).is_some(),
        _ => false,
    }
}

/// Sends a request to the object and returns its answer, whatever that is. The object sends nobody elsewhere, so a redirect is not
/// followed.
///
/// A write names a time of the object from before it was sent, so that the object can tell by its own clock for how long the write was under way.
/// If none is known, or that was long ago, the object refuses it and says what time it is, and it is sent once more. If it was given up,
/// nobody does so.
///
/// # Errors
/// If the object cannot be reached, throws, or has not answered completely within this time, in milliseconds, or the same again after a
/// refusal.
pub async fn exchange(
    env: &Env,
    path: &str,
    mut init: RequestInit,
    millis: i64,
) -> std::result::Result<Exchange, PageError> {
    init.with_redirect(RequestRedirect::Manual);
    let date = |time: Time| {
        let named = init.headers.set(CLOCK_HEADER, &time.as_millis().to_string());
        named.map_err(|error| PageError(error.to_string()))
    };
    if let Some(heard) = HEARD.get().filter(|_| init.method == Method::Post) {
        date(heard)?;
    }
    let first = send_within(env, path, &init, millis).await?;
    let Some(refused_at) = first.late() else { return Ok(first) };
    // The object has not read the first request. The second one may take as long, from the time that the object named in its refusal.
    date(refused_at)?;
    send_within(env, path, &init, millis).await
}

async fn send_within(
    env: &Env,
    path: &str,
    init: &RequestInit,
    millis: i64,
) -> std::result::Result<Exchange, PageError> {
    // What is given up need not be done, if it has not begun.
    let given_up = AbortController::default();
    let signal = given_up.signal();
    match within(millis, send(env, path, init, &signal)).await {
        Some(answer) => answer.map_err(|error| PageError(error.to_string())),
        None => {
            given_up.abort();
            Err(PageError(format!("no answer within {millis} ms")))
        }
    }
}

/// The object's time in these headers.
fn objects_time(headers: &Headers) -> Option<Time> {
    headers.get(CLOCK_HEADER).ok().flatten()?.parse().ok().and_then(Time::from_millis)
}

async fn send(env: &Env, path: &str, init: &RequestInit, signal: &AbortSignal) -> Result<Exchange> {
    init.headers.set(ASKED_HEADER, &clock::now().as_millis().to_string())?;
    let stub = env.durable_object(PAGE)?.get_by_name(NAME)?;
    let init = web_sys::RequestInit::from(init);
    init.set_signal(Some(signal));
    let request = web_sys::Request::new_with_str_and_init(&format!("https://page{path}"), &init)?;
    let mut response = stub.fetch_with_request(request.into()).await?;
    // Also if the body never comes.
    HEARD.set(objects_time(response.headers()).or(HEARD.get()));
    let (status, body) = (response.status_code(), bytes(&mut response).await?);
    // A response that came over the network has headers that cannot be changed.
    let headers: Headers = response.headers().entries().collect();
    Ok(Exchange { status, headers, body })
}

/// The body, piece by piece, so that a large one is not kept.
async fn bytes(response: &mut Response) -> Result<Vec<u8>> {
    let ResponseBody::Stream(_) = response.body() else { return response.bytes().await };
    let (mut pieces, mut bytes) = (response.stream()?, Vec::new());
    while let Some(piece) = pieces.next().await {
        bytes.extend(piece?);
        if bytes.len() > MAX_ANSWER_BYTES {
            return Err(Error::RustError("the answer is too large".to_owned()));
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json";
    const PROBLEM: &str = "application/problem+json";

    fn is_believed(status: u16, headers: &[(&str, &str)], body: &[u8]) -> bool {
        let header = |name: &str| {
            headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        is_of_the_page(status, header, body)
    }

    #[test]
    fn only_what_the_page_says_is_passed_on() {
        let problem = serde_json::to_vec(&Problem::conflict("No.")).unwrap();
        for (status, media_type, version, body, expected) in [
            (201, JSON, Some("3"), &b"{\"version\":3}"[..], true),
            (200, "application/json; charset=utf-8", Some("0"), b"{}", true),
            (409, PROBLEM, None, &problem, true),
            // Whatever stands in the object's place.
            (200, "text/html", None, b"<!doctype html>", false),
            (200, JSON, None, b"{}", false),
            (200, JSON, Some("x"), b"{}", false),
            (200, JSON, Some("3"), b"<!doctype html>", false),
            (201, JSON, Some("3"), b"{\"version\":", false),
            (200, "text/plain", Some("3"), b"\xff\xfe", false),
            (204, "", Some("3"), b"", false),
            (206, JSON, Some("3"), b"{}", false),
            (302, JSON, Some("3"), b"{}", false),
            (304, "", Some("3"), b"", false),
            (409, JSON, Some("3"), &problem, false),
            (409, PROBLEM, None, b"{\"type\":\"about:blank\",\"status\":409}", false),
            (429, "text/plain", None, b"Slow down", false),
            (500, "text/html", None, b"<h1>Error</h1>", false),
            (503, PROBLEM, None, &problem, false),
        ] {
            let mut headers = vec![("content-type", media_type), (EPOCH_HEADER, "e")];
            headers.extend(version.map(|version| (VERSION_HEADER, version)));
            let got = is_believed(status, &headers, body);
            assert_eq!(got, expected, "{status} {media_type} {version:?} {}", body.escape_ascii());
        }
    }

    #[test]
    fn half_of_an_answer_and_another_one_are_none() {
        let whole = "{\"a\":1}\n{\"end\":2}\n";
        let digest = etag_of(whole);
        let headers = [
            ("content-type", "application/x-ndjson"),
            (EPOCH_HEADER, "e"),
            (VERSION_HEADER, "3"),
            (DIGEST_HEADER, &*digest),
        ];
        assert!(is_believed(200, &headers, whole.as_bytes()));
        for body in [&whole[..8], "", "{\"status\":\"ok\"}"] {
            assert!(!is_believed(200, &headers, body.as_bytes()), "{body}");
        }
        for (number, _) in headers.iter().enumerate() {
            let fewer: Vec<_> = headers
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number)
                .map(|(_, one)| *one)
                .collect();
            assert_eq!(
                is_believed(200, &fewer, whole.as_bytes()),
                number == 0,
                "without {}",
                headers[number].0
            );
        }
        assert!(!is_believed(
            200,
            &[("content-type", JSON), (EPOCH_HEADER, ""), (VERSION_HEADER, "3")],
            b"{}"
        ));
    }
}
