//! What documents say of incidents and maintenance whose record was corrected, reopened or is incomplete.

use super::page::{OPEN, Page, SET_UP, html, time, turned_down};
use crate::document::Document;

/// A corrected impact says so where it is shown, beside it and at the text whose impact it replaces.
#[test]
fn a_corrected_impact_is_marked() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","impact":"critical","body":"All is down."}"#);
    // Only the page of the incident has ids; the card on the status page begins with the newest text.
    let log = |of: &str| {
        let (_, text) = of.split_once("id=\"update-2\"").or_else(|| of.split_once("class=\"log\"")).unwrap();
        text.split_once("</p>").unwrap().0.to_owned()
    };
    let fact =
        |of: &str| of.split_once("<dt>Impact</dt>").unwrap().1.split_once("</dd>").unwrap().0.to_owned();
    let card = |of: &str| of.split_once("<article").unwrap().1.split_once("</p>").unwrap().0.to_owned();
    let before = html(&mut page, "/incidents/down").unwrap();
    assert!(log(&before).contains(">Critical</b>") && !before.contains("corrected"), "{before}");
    page.now = time("2026-03-01T12:20:00Z");
    page.send(r#"{"type":"incident.amend","impact":"minor"}"#);
    const CORRECTED: &str =
        "<small>corrected <time datetime=\"2026-03-01T12:20:00.000Z\">1 Mar 2026, 12:20 UTC</time></small>";
    for path in ["/incidents/down", "/"] {
        let after = html(&mut page, path).unwrap();
        assert!(log(&after).contains(&format!("<s>Critical</s></b>{CORRECTED}")), "{path}: {}", log(&after));
        let shown = if path == "/" { card(&after) } else { fact(&after) };
        assert!(shown.contains(&format!(">Minor</b> {CORRECTED}")), "{path}: {shown}");
    }
    // What is shown next was never corrected; what was, stays marked.
    page.now = time("2026-03-01T12:30:00Z");
    page.send(r#"{"type":"incident.update","impact":"major","body":"Worse again."}"#);
    let later = html(&mut page, "/incidents/down").unwrap();
    assert!(fact(&later).ends_with(">Major</b>") && log(&later).contains(CORRECTED), "{later}");
    // A name that is corrected marks no impact, and neither does an impact that what is held makes worse.
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.amend","name":"Search is down"}"#);
    assert!(!fact(&html(&mut page, "/incidents/down").unwrap()).contains("corrected"));
    page.send(r#"[{"type":"incident.update","components":{"api":"major_outage"},"body":"It is down."},{"type":"incident.amend","impact":"none"}]"#);
    let held = html(&mut page, "/incidents/down").unwrap();
    assert!(fact(&held).ends_with(">Critical</b>") && held.contains("hero critical"), "{held}");
    assert!(card(&html(&mut page, "/").unwrap()).contains(">Critical</b>"));
}

/// What an amendment repeats was not wrong, and what is written later with an earlier date is not what was corrected.
#[test]
fn only_what_was_wrong_is_struck_out() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"b","name":"B","impact":"minor","body":"Down.","at":"2026-02-12T09:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"b","impact":"critical","body":"Worse.","at":"2026-02-12T10:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"b","impact":"minor","body":"Better.","at":"2026-02-12T11:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"b","status":"resolved","body":"Up.","at":"2026-02-12T12:00:00Z"}"#);
    let problem = turned_down(&mut page, r#"{"type":"incident.amend","incident":"b","impact":"critical"}"#);
    assert!(problem.status == 422 && problem.detail.contains("changes nothing"), "{}", problem.detail);
    // The record shows the worst, so that is what a correction of what is over corrects.
    page.send(r#"{"type":"incident.amend","incident":"b","impact":"major"}"#);
    let struck = |page: &mut Page| {
        let html = html(page, "/incidents/b").unwrap();
        ["Critical", "Major", "Minor"].map(|impact| html.matches(&format!("<s>{impact}</s>")).count())
    };
    assert_eq!(struck(&mut page), [1, 0, 0]);
    page.send(r#"{"type":"incident.update","incident":"b","status":"investigating","impact":"critical","body":"Again.","at":"2026-02-13T10:00:00Z"}"#);
    assert_eq!(struck(&mut page), [1, 0, 0], "not what came later with an earlier date");
    page.send(r#"{"type":"incident.update","incident":"b","status":"resolved","body":"Up.","at":"2026-02-13T12:00:00Z"}"#);
    assert!(html(&mut page, "/incidents/b").unwrap().contains(">Critical</b>"));
    // Corrected back to what was said first: nothing of it is wrong.
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.amend","incident":"down","impact":"minor"}"#);
    assert!(html(&mut page, "/incidents/down").unwrap().contains("<s>Major</s>"), "what was wrong is named");
    page.send(r#"{"type":"incident.amend","incident":"down","impact":"major"}"#);
    assert!(!html(&mut page, "/incidents/down").unwrap().contains("<s>"));
}

/// A component that was removed stays in the record, also if the incident is open once more.
#[test]
fn a_reopened_incident_keeps_what_was_removed_in_its_record() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"x","name":"Checkout"},
        {"type":"incident.open","id":"c","name":"C","impact":"major","components":{"x":"major_outage","api":"partial_outage"},"body":"Down."},
        {"type":"incident.update","incident":"c","status":"resolved","body":"Up."},{"type":"component.remove","id":"x"}]"#);
    for status in ["resolved", "investigating", "resolved"] {
        page.now = page.now.after("1h".parse().unwrap());
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"c","status":"{status}","body":"Once more."}}"#
        ));
        let html = html(&mut page, "/incidents/c").unwrap();
        assert!(html.contains("API, Checkout"), "{status}: {html}");
    }
}

