//! A second edge on workerd alone: it follows the first one, takes its place in the middle of an incident, and gives back what it
//! accepted meanwhile (`examples/standby/`).

use candor_tests::{Answer, Browser, Edge, RECORDER, Settings, Site, eventually, paths, sign};
use serde_json::{Value, json};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use xtask::group::Group;

const PATIENCE: Duration = Duration::from_secs(60);
/// Two deployments with the same keys: the first one names the second one as a mirror.
struct Pair {
    first: Edge,
    standby: Edge,
}

impl Pair {
    fn start() -> Self {
        let mut standby = Edge::with(&Settings {
            standalone: true,
            more: vec![("CANDOR_FOLLOWS".to_owned(), "https://status.trailmark.example".to_owned())],
            ..Settings::default()
        });
        // The same settings, and so the same documents.
        let mirrors = json!([standby.url("")]).to_string();
        standby.restart_set("CANDOR_MIRRORS", &mirrors);
        let first = Edge::with(&Settings {
            keys: Some(standby.keys.setting().to_string()),
            more: vec![
                ("CANDOR_EDITION_KEY".to_owned(), standby.keys.edition_setting().to_string()),
                ("CANDOR_MIRRORS".to_owned(), mirrors),
            ],
            ..Settings::default()
        });
        Self { first, standby }
    }

    fn post(&self, to: &Edge, update: &Value) -> Answer {
        to.post_as(&self.standby.keys.ops, &sign::unique_id(), update.to_string().as_bytes())
    }

    fn accept(&self, to: &Edge, update: &Value) -> Value {
        self.post(to, update).expect(201).json()
    }

    /// The script that keeps the standby up to date, and its log.
    fn follow(&self) -> (Group, PathBuf) {
        let log = self.standby.folder().join("follow.log");
        let out = File::create(&log).unwrap();
        let mut command = Command::new(paths::root().join("examples/standby/follow.sh"));
        command.args([&self.first.url(""), &self.standby.url(""), "1"]);
        command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        (Group::spawn(self.environment(&mut command)).unwrap(), log)
    }

    fn merge(&self, more: &[&str]) -> Output {
        let mut command = Command::new("node");
        command.arg(paths::root().join("examples/standby/merge.mjs"));
        command.args(["--from", &self.standby.url(""), "--to", &self.first.url("")]).args(more);
        self.environment(&mut command).output().unwrap()
    }

    fn environment<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let ops = &self.standby.keys.ops;
        command.env("KEY_ID", &ops.id).env("SECRET", &ops.secret).env("NO_PROXY", "*").env("no_proxy", "*")
    }

    fn standing(&self) -> Value {
        self.signed("GET", "/v1/standby", None).expect(200).json()
    }

    fn signed(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let text = body.map(Value::to_string).unwrap_or_default();
        let ops = &self.standby.keys.ops;
        let mut headers = sign::webhook(ops, &sign::unique_id(), jiff::Timestamp::now(), text.as_bytes());
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        self.standby.send(method, path, &headers, body.map(|_| text.as_bytes()))
    }

    /// Waits until the standby is at the version of the first one.
    fn is_even(&self) {
        let version = self.first.version();
        eventually("the standby is even", PATIENCE, || {
            (self.standing()["version"] == version && self.standing()["state"] == "following").then_some(())
        });
    }
}

fn output_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What both must show alike: documents that do not state when they were rendered.
const DOCUMENTS: [&str; 7] = [
    "/status.json",
    "/bulletin.json?lang=de",
    "/api/v2/summary.json",
    "/api/v2/incidents.json",
    "/history.atom",
    "/feed.json",
    "/badge.svg",
];

