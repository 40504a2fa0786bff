//! AWS Signature Version 4, as far as who signs and who checks share it: what is signed, and with which key.
//! Source: AWS, "Create a signed AWS API request".

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A request in the canonical form of the scheme.
pub struct Canonical<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The path, percent-encoded.
    pub path: &'a str,
    /// The query, percent-encoded, without the `?`.
    pub query: &'a str,
    /// The signed headers, `name:value` and a line end each, in the order of `signed_headers`.
    pub headers: &'a str,
    /// Their names in lower case, with semicolons between them.
    pub signed_headers: &'a str,
    /// The SHA-256 of the body in hex.
    pub body_hash: &'a str,
}

/// The key that signs in a scope, `DATE/REGION/SERVICE/TERMINATOR`. The provider's prefix stands before the secret.
pub fn signing_key(prefix: &str, secret: &str, scope: &str) -> Vec<u8> {
    let first = format!("{prefix}{secret}").into_bytes();
    scope.split('/').fold(first, |key, part| {
        mac(&key, part.as_bytes()).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
    })
}

/// The signature of a request that was signed at `stamp`, such as `20101004T150000Z`. There is always one, because HMAC accepts a
/// key of any length.
pub fn signature(
    key: &[u8],
    algorithm: &str,
    (stamp, scope): (&str, &str),
    canonical: &Canonical<'_>,
) -> Option<Hmac<Sha256>> {
    let Canonical { method, path, query, headers, signed_headers, body_hash } = canonical;
    let canonical = format!("{method}\n{path}\n{query}\n{headers}\n{signed_headers}\n{body_hash}");
    let to_sign = format!("{algorithm}\n{stamp}\n{scope}\n{}", sha256_hex(canonical.as_bytes()));
    mac(key, to_sign.as_bytes())
}

/// The SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

fn mac(key: &[u8], message: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac)
}
