//! Schemathesis, a third-party tester, checks the worker against its OpenAPI document.

use candor_tests::{Edge, chapters, paths};
use serde_json::json;
use std::process::Command;

/// A page with content in every document.
fn page_with_content() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    for story in ["checkin-2010", "marketplace-2010"] {
        for (_, request) in chapters(story) {
            edge.accept(&request);
        }
    }
    edge.accept(&json!([
        {"type":"notice.post","title":"Friday","body":"We talk about it on Friday.","details":"With **coffee**."},
        {"type":"incident.open","id":"checkins-down","name":"Check-ins are failing","impact":"major","components":{"checkins":"major_outage"},
         "body":"We broke check-ins.","impact_note":"Four in ten.","affected":{"share":0.4,"basis":"of check-ins"},"next_update_in":"30m"},
        {"type":"maintenance.schedule","id":"disks","name":"Larger disks","body":"We swap disks.","components":["api"],
         "scheduled_for":"2099-02-01T03:00:00Z","scheduled_until":"2099-02-01T04:00:00Z"},
    ]));
    edge
}

#[test]
fn schemathesis_finds_no_violation() {
    let edge = page_with_content();
    let before = edge.version();
    let folder = paths::root().join("tests/clients/schemathesis");
    let output = Command::new(paths::python().join("bin/schemathesis"))
        .args(["run", "--no-color", &edge.url("/openapi.json")])
        .current_dir(folder)
        .env("CANDOR_SECRET", &edge.keys.ops.secret)
        .env("NO_PROXY", "*")
        .env("no_proxy", "*")
        .output()
        .expect("schemathesis is installed: run `cargo xtask test openapi`");
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
    // The accepted requests have changed the page; the worker is still healthy.
    assert_eq!(edge.get("/healthz").status, 200);
    let accepted = edge.version() - before;
    assert!(
        accepted >= 20,
        "only {accepted} updates were accepted: the worker refuses what its document allows"
    );
}
