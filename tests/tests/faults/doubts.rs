//! Writes in doubt: which ones are, for how long, and what a sender can rely on who does what the answer says.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use candor_tests::sign::SigV4;
use serde_json::json;

use crate::harness::{Faulty, is_current, is_labelled};

/// Waits until so many milliseconds have passed.
fn wait_until(began: Instant, millis: u64) {
    std::thread::sleep(Duration::from_millis(millis).saturating_sub(began.elapsed()));
}

/// The write arrives after it was given up, at an object whose clock is another one. Once the sender has waited, it does not come any more.
#[test]
fn after_the_wait_no_write_comes_any_more() {
    for differs in [0, 60_000, -9_500] {
        let faulty = Faulty::start();
        let (edge, version) = (&faulty.edge, faulty.edge.version());
        faulty.faults(&format!("late=8500&asked={differs}"));
        let began = Instant::now();
        let incident = json!({ "type": "incident.open", "name": "Down", "impact": "major", "body": "b" });
        let answer = edge.post(&incident).expect(503);
        assert!(answer.text().contains("wait 15 seconds and read /status.json"), "{}", answer.text());
        wait_until(began, 12_000);
        faulty.faults("");
        edge.post(&incident).expect(201);
        assert_eq!(edge.version(), version + 1, "{differs}");
        assert_eq!(edge.status()["incidents"].as_array().unwrap().len(), 1, "{differs}");
    }
}

/// Begins a POST whose body does not come.
fn half_a_write(faulty: &Faulty) -> TcpStream {
    let host = faulty.edge.host();
    let mut connection = TcpStream::connect(&host).unwrap();
    let head = format!(
        "POST /v1/updates HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
    );
    connection.write_all(head.as_bytes()).unwrap();
    connection
}

/// Who has no key makes nobody doubt anything: neither by saying nothing more nor by leaving.
#[test]
fn a_body_that_stalls_is_no_write_in_doubt() {
    let faulty = Faulty::start();
    let began = Instant::now();
    let mut stalled = half_a_write(&faulty);
    wait_until(began, 8_000);
    assert!(is_current(&faulty.edge.get("/status.json")));
    faulty.faults("object=throw");
    drop(half_a_write(&faulty));
    stalled.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut start = [0; 12];
    stalled.read_exact(&mut start).unwrap();
    assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 408");
    assert!(is_current(&faulty.edge.get("/status.json")));
}

/// Nothing was sent to the object yet.
#[test]
fn a_trap_before_a_write_was_sent_has_written_nothing() {
    let faulty = Faulty::start();
    faulty.faults("trap=/v1/updates");
    let answer = faulty.edge.post(&json!({ "type": "notice.post", "body": "Hello" })).expect(503);
    assert!(answer.text().contains("nothing was written"), "{}", answer.text());
}

#[test]
fn a_dry_run_that_nobody_answers_is_no_write_in_doubt() {
    let faulty = Faulty::start();
    let edge = &faulty.edge;
    assert!(is_current(&edge.get("/status.json")));
    faulty.faults("object=throw");
    let (host, body) = (edge.host(), br#"{"type":"notice.post","body":"Hello"}"#);
    let headers = SigV4 { query: "dry_run=true", ..SigV4::update(&host) }.sign(&edge.keys.ops, body);
    let answer = edge.send("POST", "/v1/updates?dry_run=true", &headers, Some(body)).expect(503);
    assert!(answer.text().contains("Nothing was written (dry run)"), "{}", answer.text());
    assert!(is_current(&edge.get("/status.json")));
}

/// The instance that knew of the doubt traps, and what it had put into the cache is young.
#[test]
fn a_doubt_outlives_the_instance() {
    let faulty = Faulty::start();
    faulty.caches_the_page();
    faulty.faults("object=throw&only=/updates");
    faulty.edge.post(&json!({ "type": "notice.post", "body": "In doubt" })).expect(503);
    faulty.faults("object=throw&trap=/healthz");
    faulty.edge.get("/healthz").expect(503);
    assert!(is_labelled(&faulty.edge.get("/")));
}
