//! `POST /v1/standby`: an order to a standby, up to the object. Only requests that an operator's key signed may send it.

use js_sys::Uint8Array;
use worker::{Env, Method, Request, RequestInit, Response, Result};

use super::body::body;
use super::verify::{admitted, operator};
use crate::http::{self, Problem};
use crate::object::stub::{self, PageError};
use crate::object::{SignedOrder, StandbyOrder};
use crate::settings::Settings;

/// The most bytes of an order.
const MAX_BYTES: usize = 1_024;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn order(request: Request, env: &Env, settings: &Settings) -> Result<Response> {
    if let Ok(keys) = &settings.keys {
        let headers: Vec<(String, String)> = request.headers().entries().collect();
        if let Err(problem) = admitted(&headers, keys) {
            return http::problem(&problem);
        }
    }
    let Some(body) = body(&request, MAX_BYTES).await? else {
        return http::problem(&Problem::too_large(MAX_BYTES));
    };
    let allowed = operator(&request, "POST", &body, env, settings, "give orders to a standby").await;
    let signed = match allowed
        .and_then(|signature| Ok(SignedOrder { signature, order: StandbyOrder::read(&body)? }))
    {
        Ok(signed) => serde_json::to_vec(&signed)?,
        Err(problem) => return http::problem(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(Uint8Array::from(signed.as_slice()).into()));
    match stub::fetch(env, "/standby", init).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage did not answer ({what}), so it is not known whether this was done. Send it again, with a new signature."
        ))),
    }
}
