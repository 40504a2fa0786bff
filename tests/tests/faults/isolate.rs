//! The simulation (`cargo xtask simulate`) counts on what one isolate does. Here it is counted on the real runtime.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use candor_tests::Listener;
use serde_json::Value;

use crate::harness::Faulty;

/// What the simulation says; a test of the worker's crate checks that.
fn expected() -> Value {
    serde_json::from_str(include_str!("isolate.json")).unwrap()
}

/// A count in proportion to the time that it took, within a quarter, and one more or less: where it begins is left to chance.
fn about(count: &Value, of: &Value, took: Duration) -> RangeInclusive<f64> {
    let count = count.as_f64().unwrap() * took.as_secs_f64() / of.as_f64().unwrap();
    count * 0.75 - 1.0..=count * 1.25 + 1.0
}

#[test]
fn polls_reach_the_object_as_seldom_as_in_the_simulation() {
    let (faulty, expected) = (Faulty::start(), expected());
    faulty.edge.get("/bulletin.json?lang=en").expect(200);
    faulty.faults("");
    let pause = Duration::from_secs_f64(1.0 / expected["polls_per_second"].as_f64().unwrap());
    let (started, seconds) = (Instant::now(), Duration::from_secs(expected["seconds"].as_u64().unwrap()));
    while started.elapsed() < seconds {
        faulty.edge.get("/bulletin.json?lang=en").expect(200);
        std::thread::sleep(pause);
    }
    let counted = faulty.faults("");
    let wanted = about(&expected["questions"]["documents"], &expected["seconds"], started.elapsed());
    assert!(wanted.contains(&counted["object /bulletin.json"].as_f64().unwrap()), "{wanted:?}: {counted}");
}

#[test]
fn streams_reach_the_object_as_seldom_as_in_the_simulation() {
    let (faulty, expected) = (Faulty::start(), expected());
    let url = faulty.edge.url("/events?lang=en");
    let open = |_| Listener::open(&url, &[]);
    let streams: Vec<_> = (0..expected["streams"].as_u64().unwrap()).map(open).collect();
    for stream in &streams {
        stream.event("confirmed");
    }
    let started = Instant::now();
    faulty.faults("");
    // Each confirmation is an answer of the object.
    for _ in 0..3 {
        streams.iter().for_each(|stream| drop(stream.event("confirmed")));
    }
    let counted = faulty.faults("");
    let wanted = about(&expected["questions"]["changes"], &expected["seconds"], started.elapsed());
    assert!(wanted.contains(&counted["object /changes"].as_f64().unwrap()), "{wanted:?}: {counted}");
}
