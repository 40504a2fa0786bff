//! Checks AWS Signature Version 4, as `curl --aws-sigv4` writes it. Accepts the names of the provider `candor`
//! (`CANDOR4-HMAC-SHA256`, `X-Candor-Date`, `candor4_request`), and the names of AWS, so that every SigV4 library works.
//! Source: AWS, "Create a signed AWS API request"; curl, `CURLOPT_AWS_SIGV4`.
//!
//! Versions of curl differ in the headers that they sign, so the check uses the headers that `SignedHeaders` lists. `host`
//! and the date must be among them. The body is always signed. The network may spell the host and repeated headers in another
//! way than the sender did: the check tries each equivalent spelling, in [`spelling`].

use candor_shared::time::Time;
use hmac::Mac;

use super::authorization::{
    Authorization, HASH_DIGITS, Provider, another_date, decode, is_sha256, parse, signed_names, unreadable,
};
use super::spelling::{hosts, is_read, is_rewritten, queries};
use super::verified::{Request, SignatureError, Verified, check_skew};
use crate::http::sigv4::{Canonical, sha256_hex, signature as signature_of, signing_key};
use crate::settings::{Key, Material};

/// The most bytes of the path, the query and the signed headers together. They are hashed once for each spelling.
const MAX_CANONICAL_BYTES: usize = 4 * 1024;

/// Checks the signature in `authorization`, the header `Authorization` of the request.
pub(super) fn verify(
    request: &Request<'_>,
    authorization: &str,
    keys: &[Key],
    now: Time,
) -> Result<Verified, SignatureError> {
    let Authorization { provider, key_id, date, scope, signed_headers, signature } = parse(authorization)?;
    let signed = signed_names(signed_headers, provider)?;
    let stamp = request.once(provider.date_header, |part| parse_stamp(part).is_some())?.ok_or_else(|| {
        let hint = another_date(provider, |name| request.header(name).is_some()).unwrap_or_default();
        SignatureError::Unreadable(format!("The header {} is missing.{hint}", provider.date_header))
    })?;
    let time = parse_stamp(stamp).ok_or_else(|| {
        SignatureError::Unreadable(format!(
            "The header {} must be a time such as 20101004T150000Z.",
            provider.date_header
        ))
    })?;
    if stamp.get(..8) != Some(date) {
        return Err(unreadable("the date in Credential is another day than that of the signed time"));
    }
    let claimed = decode(signature)?;

    // Key and time are checked before the signature: the sender can correct these errors, and they reveal no secret.
    let key = keys.iter().find(|key| key.id.as_str() == key_id);
    let Some((key, Material::Secret { text: secret, .. })) = key.map(|key| (key, &key.material)) else {
        return Err(SignatureError::unknown_key(key_id));
    };
    if key.is_expired(now) {
        return Err(SignatureError::Expired(key.id.clone()));
    }
    check_skew(time, now)?;
    let headers = signed_values(request, &signed)?;
    let body_hash = sha256_hex(request.body);
    check_body_hash(request, provider, &body_hash)?;

    let key_in_scope = signing_key(provider.secret_prefix, secret, scope);
    let matches = |query: &str, headers: &str| {
        let (method, path, body_hash) = (request.method, request.path, body_hash.as_str());
        let canonical = Canonical { method, path, query, headers, signed_headers, body_hash };
        signature_of(&key_in_scope, provider.algorithm, (stamp, scope), &canonical)
            .is_some_and(|mac| mac.verify_slice(&claimed).is_ok())
    };
    let (queries, spellings) = (queries(request.query), header_spellings(request, &headers));
    if !queries.iter().any(|query| spellings.iter().any(|headers| matches(query, headers))) {
        return Err(SignatureError::Mismatch(format!(
            "The signature does not match this request and the key {}. Either the secret is wrong (use all of it, with \
             whsec_ and without a line end), or the method, the host (\"{}\" is expected), the path, the query, \
             a signed header or the body changed after signing.{}",
            key.id,
            request.host,
            suspects(&headers)
        )));
    }
    Ok(Verified {
        key: key.id.clone(),
        role: key.role.clone(),
        signature: signature.to_owned(),
        message_id: None,
    })
}

