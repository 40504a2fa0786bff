//! The causes that errors name, as a sender sees them: of bodies, of what stands in place of a signature, and of settings. Nothing that
//! may be a secret is in an answer or in the worker's log.

use candor_tests::sign::{self, Headers, Key, SigV4};
use candor_tests::{Answer, Edge, Settings};
use jiff::Timestamp;
use serde_json::json;

const GOOD: &[u8] = br#"{"type":"notice.post","body":"Hello"}"#;
/// `GOOD` as `gzip -n`, zlib and zstd begin it. What follows does not matter.
const GZIP: &[u8] =
    b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03\xABV*\xA9,HU\xB2R\xCA\xCB/\xC9LN\xD5+\xC8/.Q\xD2";
const ZLIB: &[u8] = b"\x78\x9C\xABV*\xA9,HU\xB2R\xCA\xCB/\xC9LN\xD5+\xC8/.Q\xD2";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD\x24\x25\x29\x01\x00{\"type\":\"notice.post\"";

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A body that is signed as a webhook, with more headers.
fn webhook(edge: &Edge, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), body);
    headers.push(header("content-type", "application/json"));
    headers.extend(more.iter().map(|(name, value)| header(name, value)));
    edge.send("POST", path, &headers, Some(body))
}

/// `GOOD` under Signature Version 4 with more signed headers, changed after signing.
fn sigv4(edge: &Edge, extra: &[(&str, &str)], change: impl Fn(&mut Headers)) -> Answer {
    let host = edge.host();
    let mut signing = SigV4::update(&host);
    signing.extra.extend(extra.iter().map(|(name, value)| header(name, value)));
    let mut headers = signing.sign(&edge.keys.ops, GOOD);
    change(&mut headers);
    edge.send("POST", "/v1/updates", &headers, Some(GOOD))
}

#[track_caller]
fn says(answer: Answer, status: u16, expected: &str) {
    let answer = answer.expect(status);
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains(expected), "{expected}: {detail}");
}

#[test]
fn a_compressed_body_is_refused_with_its_coding() {
    let edge = Edge::start();
    edge.set_up_page();
    let version = edge.version();
    for path in ["/v1/updates", "/v1/restore", "/v1/export", "/v1/standby"] {
        for coding in ["gzip", "br", "deflate", "zstd"] {
            let answer = webhook(&edge, path, &[("content-encoding", coding)], GZIP);
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "{path} {coding}");
            says(answer, 415, &format!("Content-Encoding is \"{coding}\""));
        }
        for (body, name) in [(GZIP, "gzip"), (ZLIB, "zlib"), (ZSTD, "zstd")] {
            let answer = webhook(&edge, path, &[], body);
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "{path} {name}");
            says(answer, 415, &format!("The body is compressed ({name}"));
        }
    }
    // Under the other scheme, and a plain body that is said to be compressed.
    let headers = SigV4::update(&edge.host()).sign(&edge.keys.ops, GZIP);
    says(edge.send("POST", "/v1/updates", &headers, Some(GZIP)), 415, "gzip");
    says(webhook(&edge, "/v1/updates", &[("content-encoding", "deflate")], GOOD), 415, "deflate");
    assert_eq!(edge.version(), version);
    webhook(&edge, "/v1/updates", &[("content-encoding", "identity")], GOOD).expect(201);
}

#[test]
fn the_cause_of_bad_json_is_the_one_at_its_place() {
    let edge = Edge::start();
    for (body, expected) in [
        ("{\"type\":\"notice.post\",\"body\":\"x\u{FFFD}\",}".as_bytes(), "column 37: trailing comma."),
        ("{\"type\":\"notice.post\",\"body\":\"\u{201C}x\u{201D}\",}".as_bytes(), "trailing comma."),
        (b"{\"type\":\"notice.post\",\"body\":\"\x1B[31mred\"}", "U+001B"),
        (b"{\"type\":\"notice.post\",\"body\":\"a\0b\"}", "U+0000"),
        (b"{\"type\":\"notice.post\",\"body\":\"a\nb\"}", "a line end in it: write \\n"),
        (b"{\"type\":\"notice.post\",\"body\":\"\\ud83d\"}", "unpaired surrogate"),
        (b"{\"type\":\"notice.post\",\"body\":\"\\ud83d \\ude00\"}", "unpaired surrogate"),
        (b"{\"type\":\"notice.post\",\"body\":\"caf\xE9\"}", "not UTF-8 from byte 34 on"),
        (b"{\"type\":\"notice.post\",\"body\":\"He said \"no\".\"}", "double quote in it"),
    ] {
        says(webhook(&edge, "/v1/updates", &[], body), 400, expected);
    }
}

