//! What only requests that an operator's key signed may change, apart from updates: a part of an export is restored, an export is
//! confirmed, a standby is ordered. This is the way of such a request up to the object.

use js_sys::Uint8Array;
use worker::{Env, Method, Request, RequestInit, Response, Result};

use super::body::body;
use super::trace::{Entry, Trace};
use super::verify::{admitted, operator};
use crate::clock;
use crate::http::Problem;
use crate::object::stub::{self, LIMIT_MILLIS, PageError};
use crate::object::{SignedOrder, StandbyOrder, part_from};
use crate::settings::Settings;
use crate::storage::{CHUNK_BYTES, END_BYTES};

/// How long the object may take to restore a part: 25 seconds, in milliseconds.
const RESTORE_MILLIS: i64 = 25_000;
/// The most bytes of an order.
const SMALL_BYTES: usize = 1_024;

/// A change that operators make.
#[derive(Clone, Copy)]
pub enum Command {
    /// `POST /v1/restore`: a part of an export.
    Restore,
    /// `POST /v1/export`: an export is stored safely. The body is its last line.
    Confirm,
    /// `POST /v1/standby`: what a standby is to do.
    Standby,
}

/// What distinguishes the commands.
struct Terms {
    /// The path in the object.
    path: &'static str,
    /// What only an operator's key may do.
    may: &'static str,
    /// The outcome in the log.
    outcome: &'static str,
    /// The most bytes of the body.
    max_bytes: usize,
    /// How long the object may take, in milliseconds.
    millis: i64,
    /// What to do if it did not answer.
    unanswered: &'static str,
}

impl Command {
    fn terms(self) -> Terms {
        match self {
            Self::Restore => Terms {
                path: "/restore",
                may: "restore the page",
                outcome: "restored",
                max_bytes: CHUNK_BYTES,
                millis: RESTORE_MILLIS,
                unanswered: "it is not known whether this was restored. Send the same part again: it is read only once",
            },
            Self::Confirm => Terms {
                path: "/export",
                may: "confirm an export",
                outcome: "confirmed",
                max_bytes: END_BYTES,
                millis: LIMIT_MILLIS,
                unanswered: "it is not known whether this was noted. Send it again: to confirm an export twice is harmless",
            },
            Self::Standby => Terms {
                path: "/standby",
                may: "give orders to a standby",
                outcome: "ordered",
                max_bytes: SMALL_BYTES,
                millis: LIMIT_MILLIS,
                unanswered: "it is not known whether this was done. Send it again, with a new signature",
            },
        }
    }

    /// What the object gets for a body, whose request has this signature.
    fn message(self, query: &str, body: Vec<u8>, signature: String) -> std::result::Result<Vec<u8>, Problem> {
        match self {
            Self::Restore if body.is_empty() => Err(Problem::bad_request(
                "The body is empty. Send a part of an export, from the byte that from names.",
            )),
            Self::Restore => part_from(query).map(|_| body),
            Self::Confirm => Ok(body),
            Self::Standby => {
                let signed = SignedOrder {
                    signature,
                    received_at: Some(clock::now()),
                    order: StandbyOrder::read(&body)?,
                };
                serde_json::to_vec(&signed).map_err(|error| Problem::bad_request(error.to_string()))
            }
        }
    }
}

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn command(
    command: Command,
    request: Request,
    query: &str,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
    entry: &Entry,
) -> Result<Response> {
    let Terms { path, may, outcome, max_bytes, millis, unanswered } = command.terms();
    if let Ok(keys) = &settings.keys {
        let headers: Vec<(String, String)> = request.headers().entries().collect();
        if let Err(problem) = admitted(&headers, keys) {
            return trace.refuse(&problem);
        }
    }
    let body = match body(&request, max_bytes).await? {
        Ok(body) => body,
        Err(problem) => return trace.refuse(&problem),
    };
    let allowed = operator(&request, "POST", &body, env, settings, trace, may).await;
    let message = match allowed.and_then(|signature| command.message(query, body, signature)) {
        Ok(message) => message,
        Err(problem) => return trace.refuse(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(Uint8Array::from(message.as_slice()).into()));
    trace.sends(entry)?;
    match stub::ask_within(env, &format!("{path}?{query}"), init, millis).await {
        Ok(exchange) => trace.answer(exchange, outcome),
        Err(PageError(what)) => {
            let detail = format!("The page's storage did not answer ({what}), so {unanswered}.");
            trace.refuse(&Problem::unavailable(detail))
        }
    }
}
