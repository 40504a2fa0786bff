//! Faults of the object.

use candor_tests::eventually;
use candor_tests::sign::{self, SigV4};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;

use crate::harness::{Faulty, is_current, is_labelled, timers};

#[test]
fn while_the_object_hangs_one_visitor_waits_a_second() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("object=hang");
    let answers = faulty.crowd("/status.json", 20);
    assert!(answers.iter().all(is_labelled));
    let counted = faulty.faults("object=hang");
    assert_eq!(timers(&counted, 300..=1_000), 1, "one of 20 waits a second: {counted}");
    assert_eq!(counted["object /status.json"], 1, "{counted}");
    // Until that question ends, nobody waits and nobody asks.
    for _ in 0..5 {
        assert!(is_labelled(&faulty.edge.get("/status.json")));
    }
    let counted = faulty.faults("");
    assert_eq!(timers(&counted, 0..=60_000), 0, "{counted}");
    assert!(counted["object /status.json"].is_null(), "{counted}");
    eventually("the object is asked again", Duration::from_secs(20), || {
        is_current(&faulty.edge.get("/status.json")).then_some(())
    });
}

#[test]
fn an_answer_that_stops_half_way_is_none() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("object=stall");
    assert!(is_labelled(&faulty.edge.get("/status.json")));
    let counted = faulty.faults("object=stall");
    assert_eq!(timers(&counted, 300..=1_000), 1, "a second is the limit: {counted}");
    // The writer hears that the outcome is not known, and the same request again gets the first answer.
    let id = sign::unique_id();
    let body = json!({"type":"notice.post","body":"Hello"}).to_string();
    let answer = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(503);
    assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
    let counted = faulty.faults("");
    // Copies in KV are ten seconds apart at most, which is a timer too.
    assert!(timers(&counted, 5_000..=5_000) >= 1, "five seconds are the limit: {counted}");
    assert_eq!(timers(&counted, 10_001..=600_000), 0, "and nothing waits longer: {counted}");
    let again = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

/// After a write whose outcome is not known, nothing old is served as current: it would contradict the write.
#[test]
fn after_a_write_in_doubt_the_object_is_asked_before_anything_is_said() {
    let faulty = Faulty::start();
    let names = ["/status.json", "/", "/bulletin.json"];
    for (number, fault) in ["throw", "stall", "else&status=200"].into_iter().enumerate() {
        for name in names {
            eventually("it is current", Duration::from_secs(10), || {
                is_current(&faulty.edge.get(name)).then_some(())
            });
        }
        let version = faulty.edge.version();
        faulty.faults(&format!("object={fault}&only=/updates"));
        let update = json!({"type":"notice.post","body":format!("Number {number}")});
        let answer = faulty.edge.post(&update).expect(503);
        assert!(answer.text().contains("wait 15 seconds and read /status.json"), "{}", answer.text());
        let counted = faulty.faults("object=throw");
        assert!(counted["object /status.json"].is_null(), "{counted}");
        for name in names {
            assert!(is_labelled(&faulty.edge.get(name)), "{fault} {name}");
        }
        faulty.faults("");
        eventually("the object is asked again", Duration::from_secs(10), || {
            is_current(&faulty.edge.get("/status.json")).then_some(())
        });
        // Whatever could be known is: what was asked for after the write has it.
        let written = fault == "stall";
        assert_eq!(faulty.edge.version(), version + u64::from(written), "{fault}");
    }
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
    assert!(answers.iter().all(|answer| answer.status == 200));
    let counted = faulty.faults("");
    assert_eq!(counted["object /status.json"], 1, "{counted}");
    assert!(counted["cache"].as_u64().unwrap_or(0) <= 1, "{counted}");
    assert!(counted["kv"].as_u64().unwrap_or(0) == 0, "{counted}");
}

/// Names that nobody published do not reach the object, however many there are.
#[test]
fn a_flood_of_unknown_names_reaches_the_object_a_few_times() {
    let faulty = Faulty::start();
    faulty
        .edge
        .accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b"}));
    faulty.faults("");
    let flood = |round: usize| {
        for n in 0..40 {
            for path in [
                format!("/incidents/x{round}-{n}"),
                format!("/maintenances/x{round}-{n}"),
                format!("/postmortems/x{round}-{n}.json"),
                format!("/badge.svg?component=x{round}-{n}"),
                format!("/history/{}-01", 2025 - n),
                format!("/history/{}-01/{}", 1990 - round, n + 2),
            ] {
                faulty.edge.get(&path).expect(404);
            }
        }
    };
    flood(0);
    let counted = faulty.faults("");
    assert_eq!(questions_about_names(&counted), 1, "the first 404 lists what there is: {counted}");
    // Nobody has confirmed the version since: a question about `status.json` does so for all names. A slow machine may need
    // several, one for each two seconds that the flood lasts.
    faulty.grow_old();
    flood(1);
    let counted = faulty.faults("");
    assert_eq!(questions_about_names(&counted), 0, "{counted}");
    let confirmations = counted["object /status.json"].as_u64().unwrap();
    assert!((1..24).contains(&confirmations), "240 names, and yet: {counted}");
    // What is published in the meantime is there at once.
    faulty
        .edge
        .accept(&json!({"type":"incident.open","id":"x2-0","name":"Down","impact":"major","body":"b"}));
    faulty.edge.get("/incidents/x2-0").expect(200);
    faulty.edge.get("/incidents/x2-1").expect(404);
}

