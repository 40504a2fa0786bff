//! An update that was answered 2xx is stored exactly once.

use candor_tests::{Edge, eventually, sign};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const KILLS: usize = 20;
/// Below the limit of 200 components per page.
const COMPONENTS: usize = 190;

/// The body of the n-th write: it sets a component that the page then shows.
fn body(n: usize) -> String {
    let id = format!("c-{}", n % COMPONENTS);
    json!({"type":"component.set","id":id,"name":format!("write {n}"),"status":"degraded_performance"})
        .to_string()
}

fn id(n: usize) -> String {
    format!("msg_{n}")
}

/// While three writers post updates, every process of the worker is killed twenty times, a random time after an answer.
#[test]
fn an_acknowledged_update_survives_kill_9_exactly_once() {
    let mut edge = Edge::start();
    edge.accept(&json!({"type":"page.set","name":"Trailmark"}));
    let sent = AtomicUsize::new(0);
    let acknowledged: Mutex<BTreeMap<usize, u64>> = Mutex::default();

    for kill in 0..KILLS {
        let stop = AtomicBool::new(false);
        let goal = acknowledged.lock().unwrap().len() + 1 + usize::from(sign::random::<1>()[0] % 8);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let n = sent.fetch_add(1, Ordering::Relaxed);
                        if let Some(answer) = edge.try_post_as(&edge.keys.ops, &id(n), body(n).as_bytes()) {
                            let version = answer.expect(201).json()["version"].as_u64().unwrap();
                            acknowledged.lock().unwrap().insert(n, version);
                        } else {
                            return;
                        }
                    }
                });
            }
            eventually("answers", Duration::from_secs(60), || {
                (acknowledged.lock().unwrap().len() >= goal).then_some(())
            });
            // At most 8 ms, so that the next writes are in progress.
            std::thread::sleep(Duration::from_micros(u64::from(u16::from_le_bytes(sign::random())) / 8));
            edge.kill_hard();
            stop.store(true, Ordering::Relaxed);
        });
        edge.restart();
        let newest = acknowledged.lock().unwrap().values().copied().max().unwrap();
        let version = edge.version();
        assert!(
            version >= newest,
            "kill {kill}: version {newest} was acknowledged, but the worker is at {version}"
        );
    }

    // The page shows every acknowledged write.
    let acknowledged = acknowledged.into_inner().unwrap();
    let shown: BTreeSet<String> = edge.status()["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|component| component["id"].as_str().unwrap().to_owned())
        .collect();
    for n in acknowledged.keys() {
        assert!(
            shown.contains(&format!("c-{}", n % COMPONENTS)),
            "write {n} was acknowledged and is not shown"
        );
    }

    // The log has every write once: a repeated request gets the first answer, or it was not stored and is stored now.
    let total = sent.into_inner();
    let mut versions = BTreeSet::new();
    for n in 0..total {
        let answer = edge.post_as(&edge.keys.ops, &id(n), body(n).as_bytes()).expect(201);
        let version = answer.json()["version"].as_u64().unwrap();
        if let Some(first) = acknowledged.get(&n) {
            assert_eq!(
                answer.header("idempotency-replayed"),
                Some("true"),
                "write {n} was acknowledged and is lost"
            );
            assert_eq!(version, *first, "write {n}");
        }
        versions.insert(version);
    }
    // Version 1 set the page's name. Then each write has one version, whether its answer arrived or not.
    let expected: BTreeSet<u64> = (2..).take(total).collect();
    assert_eq!(versions, expected);
    assert_eq!(edge.version(), u64::try_from(total).unwrap() + 1);
    println!("{KILLS} kills, {total} writes, {} acknowledged", acknowledged.len());
}

#[test]
fn thirty_two_concurrent_writers_lose_nothing_and_leave_no_gap() {
    const WRITERS: usize = 32;
    const EACH: usize = 10;
    let edge = Edge::start();
    edge.accept(&json!({"type":"page.set","name":"Trailmark"}));

    // Writer, number of the update, and the version in its answer.
    let answers: Mutex<Vec<(usize, usize, u64)>> = Mutex::default();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (edge, answers) = (&edge, &answers);
            scope.spawn(move || {
                for number in 0..EACH {
                    let answer = edge.accept(&json!({
                        "type":"component.set","id":format!("writer-{writer}"),"name":format!("update {number}"),
                        "status":"degraded_performance",
                    }));
                    answers.lock().unwrap().push((writer, number, answer["version"].as_u64().unwrap()));
                }
            });
        }
    });

    let answers = answers.into_inner().unwrap();
    let versions: BTreeSet<u64> = answers.iter().map(|(_, _, version)| *version).collect();
    let expected: BTreeSet<u64> = (2..).take(WRITERS * EACH).collect();
    assert_eq!(versions, expected, "each version occurs once, without a gap");
    assert_eq!(edge.version(), u64::try_from(WRITERS * EACH).unwrap() + 1);
    for writer in 0..WRITERS {
        let own: Vec<u64> =
            answers.iter().filter(|(other, ..)| *other == writer).map(|(.., version)| *version).collect();
        assert!(own.is_sorted(), "the updates of writer {writer} are in order");
    }
    let status = edge.status();
    let shown = status["components"].as_array().unwrap();
    assert_eq!(shown.len(), WRITERS);
    assert!(
        shown.iter().all(|component| component["name"] == "update 9"),
        "the page shows the last update of each writer"
    );
}
