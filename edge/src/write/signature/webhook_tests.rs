//! Standard Webhooks signatures, and requests that must be refused.

use super::*;
use crate::settings::parse_keys;
use base64ct::{Base64, Encoding};
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
fn a_token_of_a_gateway_beside_the_signature_is_ignored() {
    for token in ["Bearer abc", "Basic b3BzOm9wcw==", ""] {
        let mut signed = headers(&v1(MESSAGE));
        signed.push(("authorization".to_owned(), token.to_owned()));
        assert_eq!(check(&signed, b"{}", NOW).unwrap().key.as_str(), "old", "{token}");
    }
    // Who signs in both ways is checked by the header that says so.
    for token in ["CANDOR4-HMAC-SHA256 Credential=x", "Bearer abc, AWS4-HMAC-SHA256 Credential=x"] {
        let mut signed = headers(&v1(MESSAGE));
        signed.push(("authorization".to_owned(), token.to_owned()));
        assert!(matches!(check(&signed, b"{}", NOW), Err(SignatureError::Unreadable(_))), "{token}");
    }
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

fn detail(headers: &[(String, String)]) -> String {
    check(headers, b"{}", NOW).unwrap_err().detail(NOW.parse().unwrap())
}

#[test]
fn svix_names_and_missing_padding_are_accepted() {
    let svix = |signature: &str| -> Vec<_> {
        let named = |(name, value): (String, String)| (name.replace("webhook", "svix"), value);
        headers(signature).into_iter().map(named).collect()
    };
    for signature in [v1(MESSAGE), v1a(MESSAGE)] {
        let unpadded = signature.trim_end_matches('=').to_owned();
        assert_ne!(unpadded, signature);
        for headers in [headers(&unpadded), svix(&signature), svix(&unpadded)] {
            let verified = check(&headers, b"{}", NOW).unwrap();
            assert_eq!(verified.message_id.as_deref(), Some("msg_1"));
        }
    }
    let mut without_id = svix(&v1(MESSAGE));
    without_id.retain(|(name, _)| name != "svix-id");
    assert_eq!(detail(&without_id), "The header svix-id is missing.");
    for (mixed, missing, there) in [
        ("webhook-id", "webhook-id", "svix-id is there, and webhook-signature too"),
        ("webhook-timestamp", "webhook-timestamp", "svix-timestamp is there"),
        ("webhook-signature", "svix-id", "webhook-id is there, and svix-signature too"),
    ] {
        let renamed = |(name, value): (String, String)| {
            (if name == mixed { name.replace("webhook", "svix") } else { name }, value)
        };
        let detail = detail(&headers(&v1(MESSAGE)).into_iter().map(renamed).collect::<Vec<_>>());
        assert!(detail.contains(&format!("{missing} is missing")) && detail.contains(there), "{detail}");
    }
}

#[test]
fn the_error_names_the_cause() {
    let good = v1(MESSAGE);
    let hex: String = (0..32).map(|_| "0a").collect();
    for (signature, expected) in [
        (format!("{good}, {good}"), "came twice"),
        (good.replace("v1,", "v9,"), "version other than v1 and v1a"),
        (good.replace(',', " "), "must be \"v1,BASE64\""),
        (format!("v1,{hex}"), "in hex"),
        ("v1,-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_8".to_owned(), "URL-safe"),
        ("v1,%%%".to_owned(), "not base64"),
        (good.chars().take(20).collect(), "cut short"),
        (good.replace("v1,", "v1a,"), "write v1 before it"),
        (format!("v1,{}==", "A".repeat(86)), "write v1a before it"),
        (format!("v1a,{}==", "A".repeat(82)), "not 64 bytes"),
        (format!("{good}\t{good}"), "separate signatures by spaces alone"),
        (format!("{good},{good}"), "separate signatures by spaces alone"),
        (format!("{good};{good}"), "separate signatures by spaces alone"),
        (format!("{good}|{good}"), "separate signatures by spaces alone"),
        (format!("{good}; {good};"), "separate signatures by spaces alone"),
        (format!("\"{good}\""), "put no quotes around them"),
        (format!("'{good}'"), "put no quotes around them"),
        (format!("{good}, {good}"), "a comma separates its signatures"),
        (format!("t=1,{}", good.replace(',', "=")), "version other than"),
        (String::new(), "empty"),
        ([good.as_str(); 11].join(" "), "more than 10 signatures"),
    ] {
        let detail = detail(&headers(&signature));
        assert!(detail.contains(expected), "{signature}: {detail}");
    }
    let with = |name: &str, value: &str| {
        let mut headers = headers(&v1(MESSAGE));
        headers.retain(|(known, _)| known != name);
        headers.push((name.to_owned(), value.to_owned()));
        detail(&headers)
    };
    assert!(with("webhook-id", "msg_1, msg_1").contains("webhook-id came twice"));
    for id in ["msg_4711, msg_4712", "a, b, c"] {
        assert!(with("webhook-id", id).contains("webhook-id came twice, with different values"), "{id}");
    }
    assert!(with("webhook-timestamp", "1772366400, 1772366401").contains("webhook-timestamp came twice"));
    // A comma with a space stands in other values too.
    for id in ["msg 1, again", "msg_1, msg_2", "1, 2, 1"] {
        let detail = with("webhook-id", id);
        assert!(detail.contains("webhook-id must be 1 to 128"), "{detail}");
        assert_eq!(detail.contains("webhook-id came twice"), !id.starts_with("msg "), "{detail}");
    }
    for time in ["Sun, 01 Mar 2026 12:00:00 GMT", "1 March 2026, 12:00", "1772366400, UTC"] {
        let detail = with("webhook-timestamp", time);
        assert!(detail.contains("webhook-timestamp must be a whole number of seconds"), "{detail}");
    }
    assert!(with("webhook-timestamp", "1772366400000").contains("milliseconds"));
    assert!(with("webhook-timestamp", "2026-03-01T12:00:00Z").contains("seconds since 1970"));
    let mut unsigned = headers(&good);
    unsigned.retain(|(name, _)| name != "webhook-signature");
    assert_eq!(detail(&unsigned), "The header webhook-signature is missing.");
    let other = [("x-hub-signature-256".to_owned(), "sha256=00".to_owned())];
    assert!(detail(&other).contains("x-hub-signature-256 belongs to another scheme"));
    assert!(detail(&[]).contains("not signed"));
}

#[test]
fn the_number_of_checks_is_bounded() {
    let five: Vec<Key> = (1..=5)
        .flat_map(|seed| {
            let public =
                Base64::encode_string(SigningKey::from_bytes(&[seed; 32]).verifying_key().as_bytes());
            parse_keys(&format!(r#"[{{"id":"k{seed}","public_key":"whpk_{public}","role":"operator"}}]"#))
                .unwrap()
        })
        .collect();
    let sign = |seed| {
        let signature = SigningKey::from_bytes(&[seed; 32]).sign(MESSAGE);
        format!("v1a,{}", Base64::encode_string(&signature.to_bytes()))
    };
    let check = |signatures: &str, keys: &[Key]| {
        let headers = headers(signatures);
        let request = Request {
            method: "POST",
            host: "h",
            path: "/v1/updates",
            query: "",
            headers: &headers,
            body: b"{}",
        };
        super::super::verify(&request, keys, NOW.parse().unwrap())
    };
    assert_eq!(check(&sign(5), &five).unwrap().key.as_str(), "k5");
    let two = format!("{} {}", sign(6), sign(4));
    assert_eq!(check(&two, &five[2..]).unwrap().key.as_str(), "k4");
    assert!(
        matches!(check(&two, &five), Err(SignatureError::Unreadable(what)) if what.contains("2 v1a signatures"))
    );
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
