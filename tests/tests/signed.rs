//! Signed documents: two libraries that are not ours verify them; keys are rotated, missing and wrong.

use candor_tests::sign::Key;
use candor_tests::{Answer, Edge, Settings, eventually, node, paths};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

const DISCOVERY: &str = "/.well-known/candor.json";

/// What both libraries say of these documents, by the keys in this document: the header and the payload, or that it is refused.
#[track_caller]
fn verify(keys: &Value, signed: &[&str]) -> Vec<Option<(Value, String)>> {
    let input = json!({"keys": keys, "signed": signed}).to_string();
    let python = || Command::new(paths::python().join("bin/python"));
    let [by_jose, by_pyjwt] = [("signed.mjs", node::command("node").unwrap()), ("signed.py", python())].map(
        |(client, mut command)| {
            let mut child = command
                .arg(format!("clients/{client}"))
                .current_dir(paths::root().join("tests"))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("the clients are installed: run `cargo xtask test signed`");
            child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{client}");
            let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
            println!("{client}: {:?}", all.iter().map(|one| &one["refused"]).collect::<Vec<_>>());
            let read = |one: &Value| Some((one["header"].clone(), one.get("payload")?.as_str()?.to_owned()));
            all.iter().map(read).collect::<Vec<_>>()
        },
    );
    assert_eq!(by_jose, by_pyjwt, "the libraries agree");
    by_jose
}

/// A signed document that must be there, as text.
#[track_caller]
fn signed(edge: &Edge, name: &str) -> String {
    let answer = edge.get(&format!("/signed{name}")).expect(200);
    assert_eq!(answer.header("content-type"), Some("application/jose"), "{name}");
    answer.text()
}

fn with_accept_language(edge: &Edge, path: &str, language: &str) -> Answer {
    edge.send("GET", path, &vec![("accept-language".to_owned(), language.to_owned())], None).expect(200)
}

/// The JWS with another character at this place of its part: 0 is the header, 1 the payload, 2 the signature.
fn altered(jws: &str, part: usize) -> String {
    let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
    let other = if parts[part].as_bytes()[20] == b'A' { "B" } else { "A" };
    parts[part].replace_range(20..21, other);
    parts.join(".")
}

fn setting(keys: &[(&Key, Option<&str>)]) -> String {
    let entry = |(key, not_after): &(&Key, Option<&str>)| match not_after {
        None => json!({"id": key.id, "secret": key.secret}),
        Some(end) => json!({"id": key.id, "secret": key.secret, "not_after": end}),
    };
    Value::from(keys.iter().map(entry).collect::<Vec<_>>()).to_string()
}

