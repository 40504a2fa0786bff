//! The bulletins of `examples/gallery`: every state, in the languages that the gallery offers. `UPDATE_SNAPSHOTS=1` writes
//! them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::fs;
use std::path::Path;

use candor_shared::bulletin::bulletin;
use candor_shared::words::Words;
use common::{Page, time};

const LANGUAGES: [&str; 4] = ["en", "de", "ar", "ja"];
const DOWN: &str = r#"{"type":"incident.open","id":"checkins-down","name":"Check-ins are failing","impact":"major","status":"identified","components":{"checkins":"major_outage"},"body":"We broke check-ins with this morning's change. We have taken it back and are waiting for the **caches**.","impact_note":"Every second check-in answers with an error. Nothing that you saved is lost.","next_update_in":"33m"}"#;

/// Each state: its name, and its updates with the times at which they are sent.
const STATES: [(&str, &[(&str, &str)]); 11] = [
    ("healthy", &[]),
    (
        "minor",
        &[(
            "10:12",
            r#"{"type":"incident.open","id":"maps-slow","name":"Maps load slowly","impact":"minor","components":{"maps":"degraded_performance"},"body":"Tiles take up to ten seconds. We are looking into it.","next_update_in":"33m"}"#,
        )],
    ),
    ("major", &[("10:12", DOWN)]),
    (
        "critical",
        &[
            (
                "09:40",
                r#"{"type":"incident.open","id":"maps","name":"Maps are blank","impact":"major","status":"identified","components":{"maps":"major_outage"},"body":"The tile server is down, too.\n\n- We restart it.\n- Until then: https://status.example.com/maps"}"#,
            ),
            (
                "10:00",
                r#"{"type":"maintenance.schedule","id":"db","name":"Database work","body":"Reads only for an hour.","components":["api"],"scheduled_for":"2026-01-01T22:00:00Z","scheduled_until":"2026-01-01T23:00:00Z"}"#,
            ),
            (
                "10:12",
                r#"{"type":"incident.open","id":"checkins-down","name":"Nothing works","impact":"critical","components":{"checkins":"major_outage","search":"major_outage","api":"partial_outage"},"body":"Nobody can reach us. We know, and everybody here is on it.","next_update_in":"33m"}"#,
            ),
        ],
    ),
    (
        "maintenance",
        &[(
            "09:00",
            r#"{"type":"maintenance.schedule","id":"db","name":"Database work","body":"You can read everything. Saving works again at eleven.","components":["api"],"scheduled_for":"2026-01-01T10:00:00Z","scheduled_until":"2026-01-01T11:00:00Z"}"#,
        )],
    ),
    (
        "overdue",
        &[
            ("08:30", DOWN),
            ("08:40", r#"{"type":"incident.update","status":"resolved","body":"It is over."}"#),
            (
                "09:20",
                r#"{"type":"incident.update","incident":"checkins-down","status":"identified","body":"It is back: we took back the wrong change. We are waiting for the caches.","next_update_in":"30m"}"#,
            ),
        ],
    ),
    ("stale", &[("10:12", DOWN)]),
    (
        "resolved",
        &[
            ("09:30", DOWN),
            (
                "10:12",
                r#"{"type":"incident.update","status":"resolved","body":"It is over: check-ins work again. Nothing was lost."}"#,
            ),
        ],
    ),
    (
        "components",
        &[
            ("10:00", r#"{"type":"component.set","id":"maps","status":"degraded_performance"}"#),
            ("10:00", r#"{"type":"component.set","id":"search","status":"partial_outage"}"#),
        ],
    ),
    (
        "notice",
        &[(
            "08:00",
            r#"{"type":"notice.post","title":"We move house","body":"On Saturday our office is closed. The product is not.","url":"https://status.example.com/notice"}"#,
        )],
    ),
    (
        "translated",
        &[(
            "10:12",
            r#"{"type":"incident.open","id":"checkins-down","name":{"en":"Check-ins are failing","de":"Check-ins schlagen fehl","ar":"تسجيل الوصول لا يعمل"},"impact":"major","status":"identified","components":{"checkins":"major_outage"},"body":{"en":"We broke check-ins with this morning's change.","de":"Wir haben die Check-ins mit der Änderung von heute Morgen kaputt gemacht und sie zurückgenommen.","ar":"تعطّل تسجيل الوصول بسبب تغيير هذا الصباح. تراجعنا عنه وننتظر أن يعود كل شيء."},"next_update_in":"33m"}"#,
        )],
    ),
];

#[test]
fn the_gallery_shows_what_the_edge_would_publish() {
    let mut changed = Vec::new();
    for (state, updates) in STATES {
        let mut page = Page::new("2026-01-01T07:00:00Z");
        page.send(r#"{"type":"page.set","name":"Trailmark status","url":"https://status.example.com/"}"#);
        for (id, name) in [("checkins", "Check-ins"), ("maps", "Maps"), ("search", "Search"), ("api", "API")]
        {
            page.send(&format!(r#"{{"type":"component.set","id":"{id}","name":"{name}"}}"#));
        }
        for (at, update) in updates {
            page.at(&format!("2026-01-01T{at}:00Z"));
            page.send(update);
        }
        page.at("2026-01-01T10:15:00Z");
        for language in LANGUAGES {
            let words = Words::of(language).unwrap();
            let mut bulletin = bulletin(&page.state, &words, page.version, page.now, page.now);
            if state == "stale" {
                bulletin.unconfirmed_since = Some(time("2026-01-01T10:02:00Z"));
            }
            let json = serde_json::to_string_pretty(&bulletin).unwrap() + "\n";
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("../examples/gallery/states/{state}/{language}.json"));
            if fs::read_to_string(&file).ok().as_ref() != Some(&json) {
                changed.push(file.display().to_string());
                if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(&file, json).unwrap();
                    changed.pop();
                }
            }
        }
    }
    assert!(changed.is_empty(), "run again with UPDATE_SNAPSHOTS=1 if this is intended: {changed:?}");
}
