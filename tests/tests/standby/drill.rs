//! The drill in the middle of an incident (docs/drill.md).

use crate::pair::{DOCUMENTS, PATIENCE, Pair, output_of};
use candor_tests::{Browser, RECORDER, Site, eventually};
use serde_json::{Value, json};
use std::process::Command;

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
    browser.until("the update of the standby", "return text().includes('It is a disk.')");
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
        merged.status.success()
            && output_of(&merged).contains("4 merged, 0 in conflict, 0 held back, 0 there already"),
        "{}",
        output_of(&merged)
    );
    let again = pair.merge(&["--follow"]);
    assert!(
        again.status.success()
            && output_of(&again).contains("0 merged, 0 in conflict, 0 held back, 4 there already"),
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
