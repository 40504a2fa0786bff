//! Sends the worker's requests to the page's Durable Object, with a time limit.

use std::time::Duration;

use futures_util::future::{Either, select};
use worker::{Delay, Env, Request, RequestInit, Response};

use crate::settings::PAGE;

/// The name of the object. A deployment has one page, so it has one object.
const NAME: &str = "page";
/// How long the object may take to answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Why the object gave no answer. It may have handled the request all the same.
pub struct PageError(pub String);

/// Sends a request to the object and returns its response, whatever the status.
///
/// # Errors
/// If the object cannot be reached, throws, or does not answer within five seconds.
pub async fn fetch(env: &Env, path: &str, init: RequestInit) -> Result<Response, PageError> {
    let answer = async {
        let stub = env.durable_object(PAGE)?.get_by_name(NAME)?;
        stub.fetch_with_request(Request::new_with_init(&format!("https://page{path}"), &init)?).await
    };
    let limit = Delay::from(TIME_LIMIT);
    match select(Box::pin(answer), Box::pin(limit)).await {
        Either::Left((Ok(response), _)) => Ok(response),
        Either::Left((Err(error), _)) => Err(PageError(error.to_string())),
        Either::Right(_) => Err(PageError(format!("no answer within {} s", TIME_LIMIT.as_secs()))),
    }
}
