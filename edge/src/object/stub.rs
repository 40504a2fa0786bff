//! How the worker reaches the page's Durable Object: one object, one time limit.

use std::time::Duration;

use futures_util::future::{Either, select};
use worker::{Delay, Env, Request, RequestInit, Response};

use crate::settings::PAGE;

/// The name of the one page that a deployment has.
const NAME: &str = "page";
/// How long the object may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Why the object could not be asked. It may have done what it was asked all the same.
pub struct PageError(pub String);

/// Asks the object. An answer of its own, even a refusal, is an answer.
///
/// # Errors
/// If it cannot be reached, throws, or takes too long.
pub async fn fetch(env: &Env, path: &str, init: RequestInit) -> Result<Response, PageError> {
    let ask = async {
        let stub = env.durable_object(PAGE)?.get_by_name(NAME)?;
        stub.fetch_with_request(Request::new_with_init(&format!("https://page{path}"), &init)?).await
    };
    let limit = Delay::from(LIMIT);
    match select(Box::pin(ask), Box::pin(limit)).await {
        Either::Left((Ok(response), _)) => Ok(response),
        Either::Left((Err(error), _)) => Err(PageError(error.to_string())),
        Either::Right(_) => Err(PageError(format!("no answer within {} s", LIMIT.as_secs()))),
    }
}