#[test]
fn two_libraries_verify_every_document() {
    let edge = Edge::with(&Settings {
        more: vec![("CANDOR_MIRRORS".to_owned(), r#"["https://mirror.example.net"]"#.to_owned())],
        ..Settings::default()
    });
    edge.set_up_page();
    edge.accept(&json!([
        {"type":"incident.open","id":"down","name":"Käse ✓","impact":"major","components":{"checkins":"major_outage"},
         "body":"We broke check-ins."},
        {"type":"notice.post","body":"We move."},
    ]));
    let keys = edge.get(DISCOVERY).expect(200);
    assert_eq!(keys.header("content-type"), Some("application/json"));
    assert_eq!(keys.header("access-control-allow-origin"), Some("*"));
    let keys = keys.json();
    assert_eq!(keys["page"], json!({"name":"Trailmark","url":"https://trailmark.example"}));
    assert_eq!(keys["signed"], "https://trailmark.example/signed{+path}");
    assert_eq!(keys["mirrors"], json!(["https://mirror.example.net"]));
    assert_eq!(edge.get("/healthz").json()["editions"], "signed");

    let names = [
        "/status.json",
        "/metrics.json",
        "/notice.json",
        "/bulletin.json",
        "/bulletin.json?components=checkins&lang=ar",
        "/panel.json?lang=de",
        "/api/v2/summary.json",
        "/history.atom",
        "/history.rss?lang=ja",
        "/feed.json",
        "/",
        "/incidents/down",
        "/badge.svg?component=api",
        DISCOVERY,
    ];
    let plain: Vec<Answer> = names.iter().map(|name| edge.get(name).expect(200)).collect();
    let all: Vec<String> = names.iter().map(|name| signed(&edge, name)).collect();
    let read = verify(&keys, &all.iter().map(String::as_str).collect::<Vec<_>>());
    let status = edge.status();
    for ((name, plain), read) in names.iter().zip(&plain).zip(read) {
        let (header, payload) = read.unwrap_or_else(|| panic!("{name} is refused"));
        assert_eq!(payload.as_bytes(), plain.body, "{name}");
        let media_type = plain.header("content-type").unwrap();
        let expected = json!({
            "alg": "EdDSA",
            "kid": edge.keys.edition.id,
            "typ": "candor+jws",
            "cty": media_type.strip_prefix("application/").unwrap_or(media_type),
            "page": "https://trailmark.example",
            "path": name,
            "version": status["version"],
            "epoch": header["epoch"],
            "published_at": status["published_at"],
            "signed_at": header["signed_at"],
        });
        assert_eq!(header, expected);
        assert!(header["epoch"].as_str().is_some_and(|epoch| epoch.len() == 16), "{header}");
        let at: jiff::Timestamp = header["signed_at"].as_str().unwrap().parse().unwrap();
        let age = jiff::Timestamp::now().duration_since(at).as_secs();
        assert!((-1..120).contains(&age), "{header}");
    }

    // Nothing else passes: not with another header, payload or signature, nor by other keys.
    let [header, payload, signature] = [0, 1, 2].map(|part| altered(&all[0], part));
    assert_eq!(verify(&keys, &[&header, &payload, &signature]), [None, None, None]);
    let mut foreign = keys.clone();
    foreign["keys"][0]["kid"] = "2031".into();
    assert_eq!(verify(&foreign, &[&all[0]]), [None], "nobody knows the key");
    foreign["keys"][0]["kid"] = keys["keys"][0]["kid"].clone();
    foreign["keys"][0]["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into();
    assert_eq!(verify(&foreign, &[&all[0]]), [None], "another page's key of the same name");
}

#[test]
fn a_signed_document_is_served_as_any_other() {
    let edge = Edge::start();
    edge.get("/signed/status.json").expect(404);
    edge.get(DISCOVERY).expect(404);
    edge.set_up_page();
    let first = edge.get("/signed/status.json").expect(200);
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!(
        first.header("cache-control"),
        Some("public, max-age=5, stale-while-revalidate=30, stale-if-error=86400")
    );
    assert_eq!(first.header("access-control-allow-origin"), Some("*"));
    let again = edge.send("GET", "/signed/status.json", &vec![("if-none-match".to_owned(), etag)], None);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(edge.send("HEAD", "/signed/status.json", &Vec::new(), None).expect(200).body, b"");
    edge.send("OPTIONS", "/signed/status.json", &Vec::new(), None).expect(204);
    edge.send("POST", "/signed/status.json", &Vec::new(), Some(b"")).expect(405);

    // The language is negotiated as for the document.
    let german = with_accept_language(&edge, "/signed/bulletin.json", "de-CH");
    assert_eq!(german.header("vary"), Some("accept-language"));
    assert_eq!(german.body, edge.get("/signed/bulletin.json?lang=de").body);
    assert_ne!(german.body, edge.get("/signed/bulletin.json").body);

    // What is not there is not signed, and a path with a slash too many leads to the right one.
    for path in ["/signed/notice.json", "/signed/incidents/none", "/signed", "/signed/signed/status.json"] {
        let answer = edge.get(path).expect(404);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
    let moved = edge.get("/signed//status.json").expect(308);
    assert_eq!(moved.header("location"), Some("/signed/status.json"));

    // After a write, a reader gets what was written.
    let keys = edge.get(DISCOVERY).json();
    edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    let (header, payload) = verify(&keys, &[&signed(&edge, "/status.json")]).remove(0).unwrap();
    assert_eq!(header["version"], edge.version());
    assert!(payload.contains("Hello"), "{payload}");
    let (header, _) = verify(&keys, &[&signed(&edge, "/notice.json")]).remove(0).unwrap();
    assert_eq!(header["path"], "/notice.json");
}

#[test]
fn keys_are_rotated_without_a_gap() {
    let mut edge = Edge::start();
    edge.set_up_page();
    let old_keys = edge.get(DISCOVERY).json();
    let old = edge.keys.edition.clone();
    let new = Key::random_ed25519("2028");
    let before = signed(&edge, "/status.json");

    // The new key is named, and the old one vouches for it.
    edge.restart_set("CANDOR_EDITION_KEY", &setting(&[(&old, None), (&new, None)]));
    let (header, payload) = verify(&old_keys, &[&signed(&edge, DISCOVERY)]).remove(0).unwrap();
    assert_eq!(header["kid"], "2027");
    let both: Value = serde_json::from_str(&payload).unwrap();
    assert_eq!(both["keys"].as_array().unwrap().len(), 2);

    // The new one signs, and the old one holds no longer.
    let expired = setting(&[(&old, Some("2020-01-01T00:00:00Z")), (&new, None)]);
    edge.restart_set("CANDOR_EDITION_KEY", &expired);
    let after = signed(&edge, "/status.json");
    let (header, _) = verify(&both, &[&after]).remove(0).unwrap();
    assert_eq!(header["kid"], "2028");
    let keys = edge.get(DISCOVERY).json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    let read = verify(&keys, &[&before, &after]);
    assert!(read[0].is_none() && read[1].is_some(), "{read:?}");

    // When all have expired, nothing is signed.
    let expired = setting(&[(&old, Some("2020-01-01T00:00:00Z"))]);
    edge.restart_set("CANDOR_EDITION_KEY", &expired);
    let refused = edge.get("/signed/status.json").expect(404);
    assert!(refused.text().contains("not expired"), "{}", refused.text());
    assert_eq!(edge.get("/healthz").expect(200).json()["editions"], "expired");
}

#[test]
fn without_a_key_everything_else_works() {
    let more = vec![("CANDOR_EDITION_KEY".to_owned(), String::new())];
    let edge = Edge::with(&Settings { more, ..Settings::default() });
    edge.set_up_page();
    let html = vec![("accept".to_owned(), "text/html".to_owned())];
    for path in ["/signed/status.json", "/signed/", "/signed/incidents/none", "/signed/embed"] {
        let refused = edge.get(path).expect(404);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"), "{path}");
        assert!(refused.text().contains("the setting CANDOR_EDITION_KEY is not set"), "{}", refused.text());
        let page = edge.send("GET", path, &html, None).expect(404);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(page.text().contains("<h1>There is nothing on record here</h1>"), "{path}: {}", page.text());
    }
    let named = edge.get(DISCOVERY).expect(200).json();
    assert_eq!(
        named,
        json!({"schema":1,"page":{"name":"Trailmark","url":"https://trailmark.example"},"keys":[],"mirrors":[]})
    );
    assert_eq!(edge.get("/healthz").expect(200).json()["editions"], "unsigned");
    edge.get("/status.json").expect(200);
}

#[test]
fn a_wrong_setting_is_named_and_stops_nothing_else() {
    let secret = "whsk_dGhpcyBpcyBub3Qgc2VjcmV0";
    for (name, value) in [
        ("CANDOR_EDITION_KEY", format!(r#"[{{"id":"2027","secret":"{secret}"}}]"#)),
        ("CANDOR_EDITION_KEY", format!(r#"[{{"id":"2027","secret":"{secret}","role":"king"}}]"#)),
        ("CANDOR_MIRRORS", format!(r#"["http://{secret}.example"]"#)),
    ] {
        let edge = Edge::with(&Settings { more: vec![(name.to_owned(), value)], ..Settings::default() });
        edge.set_up_page();
        for path in ["/healthz", "/signed/status.json", DISCOVERY] {
            let answer = edge.get(path).expect(503);
            assert!(answer.text().contains(name) && !answer.text().contains(secret), "{}", answer.text());
        }
        edge.get("/status.json").expect(200);
        eventually("the log names the setting", Duration::from_secs(10), || {
            edge.log().contains(name).then_some(())
        });
        assert!(!edge.log().contains(secret), "the log contains a secret");
    }
}
