//! Signatures as other tools and networks spell them, the causes that errors name, and what requests cost.

use candor_tests::sign::{self, Headers, Key, SigV4};
use candor_tests::{Answer, Edge, Settings};
use jiff::Timestamp;
use serde_json::json;

const GOOD: &[u8] = br#"{"type":"notice.post","body":"Hello"}"#;

fn json_type() -> (String, String) {
    ("content-type".to_owned(), "application/json".to_owned())
}

/// `GOOD` as a webhook under another name, changed after signing.
fn webhook(edge: &Edge, change: impl Fn(&mut Headers)) -> Answer {
    let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), GOOD);
    headers.push(json_type());
    change(&mut headers);
    edge.send("POST", "/v1/updates", &headers, Some(GOOD))
}

/// `GOOD` under Signature Version 4 with one more signed header, changed after signing.
fn sigv4(edge: &Edge, extra: Option<(&str, &str)>, change: impl Fn(&mut Headers)) -> Answer {
    let host = edge.host();
    let mut signing = SigV4::update(&host);
    signing.extra.extend(extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    // No two requests have the same signature.
    signing.extra.push(("x-unique".to_owned(), sign::unique_id()));
    let mut headers = signing.sign(&edge.keys.ops, GOOD);
    change(&mut headers);
    edge.send("POST", "/v1/updates", &headers, Some(GOOD))
}

fn change(headers: &mut Headers, name: &str, with: impl Fn(&str) -> String) {
    let (_, value) = headers.iter_mut().find(|(its, _)| its == name).expect("the header");
    *value = with(value);
}

fn again(headers: &mut Headers, name: &str) {
    let header = headers.iter().find(|(its, _)| its == name).expect("the header").clone();
    headers.push(header);
}

#[test]
fn equivalent_spellings_are_let_in() {
    let edge = Edge::start();
    let svix = |headers: &mut Headers| {
        for (name, _) in headers.iter_mut() {
            *name = name.replace("webhook-", "svix-");
        }
    };
    let unpadded = |headers: &mut Headers| {
        change(headers, "webhook-signature", |value| value.trim_end_matches('=').to_owned());
    };
    webhook(&edge, svix).expect(201);
    webhook(&edge, unpadded).expect(201);
    webhook(&edge, |headers| {
        unpadded(headers);
        svix(headers);
    })
    .expect(201);
    // A dot at the end of the host names the same host.
    let host = edge.host().replacen(':', ".:", 1);
    let headers = SigV4::update(&host).sign(&edge.keys.ops, GOOD);
    edge.send("POST", "/v1/updates", &headers, Some(GOOD)).expect(201);
    // The scheme joins the values of a header that comes twice with a comma, the runtime with a comma and a space.
    sigv4(&edge, Some(("x-trace", "1,2")), |headers| {
        headers.retain(|(name, _)| name != "x-trace");
        headers.extend(["1", "2"].map(|value| ("x-trace".to_owned(), value.to_owned())));
    })
    .expect(201);

    // The version, or the ETag of what is shown in it.
    let tag = || {
        let version = edge.version();
        let status = edge.get(&format!("/status.json?at={version}")).expect(200);
        (version, status.header("etag").unwrap().to_owned())
    };
    let given = |tag: &str| webhook(&edge, |headers| headers.push(("if-match".to_owned(), tag.to_owned())));
    given(&format!("W/\"{}\"", tag().0)).expect(201);
    given(&format!("W/{}", tag().1)).expect(201);
    given(&tag().1).expect(201);
    given(&format!("\"{}-0a1b2c3d4e5f\"", tag().0)).expect(412);
    let late = webhook(&edge, |headers| headers.push(("if-match".to_owned(), "W/\"1\"".to_owned())));
    late.expect(412);
}

#[test]
fn the_error_names_the_cause() {
    let edge = Edge::start();
    let set = |name: &'static str, value: &'static str| {
        move |headers: &mut Headers| change(headers, name, |_| value.to_owned())
    };
    let twice = |name: &'static str| move |headers: &mut Headers| again(headers, name);
    let signatures = |count: usize| {
        move |headers: &mut Headers| {
            change(headers, "webhook-signature", |value| vec![value; count].join(" "));
        }
    };
    let answers = [
        ("via", sigv4(&edge, Some(("via", "1.1 a")), set("via", "1.1 a, 1.1 b")), "unsigned: via"),
        (
            "x-forwarded-for",
            sigv4(&edge, Some(("x-forwarded-for", "192.0.2.1")), set("x-forwarded-for", "192.0.2.2")),
            "unsigned: x-forwarded-for",
        ),
        (
            "user-agent",
            sigv4(&edge, Some(("user-agent", "a")), set("user-agent", "b")),
            "unsigned: user-agent",
        ),
        ("x-trace", sigv4(&edge, Some(("x-trace", "1")), twice("x-trace")), "twice: x-trace"),
        ("the date", sigv4(&edge, None, twice("x-candor-date")), "x-candor-date came twice"),
        ("authorization", sigv4(&edge, None, twice("authorization")), "authorization came twice"),
        ("webhook-id", webhook(&edge, twice("webhook-id")), "webhook-id came twice"),
        ("webhook-signature", webhook(&edge, twice("webhook-signature")), "webhook-signature came twice"),
        (
            "no svix-id",
            webhook(&edge, |headers| {
                headers.retain(|(name, _)| name != "webhook-id");
                for (name, _) in headers.iter_mut() {
                    *name = name.replace("webhook-", "svix-");
                }
            }),
            "svix-id is missing",
        ),
        ("milliseconds", webhook(&edge, set("webhook-timestamp", "1772366400000")), "milliseconds"),
        ("11 signatures", webhook(&edge, signatures(11)), "more than 10"),
    ];
    for (what, answer, says) in answers {
        let answer = answer.expect(401).json();
        assert!(answer["detail"].as_str().unwrap().contains(says), "{what}: {answer}");
    }
    webhook(&edge, signatures(10)).expect(201);
    let answer = webhook(&edge, twice("content-type")).expect(415).json();
    assert!(answer["detail"].as_str().unwrap().contains("twice"), "{answer}");
    for (body, says) in [
        (r#"{\"type\":\"notice.clear\"}"#, "backslash"),
        ("{'type':'notice.clear'}", "double quotes"),
        (r#"[{type:notice.clear}]"#, "shell removed"),
    ] {
        let answer = edge.post_as(&edge.keys.ops, &sign::unique_id(), body.as_bytes()).expect(400).json();
        assert!(answer["detail"].as_str().unwrap().contains(says), "{body}: {answer}");
    }
    let one = json!([{"type":"notice.clear"}]).to_string();
    let answer = edge.post_as(&edge.keys.probe, &sign::unique_id(), one.as_bytes()).expect(403).json();
    assert_eq!(answer["pointer"], "/0/type");
}

#[test]
fn what_an_editor_or_a_shell_did_to_the_keys_is_mended_or_named() {
    let key = Key::random("own");
    let json = json!([{"id":key.id,"secret":key.secret,"role":"operator"}]).to_string();
    let marked = Edge::with(&Settings { keys: Some(format!("\u{feff}{json}")), ..Settings::default() });
    marked.post_as(&key, "msg_1", GOOD).expect(201);
    let escaped = json.replace('"', "\\\"");
    let escaped = Edge::with(&Settings { keys: Some(escaped), ..Settings::default() });
    let answer = escaped.post_as(&key, "msg_1", GOOD).expect(503);
    assert!(answer.text().contains("backslash") && !answer.text().contains(&key.secret), "{}", answer.text());
}

#[test]
fn a_refusal_takes_from_the_allowance_of_its_key() {
    let edge = Edge::with(&Settings {
        more: vec![("CANDOR_WRITES_PER_MINUTE".to_owned(), "5".to_owned())],
        ..Settings::default()
    });
    let started = std::time::Instant::now();
    let stale =
        || webhook(&edge, |headers| headers.push(("if-match".to_owned(), "\"999\"".to_owned()))).status;
    let answers: Vec<u16> = (0..12).map(|_| stale()).collect();
    let refilled = usize::try_from(started.elapsed().as_secs() / 12).unwrap() + 1;
    let stored = answers.iter().filter(|status| **status == 412).count();
    assert!((5..=5 + refilled).contains(&stored), "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 412 | 429)), "{answers:?}");
    // A dry run and an update come from the same allowance; another key has its own.
    let update = json!({"type":"page.set","name":"Mine"}).to_string();
    edge.post_as(&edge.keys.signer, "msg_other", update.as_bytes()).expect(201);
}
