//! `POST /v1/updates`: refuses every request that can be refused without the page's object, and sends the rest to it.

use candor_shared::limits;
use candor_shared::rules::Role;
use candor_shared::update::parse;
use sha2::{Digest, Sha256};
use worker::{Env, Error, Method, Request, RequestInit, Response};

use super::body::body;
use super::signature::Verified;
use super::verify::verified;
use crate::http::{self, Problem};
use crate::object::Submission;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;

/// The most characters in an `Idempotency-Key`.
const MAX_IDEMPOTENCY_CHARS: usize = 128;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn post(mut request: Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let submission = match receive(&mut request, settings).await? {
        Ok(submission) => submission,
        Err(problem) => return http::problem(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(serde_json::to_string(&submission)?.into()));
    match stub::fetch(env, "/updates", init).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage did not answer ({what}), so it is not known whether this was written. Read \
             /status.json, or send it again with the same Idempotency-Key (or webhook-id): it is applied only once."
        ))),
    }
}

/// Reads and verifies the request. The outer error is one of the runtime, the inner one is the response.
async fn receive(request: &mut Request, settings: &Settings) -> Result<Result<Submission, Problem>, Error> {
    let keys = match &settings.keys {
        Ok(keys) => keys,
        Err(wrong) => return Ok(Err(Problem::unavailable(wrong.detail()))),
    };
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if !is_json(header("content-type")) {
        return Ok(Err(Problem::unsupported_media_type(header("content-type"))));
    }
    let Some(body) = body(request).await? else {
        return Ok(Err(Problem::too_large(limits::REQUEST_BYTES)));
    };
    let url = request.url()?;
    let verified = match verified("POST", &url, &headers, &body, keys) {
        Ok(verified) => verified,
        Err(problem) => return Ok(Err(problem)),
    };
    Ok(submission(verified, url.query().unwrap_or_default(), header, body))
}

/// Checks everything else in a request whose signature is verified, and makes the submission for the object.
fn submission<'a>(
    verified: Verified,
    query: &str,
    header: impl Fn(&str) -> Option<&'a str>,
    body: Vec<u8>,
) -> Result<Submission, Problem> {
    let dry_run = dry_run(query)?;
    let if_match = header("if-match").map(version).transpose()?;
    let key = header("idempotency-key").map(idempotency_key).transpose()?;
    let idempotency = verified.message_id.map(|id| format!("webhook {id}")).or(key);
    let updates = parse(&body)?;
    for (index, update) in updates.iter().enumerate() {
        let base = if updates.len() > 1 { format!("/{index}") } else { String::new() };
        verified.role.permits(update).map_err(|rejection| Problem::from(rejection).within(&base))?;
    }
    let body = String::from_utf8(body)
        .map_err(|_| Problem::bad_request("The body is not UTF-8. Encode the JSON in UTF-8."))?;
    let mut fingerprint = Sha256::new();
    for part in
        [body.as_bytes(), &[0], query.as_bytes(), &[0], header("if-match").unwrap_or_default().as_bytes()]
    {
        fingerprint.update(part);
    }
    Ok(Submission {
        key: verified.key,
        monitors: match verified.role {
            Role::Operator => None,
            Role::Monitor(components) => Some(components),
        },
        signature: verified.signature,
        idempotency,
        fingerprint: base16ct::lower::encode_string(&fingerprint.finalize()),
        if_match,
        dry_run,
        body,
    })
}

/// Whether a `Content-Type` is `application/json`, with or without parameters (RFC 9110 section 8.3.1).
fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Whether the query asks for a dry run. Any other parameter is refused: a misspelt `dry_run` must not write.
fn dry_run(query: &str) -> Result<bool, Problem> {
    match query {
        "" | "dry_run=false" => Ok(false),
        "dry_run=true" => Ok(true),
        _ => Err(Problem::bad_request("The query must be ?dry_run=true, ?dry_run=false or empty.")),
    }
}

/// The version in `If-Match`: `"42"`, or the ETag of `status.json`, which begins with the version.
fn version(header: &str) -> Result<u64, Problem> {
    let wrong = || {
        Problem::bad_request(
            "If-Match must be a version in quotes, such as \"42\", or the ETag of status.json.",
        )
    };
    let tag = header.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    let digits = tag.split('-').next().unwrap_or_default();
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !all_digits { Err(wrong()) } else { digits.parse().map_err(|_| wrong()) }
}

/// The value of `Idempotency-Key`, with a prefix that keeps it apart from a `webhook-id`.
fn idempotency_key(key: &str) -> Result<String, Problem> {
    if (1..=MAX_IDEMPOTENCY_CHARS).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(format!("key {key}"));
    }
    Err(Problem::bad_request(format!(
        "Idempotency-Key must be 1 to {MAX_IDEMPOTENCY_CHARS} visible ASCII characters without spaces, such as deploy-4711."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_holds_a_version_in_quotes() {
        assert_eq!(version("\"42\"").ok(), Some(42));
        assert_eq!(version("\"42-0a1b2c3d4e5f\"").ok(), Some(42));
        for bad in ["42", "*", "\"\"", "\"-1\"", "\"x\"", "W/\"42\"", "\"99999999999999999999\"", "\"+4\""] {
            assert_eq!(version(bad).map_err(|p| p.status), Err(400), "{bad}");
        }
    }

    #[test]
    fn only_application_json_is_json() {
        for good in ["application/json", "Application/JSON; charset=utf-8"] {
            assert!(is_json(Some(good)), "{good}");
        }
        for bad in [
            None,
            Some(""),
            Some("text/plain"),
            Some("application/jsonx"),
            Some("application/x-www-form-urlencoded"),
        ] {
            assert!(!is_json(bad), "{bad:?}");
        }
    }

    #[test]
    fn dry_run_is_true_false_or_absent() {
        assert!(matches!(dry_run("dry_run=true"), Ok(true)));
        for bad in ["dry_run", "dry_run=1", "dryrun=true", "dry_run=true&x=y", "dry_run=true&dry_run=false"] {
            assert!(dry_run(bad).is_err(), "{bad}");
        }
    }
}
