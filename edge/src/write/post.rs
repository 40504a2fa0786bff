//! `POST /v1/updates`: refuses every request that can be refused without the page's object, and sends the rest to it.

use candor_shared::limits;
use candor_shared::rules::Role;
use candor_shared::update::parse;
use sha2::{Digest, Sha256};
use worker::{Env, Error, Method, Request, RequestInit, Response};

use super::again::advice;
use super::body::body;
use super::signature::Verified;
use super::trace::{Entry, Trace};
use super::verify::{admitted, verified};
use crate::clock;
use crate::http::Problem;
use crate::object::Submission;
use crate::object::stub::{self, PageError};
use crate::settings::Settings;
use crate::target::target;

/// The most characters in an `Idempotency-Key`.
const MAX_IDEMPOTENCY_CHARS: usize = 128;

/// Answers the request. A request that is wrong gets a problem as response.
///
/// # Errors
/// Only if the runtime fails.
pub async fn post(
    mut request: Request,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
    entry: &Entry,
) -> Result<Response, Error> {
    let submission = match receive(&mut request, env, settings, trace).await? {
        Ok(submission) => submission,
        Err(problem) => return trace.refuse(&problem),
    };
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(serde_json::to_string(&submission)?.into()));
    if !submission.dry_run {
        trace.sends(entry)?;
    }
    match stub::ask(env, "/updates", init).await {
        Ok(exchange) => {
            let outcome = match exchange.status {
                201 => "accepted",
                _ if submission.dry_run => "dry_run",
                _ => "unchanged",
            };
            trace.answer(exchange, outcome)
        }
        Err(PageError(what)) => {
            let so = if submission.dry_run {
                "this was not checked. Nothing was written (dry run). Send it again".to_owned()
            } else {
                format!("it is not known whether this was written. {}", advice().trim_end_matches('.'))
            };
            trace.refuse(&Problem::unavailable(format!(
                "The page's storage did not answer ({what}), so {so}."
            )))
        }
    }
}

/// Reads and verifies the request. The outer error is one of the runtime, the inner one is the response.
async fn receive(
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    trace: &mut Trace,
) -> Result<Result<Submission, Problem>, Error> {
    let keys = match &settings.keys {
        Ok(keys) => keys,
        Err(wrong) => return Ok(Err(Problem::unavailable(wrong.detail()))),
    };
    let headers: Vec<(String, String)> = request.headers().entries().collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if !is_json(header("content-type")) {
        let mut problem = Problem::unsupported_media_type(header("content-type"));
        if header("content-type").is_some_and(|value| value.contains(',')) {
            problem.detail.push_str(" The header came twice: send it once.");
        }
        return Ok(Err(problem));
    }
    if let Err(problem) = admitted(&headers, keys) {
        return Ok(Err(problem));
    }
    let body = match body(request, limits::REQUEST_BYTES).await? {
        Ok(body) => body,
        Err(problem) => return Ok(Err(problem)),
    };
    let url = request.inner().url();
    let verified = match verified("POST", &url, &headers, &body, keys, env, trace).await {
        Ok(verified) => verified,
        Err(problem) => return Ok(Err(problem)),
    };
    let submission = submission(verified, target(&url).1, header, body);
    Ok(submission.map(|of| Submission { received_at: Some(clock::now()), ..of }))
}

