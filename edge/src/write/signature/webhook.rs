//! Checks Standard Webhooks: `webhook-signature` signs `id.timestamp.body` with `v1` (HMAC-SHA256) or `v1a` (Ed25519), where
//! id and timestamp are the headers `webhook-id` and `webhook-timestamp`.
//! Source: the Standard Webhooks specification, "Signature scheme".

use base64ct::{Base64, Encoding};
use candor_shared::time::Time;
use ed25519_dalek::Signature;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::verified::{Request, SignatureError, Verified, check_skew, sha256_hex};
use crate::settings::{Key, Material};

/// The most characters in a `webhook-id`.
const MAX_ID_CHARS: usize = 128;
/// The most signatures in one header that are checked. A sender that rotates keys sends several.
const MAX_SIGNATURES: usize = 8;

/// Checks the `signatures` in the header `webhook-signature`. The first one that matches a key which has not expired decides.
pub(super) fn verify(
    request: &Request<'_>,
    signatures: &str,
    keys: &[Key],
    now: Time,
) -> Result<Verified, SignatureError> {
    let header = |name: &str| {
        request
            .header(name)
            .ok_or_else(|| SignatureError::Unreadable(format!("The header {name} is missing.")))
    };
    let id = header("webhook-id")?;
    if id.is_empty() || id.len() > MAX_ID_CHARS || !id.bytes().all(|b| b.is_ascii_graphic() && b != b'.') {
        return Err(SignatureError::Unreadable(format!(
            "webhook-id must be 1 to {MAX_ID_CHARS} visible ASCII characters without a dot, such as msg_4711."
        )));
    }
    let timestamp = header("webhook-timestamp")?;
    let unreadable = || {
        SignatureError::Unreadable(
            "webhook-timestamp must be a number of seconds since 1970, such as 1772366400.".to_owned(),
        )
    };
    if timestamp.len() > 12 || !timestamp.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unreadable());
    }
    let seconds: i64 = timestamp.parse().map_err(|_| unreadable())?;
    let signed = seconds.checked_mul(1000).and_then(Time::from_millis).ok_or_else(unreadable)?;
    check_skew(signed, now)?;

    let mut message = format!("{id}.{timestamp}.").into_bytes();
    message.extend_from_slice(request.body);
    let mut expired = None;
    for signature in signatures.split(' ').filter(|s| !s.is_empty()).take(MAX_SIGNATURES) {
        let Some((version, encoded)) = signature.split_once(',') else {
            return Err(SignatureError::Unreadable(
                "webhook-signature must be \"v1,BASE64\" or \"v1a,BASE64\".".to_owned(),
            ));
        };
        let Ok(claimed) = Base64::decode_vec(encoded) else { continue };
        for key in keys {
            if !matches_key(key, version, &message, &claimed) {
                continue;
            }
            if key.is_expired(now) {
                expired = Some(key);
                continue;
            }
            return Ok(Verified {
                key: key.id.clone(),
                role: key.role.clone(),
                // The hash of the signed message, not the signature: one message can have several valid signatures.
                signature: sha256_hex(&message),
                message_id: Some(id.to_owned()),
            });
        }
    }
    match expired {
        Some(key) => Err(SignatureError::Expired(key.id.clone())),
        None => Err(SignatureError::Mismatch(
            "No signature in webhook-signature matches this request with any key. Either the secret is wrong, or the id, \
             the timestamp or the body changed after signing."
                .to_owned(),
        )),
    }
}

/// Whether a signature of this version is valid for the message and the key. Compares in constant time.
fn matches_key(key: &Key, version: &str, message: &[u8], claimed: &[u8]) -> bool {
    match (&key.material, version) {
        (Material::Secret { bytes, .. }, "v1") => {
            Hmac::<Sha256>::new_from_slice(bytes).is_ok_and(|mut mac| {
                mac.update(message);
                mac.verify_slice(claimed).is_ok()
            })
        }
        (Material::Public(key), "v1a") => Signature::from_slice(claimed)
            .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse_keys;
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    const SECRET: &str = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn signer() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn keys() -> Vec<Key> {
        let public = Base64::encode_string(signer().verifying_key().as_bytes());
        parse_keys(&format!(
            r#"[{{"id":"old","secret":"whsec_{SECRET}","role":"operator","not_after":"2026-03-01T12:01:00Z"}},
                {{"id":"signer","public_key":"whpk_{public}","role":"monitor","components":["api"]}}]"#
        ))
        .unwrap()
    }

    fn headers(signature: &str) -> Vec<(String, String)> {
        [("webhook-id", "msg_1"), ("webhook-timestamp", "1772366400"), ("webhook-signature", signature)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn check(headers: &[(String, String)], body: &[u8], now: &str) -> Result<Verified, SignatureError> {
        let request = Request { method: "POST", host: "h", path: "/v1/updates", query: "", headers, body };
        super::super::verify(&request, &keys(), now.parse().unwrap())
    }

    fn v1(message: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&Base64::decode_vec(SECRET).unwrap()).unwrap();
        mac.update(message);
        format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()))
    }

    fn v1a(message: &[u8]) -> String {
        format!("v1a,{}", Base64::encode_string(&signer().sign(message).to_bytes()))
    }

    const MESSAGE: &[u8] = b"msg_1.1772366400.{}";
    const NOW: &str = "2026-03-01T12:00:30Z";

    #[test]
    fn both_versions_are_accepted() {
        let verified = check(&headers(&v1(MESSAGE)), b"{}", NOW).unwrap();
        assert_eq!((verified.key.as_str(), verified.message_id.as_deref()), ("old", Some("msg_1")));
        let several = format!("v1,AAAA v9,xx {}", v1a(MESSAGE));
        assert_eq!(check(&headers(&several), b"{}", NOW).unwrap().key.as_str(), "signer");
    }

    #[test]
    fn a_wrong_body_time_key_or_version_is_refused() {
        assert!(matches!(check(&headers(&v1(MESSAGE)), b"[]", NOW), Err(SignatureError::Mismatch(_))));
        assert!(matches!(
            check(&headers(&v1(MESSAGE)), b"{}", "2026-03-01T12:06:00Z"),
            Err(SignatureError::Skew(_))
        ));
        assert!(matches!(
            check(&headers(&v1(MESSAGE)), b"{}", "2026-03-01T11:54:00Z"),
            Err(SignatureError::Skew(_))
        ));
        assert!(matches!(
            check(&headers(&v1(MESSAGE)), b"{}", "2026-03-01T12:01:00Z"),
            Err(SignatureError::Expired(_))
        ));
        assert!(matches!(check(&headers("v1"), b"{}", NOW), Err(SignatureError::Unreadable(_))));
        // The version decides the kind of key: a secret never checks a `v1a` signature.
        let swapped = v1(MESSAGE).replace("v1,", "v1a,");
        assert!(matches!(check(&headers(&swapped), b"{}", NOW), Err(SignatureError::Mismatch(_))));
    }

    proptest! {
        #[test]
        fn no_header_panics_or_is_accepted(signature in "(v1,|v1a,)?[A-Za-z0-9+/=, ]{0,100}", time in "[0-9-]{0,14}", id in "\\PC{0,12}") {
            let mut headers = headers(&signature);
            headers[0].1 = id;
            headers[1].1 = time;
            let refused = check(&headers, b"{}", NOW).is_err();
            prop_assert!(refused);
        }
    }
}
