//! What only requests that an operator's key signed may read: the audit log, the export, where a standby stands.

use worker::{Env, Request, RequestInit, Response, Result};

use crate::http::{self, Problem};
use crate::object::stub::{self, PageError};
use crate::object::{Wanted, part_of};
use crate::settings::Settings;
use crate::write::operator;

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
    /// The path in the object, and what only an operator's key may do.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Log => ("/log", "read the log"),
            Self::Export => ("/export", "export the page"),
            Self::Standby => ("/standby", "ask a standby"),
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
) -> Result<Response> {
    let (path, may) = wanted.names();
    let allowed = operator(&request, "GET", &[], env, settings, may).await;
    if let Err(problem) = allowed.and_then(|_| wanted.check(query)) {
        return http::problem(&problem);
    }
    match stub::fetch(env, &format!("{path}?{query}"), RequestInit::new()).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage cannot be reached ({what}). Send this request again in a few seconds."
        ))),
    }
}
