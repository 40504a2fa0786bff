//! Clocks that were ahead for a moment: what they have stamped must not be young, neither at once nor when its time has come.

use candor_tests::Answer;
use candor_tests::sign::SigV4;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::{Duration, Instant};

use crate::harness::{Faulty, is_current, is_labelled};

const SINCE: &str = "candor-unconfirmed-since";

/// Reads what says "well" most plainly: the status page, `status.json` and Statuspage's API.
#[track_caller]
fn says_that_nobody_knows(faulty: &Faulty, since: &str) {
    let read = |path: &str| -> Answer {
        let answer = faulty.edge.get(path);
        assert!(is_labelled(&answer), "{path}: {} {}", answer.status, answer.text());
        assert_eq!(answer.header(SINCE), Some(since), "{path}");
        answer
    };
    let page = read("/").text();
    assert!(!page.contains("hero ok") && page.contains("Status unknown"), "{page}");
    let status = read("/status.json").json();
    assert_eq!(
        (&status["description"], &status["unconfirmed_since"]),
        (&json!("Status unknown"), &json!(since))
    );
}

#[test]
fn a_copy_from_the_future_is_as_old_as_its_version() {
    let names = ["/", "/status.json", "/api/v2/status.json"];
    let faulty = Faulty::with_old_copies(&names);
    let published = faulty.edge.status()["published_at"].as_str().unwrap().to_owned();
    faulty.faults("clock=3600000");
    for name in names {
        assert!(is_current(&faulty.edge.get(name)), "{name}");
    }
    // The clock is right again, and goes on; at last it is where it was.
    for clock in [70_000, 90_000, 3_600_500, 3_601_000] {
        faulty.faults(&format!("object=throw&clock={clock}"));
        says_that_nobody_knows(&faulty, &published);
        let api = faulty.edge.get("/api/v2/status.json");
        assert_eq!(api.header(SINCE), Some(&*published), "{clock}");
        assert_eq!(api.json()["status"]["indicator"], "minor", "{clock}");
    }
    faulty.faults("");
    assert!(is_current(&faulty.edge.get("/status.json")), "the object is asked");
}

#[test]
fn a_copy_in_kv_from_the_future_is_as_old_as_its_version() {
    let faulty = Faulty::start();
    let published = faulty.edge.status()["published_at"].as_str().unwrap().to_owned();
    // The first copies are there, so that the next ones are of the future.
    faulty.copied(0);
    faulty.copied(86_400_000);
    // A fresh isolate. The object, which replaces such copies as soon as it is asked, fails before it can.
    faulty.faults("trap=/healthz&kv_put=throw");
    faulty.edge.get("/healthz").expect(200);
    for clock in [70_000, 90_000, 86_401_000] {
        faulty.faults(&format!("object=throw&cache=none&kv_put=throw&clock={clock}"));
        says_that_nobody_knows(&faulty, &published);
    }
}

/// An isolate is half a minute ahead for one read of the page. Half a minute later another isolate reads it.
#[track_caller]
fn hides_no_outage(ahead: &str, notices: bool) {
    let faulty = Faulty::start();
    faulty.faults(ahead);
    let page = faulty.edge.get("/").expect(200);
    assert!(page.text().contains("All systems operational"));
    let read = Instant::now();
    if notices {
        faulty.faults("");
    } else {
        faulty.fresh_isolate();
    }
    faulty.edge.accept(
        &json!({"type":"incident.open","id":"down","name":"All is down","impact":"critical","body":"b"}),
    );
    faulty.fresh_isolate();
    std::thread::sleep(Duration::from_millis(31_000).saturating_sub(read.elapsed()));
    let page = faulty.edge.get("/").expect(200);
    assert!(is_current(&page) && page.text().contains("All is down"), "{}", page.text());
}

/// The clocks of the isolate and of the object were ahead, and the isolate hears that before its copy becomes current.
#[test]
fn what_was_cached_ahead_of_time_is_taken_back() {
    hides_no_outage("clock=30000", true);
}

/// Only the isolate's clock was ahead, and the isolate is gone before it can notice.
#[test]
fn nothing_is_cached_with_a_later_time_than_the_objects() {
    hides_no_outage("clock=30000&object_clock=-30000", false);
}

/// Neither a signature nor an idempotency key is forgotten because of a moment with a clock ahead.
#[test]
fn after_a_moment_with_the_clock_ahead_nothing_is_applied_twice() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    let host = edge.host();
    for (number, ahead) in [20 * 60_i64, 25 * 3_600, 20 * 86_400].into_iter().enumerate() {
        let body =
            json!({"type":"incident.open","name":format!("Down {number}"),"impact":"minor","body":"x"})
                .to_string();
        let signed = |ahead: i64, query: &str, key: Option<&str>| {
            let mut signing = SigV4 {
                at: Timestamp::now() + SignedDuration::from_secs(ahead),
                query,
                ..SigV4::update(&host)
            };
            signing.extra.extend(key.map(|key| ("idempotency-key".to_owned(), key.to_owned())));
            signing.sign(&edge.keys.ops, body.as_bytes())
        };
        let send = |headers: &_, query: &str| {
            edge.send("POST", &format!("/v1/updates{query}"), headers, Some(body.as_bytes()))
        };
        let plain = signed(0, "", None);
        send(&plain, "").expect(201);
        send(&plain, "").expect(409);
        let key = format!("key-{number}");
        let first = send(&signed(0, "", Some(&key)), "").expect(201);
        faulty.faults(&format!("clock={}", ahead * 1_000));
        send(&signed(ahead, "dry_run=true", None), "?dry_run=true").expect(200);
        faulty.faults("");
        send(&plain, "").expect(409);
        let again = send(&signed(-1, "", Some(&key)), "").expect(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{ahead}");
        assert_eq!(again.body, first.body, "{ahead}");
    }
}
