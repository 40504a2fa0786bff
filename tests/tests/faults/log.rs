//! The worker's log and its data points, after requests of every kind and a fault: what they say, and what they must not.

use std::time::Duration;

use candor_tests::sign::{self, Headers, Key, SigV4};
use candor_tests::{Edge, Settings, eventually, paths};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::Faulty;

/// The fields that docs/operating.md names.
const FIELDS: [&str; 16] = [
    "level", "event", "outcome", "request", "key", "document", "why", "status", "version", "ms", "late_ms",
    "age_ms", "error", "setting", "problem", "left_out",
];
const TOKEN: &str = "this-is-a-token-for-reading-metrics";

/// The lines that the worker has logged.
fn lines(edge: &Edge) -> Vec<Value> {
    let own = |line: &str| {
        // Wrangler puts a word and colours around what is not mere information.
        let json = line.get(line.find("{\"")?..=line.rfind('}')?)?;
        // Other lines of the runtime are not the worker's.
        json.contains("\"event\"")
            .then(|| serde_json::from_str(json).unwrap_or_else(|error| panic!("not JSON ({error}): {line}")))
    };
    edge.log().lines().filter_map(own).collect()
}

/// The lines about requests and reads with this outcome, once there is one.
#[track_caller]
fn logged(edge: &Edge, outcome: &str) -> Vec<Value> {
    eventually(&format!("a line with {outcome}"), Duration::from_secs(20), || {
        let found: Vec<Value> = lines(edge).into_iter().filter(|line| line["outcome"] == outcome).collect();
        (!found.is_empty()).then_some(found)
    })
}

fn with(mut headers: Headers, name: &str, value: &str) -> Headers {
    headers.push((name.to_owned(), value.to_owned()));
    headers
}

