//! Checks Standard Webhooks: `webhook-signature` signs `id.timestamp.body` with `v1` (HMAC-SHA256) or `v1a` (Ed25519), where
//! id and timestamp are the headers `webhook-id` and `webhook-timestamp`. Svix's libraries send the same headers as `svix-…`.
//! Source: the Standard Webhooks specification, "Signature scheme".
//!
//! The scheme does not name the key, so each key is tried. Whatever is cheap is checked before, and the work is bounded: the
//! body is hashed once for each secret, however many signatures there are, and a few times for public keys.

use candor_shared::time::Time;
use ed25519_dalek::Signature;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::verified::{Request, SignatureError, Verified, check_skew};
use crate::settings::{Key, Material, base64_bytes};

/// The most characters in a `webhook-id`.
const MAX_ID_CHARS: usize = 128;
/// The most signatures in one request. A sender that rotates keys sends two.
const MAX_SIGNATURES: usize = 10;
/// The most checks of `v1a` signatures for one request, unless it has one signature only. Each check hashes the body, and
/// costs 0.4 ms with the longest body.
const MAX_ED25519_CHECKS: usize = 6;
/// The bytes of a `v1` signature: HMAC-SHA256.
const V1_BYTES: usize = 32;
/// The length of an Ed25519 signature (RFC 8032), in bytes.
const ED25519_BYTES: usize = 64;

/// What is wrong with a signature that holds a character of no alphabet of base64.
const FOREIGN: &str = "One is not base64, because of a character such as a tab, a comma, a semicolon or a quote: separate signatures by \
                       spaces alone, and put no quotes around them.";

/// The names of the three headers.
pub(super) struct Names {
    id: &'static str,
    timestamp: &'static str,
    signature: &'static str,
}

const NAMES: [Names; 2] = [
    Names { id: "webhook-id", timestamp: "webhook-timestamp", signature: "webhook-signature" },
    Names { id: "svix-id", timestamp: "svix-timestamp", signature: "svix-signature" },
];

/// The names under which a request is signed as a webhook, if it has at least one of the headers.
pub(super) fn names(request: &Request<'_>) -> Option<&'static Names> {
    let has = |name: &str| request.header(name).is_some();
    NAMES
        .iter()
        .find(|names| has(names.signature))
        .or_else(|| NAMES.iter().find(|names| has(names.id) || has(names.timestamp)))
}

/// Checks the signatures of a webhook. The first key that made one of them and has not expired decides.
pub(super) fn verify(
    request: &Request<'_>,
    names: &Names,
    keys: &[Key],
    now: Time,
) -> Result<Verified, SignatureError> {
    let missing = |part: fn(&Names) -> &'static str| {
        let name = part(names);
        let mut others = NAMES.iter().map(part).filter(|other| *other != name);
        let hint = others.find(|other| request.header(other).is_some()).map(|other| {
            format!(" {other} is there, and {} too: begin all three names alike.", present(request, names))
        });
        SignatureError::Unreadable(format!("The header {name} is missing.{}", hint.unwrap_or_default()))
    };
    let text = request.header(names.signature).ok_or_else(|| missing(|names| names.signature))?;
    // Anything may be a part of an id, so it came twice if all parts are the same.
    let first = request.header(names.id).and_then(|id| id.split(", ").next());
    let id = request.once(names.id, |part| first == Some(part))?.ok_or_else(|| missing(|names| names.id))?;
    check_id(names.id, id)?;
    let is_timestamp = |part: &str| signed_at(names.timestamp, part).is_ok();
    let timestamp =
        request.once(names.timestamp, is_timestamp)?.ok_or_else(|| missing(|names| names.timestamp))?;
    check_skew(signed_at(names.timestamp, timestamp)?, now)?;
    let signatures = Signatures::parse(names.signature, text)?;
    let public = keys.iter().filter(|key| matches!(key.material, Material::Public(_))).count();
    if signatures.v1a.len() > 1 && signatures.v1a.len().saturating_mul(public) > MAX_ED25519_CHECKS {
        return Err(SignatureError::Unreadable(format!(
            "{} holds {} v1a signatures, too many to check with {public} public keys. Sign with one key.",
            names.signature,
            signatures.v1a.len()
        )));
    }

    let start = format!("{id}.{timestamp}.");
    let message = Message { start: start.as_bytes(), body: request.body };
    let (expired, valid): (Vec<&Key>, Vec<&Key>) = keys.iter().partition(|key| key.is_expired(now));
    if let Some(key) = valid.into_iter().find(|key| signatures.is_one_of(key, &message)) {
        return Ok(Verified {
            key: key.id.clone(),
            role: key.role.clone(),
            // The hash of the signed message, not the signature: one message can have several valid signatures.
            signature: message.sha256(),
            message_id: Some(id.to_owned()),
        });
    }
    if let Some(key) = expired.into_iter().find(|key| signatures.is_one_of(key, &message)) {
        return Err(SignatureError::Expired(key.id.clone()));
    }
    Err(SignatureError::Mismatch(format!(
        "No signature in {} matches this request with any key.{} Either the secret is wrong (decode the \
         base64 after whsec_), or the id, the timestamp or the body changed after signing.",
        names.signature,
        signatures.faults(keys)
    )))
}

