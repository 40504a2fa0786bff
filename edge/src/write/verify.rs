//! Finds out which key signed an HTTP request, or refuses it with a 401.

use super::signature::{self, verify};
use crate::clock;
use crate::http::Problem;
use crate::settings::Key;

/// The key that signed a request, and its role. Header names are lower case.
///
/// # Errors
/// A 401 if the signature is missing or wrong, or if the key is unknown or has expired.
pub fn verified(
    method: &str,
    url: &worker::Url,
    headers: &[(String, String)],
    body: &[u8],
    keys: &[Key],
) -> Result<signature::Verified, Problem> {
    // `example.com.` is the same host as `example.com`.
    let name = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = url.port().map_or(name.to_owned(), |port| format!("{name}:{port}"));
    let now = clock::now();
    let query = url.query().unwrap_or_default();
    let request = signature::Request { method, host: &host, path: url.path(), query, headers, body };
    verify(&request, keys, now).map_err(|error| Problem::unauthorized(error.detail(now), now))
}
