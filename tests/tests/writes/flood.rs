//! Floods of bad signatures: they close the door to the address that makes them, and to nobody else.

use candor_tests::sign::{self, Headers, Key, SigV4};
use candor_tests::{Answer, Edge, Settings, paths};
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;

const GOOD: &[u8] = br#"{"type":"notice.post","body":"Hello"}"#;
/// The most refused signatures of one address and key in a minute.
const LIMIT: usize = 60;

/// Headers that come from this address. The local runtime believes the header; the platform sets it itself.
fn from(address: &str, mut headers: Headers) -> Headers {
    headers.push(("cf-connecting-ip".to_owned(), address.to_owned()));
    headers
}

/// A write that claims a key of the edge, from this address.
fn write(edge: &Edge, address: &str, key: &Key) -> Answer {
    let host = edge.host();
    let mut signing = SigV4::update(&host);
    signing.extra.push(("x-unique".to_owned(), sign::unique_id()));
    edge.send("POST", "/v1/updates", &from(address, signing.sign(key, GOOD)), Some(GOOD))
}

fn webhook(edge: &Edge, address: &str, key: &Key) -> Answer {
    let mut headers = sign::webhook(key, &sign::unique_id(), Timestamp::now(), GOOD);
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    edge.send("POST", "/v1/updates", &from(address, headers), Some(GOOD))
}

/// Waits until the minute is young enough for a flood: counts end with the minute.
fn early_in_the_minute() {
    let second = Timestamp::now().as_second().rem_euclid(60);
    if second > 30 {
        std::thread::sleep(Duration::from_secs(61 - u64::try_from(second).unwrap()));
    }
}

#[track_caller]
fn is_closed(answer: Answer) {
    let answer = answer.expect(429);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:candor:problem:too-many-failures");
    assert!(problem["detail"].as_str().unwrap().contains("address"), "{problem}");
}

#[test]
fn a_flood_of_bad_signatures_locks_out_nobody_else() {
    let edge = Edge::start();
    let (attacker, guessed) = ("192.0.2.1", Key::random("ops"));
    early_in_the_minute();
    for _ in 0..LIMIT {
        write(&edge, attacker, &guessed).expect(401);
    }
    is_closed(write(&edge, attacker, &guessed));
    // A longer body is not read either, and the connection stays of use.
    let long = vec![b' '; 60_000];
    for _ in 0..3 {
        let headers = from(attacker, SigV4::update(&edge.host()).sign(&guessed, &long));
        is_closed(edge.send("POST", "/v1/updates", &headers, Some(&long)));
    }
    // So is the log, which checks signatures too.
    let log = SigV4 { method: "GET", path: "/v1/log", extra: Vec::new(), ..SigV4::update(&edge.host()) }
        .sign(&guessed, b"");
    is_closed(edge.send("GET", "/v1/log", &from(attacker, log), None));

    // The key that was guessed, from elsewhere; from there, another key.
    write(&edge, "192.0.2.2", &edge.keys.ops).expect(201);
    write(&edge, "2001:db8::1", &edge.keys.ops).expect(201);
    webhook(&edge, attacker, &edge.keys.signer).expect(201);
    // A wrong signature is told from elsewhere why it is wrong.
    write(&edge, "192.0.2.2", &guessed).expect(401);
    // Whoever floods may read.
    for path in ["/status.json", "/", "/widget.js", "/healthz"] {
        edge.send("GET", path, &from(attacker, Vec::new()), None).expect(200);
    }

    // One network of IPv6 is one address.
    early_in_the_minute();
    for host in 0..LIMIT {
        webhook(&edge, &format!("2001:db8:1::{host:x}"), &Key::random("x")).expect(401);
    }
    is_closed(webhook(&edge, "2001:db8:1::ffff", &edge.keys.ops));
    webhook(&edge, "2001:db8:2::1", &edge.keys.ops).expect(201);
}

#[test]
fn the_platform_counts_where_it_is_bound_and_its_absence_is_no_fault() {
    let config = std::fs::read_to_string(paths::root().join("edge/wrangler.toml")).unwrap();
    let main = format!("main = {}", json!(paths::candor().join("edge/entry.js")));
    let config = config.replace("main = \"../target/candor/edge/entry.js\"", &main);
    let folder = tempfile::tempdir().unwrap();
    let with = |config: String| {
        let path = folder.path().join("flood.toml");
        std::fs::write(&path, config).unwrap();
        let edge = Edge::with(&Settings { config: Some(path), ..Settings::default() });
        edge.set_up_page();
        edge
    };
    let (attacker, guessed) = ("192.0.2.1", Key::random("ops"));

    let bound = "simple = { limit = 60, period = 60 }";
    assert!(config.contains(bound));
    let edge = with(config.replace(bound, "simple = { limit = 5, period = 60 }"));
    early_in_the_minute();
    for _ in 0..5 {
        write(&edge, attacker, &guessed).expect(401);
    }
    is_closed(write(&edge, attacker, &guessed));
    is_closed(write(&edge, attacker, &edge.keys.ops));
    write(&edge, "192.0.2.2", &edge.keys.ops).expect(201);
    drop(edge);

    let (before, after) = config.split_once("[[ratelimits]]").unwrap();
    let edge = with(format!("{before}{}", after.split_once(bound).unwrap().1));
    early_in_the_minute();
    for _ in 0..LIMIT {
        write(&edge, attacker, &guessed).expect(401);
    }
    is_closed(write(&edge, attacker, &guessed));
    write(&edge, "192.0.2.2", &edge.keys.ops).expect(201);
}