/// A header of the request that has one of these names.
fn present(request: &Request<'_>, names: &Names) -> &'static str {
    let all = [names.signature, names.id, names.timestamp];
    all.into_iter().find(|name| request.header(name).is_some()).unwrap_or(names.signature)
}

fn check_id(name: &str, id: &str) -> Result<(), SignatureError> {
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic() && b != b'.');
    if id.len() > MAX_ID_CHARS || !is_id(id) {
        // The runtime joins the values of a header that came twice.
        let several = if id.contains(", ") && id.split(", ").all(is_id) {
            format!(
                "{name} came twice, with different values, or a comma and a space stand in it. Send one id: "
            )
        } else {
            String::new()
        };
        return Err(SignatureError::Unreadable(format!(
            "{several}{name} must be 1 to {MAX_ID_CHARS} visible ASCII characters without a dot or a space, such as msg_4711."
        )));
    }
    Ok(())
}

/// The time in the header `name`.
fn signed_at(name: &str, timestamp: &str) -> Result<Time, SignatureError> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|b| b.is_ascii_digit());
    let seconds = timestamp.parse::<i64>().ok().filter(|_| digits && timestamp.len() <= 12);
    seconds.and_then(|seconds| seconds.checked_mul(1000)).and_then(Time::from_millis).ok_or_else(|| {
        let hint = if digits { " This number is too large; it may count milliseconds." } else { "" };
        SignatureError::Unreadable(format!(
            "{name} must be a whole number of seconds since 1970, such as 1772366400.{hint}"
        ))
    })
}

/// What is signed: `id.timestamp.` and the body.
struct Message<'a> {
    start: &'a [u8],
    body: &'a [u8],
}

impl Message<'_> {
    fn sha256(&self) -> String {
        let hash = Sha256::new().chain_update(self.start).chain_update(self.body).finalize();
        base16ct::lower::encode_string(&hash)
    }
}

/// The signatures of a request, those left out whose form no key can have made.
#[derive(Default)]
struct Signatures {
    v1: Vec<[u8; V1_BYTES]>,
    v1a: Vec<Signature>,
    /// What is wrong with those left out: a sentence for each kind of mistake.
    faults: Vec<&'static str>,
}

impl Signatures {
    /// Reads the header `name`: `v1,BASE64` or `v1a,BASE64`, separated by spaces.
    fn parse(name: &str, text: &str) -> Result<Self, SignatureError> {
        // A second header begins with a version and a comma.
        if text.split(", ").skip(1).any(|part| part.starts_with('v') && part.contains(',')) {
            return Err(SignatureError::Unreadable(format!(
                "The header {name} came twice, or a comma separates its signatures. Send it once, with spaces between the signatures."
            )));
        }
        let parts = || text.split(' ').filter(|part| !part.is_empty());
        if parts().count() > MAX_SIGNATURES {
            return Err(SignatureError::Unreadable(format!(
                "{name} holds more than {MAX_SIGNATURES} signatures. Sign with the keys that this page knows."
            )));
        }
        let mut signatures = Self::default();
        for part in parts() {
            let Some((version, encoded)) = part.split_once(',') else {
                return Err(SignatureError::Unreadable(format!(
                    "{name} must be \"v1,BASE64\" or \"v1a,BASE64\"; a space separates several."
                )));
            };
            if let Some(fault) = signatures.add(version, encoded)
                && !signatures.faults.contains(&fault)
            {
                signatures.faults.push(fault);
            }
        }
        Ok(signatures)
    }

