//! Accepted requests, and their answers.

use candor_tests::sign::{self, SigV4};
use candor_tests::{Answer, Edge};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

fn open(id: &str) -> Value {
    json!({"type":"incident.open","id":id,"name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage"},"started_at":"2010-10-04T15:00:00Z",
        "body":"We broke check-ins. We are on it.","next_update_in":"30m",
        "roles":{"communications":"support lead","responders":["on-call"]}})
}

fn incidents(edge: &Edge) -> Vec<String> {
    let status = edge.status();
    let ids = status["incidents"].as_array().unwrap().iter();
    ids.map(|incident| incident["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_signature_scheme_is_accepted() {
    let edge = Edge::start();
    edge.set_up_page();
    let ops = &edge.keys.ops;
    let curl = |provider: &str, id: &str| edge.curl(provider, ops, &open(id).to_string(), &[]);
    let own = |signing: SigV4<'_>, id: &str| {
        let body = open(id).to_string();
        let headers = signing.sign(ops, body.as_bytes());
        edge.send("POST", "/v1/updates", &headers, Some(body.as_bytes()))
    };
    let host = edge.host();
    let webhook = |key, id: &str| edge.post_as(key, &sign::unique_id(), open(id).to_string().as_bytes());
    let answers: Vec<(&str, Answer)> = vec![
        ("curl", curl("candor:candor", "a")),
        ("curl-region", curl("candor:candor:eu:status", "b")),
        ("curl-aws", curl("aws:amz", "c")),
        ("curl-aws-region", curl("aws:amz:us-east-1:execute-api", "d")),
        ("sigv4", own(SigV4::update(&host), "e")),
        ("sigv4-aws", own(SigV4::update(&host).aws(), "f")),
        (
            "sigv4-header",
            own(
                SigV4 {
                    extra: vec![
                        ("content-type".into(), "application/json; charset=utf-8".into()),
                        ("x-trace".into(), " a  b ".into()),
                    ],
                    ..SigV4::update(&host)
                },
                "g",
            ),
        ),
        (
            "sigv4-skew",
            own(SigV4 { at: Timestamp::now() - SignedDuration::from_secs(240), ..SigV4::update(&host) }, "h"),
        ),
        ("webhook", webhook(ops, "i")),
        ("webhook-ed25519", webhook(&edge.keys.signer, "j")),
    ];
    for (name, answer) in &answers {
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
    }
    assert_eq!(incidents(&edge).len(), answers.len());
}

#[test]
fn one_valid_signature_of_several_is_enough() {
    // A sender that rotates its key signs with both keys for a while.
    let edge = Edge::start();
    let body = br#"{"type":"page.set","name":"Trailmark"}"#;
    let (id, now) = (sign::unique_id(), Timestamp::now());
    let mut headers = sign::webhook(&sign::Key::random("old"), &id, now, body);
    let good = sign::webhook(&edge.keys.ops, &id, now, body);
    headers[2].1 = format!("v9,abc {} {}", headers[2].1, good[2].1);
    headers.push(("content-type".into(), "application/json".into()));
    edge.send("POST", "/v1/updates", &headers, Some(body)).expect(201);
}

#[test]
fn an_accepted_update_returns_its_version_and_is_published_at_once() {
    let edge = Edge::start();
    edge.set_up_page();
    // It was there before the incident began.
    edge.accept(&json!({"type":"component.set","id":"checkins","at":"2010-01-01T00:00:00Z"}));
    let version = edge.version();
    let answer = edge.post(&open("checkins-down")).expect(201);
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    let answer = answer.json();
    assert_eq!(answer["version"], version + 1);
    assert_eq!(answer["results"][0]["type"], "incident.open");
    assert_eq!(answer["results"][0]["id"], "checkins-down");
    assert_eq!(answer["advice"], json!([]), "a complete update gets no advice");

    let status = edge.status();
    assert_eq!(status["version"], version + 1);
    assert_eq!(status["indicator"], "major");
    assert_eq!(status["components"][0]["id"], "checkins");
    assert_eq!(status["components"][0]["status"], "major_outage");
    assert_eq!(status["incidents"][0]["body"], "We broke check-ins. We are on it.");
    assert_eq!(status["incidents"][0]["started_at"], "2010-10-04T15:00:00.000Z");
    assert!(status["incidents"][0]["next_update_at"].is_string());

    // Without an id, the update applies to the only open incident. Resolving it releases its component.
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"It is over."}));
    let status = edge.status();
    assert_eq!((&status["indicator"], &status["components"]), (&json!("none"), &json!([])));
    assert_eq!(status["incidents"], json!([]));
}

#[test]
fn the_answer_has_the_generated_id_and_advice() {
    let edge = Edge::start();
    edge.set_up_page();
    let answer = edge.accept(&json!({"type":"incident.open","name":"Something is wrong","impact":"minor","body":"We are looking."}));
    let id = answer["results"][0]["id"].as_str().unwrap().to_owned();
    assert!(!id.is_empty());
    let advice = answer["advice"].to_string();
    assert!(advice.contains("next_update_in") && advice.contains("components"), "{advice}");
    edge.accept(&json!({"type":"incident.update","incident":id,"body":"Found it.","status":"identified"}));
}

