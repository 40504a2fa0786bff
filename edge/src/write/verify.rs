//! Finds out which key signed an HTTP request, or refuses it with a 401.

use super::signature::{self, verify};
use crate::clock;
use crate::http::Problem;
use crate::settings::Key;
use crate::target::{host, target};

/// The key that signed a request, and its role. Header names are lower case.
///
/// # Errors
/// A 401 if the signature is missing or wrong, or if the key is unknown or has expired.
pub fn verified(
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
