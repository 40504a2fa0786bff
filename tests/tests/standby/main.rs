//! A second edge on workerd alone: it follows the first one, takes its place in the middle of an incident, and gives back what it
//! accepted meanwhile (`examples/standby/`).

mod drill;
mod following;
mod merging;
mod pair;

use candor_tests::{Edge, Settings, sign};

/// Only an operator's key asks or orders, and only a standby answers.
#[test]
fn a_standby_obeys_operators_only() {
    let edge = Edge::with(&Settings { standalone: true, ..Settings::default() });
    edge.set_up_page();
    assert_eq!(edge.get("/v1/standby").status, 401);
    let send = |key, method: &str, body: &str| {
        let headers = sign::webhook(key, &sign::unique_id(), jiff::Timestamp::now(), body.as_bytes());
        edge.send(method, "/v1/standby", &headers, (method == "POST").then_some(body.as_bytes())).status
    };
    assert_eq!(send(&edge.keys.ops, "GET", ""), 404);
    assert_eq!(send(&edge.keys.probe, "GET", ""), 403);
    assert_eq!(send(&edge.keys.expired, "POST", r#"{"type":"page.promote"}"#), 401);
    assert_eq!(send(&edge.keys.ops, "POST", r#"{"type":"page.promote"}"#), 404);
    assert_eq!(send(&edge.keys.ops, "POST", r#"{"type":"page.follow","version":5}"#), 404);
    assert_eq!(send(&edge.keys.ops, "POST", "{}"), 400);
    assert_eq!(send(&edge.keys.ops, "POST", &format!("{{\"type\":\"{}\"}}", "x".repeat(2_000))), 413);
    assert_eq!(
        edge.send("PUT", "/v1/standby", &Vec::new(), Some(b"{}")).header("allow"),
        Some("GET, HEAD, POST")
    );
    assert_eq!(edge.version(), 5);
}
