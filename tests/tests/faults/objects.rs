//! Faults of the object.

use candor_tests::{eventually, sign};
use serde_json::json;
use std::time::{Duration, Instant};

use crate::harness::{Faulty, is_current, is_labelled, millis};

#[test]
fn while_the_object_hangs_one_visitor_waits_a_second() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("object=hang");
    let answers = faulty.crowd("/status.json", 20);
    assert!(answers.iter().all(|(answer, _)| is_labelled(answer)));
    let slow = answers.iter().filter(|(_, took)| *took >= millis(1_000)).count();
    let longest = answers.iter().map(|(_, took)| *took).max().unwrap();
    assert!(slow <= 1, "{slow} of 20 waited");
    assert!(longest < millis(2_000), "{longest:?}");
    // Until the question ends, and two seconds after it, nobody waits.
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        let (answer, took) = faulty.timed("/status.json");
        assert!(is_labelled(&answer) && took < millis(1_000), "{took:?}");
        std::thread::sleep(millis(200));
    }
    let counted = faulty.faults("");
    assert_eq!(counted["object /status.json"], 1, "{counted}");
    eventually("the object is asked again", Duration::from_secs(10), || {
        is_current(&faulty.edge.get("/status.json")).then_some(())
    });
}

#[test]
fn an_answer_that_stops_half_way_is_none() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("object=stall");
    let (answer, took) = faulty.timed("/status.json");
    assert!(is_labelled(&answer) && took < millis(2_000), "{took:?}");
    // The writer hears that the outcome is not known, and the same request again gets the first answer.
    let id = sign::unique_id();
    let body = json!({"type":"notice.post","body":"Hello"}).to_string();
    let started = Instant::now();
    let answer = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(503);
    assert!(started.elapsed() < millis(6_500));
    assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
    faulty.faults("");
    let again = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

#[test]
fn a_document_that_fails_is_the_only_one() {
    let faulty = Faulty::with_old_copies(&["/status.json", "/metrics.json"]);
    faulty.faults("object=throw&only=/metrics.json");
    assert!(is_labelled(&faulty.edge.get("/metrics.json")));
    assert!(is_current(&faulty.edge.get("/status.json")));
    assert!(is_current(&faulty.edge.get("/")));
}

#[test]
fn sixty_visitors_are_one_question() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("");
    let answers = faulty.crowd("/status.json", 60);
    assert!(answers.iter().all(|(answer, _)| answer.status == 200));
    let counted = faulty.faults("");
    assert_eq!(counted["object /status.json"], 1, "{counted}");
    assert!(counted["cache"].as_u64().unwrap_or(0) <= 1, "{counted}");
    assert!(counted["kv"].as_u64().unwrap_or(0) == 0, "{counted}");
}

#[test]
fn after_a_trap_readers_are_answered_and_writers_hear_that_nothing_is_known() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    // In the worker: the reader gets a new instance.
    faulty.faults("trap=/status.json");
    let (answer, took) = faulty.timed("/status.json");
    assert!(is_current(&answer) && took < millis(1_500), "{} {took:?}", answer.status);
    // In the object, while readers wait.
    faulty.grow_old();
    faulty.faults("object=trap&only=/status.json");
    for (answer, took) in faulty.crowd("/status.json", 10) {
        assert!(answer.status == 200 || answer.status == 503, "{}", answer.status);
        assert!(answer.status == 200 || answer.header("retry-after").is_some());
        assert!(took < millis(2_500), "{took:?}");
    }
    // In the object, during a write.
    faulty.faults("object=trap&only=/updates");
    let started = Instant::now();
    let answer = faulty.edge.post(&json!({"type":"notice.post","body":"Hello"})).expect(503);
    assert!(started.elapsed() < millis(2_000));
    assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
    faulty.faults("");
    faulty.edge.post(&json!({"type":"notice.post","body":"Hello"})).expect(201);
    assert_eq!(faulty.edge.status()["notice"]["body"], "Hello");
}
