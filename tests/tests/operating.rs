//! What operators see of the page itself: `/healthz`, `/metrics`, and the alerting rules that are made from them.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use candor_tests::sign::{Headers, Key, SigV4};
use candor_tests::{Answer, Edge, Listener, Settings, eventually, paths};
use serde_json::{Value, json};

const TOKEN: &str = "this-is-a-token-for-reading-metrics";

fn edge_with_token(token: &str) -> Edge {
    let more = vec![("CANDOR_METRICS_TOKEN".to_owned(), token.to_owned())];
    Edge::with(&Settings { more, ..Settings::default() })
}

fn bearer(token: &str) -> Headers {
    vec![("authorization".to_owned(), format!("Bearer {token}"))]
}

/// Requests `/metrics`, signed by this key under the names of candor or of AWS.
fn signed(edge: &Edge, key: &Key, as_aws: bool) -> Answer {
    let host = edge.host();
    let signing = SigV4 { method: "GET", path: "/metrics", extra: Vec::new(), ..SigV4::update(&host) };
    // As Prometheus signs what it writes.
    let signing =
        if as_aws { SigV4 { service: "aps", region: "eu-west-1", ..signing.aws() } } else { signing };
    edge.send("GET", "/metrics", &signing.sign(key, b""), None)
}

/// What Prometheus' own parser reads in `/metrics`, and the metrics that the alerting rules use.
#[track_caller]
fn parsed(text: &str) -> Value {
    let mut child = Command::new(paths::python().join("bin/python"))
        .args(["clients/metrics.py", "../examples/monitoring/alerts.yml"])
        .current_dir(paths::root().join("tests"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the clients are installed: run `cargo xtask test operating`");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the parser refuses:\n{text}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The metrics that the token opens.
#[track_caller]
fn metrics(edge: &Edge) -> Value {
    let answer = edge.send("GET", "/metrics", &bearer(TOKEN), None).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    parsed(&answer.text())["families"].clone()
}

/// The value of a sample, by its name without `candor_` and the values of its labels.
fn value(families: &Value, name: &str, labels: &[&str]) -> Option<f64> {
    let family = &families[format!("candor_{}", name.trim_end_matches("_total"))];
    let sample = family["samples"].as_array()?.iter().find(|sample| {
        let found: Vec<&str> = sample[1].as_object().unwrap().values().filter_map(Value::as_str).collect();
        sample[0] == format!("candor_{name}") && found == labels
    })?;
    sample[2].as_f64()
}

#[test]
fn health_tells_the_version_the_epoch_and_the_lags() {
    let edge = Edge::start();
    let empty = edge.get("/healthz").expect(200).json();
    assert_eq!((&empty["status"], &empty["version"]), (&json!("ok"), &json!(0)));
    assert!(empty.get("published_at").is_none() && empty["copies"].get("lag").is_none(), "{empty}");

    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"30m"}));
    let status = edge.status();
    let answer = edge.get("/healthz").expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let health = answer.json();
    assert_eq!((&health["version"], &health["published_at"]), (&status["version"], &status["published_at"]));
    assert_eq!(health["epoch"].as_str().map(str::len), Some(16), "{health}");
    assert_eq!(health["is_restoring"], false);
    // `status.json` was read a moment ago.
    let age = health["confirmation_age"].as_f64().unwrap();
    assert!((0.0..60.0).contains(&age), "{health}");
    assert_eq!(health["alarm"]["next_change_at"], status["incidents"][0]["next_update_at"], "{health}");
    assert_eq!(health["alarm"]["lag"], 0.0);
    assert_eq!(health["streams"], json!({ "open": 0, "lag": 0.0 }));
    let stream = Listener::open(&edge.url("/events"), &[]);
    let streams = || edge.get("/healthz").expect(200).json()["streams"].clone();
    eventually("the stream counts", Duration::from_secs(20), || (streams()["open"] == 1).then_some(()));
    eventually("it has the newest version", Duration::from_secs(20), || {
        (streams()["lag"] == 0.0).then_some(())
    });
    drop(stream);
    eventually("it has left", Duration::from_secs(30), || (streams()["open"] == 0).then_some(()));
    // Operators' curl lines read the version by the first and only field of this name.
    assert_eq!(answer.text().matches("\"version\":").count(), 1);
    let copied = eventually("the copies are there", Duration::from_secs(60), || {
        let copies = edge.get("/healthz").expect(200).json()["copies"].clone();
        (copies["copied_version"] == status["version"]).then_some(copies)
    });
    assert_eq!(copied["lag"], 0.0);
    assert!(copied["confirmed_at"].is_string());
}

