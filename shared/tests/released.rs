//! What an open incident has released is not affected now: nothing about that component says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use candor_shared::bulletin::{Bulletin, Level, Part, bulletin};
use candor_shared::text::Id;
use candor_shared::words::Words;
use common::Page;

fn page() -> Page {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    for id in ["api", "web", "mail"] {
        page.send(&format!(r#"{{"type":"component.set","id":"{id}","name":"{id}"}}"#));
    }
    page
}

fn about(page: &Page, id: &str) -> Bulletin {
    let part = Part::of(&page.state, &[Id::try_from(id.to_owned()).unwrap()]).unwrap();
    part.honest(bulletin(&part.state, &Words::default(), 7, page.now, page.now))
}

fn named(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}

#[test]
fn what_is_released_is_not_affected_now() {
    // What the incident holds, what it releases, and what is affected then.
    for (held, released, left) in [
        (r#""api":"partial_outage""#, r#""api":"operational""#, vec![]),
        (r#""api":"major_outage","web":"degraded_performance""#, r#""api":"operational""#, vec!["web"]),
        (
            r#""api":"operational","web":"major_outage","mail":"major_outage""#,
            r#""web":"operational""#,
            vec!["mail"],
        ),
    ] {
        let mut page = page();
        page.send(&format!(r#"{{"type":"incident.open","id":"i","name":"I","impact":"major","components":{{{held}}},"body":"Down."}}"#));
        page.send(&format!(r#"{{"type":"incident.update","components":{{{released}}},"body":"Better."}}"#));
        assert_eq!(named(&page.document().incidents[0].components), left, "{held}");
        let whole = bulletin(&page.state, &Words::default(), 7, page.now, page.now);
        assert_eq!(named(&whole.lines[0].components), left, "{held}");
        for id in ["api", "web", "mail"] {
            let said = about(&page, id);
            assert_eq!(said.level == Level::None, !left.contains(&id), "{held}: {id} {said:?}");
            assert_eq!(said.lines.is_empty(), !left.contains(&id), "{held}: {id} {said:?}");
        }
        // That it is over is told about all that it held.
        page.send(r#"{"type":"incident.update","status":"resolved","body":"Up."}"#);
        assert_eq!(about(&page, "api").level, Level::Resolved, "{held}");
    }
}

/// An incident that names no component is about the whole page.
#[test]
fn an_incident_that_names_nothing_is_about_each_component() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"i","name":"I","impact":"major","body":"Down."}"#);
    assert_eq!(about(&page, "api").level, Level::Major);
}
