//! The documents of a page with a history, on the real statements.

use candor_shared::time::Time;
use candor_shared::words::Words;
use serde_json::{Value, json};

use super::page::{OPEN, Page, SET_UP, html, time};
use crate::document::Document;
use crate::names::Names;
use crate::render::{Doubt, embed_of_nothing, unconfirmed};

/// The list of names that the worker gets with a 404.
fn names(page: &mut Page) -> Names {
    serde_json::from_str(&page.live.names(page.now).unwrap()).unwrap()
}

/// Renders every document of a page with a history.
#[test]
fn every_document_is_rendered_from_what_is_stored() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    page.send(r#"[{"type":"postmortem.publish","incident":"down","summary":"We broke it for five minutes."},{"type":"followup.set","id":"alarm","incident":"down","name":"Ring earlier"}]"#);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z","change":{"kind":"disk"}}"#);
    page.send(r#"{"type":"notice.post","body":"We move."}"#);
    for (path, query, expected) in [
        ("/status.json", "", "\"version\":"),
        ("/bulletin.json", "", "We move."),
        ("/panel.json", "", "We swap disks."),
        ("/panel.json", "lang=de", "incidents/down#postmortem"),
        ("/metrics.json", "", "\"uptime\""),
        ("/notice.json", "", "We move."),
        ("/postmortems/down.json", "", "five minutes"),
        ("/api/v2/summary.json", "", "Disks"),
        ("/api/v2/incidents.json", "", "postmortem"),
        ("/api/v2/scheduled-maintenances.json", "", "We swap disks."),
        ("/history.atom", "", "It works again."),
        ("/history.rss", "", "We swap disks."),
        ("/feed.json", "", "what happened"),
        ("/badge.svg", "", "operational"),
        ("/badge.svg", "component=api", "API"),
        ("/", "", "Trailmark"),
        ("/history", "", "March 2026"),
        ("/history/2026-03", "", "/incidents/down"),
        ("/incidents/down", "", "Ring earlier"),
        ("/maintenances/disks", "", "Planned maintenance"),
        ("/embed", "variant=inline", "We move."),
    ] {
        let document = Document::at(path, query).unwrap();
        let body = page.document(&document).unwrap_or_else(|| panic!("{path} does not exist"));
        assert!(body.contains(expected), "{path}: {body}");
        assert!(names(&mut page).may_have(&document.path()), "{path} is not in the list of names");
    }
    for path in ["/incidents/none", "/maintenances/none", "/history/2020-01", "/postmortems/none.json"] {
        assert_eq!(page.document(&Document::at(path, "").unwrap()), None, "{path}");
        assert!(!names(&mut page).may_have(path), "{path}");
    }
}

/// `/embed?components=` speaks about these components; what the page does not have is unknown there.
#[test]
fn an_embed_is_about_the_components_that_it_names() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"mail","name":"Mail"},{"type":"incident.open","id":"down","name":"Mail is down","impact":"major","body":"b","components":{"mail":"major_outage"}}]"#);
    let embed = |query: &str| Document::at("/embed", query).unwrap();
    for (query, heading, indicator) in [
        ("components=mail", "<h1 class=\"state\">Major service outage</h1>", "critical"),
        ("components=api", "<h1 class=\"state well\">All systems operational</h1>", "none"),
        (
            "components=api,gone",
            "<div class=\"hero neutral\"><h1 class=\"state\">Status unknown</h1>",
            "unknown",
        ),
        ("components=gone,mail", "<h1 class=\"state\">Major service outage</h1>", "critical"),
    ] {
        let body = page.document(&embed(query)).unwrap();
        assert!(body.contains(heading), "{query}: {body}");
        assert!(body.contains(&format!("data-indicator=\"{indicator}\"")), "{query}: {body}");
        assert_eq!(body.contains("Mail is down"), query.contains("mail"), "{query}: {body}");
        assert!(names(&mut page).may_have(&embed(query).path()), "{query}");
    }
    let nothing = embed("components=gone,lost&variant=inline");
    assert_eq!(page.document(&nothing), None);
    assert!(!names(&mut page).may_have(&nothing.path()), "the object is not asked");
    let (html, policy) = embed_of_nothing(&Words::default(), "*", page.now).unwrap();
    assert!(
        html.contains("<h1 class=\"state\">Status unknown</h1>")
            && html.contains("data-indicator=\"unknown\"")
    );
    assert!(!policy.contains("frame-ancestors"), "{policy}");
}