/// How many questions reached the object that do more than confirm the version.
fn questions_about_names(counted: &serde_json::Value) -> u64 {
    let all = counted.as_object().unwrap().iter();
    all.filter(|(what, _)| what.starts_with("object /") && *what != "object /status.json")
        .filter_map(|(_, count)| count.as_u64())
        .sum()
}

#[test]
fn after_a_trap_readers_are_answered_and_writers_hear_that_nothing_is_known() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    // In the worker: the reader gets a new instance.
    faulty.faults("trap=/status.json");
    assert!(is_current(&faulty.edge.get("/status.json")));
    // In the object, while readers wait.
    faulty.grow_old();
    faulty.faults("object=trap&only=/status.json");
    for answer in faulty.crowd("/status.json", 10) {
        assert!(answer.status == 200 || answer.status == 503, "{}", answer.status);
        assert!(answer.status == 200 || answer.header("retry-after").is_some());
    }
    // In the object, during a write.
    faulty.faults("object=trap&only=/updates");
    let answer = faulty.edge.post(&json!({"type":"notice.post","body":"Hello"})).expect(503);
    assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
    faulty.faults("");
    faulty.edge.post(&json!({"type":"notice.post","body":"Hello"})).expect(201);
    assert_eq!(faulty.edge.status()["notice"]["body"], "Hello");
}

/// A trap inside the transaction: before the commit nothing is stored, after it everything is. The writer hears in both cases
/// that the outcome is not known, and sending the request again applies it once.
#[test]
fn a_trap_in_the_transaction_is_an_outcome_that_is_not_known() {
    let faulty = Faulty::start();
    for (when, replayed) in [("before", None), ("after", Some("true"))] {
        let version = faulty.edge.version();
        let id = sign::unique_id();
        let body = json!({"type":"notice.post","body":format!("Trap {when}")}).to_string();
        faulty.faults(&format!("commit={when}"));
        let answer = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(503);
        assert!(answer.text().contains("not known whether this was written"), "{}", answer.text());
        let again = faulty.edge.post_as(&faulty.edge.keys.ops, &id, body.as_bytes()).expect(201);
        assert_eq!(again.header("idempotency-replayed"), replayed, "{when}");
        assert_eq!(faulty.edge.status()["notice"]["body"], format!("Trap {when}"));
        assert_eq!(faulty.edge.version(), version + 1, "{when}: applied once");
    }
}

/// The object's storage is another one, or was restored to an earlier version: what it says replaces what isolates hold.
#[test]
fn another_storage_replaces_what_isolates_hold() {
    let faulty = Faulty::start();
    faulty.edge.accept(&json!({"type":"notice.post","body":"One"}));
    let earlier = faulty.edge.version();
    for n in 0..3 {
        faulty.edge.accept(&json!({"type":"notice.post","body":format!("More {n}")}));
    }
    faulty.edge.get("/").expect(200);
    faulty.lose(&format!("restore={earlier}"));
    eventually("the restored version", Duration::from_secs(20), || {
        let answer = faulty.edge.get("/status.json");
        (is_current(&answer) && answer.json()["version"] == earlier).then_some(())
    });
    assert!(is_current(&faulty.edge.get("/")));
    assert_eq!(faulty.edge.version(), earlier, "the later one does not come back");
    faulty.lose("wipe=1");
    eventually("nothing has been published in the new storage", Duration::from_secs(20), || {
        (faulty.edge.get("/status.json").status == 404).then_some(())
    });
    assert!(faulty.edge.get("/").expect(200).text().contains("Nothing has been published yet"));
}