#[test]
fn a_dry_run_returns_the_status_and_stores_nothing() {
    let edge = Edge::start();
    edge.set_up_page();
    let before = edge.status();
    let body = open("checkins-down").to_string();
    let host = edge.host();
    let headers =
        SigV4 { query: "dry_run=true", ..SigV4::update(&host) }.sign(&edge.keys.ops, body.as_bytes());
    let answer =
        edge.send("POST", "/v1/updates?dry_run=true", &headers, Some(body.as_bytes())).expect(200).json();
    assert_eq!(answer["results"][0]["id"], "checkins-down");
    assert!(
        answer.to_string().contains("\"indicator\":\"major\""),
        "the answer has the status after the update: {answer}"
    );
    assert_eq!(edge.status(), before);
    // The dry run did not take the id.
    edge.accept(&open("checkins-down"));
}

#[test]
fn if_match_accepts_only_the_newest_version() {
    let edge = Edge::start();
    edge.set_up_page();
    let version = edge.version();
    let send = |version: u64| {
        // A unique body, because the same request again would be a replay.
        let update = json!({"type":"notice.post","body":sign::unique_id()}).to_string();
        edge.curl(
            "candor:candor",
            &edge.keys.ops,
            &update,
            &["--header", &format!("If-Match: \"{version}\"")],
        )
    };
    send(version).expect(201);
    let late = send(version).expect(412).json();
    assert!(late["detail"].as_str().unwrap().contains(&(version + 1).to_string()));
    send(version + 1).expect(201);
}

#[test]
fn a_repeated_request_gets_the_first_answer() {
    let edge = Edge::start();
    edge.set_up_page();
    // The update has no id: applied twice, it would open two incidents.
    let update = json!({"type":"incident.open","name":"Down","impact":"minor","body":"x"}).to_string();

    let first = edge.post_as(&edge.keys.ops, "msg_1", update.as_bytes()).expect(201);
    let again = edge.post_as(&edge.keys.ops, "msg_1", update.as_bytes()).expect(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.body, again.body);

    let curl = |key: &str| {
        edge.curl("candor:candor", &edge.keys.ops, &update, &["--header", &format!("Idempotency-Key: {key}")])
    };
    let (first, again) = (curl("k1").expect(201), curl("k1").expect(201));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.body, again.body);
    assert_ne!(curl("k2").expect(201).body, first.body);
    assert_eq!(incidents(&edge).len(), 3);

    // A webhook with both: either of them names the request.
    let both = |id: &str, key: &str| {
        let mut headers = sign::webhook(&edge.keys.ops, id, Timestamp::now(), update.as_bytes());
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        headers.push(("idempotency-key".to_owned(), key.to_owned()));
        edge.send("POST", "/v1/updates", &headers, Some(update.as_bytes())).expect(201)
    };
    let first = both("msg_2", "k3");
    for (id, key) in [("msg_3", "k3"), ("msg_2", "k4"), ("msg_2", "k3")] {
        let again = both(id, key);
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{id} {key}");
        assert_eq!(first.body, again.body);
    }
    assert_eq!(incidents(&edge).len(), 4);
}

#[test]
fn a_batch_is_applied_in_order_as_one_request() {
    let edge = Edge::start();
    edge.set_up_page();
    let version = edge.version();
    let answer = edge.accept(&json!([
        open("a"),
        {"type":"incident.update","incident":"a","status":"identified","body":"Found it.","next_update_in":"1h"},
        {"type":"notice.post","body":"Hello"},
    ]));
    let types: Vec<&str> =
        answer["results"].as_array().unwrap().iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["incident.open", "incident.update", "notice.post"]);
    assert_eq!(answer["version"], edge.version());
    assert!(edge.version() > version);
    assert_eq!(edge.status()["incidents"][0]["status"], "identified");
}

#[test]
fn a_monitor_sets_the_status_of_its_component_unless_an_incident_holds_it() {
    let edge = Edge::start();
    edge.set_up_page();
    let probe = |status: &str| {
        let update = json!({"type":"component.set","id":"checkins","status":status}).to_string();
        edge.post_as(&edge.keys.probe, &sign::unique_id(), update.as_bytes()).expect(201);
    };
    let shown = || {
        edge.status()["components"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["id"] == "checkins")
            .map(|c| c["status"].clone())
    };
    probe("degraded_performance");
    assert_eq!(shown(), Some(json!("degraded_performance")));
    edge.accept(&open("down"));
    probe("operational");
    assert_eq!(shown(), Some(json!("major_outage")), "the incident holds the component");
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"Over."}));
    assert_eq!(shown(), None);
}

#[test]
fn no_keys_mean_no_writes() {
    let edge = Edge::with(&candor_tests::Settings { keys: Some("[]".to_owned()), ..Default::default() });
    let answer = edge.post(&json!({"type":"page.set","name":"Mine"}));
    assert!(answer.status == 503 || answer.status == 401, "{} {}", answer.status, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}
