//! Writes that come late, clocks that differ, and what an isolate says that has lost its memory.

use std::time::{Duration, Instant};

use candor_tests::sign::{self, SigV4};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::harness::{Faulty, is_current, is_labelled};

fn notice(text: &str) -> Vec<u8> {
    json!({ "type": "notice.post", "body": text }).to_string().into_bytes()
}

/// The sender has been told to wait and to look, and has sent something else since.
#[test]
fn a_write_that_was_given_up_is_not_applied_later() {
    let faulty = Faulty::start();
    let (edge, id) = (&faulty.edge, sign::unique_id());
    faulty.faults("object=queue&wait=12500&only=/updates");
    let began = Instant::now();
    let answer = edge.post_as(&edge.keys.ops, &id, &notice("Late")).expect(503);
    assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
    faulty.faults("");
    edge.post_as(&edge.keys.ops, &sign::unique_id(), &notice("Newer")).expect(201);
    let version = edge.version();
    std::thread::sleep(Duration::from_millis(18_000).saturating_sub(began.elapsed()));
    let status = edge.status();
    assert_eq!((&status["notice"]["body"], status["version"].as_u64()), (&json!("Newer"), Some(version)));
    // It was not written, so the same request is one that is new.
    let again = edge.post_as(&edge.keys.ops, &id, &notice("Late")).expect(201);
    assert_eq!(again.header("idempotency-replayed"), None);
}

/// That is no reason to take no writes.
#[test]
fn a_worker_whose_clock_differs_from_the_objects_can_write() {
    let faulty = Faulty::start();
    for differs in [600_000_i64, -600_000, 0] {
        faulty.faults(&format!("asked={differs}"));
        let version = faulty.edge.version();
        faulty.edge.accept(&json!({ "type": "notice.post", "body": format!("By {differs}") }));
        let asked = &faulty.faults("")["object /updates"];
        // A second time at most: where the worker has not heard of the object's time for a while.
        assert!((1..=2).contains(&asked.as_u64().unwrap()), "{differs}: {asked}");
        assert_eq!(faulty.edge.version(), version + 1, "{differs}");
    }
}

#[test]
fn a_moment_with_the_objects_clock_ahead_makes_no_history() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    let hours = |hours| (Timestamp::now() + SignedDuration::from_hours(hours)).to_string();
    edge.accept(
        &json!({ "type": "maintenance.schedule", "id": "disks", "name": "Disks", "body": "We swap disks.",
        "scheduled_for": hours(1), "scheduled_until": hours(2) }),
    );
    faulty.grow_old();
    // The worker of the tests shares the clock of the object; what it says of it is right.
    let ahead = "clock=86400000&asked=86400000";
    faulty.faults(ahead);
    edge.get("/status.json").expect(200);
    let (host, body) = (edge.host(), notice("Tomorrow"));
    let signing = SigV4 { at: Timestamp::now() + SignedDuration::from_hours(24), ..SigV4::update(&host) };
    edge.send("POST", "/v1/updates", &signing.sign(&edge.keys.ops, &body), Some(&body)).expect(201);
    edge.get("/healthz").expect(200);
    faulty.faults("");
    // The alarm that was set then rings at once.
    std::thread::sleep(Duration::from_secs(7));
    let status: Value = edge.status();
    assert_eq!(status["notice"]["body"], "Tomorrow");
    let published: Timestamp = status["published_at"].as_str().unwrap().parse().unwrap();
    assert!(published < Timestamp::now(), "{published}");
    let planned = edge.get("/api/v2/scheduled-maintenances.json").expect(200).json();
    assert_eq!(planned["scheduled_maintenances"][0]["status"], "scheduled", "{planned}");
}

/// Neither an isolate that has read nothing yet nor the one that takes the place of a trapped one takes old copies for current.
#[test]
fn an_isolate_without_a_memory_does_not_forget_a_write_in_doubt() {
    for fault in ["object=throw&only=/updates", "object=trap&only=/updates"] {
        let faulty = Faulty::start();
        faulty.fresh_isolate();
        faulty.caches_the_page();
        faulty.fresh_isolate();
        faulty.faults(fault);
        faulty.edge.post(&json!({ "type": "notice.post", "body": "In doubt" })).expect(503);
        faulty.faults("object=throw");
        let page = faulty.edge.get("/");
        assert!(is_labelled(&page) && page.text().contains("Status unknown"), "{fault}: {}", page.text());
        faulty.faults("");
    }
}

#[test]
fn an_outage_that_one_document_shows_is_not_denied_by_another() {
    let faulty = Faulty::start();
    let api = faulty.edge.get("/api/v2/status.json").expect(200);
    assert_eq!(api.json()["status"]["indicator"], "none");
    faulty.edge.accept(&json!({ "type": "incident.open", "name": "Check-ins fail", "impact": "critical",
        "components": { "checkins": "major_outage" }, "body": "We are looking into it." }));
    faulty.edge.get("/").expect(200);
    // The copies in the cache are all that is left.
    std::thread::sleep(Duration::from_secs(1));
    faulty.fresh_isolate();
    faulty.grow_old();
    faulty.faults("object=throw&kv=throw");
    let page = faulty.edge.get("/").expect(200);
    assert!(is_labelled(&page) && page.text().contains("Check-ins fail"), "{}", page.text());
    let api = faulty.edge.get("/api/v2/status.json").expect(200);
    assert_ne!(api.json()["status"]["indicator"], "none", "{}", api.text());
}

#[test]
fn a_commit_that_fails_after_it_was_made_is_an_outcome_that_is_not_known() {
    let faulty = Faulty::start();
    let (edge, id, version) = (&faulty.edge, sign::unique_id(), faulty.edge.version());
    faulty.faults("commit=throw");
    let answer = edge.post_as(&edge.keys.ops, &id, &notice("Hello")).expect(503);
    assert!(answer.text().contains("not known whether"), "{}", answer.text());
    assert_eq!(edge.version(), version + 1);
    let again = edge.post_as(&edge.keys.ops, &id, &notice("Hello")).expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

#[test]
fn a_page_without_its_policy_is_none() {
    let faulty = Faulty::with_old_copies(&["/"]);
    faulty.faults("object=bare");
    let page = faulty.edge.get("/");
    assert!(is_labelled(&page) && page.header("content-security-policy").is_some());
}

#[test]
fn a_slow_object_is_waited_for_where_the_copy_would_only_say_unknown() {
    let faulty = Faulty::with_old_copies(&["/metrics.json", "/status.json"]);
    // The copies are two minutes old, by a clock that goes on.
    faulty.faults("clock=120000&object=slow&wait=1500");
    assert!(is_current(&faulty.edge.get("/status.json")));
}

#[test]
fn a_binding_that_never_answers_is_not_waited_for_without_a_limit() {
    let faulty = Faulty::start();
    faulty.faults("page=nothing");
    faulty.edge.get("/metrics.json").expect(503);
}