/// However many combinations are asked for, they push nothing else out of memory.
#[test]
fn documents_about_components_have_a_shelf_of_their_own() {
    let mut page = Page::new();
    page.send(SET_UP);
    let badge = Document::at("/embed", "variant=badge").unwrap();
    let first = page.document(&badge).unwrap();
    for number in 0..300 {
        page.now = Time::from_millis(page.now.as_millis() + 1).unwrap();
        page.document(&Document::at("/embed", &format!("components=api,x{number}")).unwrap()).unwrap();
    }
    assert_eq!(page.document(&badge), Some(first), "it was not rendered again");
}

/// An incident is named in every day and month that it touched, not only where it began.
#[test]
fn whatever_touches_a_period_is_named_in_it() {
    let mut page = Page::new();
    page.now = time("2026-01-30T09:00:00Z");
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"long","name":"The long one","impact":"major","body":"We broke it."}"#);
    page.now = time("2026-02-02T12:00:00Z");
    let home = html(&mut page, "/").unwrap();
    assert_eq!(
        home.matches("/incidents/long\"").count(),
        1 + 4,
        "the card, and 30 January to 2 February: {home}"
    );
    for month in ["/history", "/history/2026-01", "/history/2026-02"] {
        let body = html(&mut page, month).unwrap_or_else(|| panic!("{month} is not there"));
        assert!(body.contains("The long one"), "{month}");
    }
    assert_eq!(html(&mut page, "/history/2026-03"), None, "it is still to come");
    assert_eq!(html(&mut page, "/history/2025-12"), None);
    // It ends in April: March, in which nothing began, has it as well.
    page.now = time("2026-04-01T00:00:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It is over."}"#);
    for (month, is_there) in [("2026-01", true), ("2026-02", true), ("2026-03", true), ("2026-04", false)] {
        assert_eq!(html(&mut page, &format!("/history/{month}")).is_some(), is_there, "{month}");
    }
    // From each month a link leads to the ones beside it.
    let march = html(&mut page, "/history/2026-03").unwrap();
    assert!(march.contains("/history/2026-02\"") && !march.contains("/history/2026-04\""), "{march}");
    let january = html(&mut page, "/history/2026-01").unwrap();
    assert!(january.contains("/history/2026-02\"") && !january.contains("/history/2025-12\""), "{january}");
    // After two quiet weeks nothing is listed on the page itself.
    page.now = time("2026-04-16T12:00:00Z");
    assert!(!html(&mut page, "/").unwrap().contains("The long one"));
}

