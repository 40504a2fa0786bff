//! What a merge brings to the first one, and what it does not.

use crate::pair::{Pair, output_of};
use candor_tests::{Edge, paths};
use serde_json::json;
use std::process::Command;

/// What a merge decides, and what it does when the page says later.
#[test]
fn the_plan_of_a_merge() {
    let output = Command::new("node")
        .arg("--test")
        .arg(paths::root().join("tests/clients/merge.test.mjs"))
        .envs([("NO_PROXY", "*"), ("no_proxy", "*")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", output_of(&output));
}

/// What the first one accepted meanwhile itself is named, and what conflicts with it stays on the standby, with all that depends on it.
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
    let logins = json!({ "type": "incident.open", "name": "Logins fail", "impact": "critical", "body": "Nobody gets in." });
    let logins = pair.accept(&pair.first, &logins)["results"][0]["id"].clone();
    pair.accept(&pair.first, &json!({ "type": "component.remove", "id": "api" }));
    pair.first.kill_hard();
    pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.promote" }))).expect(200);
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.update", "incident": "down", "status": "identified", "body": "A disk." }),
    );
    // The standby makes the same id for another incident, about a component that the first one has no more.
    let slow = json!({ "type": "incident.open", "name": "The API is slow", "impact": "minor", "body": "It is slow.",
        "components": { "api": "degraded_performance" } });
    assert_eq!(pair.accept(&pair.standby, &slow)["results"][0]["id"], logins);
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.update", "incident": logins, "status": "resolved", "body": "It is fast again." }),
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
        "CONFLICT: version 7, incident.update down: the first accepted something else (its version 10, ",
        "A disk.",
        "Over.",
        "CONFLICT: version 8, incident.open ",
        "HELD BACK: version 9, incident.update ",
        "1 merged, 2 in conflict, 1 held back, 0 there already",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let standing = pair.standing();
    assert_eq!((&standing["state"], &standing["version"]), (&json!("promoted"), &json!(10)));
    let status = pair.first.status();
    assert_eq!(status["notice"]["title"], "Friday");
    let open = status["incidents"].as_array().unwrap().iter().find(|one| one["id"] == logins).unwrap();
    assert_eq!((&open["name"], &open["status"]), (&json!("Logins fail"), &json!("investigating")));
    // An order that would forget what is newer than its sender knows.
    let refused =
        pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.follow", "version": 7 }))).expect(409);
    assert!(refused.text().contains("is 10, not 7"));
}

/// What would empty the only copy: a merge into the standby itself, and into a first that has lost what the two had in common.
#[test]
fn a_merge_into_anything_but_the_followed_page_sends_nothing() {
    let mut pair = Pair::start();
    let (follow, _) = pair.follow();
    pair.first_page();
    pair.is_even();
    drop(follow);
    let backup = pair.signed_to(&pair.first, "GET", "/v1/export", "").expect(200).text();
    pair.accept(&pair.first, &json!({ "type": "notice.post", "body": "After the backup." }));
    let (follow, _) = pair.follow();
    pair.is_even();
    drop(follow);
    let promoted =
        pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.promote" }))).expect(200).json();
    assert_eq!(promoted["followed_epoch"], pair.first.get("/healthz").json()["epoch"]);
    pair.accept(
        &pair.standby,
        &json!({ "type": "incident.open", "name": "Down", "impact": "major", "body": "Only here." }),
    );
    let version = pair.standing()["version"].clone();
    let stops = |pair: &Pair, to: &Edge, expected: &str| {
        let merged = pair.merge_into(to, &["--follow"]);
        let text = output_of(&merged);
        assert!(
            !merged.status.success() && text.contains(expected) && text.contains("Nothing was sent"),
            "{text}"
        );
        assert_eq!((&pair.standing()["state"], &pair.standing()["version"]), (&json!("promoted"), &version));
    };
    stops(&pair, &pair.standby, "leads to the standby itself");
    // It came back empty, and then with the backup of last night.
    pair.first = Pair::first(&pair.standby);
    stops(&pair, &pair.first, "is not the page that the standby followed");
    pair.signed_to(&pair.first, "POST", "/v1/restore?from=0", &backup).expect(200);
    stops(&pair, &pair.first, "restore the standby's export there");
    assert_eq!(pair.first.version(), 5);
    // As the drill says: the standby's export into an empty one, and then it follows.
    pair.first = Pair::first(&pair.standby);
    let export = pair.signed_to(&pair.standby, "GET", "/v1/export", "").expect(200).text();
    pair.signed_to(&pair.first, "POST", "/v1/restore?from=0", &export).expect(200);
    pair.signed("POST", "/v1/standby", Some(&json!({ "type": "page.follow", "version": version })))
        .expect(200);
    let (_follow, _) = pair.follow();
    pair.is_even();
    assert_eq!(pair.standby.status()["incidents"][0]["name"], "Down");
}
