//! Faults and signed documents: what was signed stays as it is, whoever hands it over.

use candor_tests::eventually;
use serde_json::json;
use std::time::Duration;

use crate::harness::{Faulty, is_current, is_labelled};

#[test]
fn an_old_signed_copy_is_what_was_signed_and_the_label_is_beside_it() {
    let names = ["/signed/status.json", "/signed/bulletin.json?lang=de"];
    let faulty = Faulty::start();
    let first = names.map(|name| faulty.edge.get(name).expect(200));
    assert!(first.iter().all(is_current));
    faulty.grow_old();
    faulty.faults("object=throw");
    for (name, first) in names.iter().zip(&first) {
        let old = faulty.edge.get(name);
        assert!(is_labelled(&old), "{name}: {}", old.text());
        assert_eq!(old.body, first.body, "{name}");
        assert_eq!(old.header("cache-control"), Some("public, max-age=5"), "{name}");
    }
    // Nothing is signed that nobody confirmed: what was not signed before is not there, although KV has the document.
    faulty.edge.get("/status.json").expect(200);
    faulty.edge.get("/signed/").expect(503);

    faulty.faults("");
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    let old = first[0].body.clone();
    eventually("the document is asked for again", Duration::from_secs(5), || {
        let new = faulty.edge.get("/signed/status.json");
        (is_current(&new) && new.body != old).then_some(())
    });
}

/// The ladder asks the object for a version that the data centre's cache does not have.
#[test]
fn after_a_write_a_cached_signed_document_is_not_taken_for_current() {
    let faulty = Faulty::with_old_copies(&["/signed/status.json"]);
    let old = faulty.edge.get("/signed/status.json").expect(200);
    faulty.faults("delete=hang");
    faulty.edge.accept(&json!({"type":"notice.post","body":"Hello"}));
    let new = faulty.edge.get("/signed/status.json");
    assert!(is_current(&new));
    assert_ne!(new.body, old.body);
}
