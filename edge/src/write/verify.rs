//! Finds out which key signed an HTTP request, or refuses it with a 401.

use candor_shared::rules::Role;
use worker::Request;

use super::signature::{self, verify};
use crate::clock;
use crate::http::Problem;
use crate::settings::{Key, Settings};
use crate::target::{host, target};

/// The key that signed a request, and its role. Header names are lower case.
///
/// # Errors
/// A 401 if the signature is missing or wrong, or if the key is unknown or has expired.
pub(super) fn verified(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
    keys: &[Key],
) -> Result<signature::Verified, Problem> {
    let now = clock::now();
    let (path, query) = target(url);
    let request = signature::Request { method, host: &host(url), path, query, headers, body };
    verify(&request, keys, now).map_err(|error| Problem::unauthorized(error.detail(now), now))
}

/// Refuses a request that no operator's key has signed. `may` says what only such a key may do.
///
/// # Errors
/// A 401 if the signature is missing or wrong, a 403 for a monitor's key, a 503 if there are no keys.
pub fn operator(
    request: &Request,
    method: &str,
    body: &[u8],
    settings: &Settings,
    may: &str,
) -> Result<(), Problem> {
    let keys = settings.keys.as_ref().map_err(|wrong| Problem::unavailable(wrong.detail()))?;
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let verified = verified(method, &request.inner().url(), &headers, body, keys)?;
    if verified.role == Role::Operator {
        return Ok(());
    }
    Err(Problem::forbidden(format!("Only an operator's key may {may}. Sign with one.")))
}