/// A component keeps the last name it had in the history, everywhere.
#[test]
fn the_past_keeps_the_names_of_removed_components() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b","components":{"api":"major_outage"}}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#);
    page.send(r#"{"type":"component.set","id":"api","name":"Public API"}"#);
    let affected = |page: &mut Page| {
        let all: Value = serde_json::from_str(&html(page, "/api/v2/incidents.json").unwrap()).unwrap();
        let update = &all["incidents"][0]["incident_updates"][1];
        update["affected_components"][0]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(affected(&mut page), "Public API", "renamed: the present name");
    page.send(r#"{"type":"component.remove","id":"api"}"#);
    assert_eq!(affected(&mut page), "Public API", "removed: the last name");
    page.restart();
    assert_eq!(affected(&mut page), "Public API");
    assert_eq!(page.status()["components"], json!([]));
    page.send(r#"{"type":"component.set","id":"api","name":"Another API"}"#);
    assert_eq!(affected(&mut page), "Public API", "the one that is made anew is another one");
    // Made, renamed and removed in one request, as an import does.
    page.send(
        r#"[{"type":"component.set","id":"old","name":"Old"},
            {"type":"incident.open","id":"past","name":"Past","impact":"major","body":"b","components":{"old":"major_outage"}},
            {"type":"incident.update","incident":"past","status":"resolved","body":"b"},
            {"type":"component.set","id":"old","name":"Old billing"},{"type":"component.remove","id":"old"}]"#,
    );
    assert!(html(&mut page, "/incidents/past").unwrap().contains("Old billing"));
}

/// A correction moves the modification date and leaves id and publication date.
#[test]
fn a_correction_is_visible_as_one() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","body":"Still on it."}"#);
    let api = |page: &mut Page| {
        let all: Value = serde_json::from_str(&html(page, "/api/v2/incidents.json").unwrap()).unwrap();
        all["incidents"][0].clone()
    };
    let before = api(&mut page);
    page.now = time("2026-03-01T12:30:00Z");
    page.send(r#"{"type":"incident.amend","update":1,"body":"We broke it: a disk was full."}"#);
    let after = api(&mut page);
    assert_eq!(after["updated_at"], "2026-03-01T12:30:00.000Z");
    assert_eq!(after["created_at"], before["created_at"]);
    let updates = |incident: &Value, number: usize| incident["incident_updates"][number].clone();
    assert_eq!(updates(&after, 0), updates(&before, 0), "the newest text is as it was");
    let (old, new) = (updates(&before, 1), updates(&after, 1));
    assert_eq!((&new["id"], &new["created_at"]), (&old["id"], &old["created_at"]));
    assert_eq!(
        (&new["updated_at"], &new["body"]),
        (&json!("2026-03-01T12:30:00.000Z"), &json!("We broke it: a disk was full."))
    );
}

/// An open incident without impact is named wherever the state is said in one word, and nothing is green.
#[test]
fn nothing_is_green_beside_an_open_incident() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"look","name":"We look into slow searches","impact":"none","body":"b"}"#);
    for (path, query) in [
        ("/badge.svg", ""),
        ("/embed", "variant=badge"),
        ("/embed", "variant=banner"),
        ("/", ""),
        ("/api/v2/status.json", ""),
        ("/api/v2/summary.json", ""),
        ("/status.json", ""),
    ] {
        let body = page.document(&Document::at(path, query).unwrap()).unwrap();
        assert!(body.contains("We look into slow searches"), "{path}?{query}: {body}");
        assert!(!body.to_lowercase().contains("all systems operational"), "{path}?{query}");
        assert!(!body.contains("hero ok") && !body.contains("#2a7d46"), "{path}?{query} is green: {body}");
    }
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#);
    page.now = time("2026-03-01T14:00:00Z");
    page.live.catch_up(page.now).unwrap();
    assert!(html(&mut page, "/badge.svg").unwrap().contains("operational"));
}