#[test]
fn what_stands_in_place_of_a_signature_is_named_and_not_quoted() {
    let edge = Edge::start();
    let send = |query: &str, headers: &[(&str, &str)]| {
        let mut all = vec![header("content-type", "application/json")];
        all.extend(headers.iter().map(|(name, value)| header(name, value)));
        edge.send("POST", &format!("/v1/updates{query}"), &all, Some(GOOD))
    };
    for (query, headers, expected) in [
        ("", &[("authorization", "Basic b3BzOmNhbmFyeQ==")][..], "Authorization is Basic"),
        ("", &[("authorization", "Basic b3BzOmNhbmFyeQ==")], "add --aws-sigv4 \"candor:candor\""),
        (
            "",
            &[("authorization", "Bearer whsec_canary")],
            "Authorization is Bearer: this page takes signatures, not tokens",
        ),
        (
            "",
            &[("authorization", "OAuth whsec_canary")],
            "Authorization is OAuth: this page takes signatures",
        ),
        ("", &[("authorization", "whsec_canary")], "neither CANDOR4-HMAC-SHA256"),
        ("?X-Amz-Signature=00", &[], "signed in its query"),
        ("", &[("x-api-key", "whsec_canary")], "does not read x-api-key"),
    ] {
        let answer = send(query, headers);
        assert!(!answer.text().contains("canary") && !answer.text().contains("b3Bz"), "{}", answer.text());
        says(answer, 401, expected);
    }
    // The id and the secret swapped, or something else than a colon between them.
    let secret = "whsec_canaryAAAAAAAA/AAAAAAAAAAAAAA+canary";
    for id in [secret.to_owned(), format!("ops {secret}"), format!("{secret} ops")] {
        let swapped = Key { id, secret: "ops".to_owned() };
        let headers = SigV4::update(&edge.host()).sign(&swapped, GOOD);
        let answer = edge.send("POST", "/v1/updates", &headers, Some(GOOD));
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        says(answer, 401, "may be swapped");
    }
    let log = edge.log();
    assert!(!log.contains("canary") && !log.contains("b3BzOm"), "{log}");
}

#[test]
fn the_part_of_a_signature_that_is_wrong_is_named() {
    let edge = Edge::start();
    let change = |name: &'static str, with: fn(&str) -> String| {
        move |headers: &mut Headers| {
            let (_, value) = headers.iter_mut().find(|(its, _)| its == name).expect("the header");
            *value = with(value);
        }
    };
    for name in ["x-azure-ref", "x-amz-cf-id", "sentry-trace", "my-gateway-id"] {
        let changed = sigv4(&edge, &[(name, "1")], |headers| {
            headers.retain(|(its, _)| its != name);
            headers.push(header(name, "2"));
        });
        says(changed, 401, &format!("leave them unsigned: {name}."));
        let removed = sigv4(&edge, &[(name, "1")], |headers| headers.retain(|(its, _)| its != name));
        says(removed, 401, "leave it unsigned");
    }
    let cut = |value: &str| value[..value.len() - 2].to_owned();
    says(sigv4(&edge, &[], change("authorization", cut)), 401, "not 64 hex digits but 62 characters");
    let emptied = |value: &str| value.split_inclusive("Signature=").next().unwrap_or_default().to_owned();
    says(sigv4(&edge, &[], change("authorization", emptied)), 401, "not 64 hex digits but 0 characters");
    let streamed = [("x-candor-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")];
    says(sigv4(&edge, &streamed, |_| ()), 401, "signed in chunks");

    let signed = |with: fn(&str) -> String| {
        let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), GOOD);
        headers.push(header("content-type", "application/json"));
        change("webhook-signature", with)(&mut headers);
        edge.send("POST", "/v1/updates", &headers, Some(GOOD))
    };
    let with: [fn(&str) -> String; 4] = [
        |one| format!("{one}\t{one}"),
        |one| format!("{one},{one}"),
        |one| format!("{one};{one}"),
        |one| format!("\"{one}\""),
    ];
    for with in with {
        says(signed(with), 401, "separate signatures by spaces alone");
    }
    signed(|one| format!("{one}  {one}")).expect(201);
}

#[test]
fn a_wrong_key_is_named_with_its_field() {
    let (one, two) = (Key::random("one"), Key::random("two"));
    let entry = |more: serde_json::Value| {
        let mut entry = json!({ "id": "two", "secret": two.secret, "role": "operator" });
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{ "id": "one", "secret": one.secret, "role": "operator" }, entry]).to_string()
    };
    for (keys, expected) in [
        (
            entry(json!({ "role": "Operator" })),
            "key two: the field \"role\" is not \"operator\" or \"monitor\"",
        ),
        (entry(json!({ "id": "a/b" })), "key number 2: the field \"id\" is not"),
        (entry(json!({ "not_after": "2027-01-01" })), "key two: the field \"not_after\" is not a time"),
        (entry(json!({ "whsec_canary": 1 })), "key two: a field is none of \"id\", \"secret\""),
        ("[null]".to_owned(), "key number 1: it is not an object"),
    ] {
        let edge = Edge::with(&Settings { keys: Some(keys), ..Settings::default() });
        let answer = edge.post_as(&one, "msg_1", GOOD);
        let (text, log) = (answer.text(), edge.log());
        let log: Vec<&str> = log.lines().filter(|line| line.contains("a setting is wrong")).collect();
        let log = log.join("\n");
        for secret in [one.secret.as_str(), two.secret.as_str(), "canary"] {
            assert!(!text.contains(secret) && !log.contains(secret), "{text}\n{log}");
        }
        says(answer, 503, expected);
    }
}