#[test]
fn every_line_is_json_and_none_holds_a_secret() {
    let faulty = Faulty::set("CANDOR_METRICS_TOKEN", TOKEN);
    let edge = &faulty.edge;
    let ops = &edge.keys.ops;
    let mut secrets: Vec<String> = vec![TOKEN.to_owned()];
    // Every signature that is sent, and every header of a signed request.
    let mut send = |method: &str, path: &'static str, key: &Key, more: &[(&str, &str)], body: &[u8]| {
        let host = edge.host();
        let mut signing = SigV4 { method, ..SigV4::update(&host) };
        signing.extra.push(("x-unique".to_owned(), sign::unique_id()));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        (signing.path, signing.query) = (path, query);
        let mut headers = signing.sign(key, body);
        secrets.extend(
            headers.iter().filter(|(name, _)| name == "authorization").map(|(_, value)| value.clone()),
        );
        secrets.extend(
            headers.iter().filter_map(|(_, value)| Some(value.split_once("Signature=")?.1.to_owned())),
        );
        headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = (method == "POST").then_some(body);
        let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        (edge.send(method, &target, &headers, body), headers)
    };
    let notice = br#"{"type":"notice.post","body":"canary-in-a-body"}"#;

    // Accepted, of every kind; the same request again; and the same under another header.
    let ray = [("cf-ray", "8f1d2c3b4a5e6f70-FRA")];
    let (answer, headers) = send("POST", "/v1/updates", ops, &ray, notice);
    let version = answer.expect(201).json()["version"].clone();
    edge.send("POST", "/v1/updates", &headers, Some(notice)).expect(409);
    let named = [("idempotency-key", "once")];
    let again = br#"{"type":"notice.post","body":"again"}"#;
    send("POST", "/v1/updates", ops, &named, again).0.expect(201);
    send("POST", "/v1/updates", ops, &named, again).0.expect(201);
    send("POST", "/v1/updates?dry_run=true", ops, &[], again).0.expect(200);
    let same = br#"{"type":"component.set","id":"checkins","status":"operational"}"#;
    send("POST", "/v1/updates", &edge.keys.probe, &[], same).0.expect(200);
    // Refused, with a valid signature.
    send("POST", "/v1/updates", &edge.keys.probe, &[], notice).0.expect(403);
    send("POST", "/v1/updates", ops, &[], br#"{"type":"nonsense"}"#).0.expect(422);
    send("POST", "/v1/updates", ops, &[("if-match", "\"1\"")], again).0.expect(412);
    send("GET", "/v1/log", &edge.keys.probe, &[], b"").0.expect(403);
    // Without one: another secret, an expired key, a made-up id that looks like a secret, a webhook, no signature, a wrong token.
    send("POST", "/v1/updates", &Key::random("ops"), &[], notice).0.expect(401);
    send("POST", "/v1/updates", &edge.keys.expired, &[], notice).0.expect(401);
    let swapped = Key { id: ops.secret.replace(['/', '+', '='], "x"), secret: "whsec_b3Bz".to_owned() };
    send("POST", "/v1/updates", &swapped, &[], notice).0.expect(401);
    let hook = sign::webhook(&Key::random("x"), &sign::unique_id(), Timestamp::now(), notice);
    let hook = with(hook, "content-type", "application/json");
    edge.send("POST", "/v1/updates", &hook, Some(notice)).expect(401);
    edge.get("/v1/log").expect(401);
    let bearer = |token: &str| vec![("authorization".to_owned(), format!("Bearer {token}"))];
    edge.send("GET", "/metrics", &bearer("another-token-for-reading-metrics"), None).expect(401);
    edge.send("DELETE", "/v1/log", &Vec::new(), None).expect(405);
    // What operators read.
    send("GET", "/v1/log", ops, &[], b"").0.expect(200);
    send("GET", "/v1/export", ops, &[], b"").0.expect(200);
    send("GET", "/metrics", ops, &[], b"").0.expect(200);
    edge.send("GET", "/metrics", &bearer(TOKEN), None).expect(200);
    send("POST", "/v1/restore", ops, &[], b"no export").0.expect(409);
    // A fault: a write whose outcome is not known, old copies for readers.
    for path in ["/status.json", "/"] {
        edge.get(path).expect(200);
    }
    faulty.grow_old();
    faulty.faults("object=throw");
    send("POST", "/v1/updates", ops, &[], again).0.expect(503);
    edge.get("/status.json").expect(200);
    edge.get("/incidents/never").expect(503);
    faulty.faults("");

    let accepted = &logged(edge, "accepted")[..];
    let first =
        accepted.iter().find(|line| line["request"] == "8f1d2c3b4a5e6f70-FRA").expect("the platform's id");
    assert_eq!(first["key"], "ops");
    assert_eq!((&first["event"], &first["level"]), (&json!("request"), &json!("info")));
    assert_eq!((&first["document"], &first["version"]), (&json!("/v1/updates"), &version));
    assert!(accepted.iter().all(|line| line["request"].as_str().is_some_and(|id| id.len() >= 12)));
    for (outcome, status, key) in [
        ("conflict", 409, json!("ops")),
        ("replayed", 201, json!("ops")),
        ("dry_run", 200, json!("ops")),
        ("unchanged", 200, json!("probe")),
        ("forbidden", 403, json!("probe")),
        ("invalid", 422, json!("ops")),
        ("precondition-failed", 412, json!("ops")),
        ("method-not-allowed", 405, Value::Null),
        ("exported", 200, json!("ops")),
    ] {
        let line = &logged(edge, outcome)[0];
        assert_eq!((&line["status"], &line["key"]), (&json!(status), &key), "{line}");
        assert!(line["ms"].as_i64().is_some_and(|ms| ms >= 0), "{line}");
    }
    let refused = logged(edge, "signature");
    let mut why: Vec<(&str, &str)> = refused
        .iter()
        .map(|line| (line["why"].as_str().unwrap(), line["key"].as_str().unwrap_or("none")))
        .collect();
    why.sort_unstable();
    assert_eq!(
        why,
        [
            ("expired", "retired"),
            ("mismatch", "none"),
            ("mismatch", "ops"),
            ("token", "none"),
            ("unknown_key", "none"),
            ("unreadable", "none")
        ]
    );
    // The object's fault, the write that met it, and the readers.
    let unavailable = logged(edge, "unavailable");
    let of = |event: &str| {
        unavailable.iter().find(|line| line["event"] == event).unwrap_or_else(|| panic!("{event}"))
    };
    assert_eq!((&of("request")["key"], &of("request")["level"]), (&json!("ops"), &json!("error")));
    assert_eq!(of("read")["document"], "/incidents/never");
    let old = &logged(edge, "unconfirmed")[0];
    assert_eq!(
        (&old["event"], &old["level"], &old["document"]),
        (&json!("read"), &json!("warn"), &json!("/status.json"))
    );
    assert!(lines(edge).iter().any(|line| line["event"] == "fault" && line["error"].is_string()));
    assert!(!logged(edge, "stored").is_empty(), "the copies in KV");

    for line in lines(edge) {
        for (field, value) in line.as_object().unwrap() {
            assert!(FIELDS.contains(&field.as_str()), "{field} is not documented: {line}");
            assert!(value.is_string() || value.is_number(), "{field}: {line}");
        }
    }
    let log = edge.log();
    let keys = &edge.keys;
    for key in [&keys.ops, &keys.probe, &keys.signer, &keys.expired, &keys.edition, &swapped] {
        secrets.push(key.secret.clone());
        secrets.push(key.secret.split_once('_').unwrap().1.to_owned());
    }
    secrets.push(swapped.id);
    secrets
        .extend(hook.iter().filter(|(name, _)| name.ends_with("signature")).map(|(_, value)| value.clone()));
    assert!(secrets.len() > 30);
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "the log holds {secret}");
    }
    for word in
        ["whsec_", "whsk_", "authorization", "Credential=", "Bearer", "canary-in-a-body", "another-token"]
    {
        assert!(!log.contains(word), "the log holds {word}");
    }
}

