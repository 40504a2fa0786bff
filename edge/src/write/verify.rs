//! Finds out which key signed an HTTP request, or refuses it: with a 401, or with a 429 if too many before it were refused.

use std::cell::RefCell;

use candor_shared::rules::Role;
use candor_shared::time::Time;
use worker::{Env, Request};

use super::failures::{Failures, Sender, address};
use super::signature::{self, claimed, verify};
use super::trace::Trace;
use crate::clock;
use crate::http::Problem;
use crate::settings::{FAILURES, Key, MetricsAccess, Settings};
use crate::target::{host, target};
use crate::wait::limited;

/// The header in which the platform, or the proxy before workerd, names the address of the client. It replaces what a client sends.
const ADDRESS: &str = "cf-connecting-ip";
/// How long the platform's count may take, in milliseconds.
const COUNT_MILLIS: i64 = 500;
/// What the error of an unsigned request for `/metrics` says besides, because another page takes signatures alone.
const BEARER: &str = " For the metrics the token of CANDOR_METRICS_TOKEN does as well, where one is set: Authorization: Bearer TOKEN.";

thread_local! {
    /// The refused signatures that this isolate has seen.
    static SEEN: RefCell<Failures> = RefCell::default();
}

/// Refuses a sender of whose signatures too many were refused, before anything of the request is read. Header names are lower case.
///
/// # Errors
/// A 429.
pub(super) fn admitted(headers: &[(String, String)], keys: &[Key]) -> Result<(), Problem> {
    let wait = sender(headers, keys)
        .and_then(|sender| SEEN.with_borrow(|failures| failures.wait(&sender, clock::now())));
    wait.map_or(Ok(()), |seconds| Err(Problem::too_many_failures(seconds)))
}

/// The key that signed a request, and its role. Header names are lower case.
///
/// # Errors
/// A 401 if the signature is missing or wrong, or if the key is unknown or has expired. A 429 in its place if the platform has
/// counted too many of them.
pub(super) async fn verified(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
    keys: &[Key],
    env: &Env,
    trace: &mut Trace,
) -> Result<signature::Verified, Problem> {
    let now = clock::now();
    let (path, query) = target(url);
    let request = signature::Request { method, host: &host(url), path, query, headers, body };
    match verify(&request, keys, now) {
        Ok(verified) => {
            trace.vouched_for(&verified.key);
            Ok(verified)
        }
        Err(error) => {
            trace.claimed(claimed(headers, keys));
            Err(match count(headers, keys, env, now).await {
                Some(seconds) => Problem::too_many_failures(seconds),
                None => Problem::unauthorized(error.detail(now), error.word(), now),
            })
        }
    }
}

/// Whether a POST is signed by one of the keys at this time. The fuzzer has no clock and no runtime.
#[cfg(any(test, feature = "fuzzing"))]
pub fn is_signed(headers: &[(String, String)], query: &str, body: &[u8], keys: &[Key], now: Time) -> bool {
    let (method, host, path) = ("POST", "status.example.com", "/v1/updates");
    let _ = sender(headers, keys);
    verify(&signature::Request { method, host, path, query, headers, body }, keys, now).is_ok()
}

/// Who sends the request. None if the platform names no address: then nothing is counted.
fn sender(headers: &[(String, String)], keys: &[Key]) -> Option<Sender> {
    let (_, text) = headers.iter().find(|(name, _)| name == ADDRESS)?;
    Some(Sender { address: address(text)?, key: claimed(headers, keys) })
}

/// Counts a refused signature here, and with the platform, which counts for all isolates of a data centre, if it is bound. Returns the
/// seconds to wait if the platform says that it were too many; a count that fails says nothing.
async fn count(headers: &[(String, String)], keys: &[Key], env: &Env, now: Time) -> Option<u32> {
    let sender = sender(headers, keys)?;
    SEEN.with_borrow_mut(|failures| failures.count(&sender, now));
    let limiter = env.rate_limiter(FAILURES).ok()?;
    let key = sender.key.as_ref().map_or("", |key| key.as_str());
    let outcome = limited(COUNT_MILLIS, limiter.limit(format!("{:x} {key}", sender.address))).await.ok()?;
    (!outcome.success).then(|| SEEN.with_borrow_mut(|failures| failures.close(&sender, now)))
}

/// Refuses a request for `/metrics` that may not read them: one with another token than the one that is set, or with neither a token
/// nor an operator's signature.
///
/// # Errors
/// As [`operator`].
pub async fn may_read_metrics(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<(), Problem> {
    let access = settings.metrics.as_ref().map_err(|wrong| Problem::unavailable(wrong.detail()))?;
    if matches!(access, MetricsAccess::Public) {
        return Ok(());
    }
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let authorization = headers.iter().find(|(name, _)| name == "authorization");
    let Some(token) = authorization.and_then(|(_, value)| bearer(value)) else {
        let signed = operator(request, "GET", &[], env, settings, trace, "read the metrics").await;
        return signed.map(|_| ()).map_err(|mut problem| {
            if problem.status == 401 {
                problem.detail.push_str(BEARER);
            }
            problem
        });
    };
    admitted(&headers, &[])?;
    if access.accepts(token) {
        return Ok(());
    }
    let now = clock::now();
    Err(match count(&headers, &[], env, now).await {
        Some(seconds) => Problem::too_many_failures(seconds),
        None => Problem::unauthorized(
            "The token is not the one in the setting CANDOR_METRICS_TOKEN. Send that one, or sign the request with an operator's key.",
            "token",
            now,
        ),
    })
}

/// The token in `Authorization: Bearer …` (RFC 6750, section 2.1). The name of a scheme has no case.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Refuses a request that no operator's key has signed; returns what identifies a signed one. `may` says what only such a key may do.
///
/// # Errors
/// A 401 if the signature is missing or wrong, a 403 for a monitor's key, a 429 after too many bad signatures, a 503 if there are no
/// keys.
pub async fn operator(
    request: &Request,
    method: &str,
    body: &[u8],
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
    may: &str,
) -> Result<String, Problem> {
    let keys = settings.keys.as_ref().map_err(|wrong| Problem::unavailable(wrong.detail()))?;
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    admitted(&headers, keys)?;
    // Whoever asks for the headers alone signs that.
    let method = if request.inner().method() == "HEAD" { "HEAD" } else { method };
    let verified = verified(method, &request.inner().url(), &headers, body, keys, env, trace).await?;
    if verified.role == Role::Operator {
        return Ok(verified.signature);
    }
    Err(Problem::forbidden(format!("Only an operator's key may {may}. Sign with one.")))
}