    /// Adds a signature, or returns why no key can have made it.
    fn add(&mut self, version: &str, encoded: &str) -> Option<&'static str> {
        if !matches!(version, "v1" | "v1a") {
            let inside = version.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_separated = inside.len() < version.len() && matches!(inside, "v1" | "v1a");
            return Some(if is_separated { FOREIGN } else { "One has a version other than v1 and v1a." });
        }
        let is_hex =
            |length: usize| encoded.len() == length && encoded.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hex(64) || is_hex(128) {
            return Some("One is in hex; it must be in base64.");
        }
        let Some(bytes) = base64_bytes(encoded) else {
            let in_an_alphabet = |c: char| c.is_ascii_alphanumeric() || "+/=-_".contains(c);
            return Some(if !encoded.chars().all(in_an_alphabet) {
                FOREIGN
            } else if encoded.contains(['-', '_']) {
                "One is in the URL-safe alphabet of base64; it must be in the standard one, with + and /."
            } else {
                "One is not base64; it may be cut short."
            });
        };
        if version == "v1" {
            match <[u8; V1_BYTES]>::try_from(bytes.as_slice()) {
                Ok(bytes) => self.v1.push(bytes),
                Err(_) if bytes.len() == ED25519_BYTES => {
                    return Some(
                        "A v1 signature has 64 bytes, as those of Ed25519 have: write v1a before it.",
                    );
                }
                Err(_) => return Some("A v1 signature is not 32 bytes (HMAC-SHA256); it may be cut short."),
            }
        } else {
            match Signature::from_slice(&bytes) {
                Ok(signature) => self.v1a.push(signature),
                Err(_) if bytes.len() == V1_BYTES => {
                    return Some(
                        "A v1a signature has 32 bytes, as those of HMAC-SHA256 have: write v1 before it.",
                    );
                }
                Err(_) => return Some("A v1a signature is not 64 bytes (Ed25519); it may be cut short."),
            }
        }
        None
    }

    /// Whether the key made one of the signatures. Compares in constant time.
    fn is_one_of(&self, key: &Key, message: &Message<'_>) -> bool {
        match &key.material {
            Material::Secret { bytes, .. } if !self.v1.is_empty() => Hmac::<Sha256>::new_from_slice(bytes)
                .is_ok_and(|mac| {
                    let mac = mac.chain_update(message.start).chain_update(message.body);
                    // To finish a copy costs little: the copy has hashed the message already.
                    self.v1.iter().any(|claimed| mac.clone().verify_slice(claimed).is_ok())
                }),
            Material::Public(public) if !self.v1a.is_empty() => {
                let message = [message.start, message.body].concat();
                self.v1a.iter().any(|signature| public.verify_strict(&message, signature).is_ok())
            }
            _ => false,
        }
    }

    /// What is wrong with the signatures, as sentences that each begin with a space.
    fn faults(&self, keys: &[Key]) -> String {
        let mut faults = self.faults.clone();
        if self.v1.is_empty() && self.v1a.is_empty() && faults.is_empty() {
            faults.push("It is empty.");
        }
        let secrets = keys.iter().any(|key| matches!(key.material, Material::Secret { .. }));
        let public = keys.iter().any(|key| matches!(key.material, Material::Public(_)));
        if !self.v1.is_empty() && !secrets {
            faults.push("No key has a secret, so v1 cannot be checked; sign with v1a.");
        }
        if !self.v1a.is_empty() && !public {
            faults.push("No key has a public key, so v1a cannot be checked; sign with v1.");
        }
        faults.iter().map(|fault| format!(" {fault}")).collect()
    }
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
