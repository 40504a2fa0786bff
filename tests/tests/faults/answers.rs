//! What the object says, if that is not all of it or not the newest.

use std::time::Duration;

use candor_tests::eventually;
use serde_json::json;

use crate::harness::{Faulty, is_current, is_labelled};

const DOCUMENTS: [&str; 4] = ["/status.json", "/bulletin.json?lang=en", "/", "/history.atom"];

#[test]
fn an_answer_with_another_body_is_none() {
    let faulty = Faulty::with_old_copies(&DOCUMENTS);
    for fault in ["object=half", "object=swap"] {
        faulty.faults(fault);
        for document in DOCUMENTS {
            assert!(is_labelled(&faulty.edge.get(document)), "{fault}: {document}");
        }
        // Where there is no copy, nothing is known, and nothing else is kept.
        assert_eq!(faulty.edge.get("/badge.svg").status, 503, "{fault}");
        faulty.fresh_isolate();
        for document in DOCUMENTS {
            // The isolate that has gone may have left a note that it asks.
            eventually(&format!("{document} after {fault}"), Duration::from_secs(10), || {
                is_current(&faulty.edge.get(document).expect(200)).then_some(())
            });
        }
        faulty.grow_old();
    }
}

#[test]
fn what_is_known_to_be_out_of_date_does_not_say_that_all_is_well() {
    let faulty = Faulty::start();
    let lower = |answer: &candor_tests::Answer| answer.text().to_lowercase();
    for path in ["/status.json", "/api/v2/status.json", "/"] {
        assert!(lower(&faulty.edge.get(path).expect(200)).contains("all systems operational"), "{path}");
    }
    faulty.edge.accept(&json!({ "type": "incident.open", "name": "Check-ins fail", "impact": "critical",
        "components": { "checkins": "major_outage" }, "body": "We are looking into it." }));
    faulty.faults("object=throw");
    let status = faulty.edge.get("/status.json").expect(200);
    assert!(
        is_labelled(&status) && !status.text().to_lowercase().contains("all systems operational"),
        "{}",
        status.text()
    );
    let api = faulty.edge.get("/api/v2/status.json");
    assert!(api.status == 200 && api.json()["status"]["indicator"] != "none", "{}", api.text());
    let page = faulty.edge.get("/").expect(200);
    assert!(is_labelled(&page) && !lower(&page).contains("all systems operational"), "{}", page.text());
}
