//! The bulletin: what is said first, in which words and languages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use candor_shared::bulletin::{Bulletin, Level, Part, bulletin};
use candor_shared::state::{ComponentState, Impact, Indicator};
use candor_shared::text::Id;
use candor_shared::words::Words;
use common::Page;
use proptest::prelude::*;
use serde_json::Value;

fn page() -> Page {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"page.set","name":"Trailmark","url":"https://status.example.com"}"#);
    page.send(r#"{"type":"component.set","id":"maps","name":"Maps"}"#);
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    page
}

fn read(page: &Page, language: &str) -> Bulletin {
    bulletin(&page.state, &Words::of(language).unwrap(), 7, page.now, page.now)
}

/// The kinds of the lines, from their keys.
fn kinds(bulletin: &Bulletin) -> Vec<&str> {
    bulletin.lines.iter().map(|line| line.key.split('/').next().unwrap()).collect()
}

#[test]
fn a_healthy_page_says_little() {
    let healthy = read(&page(), "en");
    assert_eq!((healthy.level, healthy.summary.as_str()), (Level::None, "All systems operational"));
    assert_eq!(
        serde_json::to_string(&healthy).unwrap(),
        r#"{"schema":1,"version":7,"published_at":"2026-03-01T12:00:00.000Z","language":"en","direction":"ltr","level":"none","summary":"All systems operational","unknown":"Status unknown","label":"Service status","page":{"name":{"text":["Trailmark"]},"url":"https://status.example.com"}}"#
    );
}

