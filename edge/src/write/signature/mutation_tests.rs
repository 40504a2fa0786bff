//! Every byte of a signed request is changed, in several ways: none of the changed requests is accepted, except those that mean the
//! same by the scheme's own rules, which are listed here one by one.
#![allow(clippy::arithmetic_side_effects, reason = "a test may panic")]

use base64ct::{Base64, Encoding};
use candor_shared::time::Time;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::check::verify;
use super::verified::Request;
use crate::settings::{Key, parse_keys};

const SECRET: &str = "C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY: &str =
    r#"{"type":"incident.open","name":"Search fails","impact":"major","body":"We broke it. ünïcode"}"#;
const ID: &str = "msg_1";
const TIMESTAMP: &str = "1772366400";
const STAMP: &str = "20260301T120000Z";
const NOW: &str = "2026-03-01T12:00:00Z";

/// A request that can be changed everywhere.
#[derive(Clone, Debug, PartialEq)]
struct Signed {
    method: String,
    host: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Signed {
    fn is_accepted(&self, keys: &[Key], now: Time) -> bool {
        let Self { method, host, path, query, headers, body } = self;
        verify(&Request { method, host, path, query, headers, body }, keys, now).is_ok()
    }

    fn new(headers: &[(&str, &str)]) -> Self {
        Self {
            method: "POST".to_owned(),
            host: "status.example.com".to_owned(),
            path: "/v1/updates".to_owned(),
            query: "dry_run=true".to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: BODY.as_bytes().to_vec(),
        }
    }
}

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn keys() -> Vec<Key> {
    let public = Base64::encode_string(signer().verifying_key().as_bytes());
    // The worker has more keys than the one that signs, as in life.
    parse_keys(&format!(
        r#"[{{"id":"ops","secret":"whsec_{SECRET}","role":"operator"}},
            {{"id":"opr","secret":"whsec_{}","role":"operator"}},
            {{"id":"signer","public_key":"whpk_{public}","role":"operator"}}]"#,
        "A".repeat(32)
    ))
    .unwrap()
}

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// `provider` is `candor` or `aws`, `date` the name of its header.
fn sigv4(provider: &str, date: &str) -> Signed {
    let upper = provider.to_ascii_uppercase();
    let names = format!("content-type;host;if-match;{date}");
    let hash = hex(&Sha256::digest(BODY));
    let canonical = format!(
        "POST\n/v1/updates\ndry_run=true\ncontent-type:application/json\nhost:status.example.com\nif-match:\"42\"\n{date}:{STAMP}\n\n{names}\n{hash}"
    );
    let scope = format!("20260301/eu/status/{provider}4_request");
    let mut key = format!("{upper}4whsec_{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part);
    }
    let text = format!("{upper}4-HMAC-SHA256\n{STAMP}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let authorization = format!(
        "{upper}4-HMAC-SHA256 Credential=ops/{scope}, SignedHeaders={names}, Signature={}",
        hex(&hmac(&key, &text))
    );
    Signed::new(&[
        ("content-type", "application/json"),
        ("if-match", "\"42\""),
        (date, STAMP),
        ("authorization", &authorization),
    ])
}

fn webhook(version: &str, prefix: &str) -> Signed {
    let message = format!("{ID}.{TIMESTAMP}.{BODY}");
    let signature = match version {
        "v1" => hmac(&Base64::decode_vec(SECRET).unwrap(), &message),
        _ => signer().sign(message.as_bytes()).to_bytes().to_vec(),
    };
    let names = ["id", "timestamp", "signature"].map(|name| format!("{prefix}-{name}"));
    let signature = format!("{version},{}", Base64::encode_string(&signature));
    let [id, timestamp, signed] = &names;
    Signed::new(&[(id, ID), (timestamp, TIMESTAMP), (signed, &signature)])
}

/// The values that a byte is changed to: its neighbours in bits, and those that separate parts.
fn others(byte: u8) -> impl Iterator<Item = u8> {
    let flipped = [0x01, 0x20, 0x80].map(|bit| byte ^ bit);
    let set = *b"\0 ,=.A/";
    flipped.into_iter().chain(set).filter(move |other| *other != byte)
}

/// Every text that comes from this one by a change of one byte, its removal, its doubling, or one more byte before it or at the end.
/// Those that are no text are left out: the runtime has none.
fn texts(text: &str) -> Vec<String> {
    bytes(text.as_bytes()).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}

fn bytes(original: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (at, &byte) in original.iter().enumerate() {
        let (before, after) = (&original[..at], &original[at + 1..]);
        for other in others(byte) {
            all.push([before, &[other], after].concat());
        }
        all.push([before, b" ", &[byte], after].concat());
        all.push([before, after].concat());
        all.push([before, &[byte, byte], after].concat());
        all.push(before.to_vec());
    }
    all.extend(others(b'!').map(|other| [original, &[other]].concat()));
    all.retain(|changed| changed != original);
    all
}