/// Checks everything else in a request whose signature is verified, and makes the submission for the object.
fn submission<'a>(
    verified: Verified,
    query: &str,
    header: impl Fn(&str) -> Option<&'a str>,
    body: Vec<u8>,
) -> Result<Submission, Problem> {
    let dry_run = dry_run(query)?;
    let if_match = header("if-match").map(condition).transpose()?;
    let key = header("idempotency-key").map(idempotency_key).transpose()?;
    // A client may make a new webhook-id with each try, or a new Idempotency-Key: either of them names the request.
    let webhook = verified.message_id.map(|id| format!("webhook {id}"));
    let (idempotency, webhook) = if key.is_some() { (key, webhook) } else { (webhook, None) };
    let updates = parse(&body)?;
    let is_array = body.trim_ascii_start().first() == Some(&b'[');
    for (index, update) in updates.iter().enumerate() {
        let base = if is_array { format!("/{index}") } else { String::new() };
        verified.role.permits(update).map_err(|rejection| Problem::from(rejection).within(&base))?;
    }
    let body = String::from_utf8(body)
        .map_err(|_| Problem::bad_request("The body is not UTF-8. Encode the JSON in UTF-8."))?;
    // What it names, not the header: a weak tag and a strong one are the same condition.
    let condition = if_match.as_ref().map(Condition::name).unwrap_or_default();
    let Condition { version, etags } = if_match.unwrap_or_default();
    let mut fingerprint = Sha256::new();
    for part in [body.as_bytes(), &[0], query.as_bytes(), &[0], condition.as_bytes()] {
        fingerprint.update(part);
    }
    Ok(Submission {
        key: verified.key,
        monitors: match verified.role {
            Role::Operator => None,
            Role::Monitor(components) => Some(components),
        },
        signature: verified.signature,
        received_at: None,
        idempotency,
        webhook,
        fingerprint: base16ct::lower::encode_string(&fingerprint.finalize()),
        if_match: version,
        if_match_etags: etags,
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

/// What `If-Match` names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Condition {
    /// The version that the page must have.
    version: Option<u64>,
    /// The ETags of which `status.json` must have one; none if a version alone will do.
    etags: Vec<String>,
}

impl Condition {
    /// The same text for the same condition.
    fn name(&self) -> String {
        let version = self.version.map(|version| format!("\"{version}\"")).unwrap_or_default();
        if self.etags.is_empty() { version } else { self.etags.join(", ") }
    }
}

/// Reads `If-Match`: `"42"`, or the ETag of `status.json`, which begins with the version. Weak tags (`W/"42"`) mean the same: networks
/// weaken a tag when they compress what it names. If there are several tags, all must name one version.
fn condition(header: &str) -> Result<Condition, Problem> {
    let wrong = || {
        Problem::bad_request(
            "If-Match must be a version in quotes, such as \"42\", or the ETag of status.json.",
        )
    };
    let tags = header.split(',').map(|tag| parts_of_tag(tag.trim()).ok_or_else(wrong));
    let tags = tags.collect::<Result<Vec<_>, _>>()?;
    let &(first, _) = tags.first().ok_or_else(wrong)?;
    if tags.iter().any(|(version, _)| *version != first) {
        return Err(Problem::bad_request("If-Match names several versions. Name one; send the header once."));
    }
    let etags = tags.iter().map(|(version, hash)| hash.map(|hash| format!("\"{version}-{hash}\"")));
    // One of them is enough, and a version alone names all its states.
    let etags = etags.collect::<Option<Vec<_>>>().unwrap_or_default();
    Ok(Condition { version: Some(first), etags })
}

/// The version that a tag begins with, and the hash, if it is an ETag. What a network adds to an ETag (`-gzip`) is left out.
fn parts_of_tag(tag: &str) -> Option<(u64, Option<&str>)> {
    let strong = tag.strip_prefix("W/").unwrap_or(tag);
    let opaque = strong.strip_prefix('"')?.strip_suffix('"')?;
    let mut parts = opaque.split('-');
    let digits = parts.next()?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let version = all_digits.then(|| digits.parse().ok()).flatten()?;
    Some((version, parts.next().map(|hash| hash.split([';', ':', '+']).next().unwrap_or(hash))))
}

/// The value of `Idempotency-Key`, with a prefix that keeps it apart from a `webhook-id`.
fn idempotency_key(key: &str) -> Result<String, Problem> {
    if (1..=MAX_IDEMPOTENCY_CHARS).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(format!("key {key}"));
    }
    let twice = if key.contains(", ") { " The header may have come twice: send it once." } else { "" };
    Err(Problem::bad_request(format!(
        "Idempotency-Key must be 1 to {MAX_IDEMPOTENCY_CHARS} visible ASCII characters without spaces, such as deploy-4711.{twice}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(role: Role, headers: &[(&str, &str)], body: &str) -> Result<Submission, Problem> {
        let verified = Verified {
            key: "ops".to_owned().try_into().unwrap(),
            role,
            signature: "s".to_owned(),
            message_id: None,
        };
        let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        submission(verified, "", header, body.as_bytes().to_vec())
    }

    #[test]
    fn if_match_holds_a_version_in_quotes() {
        for good in [
            "\"42\"",
            "\"42-0a1b2c3d4e5f\"",
            "W/\"42\"",
            "W/\"42-0a1b2c3d4e5f\"",
            " W/\"42-0a1b2c3d4e5f-gzip\" ",
            "\"42\", W/\"42\"",
            "\"42-0a1b2c3d4e5f\", \"42\"",
            "\"42-0a1b2c3d4e5f;br\"",
        ] {
            let named = condition(good).unwrap();
            assert_eq!(named.version, Some(42), "{good}");
            // A version alone names all its states.
            let is_version = good.contains("42\"");
            let etag = (!is_version).then(|| "\"42-0a1b2c3d4e5f\"".to_owned());
            assert_eq!(named.etags, Vec::from_iter(etag), "{good}");
        }
        for bad in [
            "42",
            "*",
            "\"\"",
            "\"-1\"",
            "\"x\"",
            "W/42",
            "w/\"42\"",
            "W/W/\"42\"",
            "W/",
            "",
            "\"42\",",
            "\"99999999999999999999\"",
            "\"+4\"",
        ] {
            assert_eq!(condition(bad).map_err(|p| p.status), Err(400), "{bad}");
        }
        assert!(condition("\"41\", \"42\"").unwrap_err().detail.contains("several versions"));
    }

    #[test]
    fn a_weak_if_match_is_the_same_request_as_a_strong_one() {
        let of = |tag| received(Role::Operator, &[("if-match", tag)], r#"{"type":"notice.clear"}"#).unwrap();
        assert_eq!(of("W/\"42\""), of("\"42\""));
        assert_eq!(of("W/\"42-abc-gzip\""), of("\"42-abc\""));
        assert_ne!(of("\"42-abc\"").fingerprint, of("\"42\"").fingerprint);
        assert_ne!(of("\"42-abc\"").fingerprint, of("\"42-abd\"").fingerprint);
        assert_ne!(of("\"41\"").fingerprint, of("\"42\"").fingerprint);
    }

    #[test]
    fn an_idempotency_key_and_a_webhook_id_are_both_kept() {
        let names = |headers: &[(&str, &str)], message_id: Option<&str>| {
            let key = "ops".to_owned().try_into().unwrap();
            let message_id = message_id.map(str::to_owned);
            let verified = Verified { key, role: Role::Operator, signature: "s".to_owned(), message_id };
            let header =
                |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            let body = br#"{"type":"notice.clear"}"#.to_vec();
            submission(verified, "", header, body).unwrap().names()
        };
        let key = &[("idempotency-key", "k")];
        assert_eq!(names(key, Some("m")), ["ops key k", "ops webhook m"]);
        assert_eq!(names(key, None), ["ops key k"]);
        assert_eq!(names(&[], Some("m")), ["ops webhook m"]);
        assert!(names(&[], None).is_empty());
    }

    #[test]
    fn a_role_refusal_points_into_an_array_of_any_length() {
        let pointer = |body: &str| {
            let role = Role::Monitor(["api".to_owned().try_into().unwrap()].into());
            received(role, &[], body).unwrap_err().pointer
        };
        let wrong = r#"{"type":"notice.clear"}"#;
        let bare = pointer(wrong).unwrap();
        assert!(!bare.starts_with("/0"), "{bare}");
        for one in [format!("[{wrong}]"), format!(" \n[ {wrong} ]")] {
            assert_eq!(pointer(&one), Some(format!("/0{bare}")), "{one}");
        }
        let second = format!(r#"[{{"type":"component.set","id":"api","status":"operational"}},{wrong}]"#);
        assert_eq!(pointer(&second), Some(format!("/1{bare}")));
    }

    #[test]
    fn what_happened_to_a_body_is_named() {
        for (body, status, expected) in [
            (r#"{\"type\":\"notice.clear\"}"#, 400, "backslash"),
            (r#""{\"type\":\"notice.clear\"}""#, 422, "encoded twice"),
            (r#"'{"type":"notice.clear"}'"#, 400, "single quotes"),
            ("{type:notice.clear}", 400, "shell removed"),
            ("\u{FEFF}{}", 400, "byte order mark"),
            ("{\"type\":\"notice.post\",\"body\":\"x\u{FFFD}\",}", 400, "column 37: trailing comma."),
        ] {
            let problem = received(Role::Operator, &[], body).unwrap_err();
            let detail = problem.detail.to_lowercase();
            assert!(problem.status == status && detail.contains(expected), "{body}: {detail}");
        }
    }

    #[test]
    fn an_idempotency_key_that_came_twice_is_named() {
        let problem = received(Role::Operator, &[("idempotency-key", "a, a")], "{}").unwrap_err();
        assert!(problem.detail.contains("come twice"), "{}", problem.detail);
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
