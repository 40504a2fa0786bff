//! Who signed a request.

use super::signature::{self, verify};
use crate::clock;
use crate::http::Problem;
use crate::settings::Key;

/// Who signed a request.
///
/// # Errors
/// If nobody did who may.
pub fn verified(
    method: &str,
    url: &worker::Url,
    headers: &[(String, String)],
    body: &[u8],
    keys: &[Key],
) -> std::result::Result<signature::Verified, Problem> {
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let now = clock::now();
    let query = url.query().unwrap_or_default();
    let signed = signature::Request { method, host: &host, path: url.path(), query, headers, body };
    verify(&signed, keys, now).map_err(|error| Problem::unauthorized(error.detail(now), now))
}
