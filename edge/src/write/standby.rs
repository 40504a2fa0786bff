//! `POST /v1/standby`: an order to a standby, up to the object. Only requests that an operator's key signed may send it.

use js_sys::Uint8Array;
use worker::{Env, Method, Request, RequestInit, Response, Result};

use super::body::body;
use super::trace::Trace;
use super::verify::{admitted, operator};
use crate::http::Problem;
use crate::object::stub::{self, PageError};
use crate::object::{SignedOrder, StandbyOrder};
use crate::settings::Settings;

/// The most bytes of an order.
const MAX_BYTES: usize = 1_024;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn order(request: Request, env: &Env, settings: &Settings, trace: &mut Trace) -> Result<Response> {
    if let Ok(keys) = &settings.keys {
        let headers: Vec<(String, String)> = request.headers().entries().collect();
        if let Err(problem) = admitted(&headers, keys) {
            return trace.refuse(&problem);
        }
    }
    let Some(body) = body(&request, MAX_BYTES).await? else {
        return trace.refuse(&Problem::too_large(MAX_BYTES));
    };
    let allowed = operator(&request, "POST", &body, env, settings, trace, "give orders to a standby").await;
    let signed = match allowed
        .and_then(|signature| Ok(SignedOrder { signature, order: StandbyOrder::read(&body)? }))
    {
        Ok(signed) => serde_json::to_vec(&signed)?,
        Err(problem) => return trace.refuse(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(Uint8Array::from(signed.as_slice()).into()));
    match stub::ask(env, "/standby", init).await {
        Ok(exchange) => trace.answer(exchange, "ordered"),
        Err(PageError(what)) => trace.refuse(&Problem::unavailable(format!(
            "The page's storage did not answer ({what}), so it is not known whether this was done. Send it again, with a new signature."
        ))),
    }
}