/// The signed headers of the request, in the order of `SignedHeaders`. A header that came several
/// times has one value, joined with `, `.
fn signed_values<'a>(
    request: &Request<'_>,
    signed: &[&'a str],
) -> Result<Vec<(&'a str, String)>, SignatureError> {
    let mut headers = Vec::new();
    let mut bytes = request.path.len().saturating_add(request.query.len());
    for &name in signed {
        let values: Vec<&str> = request
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        if values.is_empty() && name != "host" {
            let advice = if is_rewritten(name) {
                "Networks on the way remove or change it: leave it unsigned."
            } else if is_read(name) {
                "It was not sent, or it was empty, or something on the way removed it: send it, or leave it unsigned."
            } else {
                "Something on the way may have removed it, and this page does not read it: leave it unsigned."
            };
            return Err(SignatureError::Mismatch(format!(
                "SignedHeaders lists {name}, but the request has no such header. {advice}"
            )));
        }
        // The name stands before the value and in the list of the signed headers.
        let lengths = values.iter().map(|value| value.len()).chain([name.len(), name.len()]);
        bytes = lengths.fold(bytes, usize::saturating_add);
        if bytes > MAX_CANONICAL_BYTES {
            return Err(SignatureError::Unreadable(format!(
                "The path, the query and the signed headers together are longer than {MAX_CANONICAL_BYTES} bytes. Sign \
                 fewer headers."
            )));
        }
        let value = values.join(", ").split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        headers.push((name, value));
    }
    Ok(headers)
}

/// Refuses a body whose hash is not the one that the request claims, if it claims one.
fn check_body_hash(
    request: &Request<'_>,
    provider: &Provider,
    body_hash: &str,
) -> Result<(), SignatureError> {
    let header = provider.content_header;
    let wrong = match request.once(header, is_sha256)? {
        None => return Ok(()),
        Some(claimed) if claimed == body_hash => return Ok(()),
        Some("UNSIGNED-PAYLOAD") => "The body must be signed; UNSIGNED-PAYLOAD is refused.".to_owned(),
        Some(claimed) if claimed.starts_with("STREAMING-") => {
            format!(
                "The header {header} begins with STREAMING-: the body is signed in chunks. Sign it as a whole, and do not stream it."
            )
        }
        Some(claimed) if claimed.eq_ignore_ascii_case(body_hash) => {
            format!(
                "The header {header} is the SHA-256 of the body in upper case. Write the hex in lower case."
            )
        }
        Some(claimed) if !is_sha256(claimed) => {
            format!("The header {header} is not a SHA-256 in hex: {HASH_DIGITS} digits in lower case.")
        }
        Some(_) => format!("The header {header} is not the SHA-256 of the body that arrived."),
    };
    Err(SignatureError::Mismatch(wrong))
}

/// The canonical headers, once for each way in which the sender may have spelt the host and the headers with several values.
fn header_spellings(request: &Request<'_>, headers: &[(&str, String)]) -> Vec<String> {
    let hosts = hosts(request.host, request.header("host"));
    // The scheme joins several values with a comma alone.
    let separators: &[&str] =
        if headers.iter().any(|(_, value)| value.contains(", ")) { &[", ", ","] } else { &[", "] };
    let spelt = |separator: &str, host: &str| -> String {
        let line = |(name, value): &(&str, String)| match *name {
            "host" => format!("host:{host}\n"),
            name => format!("{name}:{}\n", value.replace(", ", separator)),
        };
        headers.iter().map(line).collect()
    };
    separators.iter().flat_map(|separator| hosts.iter().map(|host| spelt(separator, host))).collect()
}

/// Which signed headers may be the reason that a signature does not match, as sentences that each begin with a space.
fn suspects(headers: &[(&str, String)]) -> String {
    let names = |suspect: &dyn Fn(&str, &str) -> bool| {
        let names = headers.iter().filter(|(name, value)| suspect(name, value)).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    // curl signs the one that it sends for JSON, and nobody changes that.
    let is_curls = |name: &str, value: &str| (name, value) == ("accept", "application/json");
    let several = |name: &str, value: &str| name != "host" && !is_rewritten(name) && value.contains(", ");
    let rewritten = names(&|name, value| is_rewritten(name) && !is_curls(name, value));
    let twice = names(&several);
    let unread = names(&|name, value| !is_read(name) && !is_rewritten(name) && !several(name, value));
    let sentence = |names: String, before: &str, after: &str| {
        if names.is_empty() { String::new() } else { format!(" {before}: {names}.{after}") }
    };
    [
        sentence(
            rewritten,
            "If the secret is right: networks on the way change these headers, so leave them unsigned",
            "",
        ),
        sentence(
            twice,
            "These signed headers have several values, so each may have come twice",
            " Send each once.",
        ),
        sentence(
            unread,
            "Something on the way may have changed these signed headers, which this page does not read, so leave them unsigned",
            "",
        ),
    ]
    .concat()
}

/// Parses a time such as `20101004T150000Z` (ISO 8601 basic format).
fn parse_stamp(stamp: &str) -> Option<Time> {
    if stamp.len() != 16 || !stamp.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| stamp.get(from..to);
    format!(
        "{}-{}-{}T{}:{}:{}{}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(9, 11)?,
        part(11, 13)?,
        part(13, 15)?,
        part(15, 16)?
    )
    .parse()
    .ok()
    .filter(|_| part(8, 9) == Some("T"))
}

#[cfg(test)]
#[path = "sigv4_tests.rs"]
mod tests;
