//! Sends the worker's requests to the page's Durable Object, with a time limit on the whole answer, its body included.

use worker::{Env, Error, Headers, Request, RequestInit, Response, ResponseBuilder};

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
/// If the object cannot be reached, throws, or has not answered completely within five seconds.
pub async fn ask(env: &Env, path: &str, init: RequestInit) -> std::result::Result<Exchange, PageError> {
    exchange(env, path, init, LIMIT_MILLIS).await
}

/// Sends a request to the object and returns its answer.
///
/// # Errors
/// If the object cannot be reached, throws, or has not answered completely within this time, in milliseconds.
pub async fn exchange(
    env: &Env,
    path: &str,
    init: RequestInit,
    millis: i64,
) -> std::result::Result<Exchange, PageError> {
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
