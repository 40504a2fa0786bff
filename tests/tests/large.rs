//! The largest pages: neither pages nor documents grow with the history.

use candor_tests::Edge;
use serde_json::{Value, json};
use std::time::Instant;

#[test]
fn a_history_of_thousands_of_incidents_is_paginated() {
    const INCIDENTS: usize = 5_000;
    let edge = Edge::start();
    edge.set_up_page();
    for batch in 0..INCIDENTS / 50 {
        let updates: Vec<Value> = (0..50)
            .flat_map(|n| {
                let id = format!("old-{batch}-{n}");
                [
                    json!({"type":"incident.open","id":id,"name":"Check-ins were failing for some","impact":"minor","body":"b","at":"2020-05-05T05:05:05Z"}),
                    json!({"type":"incident.update","incident":id,"status":"resolved","body":"b","at":"2020-05-05T06:05:05Z"}),
                ]
            })
            .collect();
        edge.accept(&Value::from(updates));
    }
    let newest = edge.get("/history").expect(200);
    assert!(newest.text().contains("May 2020") && newest.text().contains("5000 entries, page 1 of 125"));
    for path in ["/history", "/history/2020-05/125"] {
        let size = edge.get(path).expect(200).body.len();
        assert!(size <= 50_000, "{path} has {size} bytes");
        println!("{path}: {size} bytes");
    }
    edge.get("/history/2020-05/126").expect(404);
    assert_eq!(
        edge.get("/api/v2/incidents.json").expect(200).json()["incidents"].as_array().unwrap().len(),
        50
    );
    assert_eq!(edge.get("/feed.json").expect(200).json()["items"].as_array().unwrap().len(), 100);
}

#[test]
fn a_page_of_two_hundred_components_is_published() {
    let edge = Edge::start();
    let component =
        |n: usize| json!({"type":"component.set","id":format!("c{n}"),"name":format!("Component {n}")});
    edge.accept(&Value::from((0..100).map(component).collect::<Vec<_>>()));
    edge.accept(&Value::from((100..200).map(component).collect::<Vec<_>>()));
    for n in 0..10 {
        let held: serde_json::Map<_, _> =
            (n * 20..n * 20 + 20).map(|c| (format!("c{c}"), "partial_outage".into())).collect();
        edge.accept(&json!({"type":"incident.open","name":format!("Incident {n}"),"impact":"minor","body":"b ".repeat(500),"components":held}));
    }
    for path in [
        "/status.json",
        "/",
        "/api/v2/summary.json",
        "/api/v2/incidents.json",
        "/history.atom",
        "/embed?variant=inline",
        "/panel.json",
    ] {
        let started = Instant::now();
        let size = edge.get(path).expect(200).body.len();
        println!("{path}: {size} bytes, {} ms", started.elapsed().as_millis());
        assert!(size < 1_000_000, "{path} has {size} bytes");
    }
    let page = edge.get("/").text();
    assert_eq!(page.matches("class=\"bar\"").count(), 200);
}
