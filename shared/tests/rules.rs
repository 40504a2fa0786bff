//! The rules, one behaviour per test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use candor_shared::limits;
use candor_shared::rules::{Event, RejectionKind, advice, next_change};
use candor_shared::state::{ComponentState, Entry, IncidentStatus, Indicator, MaintenanceStatus};
use candor_shared::time::Time;
use candor_shared::update::parse;
use candor_shared::words::Words;
use common::{Page, time};

fn page() -> Page {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    for id in ["api", "web", "mail"] {
        page.send(&format!(r#"{{"type":"component.set","id":"{id}","name":"The {id}"}}"#));
    }
    page
}

fn shown(page: &Page, id: &str) -> ComponentState {
    page.state.components.values().find(|c| c.id.as_str() == id).unwrap().shown
}

fn open(id: &str, held: &str) -> String {
    format!(
        r#"{{"type":"incident.open","id":"{id}","name":"x","impact":"none","body":"y","components":{{{held}}}}}"#
    )
}

#[test]
fn an_incident_records_the_time_of_each_status() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","started_at":"2026-03-01T11:50:00Z","detected_at":"2026-03-01T11:52:00Z","next_update_in":"30m"}"#);
    page.at("2026-03-01T12:10:00Z");
    page.send(r#"{"type":"incident.update","status":"identified","body":"A full disk."}"#);
    page.at("2026-03-01T12:20:00Z");
    page.send(r#"{"type":"incident.update","status":"monitoring","body":"More disk."}"#);
    page.at("2026-03-01T12:40:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    let incident = page.state.incidents.values().next().unwrap();
    assert_eq!(incident.started_at, time("2026-03-01T11:50:00Z"));
    assert_eq!(incident.detected_at, Some(time("2026-03-01T11:52:00Z")));
    assert_eq!(incident.created_at, time("2026-03-01T12:00:00Z"));
    assert_eq!(incident.identified_at, Some(time("2026-03-01T12:10:00Z")));
    assert_eq!(incident.monitoring_at, Some(time("2026-03-01T12:20:00Z")));
    assert_eq!(incident.resolved_at, Some(time("2026-03-01T12:40:00Z")));
    assert_eq!(incident.next_update_at, None, "the next update clears a promise");
    assert_eq!(incident.latest.number, 4);
}

#[test]
fn resolving_restores_what_the_incident_held_and_not_what_another_holds() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"mail","status":"degraded_performance"}"#);
    page.send(&open("one", r#""api":"major_outage","web":"partial_outage","mail":"major_outage""#));
    page.send(&open("two", r#""web":"degraded_performance""#));
    page.send(r#"{"type":"incident.update","incident":"one","status":"resolved","body":"z"}"#);
    assert_eq!(shown(&page, "api"), ComponentState::Operational);
    assert_eq!(shown(&page, "web"), ComponentState::DegradedPerformance, "incident two still holds web");
    assert_eq!(shown(&page, "mail"), ComponentState::DegradedPerformance, "mail has its own status again");
}

#[test]
fn a_reopened_incident_holds_its_components_again() {
    let mut page = page();
    page.send(&open("one", r#""api":"major_outage","web":"partial_outage""#));
    page.at("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"z"}"#);
    page.send(r#"{"type":"component.remove","id":"web"}"#);
    page.at("2026-03-01T13:05:00Z");
    let events = page
        .send(r#"{"type":"incident.update","incident":"one","status":"investigating","body":"Not over."}"#);
    assert!(matches!(
        &events[0],
        Event::IncidentUpdated { from: IncidentStatus::Resolved, to: IncidentStatus::Investigating, .. }
    ));
    assert_eq!(shown(&page, "api"), ComponentState::MajorOutage, "the incident holds api again");
    let document = page.document();
    assert_eq!(document.incidents[0].reopened_at, Some(time("2026-03-01T13:05:00Z")));
    assert_eq!(page.state.incidents.values().next().unwrap().resolved_at, None);
}

#[test]
fn the_indicator_is_the_worst_of_components_and_incidents() {
    let indicator = |states: [&str; 3]| {
        let mut page = page();
        for (id, state) in ["api", "web", "mail"].into_iter().zip(states) {
            page.send(&format!(r#"{{"type":"component.set","id":"{id}","status":"{state}"}}"#));
        }
        page.state.indicator()
    };
    let (ok, work, slow, part, out) =
        ("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage");
    assert_eq!(indicator([ok, ok, ok]), Indicator::None);
    assert_eq!(indicator([work, ok, ok]), Indicator::Maintenance);
    assert_eq!(indicator([work, slow, ok]), Indicator::Minor);
    assert_eq!(indicator([part, slow, ok]), Indicator::Minor);
    assert_eq!(indicator([part, part, part]), Indicator::Major);
    assert_eq!(indicator([out, ok, ok]), Indicator::Major, "one of three");
    assert_eq!(indicator([out, out, part]), Indicator::Major, "two of three");
    assert_eq!(indicator([out, out, out]), Indicator::Critical);

    let mut page = page();
    page.send(r#"{"type":"incident.open","name":"x","impact":"critical","body":"y"}"#);
    assert_eq!(page.state.indicator(), Indicator::Critical, "an open incident's impact counts");
    assert_eq!(page.document().description, "Major Service Outage");
}

#[test]
fn a_group_shows_its_worst_member() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"core","name":"Core","is_group":true}"#);
    page.send(r#"{"type":"component.set","id":"api","group":"core"}"#);
    page.send(&open("one", r#""api":"partial_outage""#));
    assert_eq!(shown(&page, "core"), ComponentState::PartialOutage);
    assert_eq!(page.document().components.len(), 1, "status.json lists the member, not the group");
    let (kind, text) = page.refused(r#"{"type":"component.set","id":"core","status":"operational"}"#);
    assert_eq!(
        (kind, text.as_str()),
        (
            RejectionKind::Invalid,
            "/status: core is a group: it shows the worst status of its members. Set the status of a member."
        )
    );
    assert_eq!(page.refused(r#"{"type":"component.remove","id":"core"}"#).0, RejectionKind::Conflict);
}

#[test]
fn a_maintenance_changes_status_at_the_planned_times() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"New disks","body":"We swap disks.","components":["api"],"scheduled_for":"2026-03-03T01:00:00Z","verify_at":"2026-03-03T01:40:00Z","scheduled_until":"2026-03-03T02:00:00Z"}"#);
    assert!(page.document().maintenances.is_empty(), "the start is more than 24 hours away");
    assert_eq!(next_change(&page.state), Some(time("2026-03-02T01:00:00Z")));
    assert!(page.at("2026-03-02T00:59:59Z").is_empty());
    assert_eq!(page.at("2026-03-02T01:00:00Z").len(), 1);
    assert_eq!(page.document().maintenances.len(), 1);
    assert_eq!(page.document().indicator, Indicator::None);

    page.at("2026-03-03T01:00:00Z");
    assert_eq!(shown(&page, "api"), ComponentState::UnderMaintenance);
    assert_eq!(page.document().indicator, Indicator::Maintenance);
    assert!(page.at("2026-03-03T01:00:00Z").is_empty(), "an alarm may ring twice");

    // The alarm may ring late; the record still has the planned times.
    page.at("2026-03-03T05:00:00Z");
    let maintenance = page.state.maintenances.values().next().unwrap();
    assert_eq!(maintenance.status, MaintenanceStatus::Completed);
    assert_eq!(maintenance.completed_at, Some(time("2026-03-03T02:00:00Z")));
    assert_eq!(maintenance.latest.number, 4);
    assert_eq!(shown(&page, "api"), ComponentState::Operational);
    assert_eq!(next_change(&page.state), None);
}

#[test]
fn a_maintenance_can_be_manual_rescheduled_or_started_early() {
    let mut page = page();
    let schedule = |id: &str, more: &str| {
        format!(
            r#"{{"type":"maintenance.schedule","id":"{id}","name":"n","body":"b","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"{more}}}"#
        )
    };
    page.send(&schedule("by-hand", r#","automatic":false"#));
    page.send(&schedule("moved", ""));
    page.send(r#"{"type":"maintenance.update","maintenance":"moved","body":"It takes longer.","scheduled_until":"2026-03-01T16:00:00Z"}"#);
    page.send(r#"{"type":"maintenance.update","maintenance":"moved","status":"in_progress","body":"We begin early."}"#);
    page.at("2026-03-01T15:00:00Z");
    let status = |page: &Page, id: &str| {
        page.state.maintenances.values().find(|m| m.id.as_str() == id).unwrap().status
    };
    assert_eq!(status(&page, "by-hand"), MaintenanceStatus::Scheduled);
    assert_eq!(status(&page, "moved"), MaintenanceStatus::InProgress);
    page.at("2026-03-01T16:00:00Z");
    assert_eq!(status(&page, "moved"), MaintenanceStatus::Completed);
    assert_eq!(
        page.refused(
            r#"{"type":"maintenance.update","maintenance":"moved","status":"in_progress","body":"b"}"#
        )
        .0,
        RejectionKind::Conflict
    );
}

#[test]
fn imported_history_keeps_the_real_times() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"old","name":"Old","impact":"major","body":"b","components":{"api":"major_outage"},"at":"2010-10-04T15:00:00Z","next_update_in":"1h"}"#);
    assert_eq!(page.document().incidents[0].next_update_at, Some(time("2010-10-04T16:00:00Z")));
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2010-10-05T02:00:00Z"}"#);
    let incident = page.state.incidents.values().next().unwrap();
    assert_eq!(
        (incident.created_at, incident.resolved_at),
        (time("2010-10-04T15:00:00Z"), Some(time("2010-10-05T02:00:00Z")))
    );
    page.send(r#"{"type":"maintenance.schedule","name":"n","body":"b","at":"2010-11-01T00:00:00Z","scheduled_for":"2010-11-02T00:00:00Z","scheduled_until":"2010-11-02T01:00:00Z"}"#);
    assert_eq!(
        page.state.maintenances.values().next().unwrap().completed_at,
        Some(time("2010-11-02T01:00:00Z"))
    );
}

#[test]
fn an_amendment_corrects_the_record_without_a_new_update() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"i","name":"Name","impact":"minor","body":"Frist."}"#);
    page.at("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    let events = page.send(r#"{"type":"incident.amend","incident":"i","started_at":"2026-03-01T11:00:00Z","resolved_at":"2026-03-01T12:45:00Z","update":1,"body":"First."}"#);
    assert!(
        matches!(&events[0], Event::IncidentAmended { text: Some((1, body, _)), .. } if body.as_str() == "First.")
    );
    let incident = page.state.incidents.values().next().unwrap();
    assert_eq!(incident.started_at, time("2026-03-01T11:00:00Z"));
    assert_eq!(incident.resolved_at, Some(time("2026-03-01T12:45:00Z")));
    assert_eq!((incident.latest.number, incident.latest.body.as_str()), (2, "Over."));
    let late = r#"{"type":"incident.amend","incident":"i","started_at":"2026-03-01T11:45:00Z"}"#;
    page.send(r#"{"type":"incident.amend","incident":"i","resolved_at":"2026-03-01T11:30:00Z"}"#);
    assert_eq!(page.refused(late).0, RejectionKind::Invalid, "the start cannot be after the end");
    assert_eq!(
        page.refused(r#"{"type":"incident.amend","incident":"i","update":3,"body":"x"}"#).0,
        RejectionKind::NotFound
    );
}

#[test]
fn a_text_can_have_several_languages() {
    let mut page = page();
    let refused = page.refused(r#"{"type":"notice.post","body":{"de":"Wir ziehen um."}}"#).1;
    assert!(refused.contains("/body") && refused.contains("\"en\""), "{refused}");
    page.send(r#"{"type":"page.set","language":"de"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":{"DE":"Kaputt","en":"Broken"},"impact":"minor",
        "body":{"de":"Wir sind dran.","pt-BR":"Estamos nisso."},"impact_note":{"de":"Alle.","en":"Everybody."}}"#);
    let document = page.document();
    assert_eq!(document.page.language.as_deref(), Some("de"));
    let incident = &document.incidents[0];
    assert_eq!((incident.name.as_str(), incident.body.as_str()), ("Kaputt", "Wir sind dran."));
    let english = &incident.translations["en"];
    assert_eq!((english.name.as_deref(), english.body.as_deref()), (Some("Broken"), None));
    assert_eq!(english.impact_note.as_deref(), Some("Everybody."));
    assert_eq!(incident.translations["pt-BR"].body.as_deref(), Some("Estamos nisso."));
    // A new text replaces all translations of the old one.
    page.send(r#"{"type":"incident.update","body":"Gleich fertig."}"#);
    let incident = page.document().incidents.remove(0);
    assert!(!incident.translations.contains_key("pt-BR"));
    assert_eq!(
        incident.translations["en"].name.as_deref(),
        Some("Broken"),
        "the translated name is unchanged"
    );
    page.send(r#"{"type":"incident.amend","update":2,"body":{"de":"Gleich.","en":"Soon."}}"#);
    page.send(r#"{"type":"incident.amend","name":"Ausfall"}"#);
    let incident = page.document().incidents.remove(0);
    assert_eq!((incident.name.as_str(), incident.body.as_str()), ("Ausfall", "Gleich."));
    let english = &incident.translations["en"];
    assert_eq!((english.name.as_deref(), english.body.as_deref()), (None, Some("Soon.")));
    assert!(page.refused(r#"{"type":"page.set","language":"en"}"#).1.contains("is in de"));
    page.send(r#"{"type":"page.set","language":"DE"}"#);
    // The clock's texts are in English. On this page the operator's text stays.
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Umbau","body":{"de":"Neue Platten.","en":"New disks."},
        "scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.at("2026-03-01T13:00:00Z");
    let work = page.document().maintenances.remove(0);
    assert_eq!((work.status, work.body.as_str()), (MaintenanceStatus::InProgress, "Neue Platten."));
    assert_eq!(work.translations["en"].body.as_deref(), Some("New disks."));
    for (body, message) in [
        (r#"{}"#, "1 to 50 languages"),
        (r#"{"en":"a","EN":"b"}"#, "the language en appears twice"),
        (r#"{"english":"x"}"#, "/body/english: is not a language tag"),
        (r#"{"en":""}"#, "/body/en: is blank"),
        (r#"7"#, "a string, or an object of strings by language"),
    ] {
        let error =
            parse(format!(r#"{{"type":"notice.post","body":{body}}}"#).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_text_of_which_nothing_is_seen_is_refused() {
    let mut page = page();
    page.send(r##"{"type":"template.set","id":"t","body":"# {{what}}"}"##);
    page.send(r#"{"type":"incident.open","id":"i","name":"Name","impact":"minor","body":"We broke it."}"#);
    for (update, pointer) in [
        (r##""type":"incident.open","name":"N","impact":"minor","body":"#""##, "/body"),
        (r#""type":"incident.update","body":"-""#, "/body"),
        (r#""type":"incident.update","body":{"en":"Down.","de":"***"}"#, "/body/de"),
        (r#""type":"incident.update","template":"t","values":{"what":"&#8203;"}"#, "/values"),
        (r#""type":"incident.amend","update":1,"body":"![]()""#, "/body"),
        (r#""type":"notice.post","body":"> -""#, "/body"),
        (r#""type":"notice.post","body":"Moved.","details":"---""#, "/details"),
        (
            r#""type":"maintenance.schedule","name":"N","body":"&nbsp;","scheduled_for":"2026-03-02T13:00:00Z","scheduled_until":"2026-03-02T14:00:00Z""#,
            "/body",
        ),
    ] {
        let (_, detail) = page.refused(&format!("{{{update}}}"));
        assert!(detail.contains("shows nothing") && detail.contains(pointer), "{pointer} {update}: {detail}");
    }
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    let (_, detail) = page.refused(r#"{"type":"postmortem.publish","incident":"i","summary":"We broke it.","lessons":{"process":["We test.","-"]}}"#);
    assert!(detail.starts_with("/lessons/process/1: ") && detail.contains("shows nothing"), "{detail}");
    page.send(r#"{"type":"incident.update","status":"investigating","incident":"i","body":"Again."}"#);
    // What shows something is accepted.
    page.send(r#"{"type":"notice.post","body":"![](https://cdn.example/graph.png)"}"#);
}

#[test]
fn a_resolved_incident_stays_in_status_json_for_an_hour() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"i","name":"Name","impact":"minor","body":"We broke it."}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    let resolved = page.document().resolved;
    assert_eq!((resolved[0].id.as_str(), resolved[0].body.as_str()), ("i", "Over."));
    assert_eq!(resolved[0].resolved_at, page.now);
    assert!(page.document().has_news());
    page.send(r#"{"type":"incident.update","incident":"i","status":"monitoring","body":"Not quite."}"#);
    assert!(page.document().resolved.is_empty());
    page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Now it is."}"#);
    let mut kept = page.state.clone();
    kept.forget_closed();
    assert_eq!(kept.incidents.len(), 1, "the state keeps it until the hour has passed");
    let until = page.now.as_millis() + limits::JUST_RESOLVED_MILLIS;
    assert_eq!(next_change(&page.state), Time::from_millis(until));
    page.at(&Time::from_millis(until).unwrap().to_string());
    assert!(page.document().resolved.is_empty() && !page.document().has_news());
    page.state.forget_closed();
    assert!(page.state.incidents.is_empty());
}

#[test]
fn status_json_lists_only_the_newest_resolved_incidents() {
    let mut page = page();
    for number in 0..=limits::JUST_RESOLVED {
        page.at(&Time::from_millis(page.now.as_millis() + 1000).unwrap().to_string());
        page.send(&format!(
            r#"{{"type":"incident.open","id":"i{number}","name":"n","impact":"minor","body":"b"}}"#
        ));
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"i{number}","status":"resolved","body":"b"}}"#
        ));
    }
    // A correction of the end within the day neither lists an incident nor removes it. What ended last comes first.
    page.send(r#"{"type":"incident.amend","incident":"i10","started_at":"2026-03-01T09:00:00Z","resolved_at":"2026-03-01T10:00:00Z"}"#);
    let resolved = page.document().resolved;
    assert_eq!((resolved.len(), resolved[0].id.as_str()), (limits::JUST_RESOLVED, "i9"));
    assert_eq!(resolved[9].id.as_str(), "i10");
    assert!(resolved.iter().all(|entry| entry.id.as_str() != "i0"));
    // Imported history is not listed as just resolved.
    page.send(r#"{"type":"incident.open","id":"old","name":"n","impact":"minor","body":"b","at":"2010-10-04T15:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"old","status":"resolved","body":"b","at":"2010-10-04T16:00:00Z"}"#);
    assert!(page.document().resolved.iter().all(|entry| entry.id.as_str() != "old"));
}

#[test]
fn resolved_incidents_make_room_for_open_ones() {
    use candor_shared::rules::{check_size, largest_status};
    let mut page = page();
    // Each quotation mark takes two bytes in JSON.
    let long = "\\\"".repeat(10_000);
    for n in 0..10 {
        page.send(&format!(
            r#"{{"type":"incident.open","id":"old{n}","name":"n","impact":"none","body":"{long}"}}"#
        ));
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"old{n}","status":"resolved","body":"{long}"}}"#
        ));
    }
    for n in 0..36 {
        page.send(&format!(r#"{{"type":"incident.open","id":"i{n}","name":"n","impact":"none","body":"{long}","impact_note":"{long}"}}"#));
    }
    assert!(largest_status(&page.state) <= limits::STATUS_BYTES && page.document().resolved.len() < 10);
    let before = page.state.clone();
    page.send(&format!(
        r#"{{"type":"incident.update","incident":"i0","status":"resolved","body":"{long}"}}"#
    ));
    assert_eq!(check_size(&before, &page.state), Ok(()));
}

#[test]
fn an_incident_in_another_language_cannot_be_reopened() {
    let open = r#"{"type":"incident.open","id":"i","name":"Name","impact":"minor","body":"We broke it."}"#;
    let resolve = r#"{"type":"incident.update","status":"resolved","body":"Over."}"#;
    let mut page = page();
    // A page without a language is in English.
    page.send(&open.replace(r#""i""#, r#""before""#));
    page.send(resolve);
    page.at("2026-03-01T18:00:00Z");
    page.send(r#"{"type":"page.set","language":"de"}"#);
    let (kind, text) = page.refused(
        r#"{"type":"incident.update","incident":"before","status":"monitoring","body":"Doch nicht."}"#,
    );
    assert!(kind == RejectionKind::Conflict && text.contains("in en, and the page is in de"), "{text}");

    page.send(r#"{"type":"page.set","language":"en"}"#);
    page.send(open);
    page.send(resolve);
    page.at("2026-03-02T12:00:00Z");
    page.send(r#"{"type":"page.set","language":"de"}"#);
    let reopen = r#"{"type":"incident.update","incident":"i","status":"monitoring","body":"Doch nicht."}"#;
    let (kind, text) = page.refused(reopen);
    assert!(kind == RejectionKind::Conflict && text.contains("in en, and the page is in de"), "{text}");
    // What is added says in which language it is: both are kept as such.
    for (json, pointer) in [
        (
            r#"{"type":"incident.update","incident":"i","body":"Nachtrag."}"#,
            "/body: This was announced in \"en\"",
        ),
        (
            r#"{"type":"incident.update","incident":"i","body":{"de":"Nachtrag."}}"#,
            "/body: Add the text in \"en\"",
        ),
        (
            r#"{"type":"incident.amend","incident":"i","name":"Kaputt"}"#,
            "/name: This was announced in \"en\"",
        ),
    ] {
        let (kind, text) = page.refused(json);
        assert!(kind == RejectionKind::Invalid && text.starts_with(pointer), "{text}");
    }
    page.send(r#"{"type":"incident.update","incident":"i","body":{"en":"A note.","de":"Nachtrag."}}"#);
    page.send(r#"{"type":"incident.amend","incident":"i","name":{"en":"It broke","de":"Es war kaputt"}}"#);
    let incident = &page.state.incidents.values().find(|of| of.id.as_str() == "i").unwrap();
    let read = |tag: &str| {
        let words = Words::of(tag).unwrap();
        let (name, language) = words.translation(&incident.name, incident.language.as_ref(), &incident.names);
        (name.to_string(), language.to_owned())
    };
    assert_eq!(read("en"), ("It broke".to_owned(), "en".to_owned()));
    assert_eq!(read("de"), ("Es war kaputt".to_owned(), "de".to_owned()));
    page.send(r#"{"type":"page.set","language":"en"}"#);
    page.send(reopen);
}

#[test]
fn the_time_zone_must_be_one_that_a_place_uses() {
    let mut page = page();
    for name in ["Factory", "factory"] {
        let (kind, text) =
            page.refused(&format!(r#"{{"type":"page.set","name":"New","time_zone":"{name}"}}"#));
        assert!(kind == RejectionKind::Invalid && text.contains("/time_zone: Factory is"), "{text}");
    }
    for name in ["Etc/UTC", "UTC", "Asia/Kathmandu"] {
        page.send(&format!(r#"{{"type":"page.set","time_zone":"{name}"}}"#));
    }
}

#[test]
fn a_notice_expires() {
    let mut page = page();
    page.send(r#"{"type":"notice.post","body":"We talk on Monday.","until":"2026-03-02T00:00:00Z"}"#);
    assert!(page.document().has_news());
    assert_eq!(page.at("2026-03-02T00:00:00Z"), [Event::NoticeCleared]);
    assert!(!page.document().has_news());
    assert_eq!(page.refused(r#"{"type":"notice.clear"}"#).0, RejectionKind::NotFound);
}

#[test]
fn refusals_say_what_to_do() {
    let mut page = page();
    page.send(&open("one", r#""api":"major_outage""#));
    page.send(&open("two", ""));
    page.send(r#"{"type":"component.set","id":"core","name":"Core","is_group":true}"#);
    page.send(r#"{"type":"maintenance.schedule","id":"work","name":"n","body":"b","components":["mail"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    let mut table = String::new();
    for update in [
        r#"{"type":"page.set","name":"x","at":"2030-01-01T00:00:00Z"}"#,
        r#"{"type":"component.set","id":"new"}"#,
        r#"{"type":"component.set","id":"api","group":"nowhere"}"#,
        r#"{"type":"component.set","id":"api","group":"web"}"#,
        r#"{"type":"component.set","id":"api","is_group":true}"#,
        r#"{"type":"component.remove","id":"api"}"#,
        r#"{"type":"component.remove","id":"mail"}"#,
        r#"{"type":"component.remove","id":"nothing"}"#,
        r#"{"type":"incident.open","id":"one","name":"x","impact":"none","body":"y"}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","status":"resolved"}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","components":{"nothing":"major_outage"}}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","components":{"core":"major_outage"}}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","started_at":"2026-03-01T12:05:01Z"}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","started_at":"2026-03-01T11:00:00Z","detected_at":"2026-03-01T10:00:00Z"}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","next_update_in":"1h","next_update_at":"2026-03-01T13:00:00Z"}"#,
        r#"{"type":"incident.open","name":"x","impact":"none","body":"y","next_update_at":"2026-03-01T11:00:00Z"}"#,
        r#"{"type":"incident.update","body":"which?"}"#,
        r#"{"type":"incident.update","incident":"three","body":"y"}"#,
        r#"{"type":"incident.update","incident":"one","body":"y","at":"2026-03-01T11:00:00Z"}"#,
        r#"{"type":"incident.update","incident":"one","status":"resolved","body":"y","next_update_in":"1h"}"#,
        r#"{"type":"incident.update","incident":"one","status":"resolved","body":"y","components":{"api":"major_outage"}}"#,
        r#"{"type":"incident.amend","incident":"one","resolved_at":"2026-03-01T12:00:00Z"}"#,
        r#"{"type":"incident.amend","incident":"one","update":1}"#,
        r#"{"type":"maintenance.schedule","name":"n","body":"b","scheduled_for":"2026-03-01T11:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#,
        r#"{"type":"maintenance.schedule","name":"n","body":"b","scheduled_for":"2026-03-01T14:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#,
        r#"{"type":"maintenance.schedule","name":"n","body":"b","scheduled_for":"2026-03-01T13:00:00Z","verify_at":"2026-03-01T14:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#,
        r#"{"type":"maintenance.update","maintenance":"nothing","body":"b"}"#,
        r#"{"type":"notice.post","body":"b","until":"2026-03-01T11:00:00Z"}"#,
        r#"{"type":"notice.clear"}"#,
    ] {
        let (kind, text) = page.refused(update);
        table.push_str(&format!("{kind:?}: {text}\n"));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn limits_are_enforced() {
    let mut page = page();
    for n in 3..200 {
        page.send(&format!(r#"{{"type":"component.set","id":"c{n}","name":"c"}}"#));
    }
    assert_eq!(
        page.refused(r#"{"type":"component.set","id":"one-more","name":"c"}"#).0,
        RejectionKind::Conflict
    );
    for n in 0..50 {
        page.send(&open(&format!("i{n}"), ""));
    }
    assert_eq!(page.refused(&open("one-more", "")).0, RejectionKind::Conflict);
    page.send(r#"{"type":"incident.update","incident":"i7","status":"resolved","body":"b"}"#);
    page.send(&open("one-more", ""));
    assert_eq!(
        page.refused(r#"{"type":"incident.update","incident":"i7","status":"monitoring","body":"b"}"#).0,
        RejectionKind::Conflict
    );
}

#[test]
fn backdated_updates_do_not_overwrite_the_present() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"api","status":"major_outage"}"#);
    let (kind, text) = page
        .refused(r#"{"type":"component.set","id":"api","status":"operational","at":"2026-03-01T11:00:00Z"}"#);
    assert_eq!((kind, text.contains("last set")), (RejectionKind::Invalid, true), "{text}");
    page.send(r#"{"type":"component.set","id":"api","name":"Renamed","at":"2026-03-01T11:00:00Z"}"#);
    // An imported incident of 2010 does not change `since`.
    page.send(r#"{"type":"incident.open","id":"old","name":"n","impact":"none","body":"b","components":{"web":"partial_outage"},"at":"2010-10-04T15:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"old","status":"resolved","body":"b","at":"2010-10-05T02:00:00Z"}"#);
    let since = |id: &str| page.state.components.values().find(|c| c.id.as_str() == id).unwrap().since;
    assert_eq!((since("api"), since("web")), (time("2026-03-01T12:00:00Z"), time("2026-03-01T12:00:00Z")));
    assert_eq!(
        page.refused(r#"{"type":"incident.open","id":"template","name":"n","impact":"none","body":"b"}"#).0,
        RejectionKind::Invalid
    );
}

#[test]
fn a_sender_whose_clock_is_ahead_is_heard() {
    let mut page = page();
    let mut open = |fields: &str| {
        let update = format!(r#"{{"type":"incident.open","name":"n","impact":"minor","body":"b",{fields}}}"#);
        page.try_send(&update).map(|_| page.state.incidents.values().next_back().unwrap().clone())
    };
    let now = time("2026-03-01T12:00:00Z");
    for fields in [
        r#""id":"a","at":"2026-03-01T12:00:01Z""#,
        r#""id":"b","at":"2026-03-01T12:05:00Z","started_at":"2026-03-01T12:05:00Z""#,
        r#""id":"c","started_at":"2026-03-01T12:00:00.006Z""#,
        r#""id":"d","detected_at":"2026-03-01T12:04:59Z""#,
    ] {
        let incident = open(fields).unwrap();
        assert_eq!(
            (incident.started_at, incident.created_at, incident.updated_at),
            (now, now, now),
            "{fields}"
        );
        assert!(incident.detected_at.is_none_or(|at| at == now), "{fields}");
    }
    for fields in [
        r#""id":"e","at":"2026-03-01T12:05:01Z""#,
        r#""id":"f","started_at":"2026-03-01T12:05:01Z""#,
        r#""id":"g","detected_at":"2026-03-01T13:00:00Z""#,
    ] {
        assert!(open(fields).is_err(), "{fields}");
    }
}

/// What is ended afterwards, with the time at which it was over, leaves no longer failure behind than what still holds the component.
#[test]
fn since_when_does_not_bridge_a_gap() {
    let since =
        |page: &Page| page.state.components.values().find(|one| one.id.as_str() == "web").unwrap().since;
    let at = |text: &str| time(&format!("2026-03-01T{text}:00Z"));
    let open = |page: &mut Page, id: &str, start: &str, status: &str| {
        page.send(&format!(
            r#"{{"type":"incident.open","id":"{id}","name":"n","impact":"minor","body":"b","started_at":"2026-03-01T{start}:00Z","components":{{"web":"{status}"}}}}"#
        ));
    };
    let end = |page: &mut Page, id: &str, at: &str| {
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"{id}","status":"resolved","body":"b","at":"2026-03-01T{at}:00Z"}}"#
        ));
    };
    // Two that do not touch: what is left began later.
    let mut page = self::page();
    page.at("2026-03-01T13:00:00Z");
    open(&mut page, "a", "12:10", "partial_outage");
    page.at("2026-03-01T14:00:00Z");
    open(&mut page, "b", "13:50", "partial_outage");
    assert_eq!(since(&page), at("12:10"));
    end(&mut page, "a", "13:10");
    assert_eq!(since(&page), at("13:50"));
    // It lasted longer after all.
    page.send(r#"{"type":"incident.amend","incident":"a","resolved_at":"2026-03-01T13:55:00Z"}"#);
    assert_eq!(since(&page), at("12:10"));
    page.send(r#"{"type":"incident.amend","incident":"a","resolved_at":"2026-03-01T13:20:00Z"}"#);
    assert_eq!(since(&page), at("13:50"));
    // Two that overlap, and one that is milder.
    let mut page = self::page();
    page.at("2026-03-01T12:40:00Z");
    open(&mut page, "a", "12:10", "partial_outage");
    open(&mut page, "b", "12:30", "partial_outage");
    page.at("2026-03-01T13:00:00Z");
    end(&mut page, "a", "12:50");
    assert_eq!(since(&page), at("12:10"));
    page.at("2026-03-01T14:00:00Z");
    open(&mut page, "c", "13:40", "degraded_performance");
    end(&mut page, "b", "13:10");
    assert_eq!(since(&page), at("13:40"), "nothing held it between");
}

/// What is reported late of one thing says nothing of the time in which others, or itself, held the component.
#[test]
fn since_when_does_not_move_while_it_lasts() {
    let since =
        |page: &Page| page.state.components.values().find(|one| one.id.as_str() == "web").unwrap().since;
    let at = |text: &str| time(&format!("2026-03-01T{text}:00Z"));
    let start = |monitor: bool| {
        let mut page = page();
        page.at("2026-03-01T12:20:00Z");
        if monitor {
            page.send(r#"{"type":"component.set","id":"web","status":"partial_outage"}"#);
        }
        page.send(r#"{"type":"incident.open","id":"a","name":"n","impact":"minor","body":"b","started_at":"2026-03-01T12:10:00Z","components":{"web":"partial_outage"}}"#);
        page.at("2026-03-01T14:00:00Z");
        page.send(r#"{"type":"incident.open","id":"b","name":"n","impact":"minor","body":"b","started_at":"2026-03-01T13:00:00Z","components":{"web":"partial_outage"}}"#);
        page
    };
    for update in [
        r#"{"type":"incident.update","incident":"a","body":"b","components":{"web":"operational"}"#,
        r#"{"type":"incident.update","incident":"a","body":"b","components":{"web":"degraded_performance"}"#,
        r#"{"type":"incident.update","incident":"a","body":"b","status":"resolved""#,
    ] {
        for dated in ["}", r#","at":"2026-03-01T13:30:00Z"}"#] {
            let mut page = start(false);
            page.send(&format!("{update}{dated}"));
            assert_eq!(since(&page), at("12:10"), "{update}{dated}");
        }
    }
    // Over, and reopened.
    let mut page = start(false);
    page.send(r#"{"type":"incident.update","incident":"a","body":"b","status":"resolved","at":"2026-03-01T13:10:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"a","body":"b","status":"investigating","at":"2026-03-01T13:50:00Z"}"#);
    assert_eq!(since(&page), at("12:10"));
    // A monitor has said the same all the time.
    let mut page = start(true);
    page.send(r#"{"type":"incident.update","incident":"a","body":"b","status":"resolved","at":"2026-03-01T12:50:00Z"}"#);
    assert_eq!(since(&page), at("12:10"));
    // Work of which nobody said when it began.
    let mut page = self::page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"n","body":"b","components":["web"],"scheduled_for":"2026-03-01T12:05:00Z","scheduled_until":"2026-03-01T13:00:00Z","automatic":false}"#);
    page.at("2026-03-01T12:10:00Z");
    page.send(r#"{"type":"maintenance.update","body":"b","status":"verifying"}"#);
    page.at("2026-03-01T13:30:00Z");
    page.send(r#"{"type":"maintenance.update","body":"b"}"#);
    page.send(r#"{"type":"maintenance.update","body":"b","at":"2026-03-01T13:30:00Z"}"#);
    assert_eq!(since(&page), at("12:10"));
}

/// What is reported with the time at which it failed has failed since then, although it was said to work meanwhile.
#[test]
fn a_dated_report_says_since_when() {
    let since =
        |page: &Page| page.state.components.values().find(|one| one.id.as_str() == "web").unwrap().since;
    let mut page = page();
    page.at("2026-03-01T12:20:00Z");
    page.send(r#"{"type":"component.set","id":"web","status":"major_outage"}"#);
    page.at("2026-03-01T12:30:00Z");
    page.send(r#"{"type":"component.set","id":"web","status":"operational"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"major","body":"b","components":{"web":"major_outage"},"at":"2026-03-01T12:25:00Z"}"#);
    assert_eq!(since(&page), time("2026-03-01T12:25:00Z"));
}

/// A past outage that is reported while work goes on does not begin the work earlier.
#[test]
fn a_past_outage_is_no_part_of_the_work_that_goes_on() {
    let mut page = page();
    page.at("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"n","body":"b","components":["web"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.send(r#"{"type":"component.set","id":"web","status":"major_outage","at":"2026-03-01T12:20:00Z"}"#);
    page.send(r#"{"type":"component.set","id":"web","status":"operational","at":"2026-03-01T12:40:00Z"}"#);
    let web = page.state.components.values().find(|one| one.id.as_str() == "web").unwrap();
    assert_eq!((web.shown, web.since), (ComponentState::UnderMaintenance, time("2026-03-01T13:00:00Z")));
}

/// What is left after something worse is left since that ended, also if its end is corrected.
#[test]
fn what_is_left_is_left_since_the_corrected_end() {
    let since =
        |page: &Page| page.state.components.values().find(|one| one.id.as_str() == "web").unwrap().since;
    for below in [
        r#"{"type":"component.set","id":"web","status":"degraded_performance"}"#,
        r#"{"type":"incident.open","id":"b","name":"n","impact":"minor","body":"b","components":{"web":"degraded_performance"}}"#,
    ] {
        let mut page = page();
        page.at("2026-03-01T12:20:00Z");
        page.send(below);
        page.send(r#"{"type":"incident.open","id":"a","name":"n","impact":"major","body":"b","components":{"web":"major_outage"}}"#);
        page.at("2026-03-01T13:00:00Z");
        page.send(r#"{"type":"incident.update","incident":"a","status":"resolved","body":"b"}"#);
        page.at("2026-03-01T14:00:00Z");
        for end in ["2026-03-01T13:40:00Z", "2026-03-01T12:50:00Z"] {
            page.send(&format!(r#"{{"type":"incident.amend","incident":"a","resolved_at":"{end}"}}"#));
            assert_eq!(since(&page), time(end), "{below}");
        }
    }
}

/// The same of planned work that somebody forgot to end.
#[test]
fn work_that_was_over_earlier_is_no_work_since_then() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"n","body":"b","components":["web"],"scheduled_for":"2026-03-01T12:10:00Z","scheduled_until":"2026-03-01T13:00:00Z","automatic":false}"#);
    page.at("2026-03-01T12:10:00Z");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"in_progress","body":"b"}"#);
    page.at("2026-03-01T15:00:00Z");
    page.send(r#"{"type":"maintenance.schedule","id":"o","name":"n","body":"b","components":["web"],"scheduled_for":"2026-03-01T15:00:00Z","scheduled_until":"2026-03-01T16:00:00Z"}"#);
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"completed","body":"b","at":"2026-03-01T13:00:00Z"}"#);
    let web = page.state.components.values().find(|one| one.id.as_str() == "web").unwrap();
    assert_eq!((web.shown, web.since), (ComponentState::UnderMaintenance, time("2026-03-01T15:00:00Z")));
}

#[test]
fn a_component_fails_since_its_incident_began() {
    let mut page = page();
    page.at("2026-03-01T14:00:00Z");
    page.send(r#"{"type":"incident.open","id":"a","name":"n","impact":"major","body":"b","components":{"api":"major_outage"},"started_at":"2026-03-01T13:00:00Z"}"#);
    let since =
        |page: &Page, id: &str| page.state.components.values().find(|c| c.id.as_str() == id).unwrap().since;
    assert_eq!(since(&page, "api"), time("2026-03-01T13:00:00Z"));
    page.send(r#"{"type":"incident.amend","incident":"a","started_at":"2026-03-01T12:30:00Z"}"#);
    assert_eq!(since(&page, "api"), time("2026-03-01T12:30:00Z"), "a corrected start counts");
    // Never since before it was there, and not since the beginning where it came later.
    page.send(r#"{"type":"incident.amend","incident":"a","started_at":"2026-03-01T10:00:00Z"}"#);
    assert_eq!(since(&page, "api"), time("2026-03-01T12:00:00Z"));
    page.at("2026-03-01T14:30:00Z");
    page.send(
        r#"{"type":"incident.update","incident":"a","body":"b","components":{"web":"degraded_performance"}}"#,
    );
    page.send(r#"{"type":"incident.amend","incident":"a","started_at":"2026-03-01T13:30:00Z"}"#);
    assert_eq!(since(&page, "web"), time("2026-03-01T14:30:00Z"));
    assert_eq!(since(&page, "api"), time("2026-03-01T13:30:00Z"));
    // Whoever has reported it first.
    page.send(r#"{"type":"component.set","id":"mail","name":"Mail"}"#);
    page.at("2026-03-01T15:00:00Z");
    page.send(r#"{"type":"component.set","id":"mail","status":"partial_outage"}"#);
    page.send(r#"{"type":"incident.open","id":"m","name":"n","impact":"major","body":"b","components":{"mail":"partial_outage"},"started_at":"2026-03-01T14:45:00Z"}"#);
    assert_eq!(since(&page, "mail"), time("2026-03-01T14:45:00Z"));
    // What is imported is over, or says when it was said.
    for import in [
        r#"{"type":"incident.open","id":"old","name":"n","impact":"major","body":"b","components":{"mail":"major_outage"},"at":"2026-02-01T08:00:00Z"}"#,
        r#"{"type":"incident.update","incident":"old","status":"resolved","body":"b","at":"2026-02-01T09:00:00Z"}"#,
    ] {
        page.send(import);
    }
    assert_eq!(since(&page, "mail"), time("2026-03-01T14:45:00Z"));
    // A status that is dated before the component was made begins there.
    page.send(r#"{"type":"component.set","id":"new","name":"New"}"#);
    page.send(r#"{"type":"component.set","id":"new","status":"partial_outage","at":"2026-02-01T12:00:00Z"}"#);
    assert_eq!(since(&page, "new"), time("2026-02-01T12:00:00Z"));
}

#[test]
fn a_generated_id_is_always_new() {
    let mut page = page();
    for update in [
        r#"{"type":"incident.open","id":"incident-5","name":"n","impact":"none","body":"b"}"#,
        r#"{"type":"maintenance.schedule","id":"maintenance-5","name":"n","body":"b","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#,
    ] {
        assert!(page.refused(update).1.contains("generated id"), "{update}");
    }
    page.send(r#"{"type":"incident.open","name":"n","impact":"none","body":"b"}"#);
    assert_eq!(page.state.incidents.keys().next().unwrap().as_str(), "incident-4");
    let followup = r#"{"type":"followup.set","id":"followup-9","incident":"incident-4","name":"n"}"#;
    assert!(page.refused(followup).1.contains("generated id"));
}

#[test]
fn the_size_limit_of_status_json_includes_what_the_clock_will_add() {
    use candor_shared::published::status_document;
    use candor_shared::rules::{check_size, largest_status};
    use candor_shared::text::Url;
    let mut page = page();
    let long = "\\\"".repeat(10_000);
    page.send(&format!(r#"{{"type":"page.set","url":"https://status.example.com/{}"}}"#, "x".repeat(1_900)));
    assert!(page.state.page.url.as_ref().map(Url::as_str).is_some());
    for n in 0..50 {
        page.send(&format!(r#"{{"type":"incident.open","id":"i{n}","name":"n","impact":"none","body":"{long}","impact_note":"{long}"}}"#));
        page.send(&format!(r#"{{"type":"maintenance.schedule","id":"m{n}","name":"n","body":"{long}","components":["api","web"],"scheduled_for":"2026-03-09T13:00:00Z","scheduled_until":"2026-03-09T14:00:00Z"}}"#));
    }
    let each: Vec<String> =
        (0..50).map(|n| format!(r#""x{}-q{}":"{long}""#, char::from(b'a' + n % 26), n)).collect();
    let body = format!(r#"{{"en":"{long}",{}}}"#, each[..3].join(","));
    page.send(&format!(
        r#"{{"type":"notice.post","title":"{}","body":{body},"url":"https://example.com/{}"}}"#,
        "\\\"".repeat(100),
        "y".repeat(1_900)
    ));
    page.send(r#"{"type":"incident.update","incident":"i0","status":"resolved","body":"Over."}"#);
    // The document with everything that the clock adds is not larger than the bound.
    let bound = largest_status(&page.state);
    page.at("2026-03-09T13:30:00Z");
    let document = serde_json::to_vec(&status_document(&page.state, u64::MAX, page.now)).unwrap();
    assert_eq!(
        (document.len() <= bound, page.document().maintenances.len()),
        (true, 50),
        "{} of {bound}",
        document.len()
    );

    let small = candor_shared::state::State::default();
    assert!(check_size(&small, &page.state).is_err(), "{bound}");
    assert!(check_size(&page.state, &page.state).is_ok(), "an update that does not make it larger passes");
}

#[test]
fn the_record_keeps_the_worst_impact() {
    let mut page = page();
    let impact = |page: &Page| {
        let incident = page.state.incidents.values().next().unwrap();
        (incident.impact.as_str(), incident.recorded_impact().as_str())
    };
    page.send(
        r#"{"type":"incident.open","id":"down","name":"Down","impact":"critical","body":"We broke it."}"#,
    );
    page.send(r#"{"type":"incident.update","impact":"minor","body":"Most works again."}"#);
    assert_eq!(impact(&page), ("minor", "minor"), "while it is open, the present impact counts");
    assert_eq!(page.document().incidents[0].impact.as_str(), "minor");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works."}"#);
    assert_eq!(impact(&page), ("minor", "critical"));
    assert_eq!(page.document().resolved[0].impact.as_str(), "critical");
    // Reopened, the present impact counts again; resolved with it, the worst one.
    page.send(r#"{"type":"incident.update","incident":"down","status":"investigating","impact":"major","body":"Again."}"#);
    assert_eq!(impact(&page), ("major", "major"));
    page.send(
        r#"{"type":"incident.update","incident":"down","status":"resolved","impact":"none","body":"Over."}"#,
    );
    assert_eq!(impact(&page), ("none", "critical"));
    // What was reported too high was never so bad.
    page.send(r#"{"type":"incident.amend","incident":"down","impact":"major"}"#);
    assert_eq!(impact(&page), ("major", "major"));
}

#[test]
fn an_amendment_changes_something_and_leaves_its_time() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it."}"#);
    page.send(r#"{"type":"incident.update","body":"We are on it."}"#);
    for nothing in [
        r#"{"type":"incident.amend"}"#,
        r#"{"type":"incident.amend","name":"Down"}"#,
        r#"{"type":"incident.amend","impact":"major","started_at":"2026-03-01T12:00:00Z"}"#,
        r#"{"type":"incident.amend","update":2,"body":"We are on it."}"#,
        // White space that nobody sees.
        r#"{"type":"incident.amend","name":" Down "}"#,
        r#"{"type":"incident.amend","update":2,"body":"  We are on it.\n\n "}"#,
        r#"{"type":"incident.amend","update":2,"body":"We  are on it."}"#,
    ] {
        assert!(page.refused(nothing).1.contains("changes nothing"), "{nothing}");
    }
    let (_, text) = page.refused(r#"{"type":"incident.amend","body":"Which?"}"#);
    assert_eq!(
        text,
        "/update: \"body\" corrects one text; say which by \"update\": 1 to 2, where 2 is the newest."
    );
    page.at("2026-03-01T13:00:00Z");
    let before = page.state.incidents.values().next().unwrap().clone();
    page.send(r#"{"type":"incident.amend","update":1,"body":"We broke it: a disk was full."}"#);
    let after = page.state.incidents.values().next().unwrap().clone();
    assert_eq!((after.updated_at, after.modified_at()), (before.updated_at, time("2026-03-01T13:00:00Z")));
    assert_eq!(after.latest, before.latest, "the first text was corrected, not the newest");
    page.send(r#"{"type":"incident.amend","name":"Search is down"}"#);
    let latest = page.state.incidents.values().next().unwrap().latest.clone();
    let renamed = page.state.incidents.values().next().unwrap();
    assert_eq!(latest.amended_at, None, "nobody corrected its text");
    assert_eq!(
        renamed.entry_modified_at(&latest),
        time("2026-03-01T13:00:00Z"),
        "its title is another one now"
    );
    // What was corrected while it was the newest stays so when others follow.
    page.at("2026-03-01T13:10:00Z");
    page.send(r#"{"type":"incident.amend","started_at":"2026-03-01T11:00:00Z"}"#);
    page.at("2026-03-01T13:20:00Z");
    page.send(r#"{"type":"incident.update","body":"Found."}"#);
    page.send(r#"{"type":"incident.amend","impact":"critical"}"#);
    page.at("2026-03-01T13:30:00Z");
    page.send(r#"{"type":"incident.update","body":"Mended.","status":"monitoring"}"#);
    let incident = page.state.incidents.values().next().unwrap();
    let third = Entry { number: 3, at: time("2026-03-01T13:20:00Z"), ..latest.clone() };
    assert_eq!(
        [&latest, &third, &incident.latest].map(|entry| incident.entry_modified_at(entry)),
        [time("2026-03-01T13:10:00Z"), time("2026-03-01T13:20:00Z"), time("2026-03-01T13:30:00Z")]
    );
    // Another list is seen, too, and so is a space before a link.
    page.send(r#"{"type":"incident.amend","update":2,"body":"- a\n- b"}"#);
    page.send(r#"{"type":"incident.amend","update":2,"body":"- a\n  - b"}"#);
    page.send(r#"{"type":"incident.amend","update":2,"body":"[**x**](https://help.example)"}"#);
    page.send(r#"{"type":"incident.amend","update":2,"body":"[x](https://help.example)"}"#);
    page.send(r#"{"type":"incident.amend","update":2,"body":"We are on it:[help](https://help.example)"}"#);
    page.send(r#"{"type":"incident.amend","update":2,"body":"We are on it: [help](https://help.example)"}"#);
}

#[test]
fn nothing_says_that_all_is_well_beside_an_open_incident() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"look","name":"We look into slow searches","impact":"none","body":"b"}"#);
    let document = page.document();
    assert_eq!(
        (document.indicator, document.description.as_str()),
        (Indicator::None, "We look into slow searches")
    );
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#);
    assert_eq!(page.document().description, "All Systems Operational");
}

fn schedule(id: &str, from: &str, until: &str, more: &str) -> String {
    format!(
        r#"{{"type":"maintenance.schedule","id":"{id}","name":"Disks","body":"We swap disks.","scheduled_for":"{from}","scheduled_until":"{until}"{more}}}"#
    )
}

fn maintenance<'a>(page: &'a Page, id: &str) -> &'a candor_shared::state::Maintenance {
    page.state.maintenances.values().find(|m| m.id.as_str() == id).unwrap()
}

#[test]
fn what_starts_now_has_started() {
    let mut page = Page::new("2026-03-01T12:00:00.750Z");
    // Whole seconds of the sender's clock, the same instant, and a clock that is almost five minutes behind.
    for (id, from) in
        [("a", "2026-03-01T12:00:00Z"), ("b", "2026-03-01T12:00:00.750Z"), ("c", "2026-03-01T11:55:01Z")]
    {
        page.send(&schedule(id, from, "2026-03-01T13:00:00Z", ""));
        assert_eq!(maintenance(&page, id).status, MaintenanceStatus::InProgress, "{id}");
    }
    let (_, text) = page.refused(&schedule("d", "2026-03-01T11:55:00Z", "2026-03-01T13:00:00Z", ""));
    assert!(text.starts_with("/scheduled_for: "), "{text}");
    page.send(&schedule("e", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z", r#","automatic":false"#));
    assert_eq!(maintenance(&page, "e").status, MaintenanceStatus::Scheduled, "a person moves it on");
}

#[test]
fn a_maintenance_can_be_called_off_before_it_begins() {
    let mut page = page();
    page.send(&schedule("off", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", r#","components":["api"]"#));
    page.send(r#"{"type":"maintenance.update","maintenance":"off","status":"cancelled","body":"We do it another day."}"#);
    let off = maintenance(&page, "off").clone();
    assert_eq!((off.is_open(), off.started_at, off.completed_at), (false, None, None));
    assert_eq!(off.cancelled_at, Some(page.now));
    // The clock leaves it alone.
    page.at("2026-03-01T13:30:00Z");
    assert_eq!(shown(&page, "api"), ComponentState::Operational);
    assert_eq!(maintenance(&page, "off").status, MaintenanceStatus::Cancelled);
    for (update, says) in [
        (
            r#"{"type":"maintenance.update","maintenance":"off","status":"in_progress","body":"b"}"#,
            "is cancelled; schedule a new",
        ),
        (
            r#"{"type":"maintenance.update","maintenance":"off","scheduled_until":"2026-03-02T14:00:00Z","body":"b"}"#,
            "is cancelled; the planned times",
        ),
    ] {
        assert!(page.refused(update).1.contains(says), "{update}");
    }
    // Completing what has not begun would be a lie; calling off what has begun would be one, too.
    page.send(&schedule("early", "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z", ""));
    let complete = r#"{"type":"maintenance.update","maintenance":"early","status":"completed","body":"b"}"#;
    assert!(page.refused(complete).1.contains("\"cancelled\""));
    page.at("2026-03-01T15:10:00Z");
    let cancel = r#"{"type":"maintenance.update","maintenance":"early","status":"cancelled","body":"b"}"#;
    assert!(page.refused(cancel).1.contains("\"completed\""));
    page.send(complete);
}

#[test]
fn a_running_maintenance_keeps_its_start_and_may_move_its_end() {
    let mut page = page();
    page.send(&schedule("m", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", ""));
    page.at("2026-03-01T13:30:00Z");
    let update =
        |what: &str| format!(r#"{{"type":"maintenance.update","maintenance":"m",{what},"body":"b"}}"#);
    for start in ["2026-03-01T12:00:00Z", "2026-03-01T13:45:00Z", "2026-03-02T13:00:00Z"] {
        let (_, text) = page.refused(&update(&format!(r#""scheduled_for":"{start}""#)));
        assert_eq!(
            text,
            "/scheduled_for: m has started; its start cannot be moved. \"scheduled_until\" moves its end."
        );
    }
    page.send(&update(r#""scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T15:00:00Z""#));
    page.at("2026-03-01T14:30:00Z");
    assert!(maintenance(&page, "m").is_active(), "it goes on until the later end");
    let (_, text) = page.refused(&update(r#""status":"verifying","scheduled_until":"2026-03-01T14:10:00Z""#));
    assert!(text.starts_with("/scheduled_until") && text.contains("verifying"), "{text}");
    page.send(&update(r#""scheduled_until":"2026-03-01T14:10:00Z""#));
    let ended = maintenance(&page, "m");
    assert_eq!(ended.status, MaintenanceStatus::Completed, "an end that has passed ends it now");
    assert_eq!(ended.completed_at, Some(time("2026-03-01T14:30:00Z")));
    assert_eq!(ended.scheduled_until, time("2026-03-01T15:00:00Z"), "the plan stays what it was");
    assert_eq!(ended.latest.body.as_str(), "b", "nothing says that it went as planned");
}

#[test]
fn a_manual_maintenance_is_late_where_its_time_has_passed() {
    let mut page = page();
    page.send(&schedule("m", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", r#","automatic":false"#));
    page.send(&schedule("auto", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", ""));
    let late = |page: &mut Page, now: &str| {
        page.at(now);
        assert!(!page.state.maintenances.values().any(|m| m.automatic && m.late));
        maintenance(page, "m").late
    };
    assert!(!late(&mut page, "2026-03-01T12:59:00Z") && late(&mut page, "2026-03-01T13:01:00Z"));
    // A word does not make it less late, another time does.
    let say = |with: &str| format!(r#"{{"type":"maintenance.update","maintenance":"m"{with},"body":"b"}}"#);
    page.send(&say(""));
    assert!(maintenance(&page, "m").late);
    page.send(&say(r#","scheduled_for":"2026-03-01T13:10:00Z""#));
    assert!(!maintenance(&page, "m").late && late(&mut page, "2026-03-01T13:10:00Z"));
    page.at("2026-03-01T13:20:00Z");
    page.send(&say(r#","status":"in_progress""#));
    assert!(!late(&mut page, "2026-03-01T13:59:00Z") && late(&mut page, "2026-03-01T14:01:00Z"));
    page.at("2026-03-01T14:30:00Z");
    page.send(&say(r#","status":"completed""#));
    assert!(!late(&mut page, "2026-03-02T00:00:00Z"));
}

#[test]
fn what_was_late_does_not_go_on_by_itself_as_if_it_were_planned() {
    let mut page = page();
    let manual = r#","automatic":false"#;
    page.send(&schedule("over", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", manual));
    page.send(&schedule("begun", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", manual));
    page.send(&schedule("late", "2026-03-01T13:00:00Z", "2026-03-01T18:00:00Z", manual));
    page.send(r#"{"type":"maintenance.update","maintenance":"begun","status":"in_progress","body":"b"}"#);
    page.at("2026-03-01T16:00:00Z");
    for passed in ["over", "begun"] {
        let update = format!(
            r#"{{"type":"maintenance.update","maintenance":"{passed}","automatic":true,"body":"b"}}"#
        );
        let (kind, text) = page.refused(&update);
        assert!(kind == RejectionKind::Conflict && text.starts_with("/automatic"), "{text}");
        assert!(!maintenance(&page, passed).automatic);
    }
    page.send(r#"{"type":"maintenance.update","maintenance":"begun","automatic":true,"scheduled_until":"2026-03-01T17:00:00Z","body":"b"}"#);
    page.send(r#"{"type":"maintenance.update","maintenance":"late","automatic":true,"body":"b"}"#);
    page.at("2026-03-01T16:00:01Z");
    let late = maintenance(&page, "late");
    assert_eq!(late.started_at, Some(time("2026-03-01T16:00:00Z")));
    assert_eq!(late.latest.body.as_str(), "The maintenance has started.", "not as planned");
    page.at("2026-03-01T18:00:00Z");
    for id in ["late", "begun"] {
        assert_eq!(maintenance(&page, id).latest.body.as_str(), "The maintenance is over, as planned.");
    }
}

#[test]
fn nobody_claims_a_start_that_nobody_reported() {
    let mut page = page();
    page.send(&schedule("m", "2026-03-01T13:00:00Z", "2026-03-01T15:00:00Z", r#","automatic":false"#));
    page.at("2026-03-01T18:00:00Z");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"completed","body":"b"}"#);
    let m = maintenance(&page, "m");
    assert_eq!((m.started_at, m.completed_at), (None, Some(time("2026-03-01T18:00:00Z"))));
}

#[test]
fn work_that_began_early_may_end_before_it_was_to_begin() {
    let mut page = page();
    page.send(&schedule("m", "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z", ""));
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"in_progress","body":"b"}"#);
    let (_, text) = page.refused(
        r#"{"type":"maintenance.update","maintenance":"m","scheduled_for":"2026-03-01T12:30:00Z","body":"b"}"#,
    );
    assert!(text.contains("scheduled_until"), "{text}");
    let end = |until: &str| {
        format!(r#"{{"type":"maintenance.update","maintenance":"m","scheduled_until":"{until}","body":"b"}}"#)
    };
    page.send(&end("2026-03-01T17:00:00Z"));
    assert_eq!(maintenance(&page, "m").scheduled_for, time("2026-03-01T15:00:00Z"));
    page.send(&end("2026-03-01T13:00:00Z"));
    let m = maintenance(&page, "m");
    assert_eq!((Some(m.scheduled_for), m.scheduled_until), (m.started_at, time("2026-03-01T13:00:00Z")));
    page.at("2026-03-01T13:00:00Z");
    assert_eq!(maintenance(&page, "m").status, MaintenanceStatus::Completed);
}

#[test]
fn an_amendment_marks_what_it_changed_and_its_date_moves_forward() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"One."}"#);
    page.send(r#"{"type":"incident.update","body":"Two."}"#);
    page.send(r#"{"type":"incident.update","body":"Three."}"#);
    let marked = |events: Vec<Event>| match events.into_iter().next() {
        Some(Event::IncidentAmended { text, at, .. }) => (text.map(|(number, ..)| number), at.to_string()),
        other => panic!("{other:?}"),
    };
    // When the entries changed for readers of feeds, whose first one was posted an hour earlier.
    let modified = |page: &Page| {
        let of = page.state.incidents.values().next().unwrap();
        let first = Entry { number: 1, amended_at: None, ..of.latest.clone() };
        (of.entry_modified_at(&first).to_string(), of.entry_modified_at(&of.latest).to_string())
    };
    let (noon, one) = ("2026-03-01T12:00:00.000Z".to_owned(), "2026-03-01T13:00:00.000Z".to_owned());
    page.at("2026-03-01T13:00:00Z");
    let amended = page.send(r#"{"type":"incident.amend","update":1,"body":"One, corrected.","started_at":"2026-03-01T11:00:00Z"}"#);
    assert_eq!(marked(amended), (Some(1), one.clone()));
    assert_eq!(modified(&page), (noon, one.clone()), "the newest says when it began");
    let dated_back = page
        .send(r#"{"type":"incident.amend","update":2,"body":"Two, corrected.","at":"2026-03-01T12:30:00Z"}"#);
    assert_eq!(marked(dated_back), (Some(2), one.clone()));
    let named = page.send(r#"{"type":"incident.amend","name":"Search is down"}"#);
    assert_eq!(marked(named), (None, one.clone()), "no text was corrected");
    assert_eq!(modified(&page), (one.clone(), one), "every title was");
    // Repeating the present impact of an open incident does not hide how bad it was.
    page.send(r#"{"type":"incident.update","impact":"minor","body":"Four."}"#);
    page.send(r#"{"type":"incident.amend","name":"Search was down","impact":"minor"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Five."}"#);
    assert_eq!(page.state.incidents.values().next().unwrap().recorded_impact().as_str(), "major");
}

#[test]
fn a_dated_status_counts_although_it_repeats_the_last_one() {
    let mut page = page();
    let set = |status: &str, at: &str| {
        format!(r#"{{"type":"component.set","id":"api","status":"{status}","at":"{at}"}}"#)
    };
    page.at("2026-03-01T13:00:00Z");
    page.send(&set("major_outage", "2026-03-01T12:10:00Z"));
    assert!(!page.send(&set("major_outage", "2026-03-01T12:20:00Z")).is_empty());
    assert!(page.refused(&set("operational", "2026-03-01T12:15:00Z")).1.contains("2026-03-01T12:20"));
}

/// After a check that failed, nobody says by itself that the work is done.
#[test]
fn back_at_work_is_not_checked_by_the_clock() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"n","body":"b","scheduled_for":"2026-03-01T12:00:00Z","verify_at":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T16:00:00Z"}"#);
    page.at("2026-03-01T13:00:00Z");
    page.send(r#"{"type":"maintenance.update","status":"in_progress","body":"The check failed."}"#);
    let status = |page: &Page| page.document().maintenances[0].status.as_str().to_owned();
    assert_eq!(status(&page), "in_progress");
    page.at("2026-03-01T15:00:00Z");
    assert_eq!(status(&page), "in_progress");
    page.at("2026-03-01T16:00:00Z");
    assert!(page.document().maintenances.is_empty(), "the end is still planned");
    // Nor is a start moved to before it was announced.
    page.send(r#"{"type":"maintenance.schedule","id":"n","name":"n","body":"b","scheduled_for":"2026-03-01T18:00:00Z","scheduled_until":"2026-03-01T19:00:00Z"}"#);
    page.refused(r#"{"type":"maintenance.update","scheduled_for":"2026-03-01T15:00:00Z","body":"b"}"#);
    page.send(r#"{"type":"maintenance.update","scheduled_for":"2026-03-01T16:00:00Z","body":"Now."}"#);
    assert_eq!(status(&page), "in_progress");
}

/// The page's address begins every link.
#[test]
fn an_address_that_takes_no_path_is_refused() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    for bad in [
        "https://status.example.com?x",
        "https://status.example.com/a/#f",
        "https://user:pw@x.example",
        "http://x.example/?",
    ] {
        let (_, text) = page.refused(&format!(r#"{{"type":"page.set","url":"{bad}"}}"#));
        assert!(text.contains("such as https://status.example.com"), "{text}");
    }
    for good in ["https://status.example.com", "http://127.0.0.1:8787/demo/", "https://x.example/@a"] {
        let update = format!(r#"{{"type":"page.set","url":"{good}"}}"#);
        page.send(&update);
        let parsed = parse(update.as_bytes()).unwrap().remove(0);
        let advice = advice(&page.state, &parsed, &[], page.now).join(" ");
        assert_eq!(
            advice.contains("from the root of an address"),
            good.contains("demo") || good.contains('@'),
            "{advice}"
        );
        // Signed documents name the page by this address, so it is always written alike.
        assert_eq!(page.state.page.url.as_ref().map(|url| url.as_str()), Some(good.trim_end_matches('/')));
    }
}

#[test]
fn a_reopened_incident_says_what_it_holds_again() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b","components":{"api":"major_outage","web":"partial_outage","mail":"partial_outage"}}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b"}"#);
    page.send(r#"{"type":"component.remove","id":"mail"}"#);
    let reopens = r#"{"type":"incident.update","incident":"down","status":"investigating","body":"b","components":{"web":"degraded_performance"}}"#;
    let reopened = page.send(reopens);
    let Some(Event::IncidentUpdated { entry, .. }) = reopened.first() else { panic!("{reopened:?}") };
    let held: Vec<String> = entry.components.iter().map(|(id, state)| format!("{id} {state}")).collect();
    assert_eq!(held, ["api major_outage", "mail operational", "web degraded_performance"]);
    let advice_on = |page: &Page, update: &str, events: &[Event]| {
        advice(&page.state, &parse(update.as_bytes()).unwrap().remove(0), events, page.now).join(" ")
    };
    let advice = advice_on(&page, reopens, &reopened);
    assert!(advice.contains("holds again what it held: api (major_outage)."), "{advice}");
    assert_eq!(shown(&page, "api"), ComponentState::MajorOutage);
    // Nobody needs the advice who names everything, or who only adds a note.
    let note = r#"{"type":"incident.update","incident":"down","body":"b"}"#;
    let noted = page.send(note);
    assert!(!advice_on(&page, note, &noted).contains("holds again"));
    // Nor who imports what came after it, too.
    let status = |status: &str| {
        format!(r#"{{"type":"incident.update","incident":"down","status":"{status}","body":"b"}}"#)
    };
    page.send(&status("resolved"));
    let again = page.send(&status("identified"));
    page.send(&status("resolved"));
    assert!(!advice_on(&page, &status("identified"), &again).contains("holds again"));
}

#[test]
fn what_is_imported_twice_makes_no_second_version() {
    let mut page = page();
    let import = r#"{"type":"component.set","id":"old","name":"Old","status":"degraded_performance","at":"2026-01-01T00:00:00Z"}"#;
    assert!(!page.send(import).is_empty());
    assert!(page.send(import).is_empty());
    assert!(
        page.send(r#"{"type":"component.set","id":"old","name":"Old","at":"2026-01-02T00:00:00Z"}"#)
            .is_empty()
    );
    // Until when it was seen says more.
    assert!(!page.send(&import.replace("2026-01-01", "2026-01-03")).is_empty());
}

#[test]
fn a_component_that_is_dated_earlier_was_there_earlier() {
    let mut page = page();
    let created =
        |page: &Page| page.state.components.values().find(|c| c.id.as_str() == "api").unwrap().created_at;
    page.send(r#"{"type":"component.set","id":"api","at":"2026-02-01T00:00:00Z"}"#);
    assert_eq!(created(&page), time("2026-02-01T00:00:00Z"));
    let events = page
        .send(r#"{"type":"component.set","id":"api","status":"major_outage","at":"2026-01-01T00:00:00Z"}"#);
    assert_eq!(created(&page), time("2026-01-01T00:00:00Z"));
    // The status goes on over the time from when the component was known.
    let set: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            Event::ComponentSet { set: Some(state), at, .. } => Some(format!("{at} {state}")),
            _ => None,
        })
        .collect();
    assert_eq!(set, ["2026-01-01T00:00:00.000Z major_outage", "2026-02-01T00:00:00.000Z major_outage"]);
    assert_eq!(shown(&page, "api"), ComponentState::MajorOutage);
}

#[test]
fn the_plan_of_a_maintenance_stays_what_was_announced() {
    let mut page = page();
    page.send(&schedule("m", "2026-03-01T13:00:00Z", "2026-03-01T15:00:00Z", r#","automatic":false"#));
    page.at("2026-03-01T12:30:00Z");
    for early in ["verifying", "completed"] {
        let (kind, text) = page.refused(&format!(
            r#"{{"type":"maintenance.update","maintenance":"m","status":"{early}","body":"b"}}"#
        ));
        assert!(kind == RejectionKind::Conflict && text.contains("in_progress"), "{text}");
    }
    // Late, and not begun: its end is not moved into the past.
    page.at("2026-03-01T13:40:00Z");
    let (_, text) = page.refused(
        r#"{"type":"maintenance.update","maintenance":"m","scheduled_until":"2026-03-01T13:30:00Z","body":"b"}"#,
    );
    assert!(text.starts_with("/scheduled_until"), "{text}");
    let (_, text) = page.refused(&schedule("past", "2026-03-01T13:36:00Z", "2026-03-01T13:39:00Z", ""));
    assert!(text.starts_with("/scheduled_until") && text.contains("\"at\""), "{text}");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"verifying","body":"b"}"#);
    assert_eq!(maintenance(&page, "m").started_at, None, "nobody said when it began");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"completed","body":"b"}"#);
    assert_eq!(maintenance(&page, "m").scheduled_until, time("2026-03-01T15:00:00Z"));
}

#[test]
fn what_a_device_can_try_is_checked_when_it_is_set() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"core","name":"Core","is_group":true}"#);
    let set = |checks: &str| format!(r#"{{"type":"page.set","checks":{checks}}}"#);
    let many = |number: usize| {
        let all = vec![r#"{"name":"API","url":"https://api.example.com/health?a=b"}"#; number];
        set(&format!("[{}]", all.join(",")))
    };
    for (wrong, place) in [
        (many(9), "/checks: has 9 items; the limit is 8"),
        (set(r#"[{"name":"A","url":"http://a.example"}]"#), "/checks/0/url: The address is not https"),
        (
            set(r#"[{"name":"A","url":"https://a.example"},{"name":"B","url":"https://u:p@b.example/"}]"#),
            "/checks/1/url: The address has a user name",
        ),
        (
            set(r#"[{"name":"A","url":"https://u@b.example?x"}]"#),
            "/checks/0/url: The address has a user name",
        ),
        (
            set(r#"[{"name":"A","url":"https://a.example","component":"nope"}]"#),
            "/checks/0/component: There is no component nope.",
        ),
        (
            set(r#"[{"name":"A","url":"https://a.example","component":"core"}]"#),
            "/checks/0/component: core is a group",
        ),
    ] {
        let (kind, text) = page.refused(&wrong);
        assert!(kind == RejectionKind::Invalid && text.starts_with(place), "{text}");
    }
    for (wrong, place) in [
        (r#"[{"name":"","url":"https://a.example"}]"#, "/checks/0/name"),
        (r#"[{"name":"A","url":"wss://a.example"}]"#, "/checks/0/url"),
        (r#"[{"name":"A","url":"https://a.example","port":1}]"#, "/checks/0/port"),
    ] {
        let error = parse(set(wrong).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(place), "{error}");
    }
    page.send(&many(8));
    assert_eq!(page.state.page.checks.len(), 8);
    assert!(page.send(&many(8)).is_empty(), "the same again changes nothing");
    page.send(r#"{"type":"page.set","name":"Trailmark"}"#);
    assert_eq!(page.state.page.checks.len(), 8, "an absent field stays unchanged");
    for nothing in ["null", "[]"] {
        page.send(&many(1));
        page.send(&set(nothing));
        assert!(page.state.page.checks.is_empty(), "{nothing}");
    }
}

#[test]
fn a_check_outlives_its_component() {
    let mut page = page();
    page.send(r#"{"type":"page.set","checks":[{"name":"API","url":"https://api.example.com","component":"api"},{"name":"Web","url":"https://www.example.com","component":"web"}]}"#);
    let events = page.send(r#"{"type":"component.remove","id":"api"}"#);
    assert!(matches!(&events[..], [Event::ComponentRemoved { .. }, Event::PageSet]), "{events:?}");
    let named: Vec<Option<&str>> =
        page.state.page.checks.iter().map(|check| check.component.as_ref().map(|id| id.as_str())).collect();
    assert_eq!(named, [None, Some("web")]);
    assert_eq!(page.send(r#"{"type":"component.remove","id":"mail"}"#).len(), 1, "no check names it");
}
