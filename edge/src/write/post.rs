//! `POST /v1/updates`: everything that can be refused without waking the page's object, refused here.

use candor_shared::limits;
use candor_shared::rules::Role;
use candor_shared::update::parse;
use sha2::{Digest, Sha256};
use worker::{Env, Method, Request, RequestInit, Response, Result};

use super::body::body;
use super::signature::Verified;
use super::verify::verified;
use crate::http;
use crate::http::Problem;
use crate::object::Submission;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;

/// Characters in an `Idempotency-Key`.
const IDEMPOTENCY_CHARS: usize = 128;

/// Answers the request.
///
/// # Errors
/// Only if the runtime fails; whatever is wrong with the request is a problem response.
pub async fn post(mut request: Request, env: &Env, settings: &Settings) -> Result<Response> {
    let submission = match receive(&mut request, settings).await? {
        Ok(submission) => submission,
        Err(problem) => return http::problem(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(serde_json::to_string(&submission)?.into()));
    match stub::fetch(env, "/updates", init).await {
        Ok(response) => Ok(response),
        Err(PageError(what)) => http::problem(&Problem::unavailable(format!(
            "The page's storage did not answer ({what}), so it is not known whether this was written. Look at \
             /status.json; or send it again with the Idempotency-Key (or webhook-id) that it had: it is applied once."
        ))),
    }
}

async fn receive(
    request: &mut Request,
    settings: &Settings,
) -> Result<std::result::Result<Submission, Problem>> {
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

/// From here on it is known who asks.
fn submission<'a>(
    verified: Verified,
    query: &str,
    header: impl Fn(&str) -> Option<&'a str>,
    body: Vec<u8>,
) -> std::result::Result<Submission, Problem> {
    let dry_run = dry_run(query)?;
    let if_match = header("if-match").map(version).transpose()?;
    let named = header("idempotency-key").map(idempotency_key).transpose()?;
    let idempotency = verified.message_id.map(|id| format!("webhook {id}")).or(named);
    let updates = parse(&body)?;
    for (index, update) in updates.iter().enumerate() {
        let base = if updates.len() > 1 { format!("/{index}") } else { String::new() };
        verified.role.permits(update).map_err(|rejection| Problem::from(rejection).within(&base))?;
    }
    let body = String::from_utf8(body).map_err(|_| Problem::bad_request("The body is not UTF-8."))?;
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

/// `application/json`, with or without parameters (RFC 9110 section 8.3.1).
fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn dry_run(query: &str) -> std::result::Result<bool, Problem> {
    match query {
        "" | "dry_run=false" => Ok(false),
        "dry_run=true" => Ok(true),
        _ => Err(Problem::bad_request("The query is ?dry_run=true, ?dry_run=false, or nothing.")),
    }
}

/// The version in `If-Match`: `"42"`, or the entity tag of `status.json`, which begins with it.
fn version(header: &str) -> std::result::Result<u64, Problem> {
    let wrong = || {
        Problem::bad_request("If-Match is a version in quotes, such as \"42\", or the ETag of status.json.")
    };
    let tag = header.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    let digits = tag.split('-').next().unwrap_or_default();
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !all_digits { Err(wrong()) } else { digits.parse().map_err(|_| wrong()) }
}

fn idempotency_key(name: &str) -> std::result::Result<String, Problem> {
    let fits = (1..=IDEMPOTENCY_CHARS).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    match fits {
        true => Ok(format!("key {name}")),
        false => Err(Problem::bad_request(format!(
            "Idempotency-Key is 1 to {IDEMPOTENCY_CHARS} visible ASCII characters."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_if_match() {
        assert_eq!(version("\"42\"").ok(), Some(42));
        assert_eq!(version("\"42-0a1b2c3d4e5f\"").ok(), Some(42));
        for bad in ["42", "*", "\"\"", "\"-1\"", "\"x\"", "W/\"42\"", "\"99999999999999999999\"", "\"+4\""] {
            assert_eq!(version(bad).map_err(|p| p.status), Err(400), "{bad}");
        }
    }

    #[test]
    fn content_types() {
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
    fn queries() {
        assert!(matches!(dry_run("dry_run=true"), Ok(true)));
        for bad in ["dry_run", "dry_run=1", "dryrun=true", "dry_run=true&x=y", "dry_run=true&dry_run=false"] {
            assert!(dry_run(bad).is_err(), "{bad}");
        }
    }
}