/// Each state of a maintenance is told as it is: called off, late, completed.
#[test]
fn a_maintenance_is_shown_as_it_is() {
    let mut page = Page::new();
    page.send(SET_UP);
    let schedule = |id: &str, automatic: bool| {
        format!(
            r#"{{"type":"maintenance.schedule","id":"{id}","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-02T12:00:00Z","scheduled_until":"2026-03-02T13:00:00Z","automatic":{automatic}}}"#
        )
    };
    page.send(&schedule("off", true));
    page.send(r#"{"type":"maintenance.update","maintenance":"off","status":"cancelled","body":"Called off: the disks did not come."}"#);
    let off = html(&mut page, "/maintenances/off").unwrap();
    assert!(off.contains("Cancelled") && off.contains("Called off") && !off.contains("Completed"), "{off}");
    assert!(!off.contains("hero ok") && !off.contains("lasted"), "{off}");
    let api: Value =
        serde_json::from_str(&html(&mut page, "/api/v2/scheduled-maintenances.json").unwrap()).unwrap();
    let first = &api["scheduled_maintenances"][0];
    assert_eq!(
        (&first["status"], &first["resolved_at"]),
        (&json!("completed"), &json!("2026-03-01T12:00:00.000Z"))
    );
    assert!(first["incident_updates"][0]["body"].as_str().unwrap().starts_with("Cancelled: Called off"));
    assert_eq!(first["started_at"], first["resolved_at"], "it took no time");
    assert!(!html(&mut page, "/").unwrap().contains("/maintenances/off"), "it is not planned any more");
    assert_eq!(html(&mut page, "/history/2026-03"), None, "nothing happened");

    page.send(&schedule("manual", false));
    page.now = time("2026-03-02T12:30:00Z");
    page.live.catch_up(page.now).unwrap();
    let late = "<b class=\"pill minor\">late</b>";
    for path in ["/maintenances/manual", "/"] {
        assert!(html(&mut page, path).unwrap().contains(late), "{path}");
    }
    // Called off when its time had passed, it did not take place either.
    page.send(&schedule("late", false).replace("2026-03-02T12:00", "2026-03-02T12:31"));
    page.now = time("2026-03-02T14:30:00Z");
    page.live.catch_up(page.now).unwrap();
    page.send(r#"{"type":"maintenance.update","maintenance":"late","status":"cancelled","body":"We did not do it."}"#);
    let api: Value =
        serde_json::from_str(&html(&mut page, "/api/v2/scheduled-maintenances.json").unwrap()).unwrap();
    let of = api["scheduled_maintenances"].as_array().unwrap().iter().find(|of| of["id"] == "late").unwrap();
    assert_eq!(
        (&of["started_at"], &of["resolved_at"]),
        (&json!("2026-03-02T14:30:00.000Z"), &json!("2026-03-02T14:30:00.000Z"))
    );
    page.send(r#"{"type":"maintenance.update","maintenance":"manual","status":"completed","body":"Done."}"#);
    let done = html(&mut page, "/maintenances/manual").unwrap();
    assert!(!done.contains(late) && done.contains("Completed"), "{done}");
    let month = html(&mut page, "/history/2026-03").unwrap();
    assert!(
        month.contains("Completed</small>") && !month.contains("lasted"),
        "nobody said when it began: {month}"
    );
}

#[test]
fn what_nobody_confirmed_for_a_minute_does_not_say_that_all_is_well() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    let since = page.now;
    let well = [
        "All Systems Operational",
        "All systems operational",
        "hero ok",
        "state ok",
        ">Resolved</h1>",
        r#":"none""#,
        r#":"operational""#,
    ];
    for (path, query, expected) in [
        ("/", "", "<h1 class=\"state\">Status unknown</h1>"),
        ("/embed", "", "<h1 class=\"state\">Status unknown</h1>"),
        ("/embed", "variant=badge", "data-version=\"0\""),
        ("/incidents/down", "", "<body data-doubt"),
        ("/api/v2/status.json", "", r#""indicator":"minor""#),
        ("/api/v2/summary.json", "", "Status unknown"),
        ("/api/v2/components.json", "", "degraded_performance"),
        ("/badge.svg", "", "unknown"),
        ("/status.json", "", "Status unknown"),
        ("/panel.json", "", r#""summary":"Status unknown""#),
    ] {
        let document = Document::at(path, query).unwrap();
        let rendered = page.live.document(&document, page.now).unwrap().unwrap();
        let label = |now| {
            unconfirmed(&document, 3, &rendered, Doubt { since, is_superseded: false }, now).unwrap().body
        };
        let old = label(time("2026-03-01T12:01:00Z"));
        assert!(old.contains(expected), "{path}: {old}");
        for word in well {
            // `status.json` says since when it is unconfirmed; its schema has no indicator for that.
            if path != "/status.json" || !word.starts_with(':') {
                assert!(!old.contains(word), "{path}: {word} in {old}");
            }
        }
        let young = label(time("2026-03-01T12:00:59Z"));
        if path != "/badge.svg" {
            assert!(!young.contains(">Status unknown<"), "{path}: a hiccup alarms nobody: {young}");
        }
    }
    // Nor in another language, nor where a notice stands beside what was well.
    page.send(r#"{"type":"notice.post","body":"We move."}"#);
    page.now = time("2026-03-01T14:00:00Z");
    page.live.catch_up(page.now).unwrap();
    for (path, query, unknown, well) in [
        ("/", "lang=de", "Status unbekannt", "Alle Systeme laufen normal"),
        ("/embed", "lang=de", "Status unbekannt", "Alle Systeme laufen normal"),
        ("/embed", "variant=inline", ">Status unknown<", "All systems operational"),
        ("/bulletin.json", "lang=de", "Status unbekannt", "Alle Systeme laufen normal"),
        ("/panel.json", "lang=de", r#""summary":"Status unbekannt""#, "Alle Systeme laufen normal"),
        ("/panel.json", "lang=de", r#""label":"Unbekannt""#, r#""label":"In Betrieb""#),
    ] {
        let document = Document::at(path, query).unwrap();
        let rendered = page.live.document(&document, page.now).unwrap().unwrap();
        assert!(rendered.body.contains(well), "{path}?{query}: {}", rendered.body);
        let old = unconfirmed(
            &document,
            3,
            &rendered,
            Doubt { since: page.now, is_superseded: false },
            time("2026-03-01T14:01:00Z"),
        )
        .unwrap()
        .body;
        assert!(
            old.contains(unknown) && !old.contains(well) && !old.contains("hero ok"),
            "{path}?{query}: {old}"
        );
    }
}
