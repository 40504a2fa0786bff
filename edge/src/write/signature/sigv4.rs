//! Checks AWS Signature Version 4, as `curl --aws-sigv4` writes it. Accepts the names of the provider `candor`
//! (`CANDOR4-HMAC-SHA256`, `X-Candor-Date`, `candor4_request`), and the names of AWS, so that every SigV4 library works.
//! Source: AWS, "Create a signed AWS API request"; curl, `CURLOPT_AWS_SIGV4`.
//!
//! Versions of curl differ in the headers that they sign, so the check uses the headers that `SignedHeaders` lists. `host`
//! and the date must be among them. The body is always signed. The network may spell the host and repeated headers in another
//! way than the sender did: the check tries each equivalent spelling, in [`spelling`].

use std::collections::BTreeSet;

use candor_shared::time::Time;
use hmac::Mac;

use super::spelling::{hosts, is_read, is_rewritten, queries};
use super::verified::{Request, SignatureError, Verified, check_skew};
use crate::http::sigv4::{Canonical, sha256_hex, signature as signature_of, signing_key};
use crate::settings::{Key, Material};

/// The names that one provider uses in the scheme.
struct Provider {
    algorithm: &'static str,
    secret_prefix: &'static str,
    date_header: &'static str,
    content_header: &'static str,
    terminator: &'static str,
}

const PROVIDERS: [Provider; 2] = [
    Provider {
        algorithm: "CANDOR4-HMAC-SHA256",
        secret_prefix: "CANDOR4",
        date_header: "x-candor-date",
        content_header: "x-candor-content-sha256",
        terminator: "candor4_request",
    },
    Provider {
        algorithm: "AWS4-HMAC-SHA256",
        secret_prefix: "AWS4",
        date_header: "x-amz-date",
        content_header: "x-amz-content-sha256",
        terminator: "aws4_request",
    },
];

/// The most headers that may be signed.
const MAX_SIGNED_HEADERS: usize = 40;
/// The most bytes of the path, the query and the signed headers together. They are hashed once for each spelling.
const MAX_CANONICAL_BYTES: usize = 4 * 1024;

/// The hex digits of a SHA-256.
const HASH_DIGITS: usize = 64;

/// The parts of the header `Authorization`.
struct Authorization<'a> {
    provider: &'static Provider,
    key_id: &'a str,
    date: &'a str,
    /// What follows the key's id in `Credential`.
    scope: &'a str,
    /// `SignedHeaders`, as it was sent.
    signed_headers: &'a str,
    signature: &'a str,
}

/// Whether `authorization` holds a signature of this scheme, alone or with something else.
pub(super) fn is_meant(authorization: &str) -> bool {
    PROVIDERS.iter().any(|provider| authorization.contains(provider.algorithm))
}

/// The id of the key in `authorization`, which is not checked.
pub(super) fn claimed(authorization: &str) -> Option<&str> {
    let credential = authorization.split_once("Credential=").filter(|_| is_meant(authorization))?.1;
    credential.split('/').next()
}

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
        SignatureError::Unreadable(format!("The header {} is missing.", provider.date_header))
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

fn unreadable(what: &str) -> SignatureError {
    SignatureError::Unreadable(format!("The Authorization header cannot be read: {what}."))
}

/// The bytes of `Signature`: 64 hex digits in lower case.
fn decode(signature: &str) -> Result<Vec<u8>, SignatureError> {
    let digits = signature.len();
    if !is_sha256(signature) {
        return Err(unreadable(&format!(
            "Signature is not 64 hex digits but {digits} characters{}",
            if digits < HASH_DIGITS { ", so it may be cut short" } else { "" }
        )));
    }
    base16ct::lower::decode_vec(signature)
        .map_err(|_| unreadable("Signature is hex in upper case; write it in lower case"))
}

/// Whether a text is a SHA-256 or an HMAC with it in hex, in whatever case.
fn is_sha256(text: &str) -> bool {
    text.len() == HASH_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Parses the header `Authorization`.
fn parse(authorization: &str) -> Result<Authorization<'_>, SignatureError> {
    // The runtime joins the values of a header that came twice. A second value begins with a scheme and a space.
    let has_scheme = |part: &str| {
        part.split('=').next().is_some_and(|name| name.contains(' '))
            || (!part.contains('=') && part.contains(' '))
    };
    if authorization.split(',').skip(1).any(|part| has_scheme(part.trim())) {
        return Err(SignatureError::twice("authorization"));
    }
    let (algorithm, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let Some(provider) = PROVIDERS.iter().find(|provider| provider.algorithm == algorithm) else {
        return Err(unreadable("the algorithm is neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256"));
    };
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or_else(|| unreadable("a part has no \"=\""))?;
        let slot = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => return Err(unreadable("it has a part other than Credential, SignedHeaders and Signature")),
        };
        if value.starts_with(['"', '\'']) {
            return Err(unreadable(&format!("quotes stand around the value of {name}; leave them out")));
        }
        if slot.replace(value).is_some() {
            return Err(unreadable("a part occurs twice"));
        }
    }
    let (Some(credential), Some(signed_headers), Some(signature)) = (credential, signed_headers, signature)
    else {
        return Err(unreadable("Credential, SignedHeaders or Signature is missing"));
    };
    // From the end: a secret that stands in the place of the id may have slashes.
    let parts: Vec<&str> = credential.rsplitn(5, '/').collect();
    let &[terminator, _, _, date, key_id] = parts.as_slice() else {
        return Err(unreadable("Credential is not KEY_ID/DATE/REGION/SERVICE/REQUEST"));
    };
    let scope = credential.get(key_id.len().saturating_add(1)..).unwrap_or_default();
    if terminator != provider.terminator {
        return Err(unreadable(&format!(
            "the algorithm is one provider's and Credential is another's: it must end with {}",
            provider.terminator
        )));
    }
    Ok(Authorization { provider, key_id, date, scope, signed_headers, signature })
}

/// The names in `SignedHeaders`. The host and the date must be among them, and none may be listed twice.
fn signed_names<'a>(signed_headers: &'a str, provider: &Provider) -> Result<Vec<&'a str>, SignatureError> {
    if signed_headers.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(unreadable("SignedHeaders must be in lower case"));
    }
    let signed: Vec<&str> = signed_headers.split(';').collect();
    if signed.len() > MAX_SIGNED_HEADERS {
        return Err(unreadable(&format!("SignedHeaders lists more than {MAX_SIGNED_HEADERS} headers")));
    }
    if signed.contains(&"") {
        return Err(unreadable("SignedHeaders has a semicolon too many: one stands between two names"));
    }
    if signed.iter().collect::<BTreeSet<_>>().len() < signed.len() {
        return Err(unreadable("SignedHeaders lists a header twice"));
    }
    for required in ["host", provider.date_header] {
        if !signed.contains(&required) {
            return Err(SignatureError::Unreadable(format!(
                "The header {required} must be signed. List it in SignedHeaders."
            )));
        }
    }
    Ok(signed)
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