#[test]
fn the_drill() {
    let mut pair = Pair::start();
    let (follow, log) = pair.follow();
    pair.first_page();
    pair.accept(
        &pair.first,
        &json!({ "type": "incident.open", "id": "down", "name": "Check-ins fail", "impact": "major",
            "components": { "checkins": "major_outage" }, "body": "We look.", "next_update_in": "30m" }),
    );
    pair.is_even();
    assert_eq!(
        pair.first.get("/healthz").json()["export"],
        Value::Null,
        "what a standby fetches is no backup"
    );
    for path in DOCUMENTS {
        assert_eq!(pair.standby.get(path).text(), pair.first.get(path).text(), "{path}");
        assert_eq!(pair.standby.get(path).header("candor-unconfirmed-since"), None, "{path}");
    }
    // An update for the standby is refused, and the answer says what to do.
    let update = json!({ "type": "incident.update", "incident": "down", "status": "identified", "body": "It is a disk." });
    let refused = pair.post(&pair.standby, &update).expect(409).text();
    assert!(
        refused.contains("page.promote") && refused.contains("https://status.trailmark.example"),
        "{refused}"
    );

    let src = pair.first.url("/widget.js");
    let site = Site::page(
        &format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{RECORDER}<p>Hello</p>
            <script async src={src}></script></html>"
        ),
        &[],
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("the banner", "return text().includes('We look.')");
    browser.until(
        "what turns to mirrors",
        "return performance.getEntriesByType('resource').some(({ name }) => name.endsWith('mirror.js')) && localStorage.length > 0",
    );

    // The first one is gone in the middle of the incident.
    pair.first.kill_hard();
    browser.eval("candor.refresh()");
    browser.until(
        "the banner from the standby",
        "return text().includes('We look.') && text().includes('not confirmed since')",
    );
    // What cannot be confirmed says so.
    let old = eventually("the standby labels what is old", PATIENCE, || {
        let answer = pair.standby.get("/status.json").expect(200);
        answer.header("candor-unconfirmed-since").map(str::to_owned).map(|since| (since, answer.json()))
    });
    assert_eq!(old.1["unconfirmed_since"], old.0.as_str());

    // The same curl, the other address.
    let ops = pair.standby.keys.ops.clone();
    let promoted = Command::new("curl")
        .args(["--silent", "--show-error", "--fail-with-body", "--noproxy", "*", "--max-time", "30"])
        .args(["--aws-sigv4", "candor:candor", "--user", &format!("{}:{}", ops.id, ops.secret)])
        .args(["--json", r#"{"type":"page.promote"}"#, &pair.standby.url("/v1/standby")])
        .output()
        .unwrap();
    assert!(
        promoted.status.success() && output_of(&promoted).contains(r#""state":"promoted""#),
        "{}",
        output_of(&promoted)
    );
    pair.accept(&pair.standby, &update);
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.open", "name": "Maps are slow", "impact": "minor",
            "components": { "maps": "degraded_performance" }, "body": "Another thing." }),
    );
    assert_eq!(pair.standby.get("/status.json").header("candor-unconfirmed-since"), None);
    browser.eval("candor.refresh()");
    browser.until("what the standby was told", "return text().includes('It is a disk.')");
    eventually("the script ends", PATIENCE, || {
        std::fs::read_to_string(&log).unwrap().contains("was promoted").then_some(())
    });
    drop(follow);

    // The first one is back, and knows nothing of it. Who has seen more keeps it.
    pair.first.restart();
    assert_eq!(pair.first.status()["incidents"][0]["status"], "investigating");
    browser.eval("candor.refresh()");
    pair.accept(&pair.standby, &json!({ "type": "incident.update", "incident": "down", "status": "resolved", "body": "A new disk is in." }));
    // About the one that is open: its id was made there, and the first one makes another.
    pair.accept(&pair.first, &json!({ "type": "notice.post", "title": "Back", "body": "We are back." }));
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.update", "status": "identified", "body": "A slow index." }),
    );
    let dry = pair.merge(&["--dry-run"]);
    assert!(
        dry.status.success() && output_of(&dry).matches("would send").count() == 4,
        "{}",
        output_of(&dry)
    );
    let merged = pair.merge(&[]);
    assert!(
        merged.status.success() && output_of(&merged).contains("4 merged, 0 refused, 0 there already"),
        "{}",
        output_of(&merged)
    );
    let again = pair.merge(&["--follow"]);
    assert!(
        again.status.success() && output_of(&again).contains("0 merged, 0 refused, 4 there already"),
        "{}",
        output_of(&again)
    );
    let status = pair.first.status();
    assert_eq!(
        (status["incidents"].as_array().unwrap().len(), &status["incidents"][0]["name"]),
        (1, &json!("Maps are slow"))
    );
    let incident = pair.first.get("/incidents/down").expect(200).text();
    for text in ["We look.", "It is a disk.", "A new disk is in."] {
        assert_eq!(incident.matches(&format!(">{text}<")).count(), 1, "{text}");
    }
    browser.eval("candor.refresh()");
    browser.until("the banner of the first one", "return text().includes('A slow index.')");
    assert_eq!(browser.eval("return escaped"), json!([]));

    // And it follows again.
    let (_follow, _) = pair.follow();
    pair.is_even();
    for path in DOCUMENTS {
        assert_eq!(pair.standby.get(path).text(), pair.first.get(path).text(), "{path}");
    }
}

