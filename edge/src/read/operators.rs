//! What only requests that an operator's key signed may read: the audit log, the export, where a standby stands.

use worker::{Env, Request, RequestInit, Response, Result};

use crate::http::Problem;
use crate::object::stub::{self, PageError};
use crate::object::{Wanted, part_of};
use crate::settings::Settings;
use crate::write::{Trace, operator};

/// Something that operators read.
#[derive(Clone, Copy)]
pub enum Operators {
    /// `GET /v1/log`: the audit log, newest first, in pages.
    Log,
    /// `GET /v1/export`: the whole page, in parts.
    Export,
    /// `GET /v1/standby`: where a standby stands.
    Standby,
}

impl Operators {
    /// The path in the object, what only an operator's key may do, and the outcome in the log.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Log => ("/log", "read the log", "read"),
            Self::Export => ("/export", "export the page", "exported"),
            Self::Standby => ("/standby", "ask a standby", "read"),
        }
    }

    /// Refuses a query that the object would refuse.
    fn check(self, query: &str) -> std::result::Result<(), Problem> {
        match self {
            Self::Log => Wanted::read(query).map(|_| ()),
            Self::Export => part_of(query).map(|_| ()),
            Self::Standby if query.is_empty() => Ok(()),
            Self::Standby => Err(Problem::bad_request("This request has no query.")),
        }
    }
}

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn get(
    wanted: Operators,
    request: Request,
    query: &str,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<Response> {
    let (path, may, outcome) = wanted.names();
    let allowed = operator(&request, "GET", &[], env, settings, trace, may).await;
    if let Err(problem) = allowed.and_then(|_| wanted.check(query)) {
        return trace.refuse(&problem);
    }
    match stub::ask(env, &format!("{path}?{query}"), RequestInit::new()).await {
        Ok(exchange) => trace.answer(exchange, outcome),
        Err(PageError(what)) => trace.refuse(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Send this request again in a few seconds."
        ))),
    }
}