#[test]
fn the_alarm_says_that_it_rang() {
    let edge = edge_with_token(TOKEN);
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"1s"}));
    // Nobody asks meanwhile, or the question would make the change.
    eventually("the alarm rang", Duration::from_secs(60), || {
        edge.log().contains("\"event\":\"alarm\"").then_some(())
    });
    let families = metrics(&edge);
    assert_eq!(value(&families, "promises_overdue", &[]), Some(1.0));
    assert!(value(&families, "promise_overdue_seconds", &[]).unwrap() > 0.0);
    let late = edge.get("/healthz").expect(200).json()["alarm"]["last_late"].as_f64();
    assert_eq!(value(&families, "alarm_late_seconds", &[]), Some(late.expect("the alarm made a change")));
    let line = edge.log().lines().find(|line| line.contains("\"event\":\"alarm\"")).unwrap().to_owned();
    let line: Value =
        serde_json::from_str(&line[line.find('{').unwrap()..=line.rfind('}').unwrap()]).unwrap();
    assert_eq!((&line["outcome"], &line["version"]), (&json!("rang"), &json!(edge.version())));
}

#[test]
fn metrics_are_for_operators_and_for_the_token() {
    let edge = edge_with_token(TOKEN);
    edge.set_up_page();
    for as_aws in [false, true] {
        signed(&edge, &edge.keys.ops, as_aws).expect(200);
        signed(&edge, &edge.keys.probe, as_aws).expect(403);
        signed(&edge, &Key::random("ops"), as_aws).expect(401);
    }
    edge.send("GET", "/metrics", &bearer(TOKEN), None).expect(200);
    edge.send("GET", "/metrics", &vec![("authorization".to_owned(), format!("bearer  {TOKEN}"))], None)
        .expect(200);
    for wrong in ["", "this-is-a-token-for-reading-metricz", &format!("{TOKEN}s"), "public"] {
        let problem = edge.send("GET", "/metrics", &bearer(wrong), None).expect(401).text();
        assert!(!problem.contains(TOKEN), "{problem}");
    }
    edge.get("/metrics").expect(401);
    edge.send("POST", "/metrics", &bearer(TOKEN), Some(b"")).expect(405);
    // The token opens nothing else.
    edge.send("GET", "/v1/log", &bearer(TOKEN), None).expect(401);
    drop(edge);

    // Without the setting no token is right, not even an empty one; with the word, none is needed.
    let edge = edge_with_token("");
    edge.send("GET", "/metrics", &bearer(""), None).expect(401);
    signed(&edge, &edge.keys.ops, false).expect(200);
    drop(edge);
    let edge = edge_with_token("public");
    edge.get("/metrics").expect(200);
    drop(edge);

    let edge = edge_with_token("hunter2");
    for path in ["/metrics", "/healthz"] {
        let problem = edge.get(path).expect(503).text();
        assert!(problem.contains("CANDOR_METRICS_TOKEN") && !problem.contains("hunter2"), "{problem}");
    }
    assert!(!edge.log().contains("hunter2"));
}