#[test]
fn only_what_has_lines_has_styles_and_phrases() {
    let mut page = page();
    let healthy = read(&page, "de").styled("b{}");
    assert_eq!((healthy.styles, healthy.phrases), (None, None));
    assert_eq!(healthy.unknown, "Status unbekannt");
    page.send(r#"{"type":"notice.post","body":"We move house."}"#);
    let said = read(&page, "de").styled("b{}");
    assert_eq!((said.styles.as_deref(), said.phrases.is_some()), (Some("b{}"), true));
}

#[test]
fn the_worst_comes_first_then_what_is_over_then_maintenance_then_the_notice() {
    let mut page = page();
    page.send(r#"{"type":"notice.post","body":"We move house."}"#);
    page.send(
        r#"{"type":"incident.open","id":"a","name":"Maps are slow","impact":"minor","body":"We look."}"#,
    );
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.send(
        r#"{"type":"incident.open","id":"b","name":"API fails","impact":"critical","body":"We look."}"#,
    );
    let all = read(&page, "en");
    assert_eq!(kinds(&all), ["incident", "incident", "maintenance", "notice"]);
    assert_eq!(
        all.lines.iter().map(|line| line.level).collect::<Vec<_>>(),
        [Level::Critical, Level::Minor, Level::Maintenance, Level::Notice]
    );
    assert_eq!((all.level, all.summary.as_str()), (Level::Critical, "Major service outage"));
    // What is over is said where nothing worse is.
    page.send(r#"{"type":"incident.update","incident":"a","status":"resolved","body":"Over."}"#);
    assert_eq!(kinds(&read(&page, "en")), ["incident", "maintenance", "notice"]);
    page.send(r#"{"type":"incident.update","incident":"b","status":"resolved","body":"Over."}"#);
    page.send(r#"{"type":"maintenance.update","maintenance":"m","status":"cancelled","body":"Not today."}"#);
    let over = read(&page, "en");
    assert_eq!(kinds(&over), ["resolved", "resolved", "notice"]);
    assert_eq!((over.level, over.summary.as_str()), (Level::Resolved, "Resolved"));
}

#[test]
fn an_incident_is_never_better_than_what_it_holds() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"a","name":"Maps fail","impact":"major","components":{"maps":"major_outage"},"body":"We look."}"#);
    page.at("2026-03-01T12:10:00Z");
    page.send(
        r#"{"type":"incident.open","id":"b","name":"API is slow","impact":"minor","components":{"api":"degraded_performance"},"body":"We look."}"#,
    );
    page.send(r#"{"type":"incident.amend","incident":"a","impact":"none"}"#);
    let shown = |page: &Page| -> Vec<(String, Level, String)> {
        let lines = read(page, "en").lines.into_iter();
        lines.map(|line| (line.key[9..10].to_owned(), line.level, line.label)).collect()
    };
    let line = |id: &str, level, label: &str| (id.to_owned(), level, label.to_owned());
    let (down, slow) = (line("a", Level::Major, "Major outage"), line("b", Level::Minor, "Degraded"));
    assert_eq!(shown(&page), [down.clone(), slow.clone()], "a component is down");
    assert_eq!(page.document().incidents[0].id.as_str(), "a", "status.json has the worst first too");
    assert_eq!(page.document().incidents[0].impact.as_str(), "none", "and the impact as it was set");
    page.send(r#"{"type":"incident.amend","incident":"a","impact":"minor"}"#);
    assert_eq!(shown(&page), [down, slow.clone()]);
    // What it does not hold any more does not count.
    page.send(
        r#"{"type":"incident.update","incident":"a","components":{"maps":"operational"},"body":"Better."}"#,
    );
    page.send(r#"{"type":"incident.amend","incident":"a","impact":"none"}"#);
    assert_eq!(shown(&page), [slow, line("a", Level::Notice, "Notice")]);
    page.send(
        r#"{"type":"incident.update","incident":"a","components":{"maps":"under_maintenance"},"body":"We repair it."}"#,
    );
    assert_eq!(shown(&page)[1].1, Level::Maintenance);
    // With every component down, it is as bad as the page.
    page.send(
        r#"{"type":"incident.update","incident":"a","components":{"maps":"major_outage","api":"major_outage"},"body":"All is down."}"#,
    );
    assert_eq!((read(&page, "en").level, shown(&page)[0].1), (Level::Critical, Level::Critical));
    page.send(r#"{"type":"incident.update","incident":"a","status":"resolved","body":"Over."}"#);
    assert_eq!(page.document().resolved[0].impact.as_str(), "none", "the record has what the operator said");
}

#[test]
fn a_maintenance_that_nobody_began_is_late() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z","automatic":false}"#);
    let is_late = |page: &Page| {
        serde_json::to_string(&read(page, "en").lines[0].facts).unwrap().contains(r#"{"strong":"late"}"#)
    };
    assert!(!is_late(&page) && !page.document().maintenances[0].late);
    page.at("2026-03-01T13:00:01Z");
    assert!(is_late(&page) && page.document().maintenances[0].late, "every surface says so");
}

#[test]
fn components_that_no_incident_names_are_a_line() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"maps","status":"major_outage"}"#);
    let down = read(&page, "en");
    assert_eq!(kinds(&down), ["components"]);
    // An outage is not called partial while a component is wholly down.
    assert_eq!(
        (down.lines[0].label.as_str(), down.summary.as_str()),
        ("Major outage", "Some systems are down")
    );
    assert_eq!(serde_json::to_value(&down.lines[0].name).unwrap()["text"][0], "Maps");
    page.send(r#"{"type":"component.set","id":"api","status":"degraded_performance"}"#);
    let both = read(&page, "en");
    assert_eq!(kinds(&both), ["components", "components"]);
    assert_ne!(both.lines[1].key, down.lines[0].key, "whoever closed it has not seen this");
}

#[test]
fn nothing_hides_a_component_that_fails() {
    const PLANNED: &str = r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"b","components":["api"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#;
    const RUNNING: &str = r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"b","components":["api"],"scheduled_for":"2026-03-01T12:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#;
    const NOTICE: &str = r#"{"type":"notice.post","body":"We move house."}"#;
    const MINOR: &str = r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b","components":{"api":"degraded_performance"}}"#;
    const QUIET: &str = r#"{"type":"incident.open","id":"q","name":"n","impact":"none","body":"b"}"#;
    const DOWN: &str = r#"{"type":"component.set","id":"maps","status":"major_outage"}"#;
    const SLOW: &str = r#"{"type":"component.set","id":"maps","status":"degraded_performance"}"#;
    for (before, monitored, wanted) in [
        (PLANNED, DOWN, ["components", "maintenance"]),
        (RUNNING, DOWN, ["components", "maintenance"]),
        (NOTICE, DOWN, ["components", "notice"]),
        (MINOR, DOWN, ["components", "incident"]),
        (QUIET, DOWN, ["components", "incident"]),
        (PLANNED, SLOW, ["components", "maintenance"]),
        // Of two that are as bad, the incident says more.
        (MINOR, SLOW, ["incident", "components"]),
    ] {
        let mut page = page();
        page.send(before);
        page.send(monitored);
        let said = read(&page, "en");
        assert_eq!(kinds(&said), wanted, "{before} {monitored}");
        assert_eq!(said.lines[0].level, said.level, "the worst comes first");
        let line = said.lines.iter().find(|line| line.key.starts_with("components/")).unwrap();
        assert_eq!(line.components, ids(&["maps"]), "only what nothing else tells");
    }
    // An incident that holds the component as bad as it is tells it.
    for (incident, wanted) in [
        (r#""impact":"minor","components":{"maps":"major_outage"}"#, &["incident"][..]),
        (r#""impact":"major","components":{"maps":"partial_outage"}"#, &["incident", "components"]),
        (r#""impact":"major""#, &["incident", "components"]),
        (r#""impact":"minor""#, &["components", "incident"]),
    ] {
        let mut page = page();
        page.send(&format!(r#"{{"type":"incident.open","id":"i","name":"n","body":"b",{incident}}}"#));
        page.send(DOWN);
        assert_eq!(kinds(&read(&page, "en")), wanted, "{incident}");
        page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Over."}"#);
        assert_eq!(kinds(&read(&page, "en")), ["components"], "and it is not over for the monitor");
    }
}

/// Nothing is said of a component that is true of another one only.
#[test]
fn components_that_fail_in_different_ways_have_lines_of_their_own() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"web","name":"Web"}"#);
    page.send(r#"{"type":"component.set","id":"dns","name":"DNS","status":"under_maintenance"}"#);
    for (id, status) in
        [("api", "degraded_performance"), ("maps", "major_outage"), ("web", "degraded_performance")]
    {
        page.send(&format!(r#"{{"type":"component.set","id":"{id}","status":"{status}"}}"#));
    }
    let said = read(&page, "en");
    let lines: Vec<_> =
        said.lines.iter().map(|line| (line.label.as_str(), line.components.clone())).collect();
    assert_eq!(
        lines,
        [
            ("Major outage", ids(&["maps"])),
            ("Degraded", ids(&["api", "web"])),
            ("Maintenance", ids(&["dns"]))
        ]
    );
}

#[test]
fn work_that_began_early_is_not_of_tomorrow() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"b","scheduled_for":"2026-03-02T12:00:00Z","scheduled_until":"2026-03-02T14:00:00Z"}"#);
    let span = |page: &Page| serde_json::to_value(&read(page, "en").lines[0].facts[2]).unwrap()[0].clone();
    assert_eq!(span(&page)["time"], "2026-03-02T12:00:00.000Z");
    page.send(
        r#"{"type":"maintenance.update","maintenance":"m","status":"in_progress","body":"We begin now."}"#,
    );
    assert_eq!(span(&page)["time"], "2026-03-01T12:00:00.000Z");
    assert_eq!(span(&page)["until"], "2026-03-02T14:00:00.000Z");
}

#[test]
fn what_is_over_is_said_beside_work() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":"b","scheduled_for":"2026-03-01T12:05:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b"}"#);
    page.send(r#"{"type":"incident.update","incident":"i","status":"resolved","body":"Over."}"#);
    let over = read(&page, "en");
    assert_eq!(kinds(&over), ["resolved", "maintenance"]);
    assert_eq!((over.level, over.summary.as_str()), (Level::Resolved, "Resolved"));
    page.at("2026-03-01T12:05:00Z");
    let work = read(&page, "en");
    assert_eq!(kinds(&work), ["maintenance", "resolved"], "first what goes on, and then what is over");
    assert_eq!((work.level, work.lines[0].level), (Level::Maintenance, Level::Maintenance));
    // Nor does an incident without impact stand before it.
    page.send(r#"{"type":"incident.open","id":"typo","name":"A typo","impact":"none","body":"b"}"#);
    assert_eq!(kinds(&read(&page, "en")), ["maintenance", "incident"]);
}

/// The status says that it has begun. The clock's own text would say no more than that, in place of what is done and what it means.
#[test]
fn work_that_begins_by_itself_keeps_the_operators_words() {
    let mut page = page();
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","body":{"en":"Uploads wait.","de":"Uploads warten."},"scheduled_for":"2026-03-01T12:05:00Z","verify_at":"2026-03-01T12:30:00Z","scheduled_until":"2026-03-01T13:00:00Z"}"#);
    let said = |page: &Page, language| {
        let line = read(page, language).lines.into_iter().find(|line| line.key.starts_with("maintenance/"));
        serde_json::to_value(line.unwrap().body).unwrap()["text"][0].clone()
    };
    for (time, status) in [("2026-03-01T12:05:00Z", "in_progress"), ("2026-03-01T12:30:00Z", "verifying")] {
        page.at(time);
        assert_eq!(page.state.maintenances.values().next().unwrap().status.as_str(), status);
        assert_eq!(
            (said(&page, "en"), said(&page, "de")),
            ("Uploads wait.".into(), "Uploads warten.".into())
        );
    }
    page.send(r#"{"type":"maintenance.update","body":"Uploads wait a little longer.","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    assert_eq!(said(&page, "en"), "Uploads wait a little longer.");
    let latest = &page.state.maintenances.values().next().unwrap().latest;
    assert_eq!(
        (latest.number, page.document().maintenances[0].body.as_str()),
        (4, "Uploads wait a little longer.")
    );
}

#[test]
fn nothing_is_green_beside_an_open_incident() {
    let mut page = page();
    page.send(
        r#"{"type":"incident.open","id":"a","name":"We look into slow searches","impact":"none","body":"b"}"#,
    );
    let quiet = read(&page, "de");
    assert_eq!((quiet.level, quiet.summary.as_str()), (Level::Notice, "We look into slow searches"));
}

#[test]
fn each_text_says_its_language() {
    let mut page = page();
    page.send(r#"{"type":"page.set","language":"fr"}"#);
    page.send(r#"{"type":"incident.open","id":"a","name":{"fr":"Cartes lentes","de-CH":"Karten langsam"},"impact":"minor","body":{"fr":"On regarde.","de":"Wir schauen.","pt-BR":"Olhamos."}}"#);
    let said = |language: &str| {
        let line = serde_json::to_value(&read(&page, language).lines[0]).unwrap();
        (line["name"].clone(), line["body"].clone())
    };
    let text = |said: &Value| said["text"][0].as_str().unwrap().to_owned();
    for (language, name, its, body, its_body) in [
        ("fr", "Cartes lentes", None, "On regarde.", None),
        ("de", "Karten langsam", Some("de-CH"), "Wir schauen.", None),
        ("pt", "Cartes lentes", Some("fr"), "Olhamos.", Some("pt-BR")),
        ("ar", "Cartes lentes", Some("fr"), "On regarde.", Some("fr")),
    ] {
        let (found_name, found_body) = said(language);
        assert_eq!((text(&found_name).as_str(), found_name["language"].as_str()), (name, its), "{language}");
        assert_eq!(
            (text(&found_body).as_str(), found_body["language"].as_str()),
            (body, its_body),
            "{language}"
        );
    }
    assert_eq!(read(&page, "ar").direction, "rtl");
}

#[test]
fn a_bulletin_is_pinned() {
    let mut page = page();
    page.send(r#"{"type":"incident.open","id":"a","name":"Check-ins fail","impact":"major","body":"We **broke** it.\nMore: https://a.example.","impact_note":"Nothing is lost.","components":{"api":"partial_outage"},"next_update_in":"30m"}"#);
    page.at("2026-03-01T12:45:00Z");
    insta::assert_snapshot!(serde_json::to_string_pretty(&read(&page, "de")).unwrap());
}

/// The components `maps` and `api` are in the group `apps`, `mail` is in none.
fn grouped() -> Page {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"apps","name":"Apps","is_group":true}"#);
    page.send(r#"{"type":"component.set","id":"maps","group":"apps"}"#);
    page.send(r#"{"type":"component.set","id":"api","group":"apps"}"#);
    page.send(r#"{"type":"component.set","id":"mail","name":"Mail"}"#);
    page
}

fn ids(list: &[&str]) -> Vec<Id> {
    list.iter().map(|id| Id::try_from((*id).to_owned()).unwrap()).collect()
}

fn part(page: &Page, list: &[&str]) -> Option<Bulletin> {
    let part = Part::of(&page.state, &ids(list))?;
    Some(part.honest(bulletin(&part.state, &Words::default(), 7, page.now, page.now)))
}

#[test]
fn a_part_speaks_about_its_components_only() {
    let mut page = grouped();
    page.send(r#"{"type":"incident.open","id":"a","name":"Mail is late","impact":"major","components":{"mail":"major_outage"},"body":"We look."}"#);
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":"Disks","components":["maps"],"body":"We swap disks.","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    let says = |page: &Page, list: &[&str]| {
        let said = part(page, list).unwrap();
        let keys: Vec<String> =
            said.lines.iter().map(|line| line.key.split('@').next().unwrap().to_owned()).collect();
        (said.level, said.summary.clone(), keys.join(" "))
    };
    let wanted = |level, summary: &str, keys: &str| (level, summary.to_owned(), keys.to_owned());
    assert_eq!(says(&page, &["mail"]), wanted(Level::Critical, "Major service outage", "incident/a"));
    assert_eq!(says(&page, &["api"]), wanted(Level::None, "All systems operational", ""));
    let planned = wanted(Level::Maintenance, "All systems operational", "maintenance/m");
    assert_eq!(says(&page, &["apps"]), planned, "a group stands for its members");
    assert_eq!(says(&page, &["maps", "api"]), planned);
    page.send(r#"{"type":"notice.post","body":"We move house."}"#);
    assert_eq!(says(&page, &["api"]).2, "notice/", "what is about the whole page is about each part");
    page.send(r#"{"type":"component.set","id":"api","status":"degraded_performance"}"#);
    assert_eq!(says(&page, &["api"]).0, Level::Minor);
    // So is a group without members.
    page.send(r#"{"type":"component.set","id":"empty","name":"Empty","is_group":true}"#);
    let unknown = part(&page, &["empty"]).unwrap();
    assert_eq!(
        (unknown.level, unknown.summary.as_str(), unknown.missing),
        (Level::Notice, "Status unknown", ids(&["empty"]))
    );
    assert_eq!(says(&page, &["api", "empty"]).0, Level::Minor);
    // What does not exist is unknown: never well, and never better than what is known.
    assert_eq!(part(&page, &["nothing"]), None);
    assert_eq!(says(&page, &["api", "nothing"]).0, Level::Minor);
    page.send(r#"{"type":"component.set","id":"api","status":"operational"}"#);
    assert_eq!(says(&page, &["api", "nothing"]), wanted(Level::Notice, "Status unknown", "notice/"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_part_leaves_out_nothing_that_is_about_it_and_adds_nothing(
        set in prop::collection::vec(0..5usize, 3),
        incidents in prop::collection::vec((0..4usize, prop::collection::vec(0..8usize, 3), any::<bool>()), 0..3),
        planned in prop::option::of(prop::collection::vec(any::<bool>(), 3)),
        asked in prop::collection::vec(0..5usize, 1..4),
    ) {
        const LEAVES: [&str; 3] = ["api", "mail", "maps"];
        let mut page = grouped();
        for (id, state) in LEAVES.iter().zip(&set) {
            page.send(&format!(r#"{{"type":"component.set","id":"{id}","status":"{}"}}"#, ComponentState::ALL[*state]));
        }
        for (number, (impact, held, is_over)) in incidents.iter().enumerate() {
            let held = LEAVES.iter().zip(held).filter(|(_, state)| **state < ComponentState::ALL.len());
            let held: Vec<String> = held.map(|(id, state)| format!(r#""{id}":"{}""#, ComponentState::ALL[*state])).collect();
            page.send(&format!(r#"{{"type":"incident.open","id":"i{number}","name":"n","impact":"{}","components":{{{}}},"body":"b"}}"#, Impact::ALL[*impact], held.join(",")));
            if *is_over {
                page.send(&format!(r#"{{"type":"incident.update","incident":"i{number}","status":"resolved","body":"b"}}"#));
            }
        }
        if let Some(planned) = planned {
            let named = LEAVES.iter().zip(&planned).filter(|(_, is_named)| **is_named);
            let named: Vec<String> = named.map(|(id, _)| format!("\"{id}\"")).collect();
            page.send(&format!(r#"{{"type":"maintenance.schedule","id":"m","name":"n","components":[{}],"body":"b","scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}}"#, named.join(",")));
        }
        let asked: Vec<&str> = asked.iter().map(|index| ["api", "mail", "maps", "apps", "nothing"][*index]).collect();
        let members: Vec<&str> = LEAVES.into_iter().filter(|id| asked.contains(id) || (*id != "mail" && asked.contains(&"apps"))).collect();
        let Some(said) = part(&page, &asked) else {
            prop_assert!(members.is_empty());
            return Ok(());
        };
        let is_about = |named: Vec<&Id>| named.is_empty() || named.iter().any(|id| members.contains(&id.as_str()));
        let has = |kind: &str, id: &Id| said.lines.iter().any(|line| line.key.starts_with(&format!("{kind}/{id}@")));
        let mut is_wrong = false;
        // What an incident names as operational it does not affect; one that affects nothing that it names is about no component.
        let affects = |(id, state): (&'_ Id, &ComponentState)| (*state != ComponentState::Operational).then(|| id.clone());
        let mut whole = page.state.clone();
        for incident in page.state.open_incidents() {
            let affected: Vec<Id> = incident.components.iter().filter_map(affects).collect();
            let affects_nothing = affected.is_empty() && !incident.components.is_empty();
            if affects_nothing {
                whole.incidents.remove(&incident.id);
            }
            let wanted = !affects_nothing && is_about(affected.iter().collect());
            prop_assert_eq!(has("incident", &incident.id), wanted, "{}", incident.id);
            is_wrong |= wanted;
        }
        for maintenance in page.state.maintenances.values() {
            prop_assert_eq!(has("maintenance", &maintenance.id), is_about(maintenance.components.iter().collect()));
        }
        let ailing: Vec<&str> = said.components.iter().map(|its| its.id.as_str()).collect();
        let shown = |id: &&&str| page.state.components[&ids(&[**id])[0]].shown;
        let down: Vec<&str> = members.iter().filter(|id| shown(id) != ComponentState::Operational).copied().collect();
        prop_assert_eq!(ailing.len(), down.len());
        prop_assert!(ailing.iter().all(|id| down.contains(id)));
        is_wrong |= !down.is_empty();
        // It is well exactly where nothing is wrong with it and all of it is there.
        let is_well = said.summary == "All systems operational" || said.level == Level::Resolved;
        prop_assert_eq!(is_well, !is_wrong && !asked.contains(&"nothing"), "{:?}", said);
        // Asked for everything, it is the page with what is about components.
        let all = part(&page, &["mail", "apps"]).unwrap();
        prop_assert_eq!(all, bulletin(&whole, &Words::default(), 7, page.now, page.now));
        prop_assert!(page.state.indicator() != Indicator::None || said.level <= Level::Maintenance);
    }
}

/// The impact is of all that an incident holds. Of a part of it, it is what that part has.
#[test]
fn a_part_of_an_incident_is_as_bad_as_it_is() {
    let mut page = page();
    page.send(r#"{"type":"component.set","id":"db","name":"DB"}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"critical","body":"b","components":{"maps":"major_outage","api":"partial_outage","db":"degraded_performance"}}"#);
    let of = |page: &Page, list: &[&str]| {
        let part = part(page, list).unwrap();
        (part.lines[0].label.clone(), part.lines[0].level)
    };
    assert_eq!(of(&page, &["maps"]).1, Level::Critical);
    assert_eq!(of(&page, &["api"]), ("Partial outage".to_owned(), Level::Major));
    assert_eq!(of(&page, &["db"]), ("Degraded".to_owned(), Level::Minor));
    assert_eq!(read(&page, "en").lines[0].level, Level::Critical);
    // What was released is no part of it any more.
    page.send(
        r#"{"type":"incident.update","body":"b","components":{"maps":"operational","db":"operational"}}"#,
    );
    assert_eq!(of(&page, &["api"]).1, read(&page, "en").lines[0].level);
    // One that says nothing of components is of the whole page.
    page.send(r#"{"type":"incident.open","id":"all","name":"n","impact":"critical","body":"b"}"#);
    let part = part(&page, &["db"]).unwrap();
    assert_eq!(part.lines[0].level, Level::Critical);
}

#[test]
fn a_line_calls_nothing_less_than_it_is() {
    for (status, label) in [
        ("degraded_performance", "Degraded"),
        ("partial_outage", "Partial outage"),
        ("major_outage", "Major outage"),
    ] {
        let mut by_monitor = page();
        by_monitor.send(&format!(r#"{{"type":"component.set","id":"api","status":"{status}"}}"#));
        assert_eq!(read(&by_monitor, "en").lines[0].label, label);
        let mut by_incident = page();
        by_incident.send(&format!(r#"{{"type":"incident.open","name":"n","impact":"minor","body":"b","components":{{"api":"{status}"}}}}"#));
        assert_eq!(read(&by_incident, "en").lines[0].label, label);
    }
}