/// What the first one accepted meanwhile itself is named, and what it refuses stays on the standby.
#[test]
fn what_conflicts_is_named_and_kept() {
    let mut pair = Pair::start();
    let (follow, _) = pair.follow();
    pair.first_page();
    pair.accept(
        &pair.first,
        &json!({ "type": "incident.open", "id": "down", "name": "Check-ins fail", "impact": "major", "body": "We look." }),
    );
    pair.is_even();
    drop(follow);
    // Only the first one hears of this before it is gone.
    pair.accept(
        &pair.first,
        &json!({ "type": "component.set", "id": "maps", "name": "Maps", "status": "partial_outage" }),
    );
    pair.first.kill_hard();
    pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.promote" }))).expect(200);
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.update", "incident": "down", "status": "identified", "body": "A disk." }),
    );
    pair.accept(
        &pair.standby,
        &json!({ "type": "notice.post", "title": "Friday", "body": "We talk on Friday." }),
    );
    pair.first.restart();
    // Somebody did not wait for the merge.
    pair.accept(
        &pair.first,
        &json!({ "type": "incident.update", "incident": "down", "status": "resolved", "body": "Over." }),
    );
    let merged = pair.merge(&["--follow"]);
    let text = output_of(&merged);
    assert!(!merged.status.success(), "{text}");
    for part in [
        "only http",
        "component.set",
        "CONFLICT: version 7, incident.update down was refused with 422",
        "A disk.",
        "1 merged, 1 refused",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let standing = pair.standing();
    assert_eq!((&standing["state"], &standing["version"]), (&json!("promoted"), &json!(8)));
    assert_eq!(pair.first.status()["notice"]["title"], "Friday");
    // An order that would forget what is newer than its sender knows.
    let refused =
        pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.follow", "version": 7 }))).expect(409);
    assert!(refused.text().contains("is 8, not 7"));
}

impl Pair {
    fn first_page(&self) {
        let address = self.first.url("");
        self.accept(
            &self.first,
            &json!([
                { "type": "page.set", "name": "Trailmark", "url": address },
                { "type": "component.set", "id": "app", "name": "App", "is_group": true },
                { "type": "component.set", "id": "checkins", "name": "Check-ins", "group": "app" },
                { "type": "component.set", "id": "maps", "name": "Maps", "group": "app" },
                { "type": "component.set", "id": "api", "name": "API" },
            ]),
        );
    }
}

/// Only an operator's key asks or orders, and only a standby answers.
#[test]
fn a_standby_obeys_operators_only() {
    let edge = Edge::with(&Settings { standalone: true, ..Settings::default() });
    edge.set_up_page();
    assert_eq!(edge.get("/v1/standby").status, 401);
    let send = |key, method: &str, body: &str| {
        let headers = sign::webhook(key, &sign::unique_id(), jiff::Timestamp::now(), body.as_bytes());
        edge.send(method, "/v1/standby", &headers, (method == "POST").then_some(body.as_bytes())).status
    };
    assert_eq!(send(&edge.keys.ops, "GET", ""), 404);
    assert_eq!(send(&edge.keys.probe, "GET", ""), 403);
    assert_eq!(send(&edge.keys.expired, "POST", r#"{"type":"page.promote"}"#), 401);
    assert_eq!(send(&edge.keys.ops, "POST", r#"{"type":"page.promote"}"#), 404);
    assert_eq!(send(&edge.keys.ops, "POST", r#"{"type":"page.follow","version":5}"#), 404);
    assert_eq!(send(&edge.keys.ops, "POST", "{}"), 400);
    assert_eq!(send(&edge.keys.ops, "POST", &format!("{{\"type\":\"{}\"}}", "x".repeat(2_000))), 413);
    assert_eq!(edge.send("PUT", "/v1/standby", &Vec::new(), Some(b"{}")).header("allow"), Some("GET, POST"));
    assert_eq!(edge.version(), 5);
}