#[test]
fn prometheus_reads_every_metric_and_the_rules_use_no_other() {
    let edge = edge_with_token(TOKEN);
    edge.set_up_page();
    edge.accept(&json!([
        {"type":"incident.open","id":"down","name":"Down","impact":"minor","components":{"maps":"major_outage"},"body":"We broke it.","next_update_in":"30m"},
        {"type":"incident.open","id":"slow","name":"Slow","impact":"minor","components":{"api":"degraded_performance"},"body":"We slow it."},
    ]));
    edge.post(&json!({"type":"nonsense"})).expect(422);
    edge.post(&json!({"type":"incident.update","incident":"gone","body":"x"})).expect(404);
    edge.status();
    // They are looked at with the first one, and the second one has the newest version.
    let families = eventually("the copies are there", Duration::from_secs(60), || {
        let families = metrics(&edge);
        (value(&families, "copy_lag_seconds", &[]) == Some(0.0)).then_some(families)
    });
    let all = families.as_object().unwrap();
    assert!(all.keys().all(|name| name.starts_with("candor_")), "{all:?}");
    let is = |name: &str, labels: &[&str], expected: f64| {
        assert_eq!(value(&families, name, labels), Some(expected), "{name} {labels:?} in {families}");
    };
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let version = edge.version() as f64;
    is("page_version", &[], version);
    is("log_rows", &[], version);
    // People see one as major, because of what it holds.
    is("incidents_open", &["major"], 1.0);
    is("incidents_open", &["minor"], 1.0);
    is("incidents_open", &["critical"], 0.0);
    is("components", &["major_outage"], 1.0);
    is("components", &["operational"], 1.0);
    is("promises_overdue", &[], 0.0);
    is("promise_overdue_seconds", &[], 0.0);
    is("writes_total", &["accepted"], 2.0);
    is("writes_total", &["not-found"], 1.0);
    assert!(value(&families, "copies_total", &["stored"]).unwrap() >= 1.0);
    is("alarm_lag_seconds", &[], 0.0);
    is("alarm_late_seconds", &[], 0.0);
    is("restoring", &[], 0.0);
    assert!(value(&families, "storage_bytes", &[]).unwrap() > 4_096.0);
    let status = edge.status();
    let published: jiff::Timestamp = status["published_at"].as_str().unwrap().parse().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
    let published = published.as_millisecond() as f64 / 1e3;
    is("page_published_timestamp_seconds", &[], published);
    let epoch = edge.get("/healthz").json()["epoch"].clone();
    let info = &families["candor_info"]["samples"][0][1];
    assert_eq!((&info["epoch"], &info["editions"]), (&epoch, &json!("signed")));
    drop(edge);

    // With keys that expire and an alarm that rang, every metric of the rules is there.
    let keys = |secret: &str| json!([{"id":"ops","secret":secret,"role":"operator","not_after":"2099-01-01T00:00:00Z"}]);
    let (ops, edition) = (Key::random("ops"), Key::random_ed25519("e"));
    let edition = json!([{"id":"e","secret":edition.secret,"not_after":"2099-01-02T00:00:00Z"}]).to_string();
    let more = [("CANDOR_METRICS_TOKEN", TOKEN), ("CANDOR_EDITION_KEY", &edition)];
    let mut edge = Edge::with(&Settings {
        keys: Some(keys(&ops.secret).to_string()),
        more: more.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        ..Settings::default()
    });
    edge.keys.ops = ops;
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"minor","body":"We broke it.","next_update_in":"30m"}));
    edge.status();
    let all = eventually("the copies are there", Duration::from_secs(60), || {
        let text = edge.send("GET", "/metrics", &bearer(TOKEN), None).expect(200).text();
        text.contains("candor_copy_age_seconds").then(|| parsed(&text))
    });
    assert_eq!(value(&all["families"], "key_expiry_timestamp_seconds", &[]), Some(4_070_908_800.0));
    assert_eq!(value(&all["families"], "edition_key_expiry_timestamp_seconds", &[]), Some(4_070_995_200.0));
    let rules = all["rules"].as_array().unwrap();
    assert!(rules.len() >= 8, "{rules:?}");
    let documented = std::fs::read_to_string(paths::root().join("docs/operating.md")).unwrap();
    for rule in rules {
        let used = rule["metrics"].as_array().unwrap();
        assert!(!used.is_empty(), "{rule}");
        for name in used.iter().filter_map(Value::as_str).filter(|name| *name != "up") {
            // These are there only with buckets, and on a standby.
            let is_elsewhere =
                ["candor_mirror_", "candor_standby_"].iter().any(|part| name.starts_with(part))
                    && documented.contains(&format!("`{name}`"));
            let exists = is_elsewhere || all["families"].get(name.trim_end_matches("_total")).is_some();
            assert!(exists, "{} uses {name}, which /metrics does not have", rule["alert"]);
        }
        let alert = rule["alert"].as_str().unwrap();
        assert!(
            documented.contains(&format!("`{alert}`")),
            "docs/operating.md does not say what to do for {alert}"
        );
    }
    for name in all["families"].as_object().unwrap().keys() {
        assert!(documented.contains(&format!("`{name}")), "docs/operating.md does not explain {name}");
    }
}