/// Every request that comes from this one by a change in one place.
fn changed(good: &Signed) -> Vec<Signed> {
    let mut all = Vec::new();
    let mut add = |change: &dyn Fn(&mut Signed)| {
        let mut request = good.clone();
        change(&mut request);
        all.push(request);
    };
    bytes(&good.body).into_iter().for_each(|body| add(&|request| request.body.clone_from(&body)));
    texts(&good.method).into_iter().for_each(|text| add(&|request| request.method.clone_from(&text)));
    texts(&good.host).into_iter().for_each(|text| add(&|request| request.host.clone_from(&text)));
    texts(&good.path).into_iter().for_each(|text| add(&|request| request.path.clone_from(&text)));
    texts(&good.query).into_iter().for_each(|text| add(&|request| request.query.clone_from(&text)));
    for (index, (name, value)) in good.headers.iter().enumerate() {
        for text in texts(value) {
            add(&|request| request.headers[index].1.clone_from(&text));
        }
        for text in texts(name) {
            add(&|request| request.headers[index].0.clone_from(&text));
        }
        add(&|request| drop(request.headers.remove(index)));
        // What the runtime makes of a header that came twice.
        add(&|request| request.headers[index].1 = format!("{value}, {value}"));
    }
    all
}

/// Whether a changed request means the same by the rules of SigV4: white space around and between the words of a value, and
/// between the parts of `Authorization`.
fn means_the_same(changed: &Signed, good: &Signed) -> bool {
    let plain = |request: &Signed| {
        let mut request = request.clone();
        for (name, value) in &mut request.headers {
            *value = match name.as_str() {
                "authorization" => {
                    let (scheme, parts) = value.split_once(' ').unwrap_or((value, ""));
                    let parts: Vec<&str> = parts.split(',').map(str::trim).collect();
                    format!("{scheme} {}", parts.join(","))
                }
                _ => value.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
            };
        }
        // `a` and `a=`, and empty parameters.
        let query: Vec<&str> = request.query.split('&').filter(|part| !part.is_empty()).collect();
        request.query = query.join("&");
        request
    };
    plain(changed) == plain(good)
}

#[track_caller]
fn none_is_accepted(good: &Signed, all: Vec<Signed>, may: impl Fn(&Signed) -> bool) {
    let (keys, now) = (keys(), NOW.parse().unwrap());
    assert!(good.is_accepted(&keys, now), "{good:?}");
    assert!(all.len() > 1_500, "{}", all.len());
    for request in all {
        assert!(!request.is_accepted(&keys, now) || may(&request), "{request:?}");
    }
}

#[test]
fn no_changed_request_of_sigv4_is_accepted() {
    for (provider, date) in [("candor", "x-candor-date"), ("aws", "x-amz-date")] {
        let good = sigv4(provider, date);
        none_is_accepted(&good, changed(&good), |request| means_the_same(request, &good));
    }
}

/// The scheme signs the id, the time and the body, and nothing else of a request.
fn of_webhook(version: &str, prefix: &str) {
    let good = webhook(version, prefix);
    let signed = |request: &Signed| (request.headers.clone(), request.body.clone());
    let all = changed(&good).into_iter().filter(|request| signed(request) != signed(&good)).collect();
    none_is_accepted(&good, all, |request| {
        // Further signatures may stand beside the right one, and its padding may be left out.
        let right = good.headers[2].1.trim_end_matches('=');
        let mut headers = request.headers.clone();
        let Some((_, value)) = headers.get_mut(2) else { return false };
        if value.split(' ').any(|part| part.trim_end_matches('=') == right) {
            value.clone_from(&good.headers[2].1);
        }
        headers == good.headers && request.body == good.body
    });
}

#[test]
fn no_changed_webhook_of_v1_is_accepted() {
    of_webhook("v1", "webhook");
    of_webhook("v1", "svix");
}

#[test]
fn no_changed_webhook_of_v1a_is_accepted() {
    of_webhook("v1a", "webhook");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Several bytes at once, in any value: a body and a signature that differ in what they say are refused.
    #[test]
    fn no_garbled_request_is_accepted(which in 0usize..4, places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), in_body in any::<bool>()) {
        let good = match which {
            0 => sigv4("candor", "x-candor-date"),
            1 => sigv4("aws", "x-amz-date"),
            2 => webhook("v1", "webhook"),
            _ => webhook("v1a", "webhook"),
        };
        let mut request = good.clone();
        let last = request.headers.len() - 1;
        for (place, value) in places {
            if in_body {
                let at = place.index(request.body.len());
                request.body[at] = value;
            } else {
                let mut signature = request.headers[last].1.clone().into_bytes();
                // The digits of the signature itself, without padding.
                let at = signature.len() - 3 - place.index(40);
                signature[at] = b"0123456789abcdef"[usize::from(value % 16)];
                request.headers[last].1 = String::from_utf8(signature).unwrap();
            }
        }
        prop_assume!(request != good);
        prop_assert!(!request.is_accepted(&keys(), NOW.parse().unwrap()));
    }
}