#[test]
fn a_frame_may_say_that_nothing_is_known() {
    let faulty = Faulty::start();
    faulty.faults("object=throw");
    let html = vec![("accept".to_owned(), "text/html".to_owned())];
    let unknown = faulty.edge.send("GET", "/embed?variant=badge&lang=de", &html, None).expect(503);
    assert!(!unknown.header("content-security-policy").unwrap().contains("frame-ancestors"));
    assert_eq!(unknown.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert!(unknown.header("retry-after").is_some());
    assert!(unknown.text().contains("<h1 class=\"state\">Status unbekannt</h1>"), "{}", unknown.text());
}

/// Something else stands in the object's place. Whatever it says, a writer hears that nothing is known.
#[test]
fn what_answers_in_the_place_of_the_object_is_passed_on_to_nobody() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    let version = edge.version();
    let id = sign::unique_id();
    let body = json!({"type":"notice.post","body":"Hello"}).to_string();
    for other in [
        "status=200",
        "status=204",
        "status=302",
        "status=304",
        "status=404",
        "status=409",
        "status=429",
        "status=500",
        "status=200&type=text/plain&body=bytes",
        "status=200&type=application/json&body=%7B%22version%22",
        "status=409&type=application/json&body=%7B%7D",
        "status=409&type=application/problem%2Bjson&body=%7B%22type%22:%22about:blank%22,%22status%22:409%7D",
    ] {
        faulty.faults(&format!("object=else&{other}"));
        let answer = edge.post_as(&edge.keys.ops, &id, body.as_bytes()).expect(503);
        assert!(answer.text().contains("not known whether this was written"), "{other}: {}", answer.text());
        assert!(answer.header("retry-after").is_some(), "{other}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{other}");
        let counted = faulty.faults(&format!("object=else&{other}"));
        assert!(counted["object /elsewhere"].is_null(), "{other}: a redirect is not followed: {counted}");
        assert_eq!(counted["object /updates"], 1, "{other}: {counted}");
        let health = edge.get("/healthz").expect(503);
        assert!(health.text().contains("cannot be reached"), "{other}: {}", health.text());
        for path in ["/v1/log", "/v1/export", "/metrics"] {
            let headers =
                SigV4 { method: "GET", path, ..SigV4::update(&edge.host()) }.sign(&edge.keys.ops, b"");
            let answer = edge.send("GET", path, &headers, None).expect(503);
            assert!(answer.header("retry-after").is_some(), "{other}: {path}");
        }
    }
    faulty.faults("");
    assert_eq!(edge.version(), version);
    // The same request again is applied, and once.
    for replayed in [None, Some("true")] {
        let answer = edge.post_as(&edge.keys.ops, &id, body.as_bytes()).expect(201);
        assert_eq!(answer.header("idempotency-replayed"), replayed);
    }
    assert_eq!(edge.version(), version + 1);
    edge.get("/healthz").expect(200);
}

/// A maintenance that begins in some seconds.
fn maintenance_soon(faulty: &Faulty, seconds: i64) {
    let at = |seconds| (Timestamp::now() + SignedDuration::from_secs(seconds)).to_string();
    faulty
        .edge
        .accept(&json!({"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap them.",
        "components":["api"],"scheduled_for":at(seconds),"scheduled_until":at(3600)}));
}

#[test]
fn an_alarm_that_cannot_be_set_holds_nobody_up() {
    for fault in ["hang", "throw"] {
        let faulty = Faulty::start();
        faulty.faults(&format!("alarm={fault}"));
        // The page's next change is the beginning, so that the alarm is to be set with this update.
        maintenance_soon(&faulty, 20);
        assert!(is_current(&faulty.edge.get("/status.json")));
        let counted = faulty.faults(&format!("alarm={fault}"));
        assert!(counted["alarm"].as_u64() >= Some(1), "{fault}: {counted}");
        assert_eq!(timers(&counted, 1_001..=5_000), timers(&counted, 5_000..=5_000), "{fault}: {counted}");
        faulty.faults("");
        faulty.grow_old();
        // With the next question it is set, and then the change is made although nobody asks.
        assert!(is_current(&faulty.edge.get("/status.json")));
        let counted = faulty.faults("");
        assert_eq!(counted["alarm"], 1, "{fault}: {counted}");
        let version = faulty.edge.version();
        eventually("the beginning", Duration::from_secs(60), || {
            (faulty.edge.log().contains("\"outcome\":\"rang\"")).then_some(())
        });
        faulty.grow_old();
        assert_eq!(faulty.edge.version(), version + 1, "{fault}");
    }
}

/// The storage can be read and takes no more, when a maintenance begins.
#[test]
fn a_change_that_cannot_be_stored_hides_nothing_that_is() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    maintenance_soon(&faulty, 8);
    let version = edge.version();
    let stored = edge.get("/status.json").expect(200).text();
    faulty.faults("storage=full");
    std::thread::sleep(Duration::from_secs(9));
    let health = edge.get("/healthz").expect(503);
    assert!(
        health.text().contains("takes no more") && !health.text().contains("written"),
        "{}",
        health.text()
    );
    for _ in 0..3 {
        for path in ["/status.json", "/", "/history", "/maintenances/disks", "/bulletin.json"] {
            assert!(is_current(&edge.get(path)), "{path}");
        }
        assert_eq!(edge.get("/status.json").expect(200).text(), stored, "a version names one content");
        faulty.grow_old();
    }
    let counted = faulty.faults("storage=full");
    // Several times a minute, by the alarm and by whoever asks.
    assert!(counted["alarm"].as_u64().unwrap_or(0) < 12, "{counted}");
    let refused = edge.post(&json!({"type":"notice.post","body":"Hello"})).expect(503);
    assert!(refused.text().contains("nothing was written"), "{}", refused.text());
    assert!(is_current(&edge.get("/history")));
    faulty.faults("");
    eventually("the change", Duration::from_secs(30), || {
        std::thread::sleep(Duration::from_millis(500));
        (edge.status()["version"] == version + 1).then_some(())
    });
    edge.get("/healthz").expect(200);
    edge.accept(&json!({"type":"notice.post","body":"Hello"}));
}
