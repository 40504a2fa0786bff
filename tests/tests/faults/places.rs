//! Faults of the places that hold copies, and of the clock.

use candor_tests::eventually;
use serde_json::{Value, json};
use std::time::Duration;

use crate::harness::{Faulty, is_current, is_labelled, timers};

#[test]
fn a_copy_in_memory_does_not_wait_for_kv() {
    let faulty = Faulty::with_old_copies(&["/status.json", "/"]);
    faulty.faults("object=throw&kv=hang");
    for path in ["/", "/status.json"] {
        assert!(is_labelled(&faulty.edge.get(path)), "{path}");
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
        let answer = faulty.edge.get(path).expect(503);
        assert!(answer.header("retry-after").is_some());
    }
    let counted = faulty.faults("");
    assert_eq!(
        (counted["kv"].as_u64(), timers(&counted, 401..=500)),
        (Some(1), 1),
        "half a second is the limit: {counted}"
    );
}

#[test]
fn a_cache_that_hangs_or_lies_changes_nothing() {
    let faulty = Faulty::with_old_copies(&["/status.json"]);
    let version = faulty.edge.version();
    for fault in ["hang", "throw", "sync", "lie", "future", "garbage", "large"] {
        faulty.faults(&format!("cache={fault}"));
        faulty.grow_old();
        let answer = faulty.edge.get("/status.json");
        assert!(is_current(&answer), "{fault}");
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
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
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
            std::thread::sleep(Duration::from_millis(500));
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
        std::thread::sleep(Duration::from_millis(200));
        faulty.faults("")["kv put /"].is_u64().then_some(())
    });
    // What set up the page may be copied once more.
    std::thread::sleep(Duration::from_secs(11));
    let objects = faulty.faults("")["objects"].as_u64().unwrap();
    for _ in 0..4 {
        faulty.lose("forget=1");
        eventually("the object is back", Duration::from_secs(10), || {
            std::thread::sleep(Duration::from_millis(300));
            is_current(&faulty.edge.get("/status.json")).then_some(())
        });
        std::thread::sleep(Duration::from_millis(500));
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

/// Without the object, and without a copy in the language of the reader, the banner is in the page's own, and says that it is old.
#[test]
fn the_bulletin_has_a_copy_in_kv() {
    let faulty = Faulty::start();
    faulty
        .edge
        .accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b"}));
    let version = faulty.edge.version();
    eventually("the copy", Duration::from_secs(60), || {
        std::thread::sleep(Duration::from_millis(200));
        faulty.edge.get("/status.json").expect(200);
        (faulty.faults("")["kv version"] == version).then_some(())
    });
    faulty.faults("object=throw");
    let bulletin = faulty.edge.get("/bulletin.json?lang=el").expect(200).json();
    assert_eq!((&bulletin["language"], &bulletin["level"]), (&json!("en"), &json!("major")), "{bulletin}");
    assert!(bulletin["unconfirmed_since"].is_string(), "{bulletin}");
    let loader = faulty.edge.get("/widget.js?lang=hu").expect(200).text();
    assert!(loader.contains("\"unconfirmed_since\":\""), "{}", &loader[loader.len() - 200..]);
}

/// A panel has no copy in KV. A near one is labelled, and after a minute nothing in it is green.
#[test]
fn a_panel_that_nobody_confirms_says_so() {
    let faulty = Faulty::with_old_copies(&["/panel.json?lang=de"]);
    let read = |faults: &str| {
        faulty.faults(faults);
        let answer = faulty.edge.get("/panel.json?lang=de").expect(200);
        assert!(is_labelled(&answer), "{}", answer.text());
        answer.json()
    };
    let young = read("object=throw");
    assert_eq!(young["summary"], "Alle Systeme laufen normal", "a hiccup alarms nobody");
    assert!(young["unconfirmed_since"].is_string());
    let old = read("object=throw&clock=70000");
    assert_eq!((&old["summary"], &old["level"]), (&json!("Status unbekannt"), &json!("notice")));
    for group in old["uptime"]["groups"].as_array().unwrap() {
        for component in group["components"].as_array().unwrap() {
            assert_eq!((&component["level"], &component["label"]), (&json!("notice"), &json!("Unbekannt")));
        }
    }
    assert_eq!(faulty.edge.get("/panel.json?lang=el").status, 503, "nobody has a copy of this one");
}

/// A burst of updates does not use up what KV permits in a day, and the last update of the burst is copied.
#[test]
fn a_burst_of_updates_is_a_few_copies() {
    let faulty = Faulty::start();
    faulty.faults("");
    for n in 0..60 {
        faulty.edge.accept(&json!({"type":"notice.post","body":format!("Update {n}")}));
    }
    let version = faulty.edge.version();
    let mut puts = 0;
    eventually("the copy of the last update", Duration::from_secs(60), || {
        std::thread::sleep(Duration::from_millis(200));
        let counted = faulty.faults("");
        puts += counted["kv put /status.json"].as_u64().unwrap_or(0);
        (counted["kv version"] == version).then_some(())
    });
    // One at the beginning, and one for each ten seconds: however slow the machine is, far less than one for each update.
    assert!(puts <= 8, "60 updates were copied {puts} times");
}

/// The names that KV was asked to take, once there was one of them; until then the page is read.
fn copied(faulty: &Faulty, name: &str, faults: &str) -> Value {
    eventually(&format!("a copy of {name}"), Duration::from_secs(60), || {
        std::thread::sleep(Duration::from_millis(300));
        faulty.edge.get("/status.json");
        let counted = faulty.faults(faults);
        counted[format!("kv put {name}")].is_u64().then_some(counted)
    })
}

/// What was noted while the clock was a day ahead, in the object or in KV, keeps nothing from being copied.
#[test]
fn after_a_moment_with_the_clock_ahead_the_page_is_copied_as_before() {
    for restarts in [false, true] {
        let faulty = Faulty::start();
        copied(&faulty, "/", "");
        copied(&faulty, "/", "clock=86400000");
        faulty.faults("");
        if restarts {
            faulty.lose("forget=1");
        }
        let down = json!({"type":"incident.open","id":"down","name":"Down","impact":"critical","body":"b"});
        eventually("the incident", Duration::from_secs(20), || {
            (faulty.edge.post(&down).status == 201).then_some(())
        });
        let version = faulty.edge.version();
        eventually("the copy of it", Duration::from_secs(60), || {
            (copied(&faulty, "/", "")["kv version"] == version).then_some(())
        });
        // Nothing else has a copy of the page than KV.
        faulty.faults("object=throw&cache=throw");
        let page = faulty.edge.get("/?lang=el").expect(200).text();
        assert!(!page.contains("All systems operational"), "{page}");
    }
}

/// The copies of the others are there, and are put once.
#[test]
fn a_document_that_kv_does_not_take_holds_up_no_other() {
    const FAULTS: &str = "kv_put=throw&name=/bulletin.json";
    let faulty = Faulty::start();
    copied(&faulty, "/", "");
    faulty.faults(FAULTS);
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    let mut puts = [0, 0, 0];
    for _ in 0..90 {
        std::thread::sleep(Duration::from_millis(500));
        faulty.edge.get("/status.json").expect(200);
        let counted = faulty.faults(FAULTS);
        for (count, name) in puts.iter_mut().zip(["/status.json", "/bulletin.json", "/"]) {
            *count += counted[format!("kv put {name}")].as_u64().unwrap_or(0);
        }
    }
    assert_eq!((puts[0], puts[2]), (1, 1), "{puts:?}");
    assert!((2..=5).contains(&puts[1]), "every ten seconds: {puts:?}");
}
