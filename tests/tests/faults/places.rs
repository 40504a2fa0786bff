//! Faults of the places that hold copies, and of the clock.

use candor_tests::eventually;
use serde_json::json;
use std::time::{Duration, Instant};

use crate::harness::{Faulty, is_current, is_labelled, millis};

#[test]
fn a_copy_in_memory_does_not_wait_for_kv() {
    let faulty = Faulty::with_old_copies(&["/status.json", "/"]);
    faulty.faults("object=throw&kv=hang");
    for path in ["/", "/status.json"] {
        let (answer, took) = faulty.timed(path);
        assert!(is_labelled(&answer) && took < millis(1_000), "{path}: {took:?}");
    }
    let counted = faulty.faults("");
    assert!(counted["kv"].is_null(), "{counted}");
}

#[test]
fn without_a_copy_kv_is_asked_within_a_limit() {
    let faulty = Faulty::start();
    faulty.edge.get("/status.json").expect(200);
    // `/metrics.json` has no copy in KV; `/` is in neither memory nor cache.
    faulty.faults("object=throw&kv=hang");
    for path in ["/metrics.json", "/"] {
        let (answer, took) = faulty.timed(path);
        assert!(answer.status == 503 && took < millis(1_500), "{path}: {} {took:?}", answer.status);
        assert!(answer.header("retry-after").is_some());
    }
}

#[test]
fn a_cache_that_hangs_or_lies_changes_nothing() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    let version = faulty.edge.version();
    for fault in ["hang", "throw", "lie", "future", "garbage"] {
        faulty.faults(&format!("cache={fault}"));
        faulty.grow_old();
        let (answer, took) = faulty.timed("/status.json");
        assert!(is_current(&answer) && took < millis(1_000), "{fault}: {took:?}");
        assert_eq!(answer.json()["version"], version, "{fault}");
    }
    faulty.faults("");
    faulty.grow_old();
    assert_eq!(faulty.edge.status()["version"], version);
    // Nor does it keep news from being read.
    faulty.faults("cache=lie");
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    assert_eq!(faulty.edge.status()["notice"]["body"], "Hello");
}

#[test]
fn a_writer_does_not_wait_for_the_cache() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    faulty.faults("delete=hang&put=hang");
    let started = Instant::now();
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    assert!(started.elapsed() < millis(1_000), "{:?}", started.elapsed());
    assert_eq!(faulty.edge.status()["notice"]["body"], "Hello");
}

#[test]
fn copies_go_on_after_kv_did_not_take_one() {
    for fault in ["hang", "throw"] {
        let faulty = Faulty::start();
        faulty.faults(&format!("kv_put={fault}"));
        faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
        assert_eq!(faulty.edge.status()["notice"]["body"], "Hello", "an exhausted quota disturbs nothing");
        eventually("an attempt", Duration::from_secs(20), || {
            let counted = faulty.faults(&format!("kv_put={fault}"));
            counted["kv put /status.json"].is_u64().then_some(())
        });
        faulty.faults("");
        eventually("another attempt, while the page is read", Duration::from_secs(60), || {
            std::thread::sleep(millis(500));
            faulty.edge.get("/status.json").expect(200);
            let counted = faulty.faults("");
            counted["kv put /status.json"].is_u64().then_some(())
        });
    }
}

#[test]
fn an_idle_page_is_copied_once_although_the_object_forgets() {
    let faulty = Faulty::start();
    eventually("the copies", Duration::from_secs(30), || {
        faulty.edge.get("/status.json").expect(200);
        std::thread::sleep(millis(200));
        faulty.faults("")["kv put /"].is_u64().then_some(())
    });
    // What set up the page may be copied once more.
    std::thread::sleep(Duration::from_secs(11));
    let objects = faulty.faults("")["objects"].as_u64().unwrap();
    for _ in 0..4 {
        faulty.faults("forget=1");
        faulty.grow_old();
        // The object is lost with this read, and made again for a later one.
        faulty.edge.get("/status.json");
        eventually("the object is back", Duration::from_secs(10), || {
            std::thread::sleep(millis(300));
            is_current(&faulty.edge.get("/status.json")).then_some(())
        });
        std::thread::sleep(millis(500));
        let counted = faulty.faults("");
        assert!(counted["kv put /status.json"].is_null() && counted["kv put /"].is_null(), "{counted}");
    }
    assert!(faulty.faults("")["objects"].as_u64().unwrap() >= objects + 4, "the object was made anew");
}

#[test]
fn a_copy_from_the_future_is_not_current() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    // One read while the clock of this isolate is half a minute ahead.
    faulty.faults("clock=30000");
    faulty.edge.get("/status.json").expect(200);
    faulty.faults("");
    faulty.edge.get("/status.json").expect(200);
    let counted = faulty.faults("");
    assert_eq!(counted["object /status.json"], 1, "asked again at once: {counted}");
    assert!(is_current(&faulty.edge.get("/status.json")));
}
