//! Measures what a request without a valid signature costs, as multiples of hashing the longest body once. Run it with
//! `cargo test -p candor-edge cost -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use candor_shared::limits;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::check::verify;
use super::verified::Request;
use crate::settings::{Key, parse_keys};

const RUNS: u32 = 20;

/// The least time of several runs.
fn time(mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..RUNS).map(|_| once(&mut work)).min().unwrap()
}

fn keys(secrets: u8, public: u8) -> Vec<Key> {
    let secret = |n: u8| {
        format!(r#"{{"id":"s{n}","secret":"whsec_{}","role":"operator"}}"#, Base64::encode_string(&[n; 32]))
    };
    let public_key = |n: u8| {
        let key = SigningKey::from_bytes(&[n; 32]).verifying_key();
        format!(
            r#"{{"id":"p{n}","public_key":"whpk_{}","role":"operator"}}"#,
            Base64::encode_string(key.as_bytes())
        )
    };
    let entries: Vec<String> = (0..secrets).map(secret).chain((0..public).map(public_key)).collect();
    parse_keys(&format!("[{}]", entries.join(","))).unwrap()
}

#[test]
#[ignore = "measures time; other work on the machine disturbs it"]
fn a_request_without_a_valid_signature_costs_a_few_hashes_of_its_body() {
    let body = vec![b' '; limits::REQUEST_BYTES];
    let hash = time(|| {
        std::hint::black_box(Sha256::digest(std::hint::black_box(&body)));
    });
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let v1 = format!("v1,{}", Base64::encode_string(&[9; 32]));
    let v1a =
        format!("v1a,{}", Base64::encode_string(&SigningKey::from_bytes(&[99; 32]).sign(b"x").to_bytes()));
    let named = |headers: &[(&str, &str)]| -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let webhook = |v1s: usize, v1as: usize| {
        let signatures = [vec![v1.as_str(); v1s], vec![v1a.as_str(); v1as]].concat().join(" ");
        named(&[
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", "1772366400"),
            ("webhook-signature", &signatures),
        ])
    };
    let sigv4 = named(&[
        ("x-candor-date", "20260301T120000Z"),
        ("x-long", &"a, b, ".repeat(660)),
        (
            "authorization",
            &format!(
                "CANDOR4-HMAC-SHA256 Credential=s0/20260301/eu/status/candor4_request, \
                 SignedHeaders=host;x-candor-date;x-long, Signature={}",
                "00".repeat(32)
            ),
        ),
    ]);
    for (what, headers, keys) in [
        ("5 secrets, 10 v1 signatures", webhook(10, 0), keys(5, 0)),
        ("5 secrets, SigV4 with the longest headers", sigv4, keys(5, 0)),
        // How fast Ed25519 is in comparison depends on the build.
        ("5 public keys, 1 v1a signature", webhook(0, 1), keys(0, 5)),
        ("3 secrets and 2 public keys, 7 v1 and 3 v1a signatures", webhook(7, 3), keys(3, 2)),
    ] {
        let request = Request {
            method: "POST",
            host: "status.example.com",
            path: "/v1/updates",
            query: "b=1&a",
            headers: &headers,
            body: &body,
        };
        let cost = time(|| assert!(verify(&request, &keys, now).is_err()));
        let ratio = cost.as_secs_f64() / hash.as_secs_f64();
        println!("{what}: {:.2} ms, {ratio:.1} hashes of the body", cost.as_secs_f64() * 1000.0);
    }
}