/// An incident may name two components by one id. Each entry names the one that had it then, and the page names both.
#[test]
fn one_id_may_be_that_of_two_components_of_an_incident() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"component.set","id":"scan","name":"Old scanner"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":"Scans fail","impact":"major","body":"b","components":{"scan":"partial_outage"}}"#);
    page.now = time("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    page.now = time("2026-03-01T14:00:00Z");
    page.send(r#"{"type":"component.remove","id":"scan"}"#);
    page.now = time("2026-03-01T15:00:00Z");
    page.send(r#"{"type":"component.set","id":"scan","name":"New scanner"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"investigating","body":"Again.","components":{"scan":"partial_outage"}}"#);
    let components = |page: &mut Page| {
        let feed: serde_json::Value = serde_json::from_str(&html(page, "/feed.json").unwrap()).unwrap();
        let texts = feed["items"].as_array().unwrap().iter().map(|item| item["content_text"].to_string());
        texts.filter_map(|text| Some(text.split_once("Components: ")?.1.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(components(&mut page), ["New scanner\"", "Old scanner\""]);
    page.now = time("2026-03-01T16:00:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    assert_eq!(components(&mut page), ["New scanner\"", "Old scanner\""]);
    let shown = html(&mut page, "/incidents/i").unwrap();
    assert!(shown.contains("Old scanner, New scanner"), "{shown}");
}

/// When a maintenance began that nobody reported, no surface claims to know.
#[test]
fn a_maintenance_that_was_only_completed_has_no_length() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","automatic":false,"body":"We swap disks.","components":["api"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T15:00:00Z"}"#);
    page.now = time("2026-03-01T18:00:00Z");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"completed","body":"Done."}"#);
    let own = html(&mut page, "/maintenances/m").unwrap();
    assert!(own.contains("Really over") && !own.contains("Really began"), "{own}");
    for path in ["/", "/history"] {
        let listed = html(&mut page, path).unwrap();
        let entry = listed.split_once("/maintenances/m\"").unwrap().1.split_once("</p>").unwrap().0;
        assert!(entry.contains("Completed</small>"), "{path}: {entry}");
    }
    let panel = page.document(&Document::at("/panel.json", "").unwrap()).unwrap();
    assert!(!panel.contains("lasted") && panel.contains("maintenance/m"), "{}", panel);
}

/// Clients compare when a component was updated with what they last saw: it is the time of the update, and never goes back.
#[test]
fn a_component_was_updated_when_it_changed() {
    let mut page = Page::new();
    page.send(SET_UP);
    let updated = |page: &mut Page| {
        let api: serde_json::Value =
            serde_json::from_str(&html(page, "/api/v2/components.json").unwrap()).unwrap();
        api["components"][0]["updated_at"].as_str().unwrap().to_owned()
    };
    page.now = time("2026-03-01T14:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","components":{"api":"partial_outage"},"started_at":"2026-03-01T13:30:00Z"}"#);
    assert_eq!(updated(&mut page), "2026-03-01T14:00:00.000Z");
    page.now = time("2026-03-01T14:10:00Z");
    page.send(r#"{"type":"incident.amend","incident":"i","started_at":"2026-03-01T13:00:00Z"}"#);
    assert_eq!(updated(&mut page), "2026-03-01T14:00:00.000Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    assert_eq!(updated(&mut page), "2026-03-01T14:10:00.000Z");
}

/// Feeds and the API carry the whole post-mortem.
#[test]
fn a_post_mortem_is_whole_wherever_it_is_read() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    page.send(r#"{"type":"postmortem.publish","incident":"down","summary":"We broke it.","started_at":"2026-03-01T11:00:00Z","technologies":["etcd 3.5"],
        "timeline":[{"at":"2026-03-01T11:30:00Z","kind":"detected","what":"An alarm rang.\nTwice."}]}"#);
    for path in ["/feed.json", "/api/v2/incidents.json", "/history.atom"] {
        let text = html(&mut page, path).unwrap();
        for part in [
            "What happened when",
            "From: 1 Mar 2026, 11:00 UTC",
            "Detected (1 Mar 2026, 11:30 UTC): An alarm rang.",
            "etcd 3.5",
        ] {
            assert!(text.contains(part), "{path}: {part}: {text}");
        }
    }
    let german = page.document(&Document::at("/feed.json", "lang=de").unwrap()).unwrap();
    assert!(!german.contains("<ol"), "a date is no list: {german}");
}