#[test]
fn reads_from_memory_are_not_logged_and_a_flood_is_a_few_lines() {
    let edge = Edge::with(&Settings::default());
    edge.set_up_page();
    for _ in 0..200 {
        edge.get("/status.json").expect(200);
        edge.get("/incidents/nothing").expect(404);
    }
    // Each from another address, so that no door closes.
    for n in 0..200 {
        let guessed = Key::random("ops");
        let signed = SigV4::update(&edge.host()).sign(&guessed, b"{}");
        let from = format!("192.0.2.{n}");
        edge.send("POST", "/v1/updates", &with(signed, "cf-connecting-ip", &from), Some(b"{}")).expect(401);
    }
    for _ in 0..50 {
        edge.accept(&json!({"type":"notice.post","body":sign::unique_id()}));
    }
    assert!(lines(&edge).iter().all(|line| line["event"] != "read"), "{:?}", lines(&edge));
    // A minute may have begun meanwhile, and then the flood another twenty.
    let refused = logged(&edge, "signature");
    assert!((20..=60).contains(&refused.len()), "{}", refused.len());
    eventually("a line for every accepted update", Duration::from_secs(20), || {
        (logged(&edge, "accepted").len() == 51).then_some(())
    });
}

#[test]
fn data_points_count_requests_reads_and_copies_and_a_broken_data_set_is_no_fault() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    // The same without a data set.
    edge.accept(&json!({"type":"notice.post","body":"Nobody counts."}));
    assert_eq!(faulty.faults("points=keep")["points"], json!([]));
    edge.accept(&json!({"type":"notice.post","body":"Somebody counts."}));
    edge.post(&json!({"type":"nonsense"})).expect(422);
    edge.send(
        "POST",
        "/v1/updates",
        &SigV4::update(&edge.host()).sign(&Key::random("ops"), b"{}"),
        Some(b"{}"),
    )
    .expect(401);
    for _ in 0..40 {
        edge.get("/status.json").expect(200);
    }
    // Counts leave at most once a minute, with the next search: here the clock is ahead by two.
    let mut points: Vec<Value> = Vec::new();
    let mut collect = |faults: &str| {
        let counted = faulty.faults(faults);
        points.extend(counted["points"].as_array().unwrap().iter().cloned());
        points.clone()
    };
    collect("points=keep&clock=120000");
    let all = eventually("points of reads and of a copy", Duration::from_secs(30), || {
        edge.get("/status.json").expect(200);
        let all = collect("points=keep&clock=120000");
        let has = |event: &str| all.iter().any(|point| point["indexes"] == json!([event]));
        (has("reads") && has("copy")).then_some(all)
    });
    for point in &all {
        assert_eq!(point.as_object().map(serde_json::Map::len), Some(3), "{point}");
        assert_eq!(point["indexes"], json!([point["blobs"][0]]), "{point}");
        assert_eq!(point["blobs"].as_array().map(Vec::len), Some(5), "{point}");
        assert_eq!(point["doubles"].as_array().map(Vec::len), Some(3), "{point}");
    }
    let blobs: Vec<&Value> = all.iter().map(|point| &point["blobs"]).collect();
    for expected in [
        json!(["request", "accepted", "/v1/updates", "ops", ""]),
        json!(["request", "invalid", "/v1/updates", "ops", ""]),
        json!(["request", "signature", "/v1/updates", "ops", "mismatch"]),
        json!(["copy", "stored", "", "", ""]),
    ] {
        assert!(blobs.contains(&&expected), "{expected} is not in {blobs:?}");
    }
    let reads: f64 = all
        .iter()
        .filter(|point| point["blobs"] == json!(["reads", "memory", "status", "", ""]))
        .filter_map(|point| point["doubles"][0].as_f64())
        .sum();
    assert!(reads >= 39.0, "{reads} reads from memory: {all:?}");

    faulty.faults("points=throw&clock=240000");
    edge.accept(&json!({"type":"notice.post","body":"Nobody notices."}));
    edge.get("/status.json").expect(200);
}

#[test]
fn a_data_set_of_the_platform_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let config = std::fs::read_to_string(paths::root().join("edge/wrangler.toml")).unwrap();
    let main = format!("main = {}", json!(paths::candor().join("edge/entry.js")));
    let bound = "\n[[analytics_engine_datasets]]\nbinding = \"METRICS\"\ndataset = \"candor\"\n";
    let path = folder.path().join("counted.toml");
    std::fs::write(&path, config.replace("main = \"../target/candor/edge/entry.js\"", &main) + bound)
        .unwrap();
    let edge = Edge::with(&Settings { config: Some(path), ..Settings::default() });
    edge.set_up_page();
    edge.get("/status.json").expect(200);
    edge.post(&json!({"type":"nonsense"})).expect(422);
    assert!(lines(&edge).iter().all(|line| line["level"] != "error"), "{}", edge.log());
    assert!(edge.log().contains("METRICS"), "the runtime names its bindings: {}", edge.log());
}
