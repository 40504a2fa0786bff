//! `POST /v1/updates`: everything that can be refused without waking the page's object, refused here.

use candor_shared::limits;
use candor_shared::rules::Role;
use candor_shared::update::parse;
use js_sys::futures::JsFuture;
use js_sys::{Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use worker::{Env, Method, Request, RequestInit, Response, Result};

use crate::key::Key;
use crate::object::{self, PageError};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::signature::{self, verify};
use crate::submission::Submission;
use crate::{clock, http, read};

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
    match object::fetch(env, "/updates", init).await {
        Ok(response) => {
            // What is read here from now on is what was written, or newer.
            if let Some(version) = response.headers().get(http::VERSION_HEADER)?.and_then(|v| v.parse().ok())
            {
                read::forget_before(version).await;
            }
            Ok(response)
        }
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
    verify(&signed, keys, now).map_err(|error| Problem::unauthorized(&error, now))
}

/// From here on it is known who asks.
fn submission<'a>(
    verified: signature::Verified,
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

/// What is read and thrown away of a body that turns out to be over the limit: 4 MiB. A connection with
/// a body that is half read would keep the next request on it waiting.
const DRAINED_BYTES: usize = 4 * 1024 * 1024;

/// The body, or none if it is over the limit. What is said to be over the limit is not begun.
async fn body(request: &Request) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    let said = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if said.is_some_and(|length| length > limits::REQUEST_BYTES) {
        return Ok(None);
    }
    let Some(stream) = request.inner().body() else { return Ok(Some(body)) };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = 0_usize;
    loop {
        let step = JsFuture::from(reader.read()).await?;
        let Ok(chunk) = Reflect::get(&step, &"value".into())?.dyn_into::<Uint8Array>() else {
            return Ok((read <= limits::REQUEST_BYTES).then_some(body));
        };
        read = read.saturating_add(chunk.length() as usize);
        if read <= limits::REQUEST_BYTES {
            body.extend(chunk.to_vec());
        } else if read > DRAINED_BYTES {
            JsFuture::from(reader.cancel()).await?;
            return Ok(None);
        }
    }
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
