//! Static files that cannot be read, or that something else answers for.

use candor_tests::paths;
use serde_json::json;
use std::time::{Duration, Instant};

use crate::harness::{Faulty, timers};

#[test]
fn a_static_file_that_is_not_the_one_that_was_built_is_none() {
    let faulty = Faulty::start();
    let file = |name: &str| std::fs::read_to_string(paths::assets().join(name)).unwrap();
    for fault in ["hang", "stall", "throw", "sync", "500", "html", "half"] {
        faulty.fresh_isolate();
        faulty.faults(&format!("assets={fault}"));
        for path in ["/widget.js", "/openapi.json"] {
            let answer = faulty.edge.get(path).expect(503);
            assert!(answer.header("retry-after").is_some(), "{fault} {path}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{fault} {path}");
        }
        let counted = faulty.faults("");
        assert_eq!(timers(&counted, 1_901..=2_000), 2, "two seconds are the limit: {fault} {counted}");
        // What answered in its place is not kept.
        assert_eq!(faulty.edge.get("/openapi.json").expect(200).text(), file("openapi.json"), "{fault}");
        let loader = faulty.edge.get("/widget.js").expect(200).text();
        let function = file("widget.js").trim_end().trim_end_matches("(0);").to_owned();
        assert!(loader.starts_with(&format!("{function}({{")), "{fault}");
    }
}

/// The program that paints travels inside the loader, whole or not at all.
#[test]
fn a_painter_that_was_cut_off_is_not_in_the_loader() {
    let faulty = Faulty::start();
    faulty
        .edge
        .accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b"}));
    let painter = std::fs::read_to_string(paths::assets().join("paint.js")).unwrap();
    let paint = painter.trim_end().strip_prefix("export default ").unwrap();
    faulty.fresh_isolate();
    faulty.faults("assets=half&file=/paint.js");
    let without = faulty.edge.get("/widget.js").expect(200).text();
    assert!(without.contains("\"Down\"") && !without.contains(&paint[..100]), "{without}");
    faulty.faults("");
    assert!(faulty.edge.get("/widget.js").expect(200).text().contains(paint));
}

/// A page that waits for the loader waits two seconds at most, whatever hangs, and not two for each file.
#[test]
fn the_loader_and_what_paints_share_two_seconds() {
    let faulty = Faulty::start();
    faulty
        .edge
        .accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b"}));
    for (faults, status) in [
        ("assets=hang", 503),
        ("assets=hang&file=/paint.js", 200),
        ("assets=stall&file=/paint.js&object=hang", 200),
        ("assets=hang&file=/paint.js&object=hang", 200),
        ("assets=hang&object=hang&cache=hang&kv=hang", 503),
    ] {
        faulty.edge.get("/widget.js").expect(200);
        faulty.grow_old();
        faulty.fresh_isolate();
        faulty.faults(faults);
        let began = Instant::now();
        let answer = faulty.edge.get("/widget.js");
        let took = began.elapsed();
        faulty.faults("");
        assert_eq!(answer.status, status, "{faults}");
        assert!(took < Duration::from_millis(2_700), "{faults}: {took:?}");
    }
}
