//! The panel: what is in it, in which order and words, how large it can get, and what it says when nobody can confirm it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod common;

use std::collections::BTreeMap;

use candor_shared::bulletin::{Level, bulletin};
use candor_shared::panel::{MAX_OVER, Material, Over, Panel, Section, panel};
use candor_shared::record::{
    DayUptime, IncidentRecord, MaintenanceRecord, RemovedComponents, UPTIME_DAYS, Uptime,
};
use candor_shared::rules::Event;
use candor_shared::state::{Entry, Incident, IncidentStatus, Maintenance, MaintenanceStatus};
use candor_shared::text::Id;
use candor_shared::time::{Time, TimeZone};
use candor_shared::words::Words;
use common::{Page, time};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The most bytes that a panel has: a quarter of a mebibyte.
const MOST: usize = 256 * 1024;

/// A page that also records what is over and all texts, as the edge's ledger does.
struct Recorded {
    page: Page,
    told: BTreeMap<Id, Vec<Entry<IncidentStatus>>>,
    work: BTreeMap<Id, Vec<Entry<MaintenanceStatus>>>,
    incidents: BTreeMap<Id, Incident>,
    maintenances: BTreeMap<Id, Maintenance>,
    postmortems: Vec<Id>,
    /// The uptime of each component on its worst days, from the last day on.
    bad: BTreeMap<&'static str, Vec<f64>>,
}

impl Recorded {
    fn new() -> Self {
        let mut recorded = Self {
            page: Page::new("2026-03-01T12:00:00Z"),
            told: BTreeMap::new(),
            work: BTreeMap::new(),
            incidents: BTreeMap::new(),
            maintenances: BTreeMap::new(),
            postmortems: Vec::new(),
            bad: BTreeMap::new(),
        };
        recorded.send(r#"{"type":"page.set","name":"Trailmark","url":"https://status.example.com","support":"mailto:help@example.com"}"#);
        recorded
    }

    fn with_components() -> Self {
        let mut page = Self::new();
        for update in [
            r#"{"type":"component.set","id":"core","name":"Core","is_group":true}"#,
            r#"{"type":"component.set","id":"maps","name":"Maps","group":"core"}"#,
            r#"{"type":"component.set","id":"api","name":"API","group":"core"}"#,
            r#"{"type":"component.set","id":"mail","name":"Mail"}"#,
        ] {
            page.send(update);
        }
        page
    }

    fn at(&mut self, now: &str) {
        let events = self.page.at(now);
        self.record(events);
    }

    fn send(&mut self, update: &str) {
        let events = self.page.send(update);
        self.record(events);
    }

    fn record(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::IncidentOpened { id, entry } | Event::IncidentUpdated { id, entry, .. } => {
                    self.told.entry(id).or_default().push(entry);
                }
                Event::IncidentAmended { id, text: Some((number, body, _)), at } => {
                    let entry = self.told.get_mut(&id).unwrap().iter_mut().find(|e| e.number == number);
                    let entry = entry.unwrap();
                    (entry.body, entry.amended_at) = (body, Some(at));
                }
                Event::MaintenanceScheduled { id, entry } | Event::MaintenanceUpdated { id, entry, .. } => {
                    self.work.entry(id).or_default().push(entry);
                }
                Event::PostmortemPublished { id } => self.postmortems.push(id),
                _ => {}
            }
        }
        let state = &self.page.state;
        self.incidents.extend(state.incidents.iter().map(|(id, of)| (id.clone(), of.clone())));
        self.maintenances.extend(state.maintenances.iter().map(|(id, of)| (id.clone(), of.clone())));
    }

    fn uptime(&self) -> Vec<Uptime> {
        let days = TimeZone::utc().last_days(self.page.now, UPTIME_DAYS);
        let components = self.page.state.components_in_order().into_iter().filter(|c| !c.is_group);
        components
            .map(|component| {
                let bad = self.bad.get(component.id.as_str()).cloned().unwrap_or_default();
                let of = |(back, date): (usize, &str)| DayUptime {
                    date: date.to_owned(),
                    ratio: Some(bad.get(back).copied().unwrap_or(1.0)),
                    known_millis: 86_400_000,
                };
                let mut all: Vec<DayUptime> =
                    days.iter().rev().map(|day| day.date.as_str()).enumerate().map(of).collect();
                all.reverse();
                Uptime { component: component.id.clone(), days: all }
            })
            .collect()
    }

    fn read(&self, language: &str) -> Panel {
        let removed = RemovedComponents::default;
        let incidents: Vec<IncidentRecord> = self
            .incidents
            .values()
            .map(|of| IncidentRecord {
                incident: of.clone(),
                entries: self.told[&of.id].clone(),
                postmortem: None,
                removed: removed(),
            })
            .collect();
        let maintenances: Vec<MaintenanceRecord> = self
            .maintenances
            .values()
            .map(|of| MaintenanceRecord {
                maintenance: of.clone(),
                entries: self.work[&of.id].clone(),
                removed: removed(),
            })
            .collect();
        let over: Vec<Over> = self
            .incidents
            .values()
            .map(|of| Over::Incident {
                incident: Box::new(of.clone()),
                has_postmortem: self.postmortems.contains(&of.id),
            })
            .chain(self.maintenances.values().map(|of| Over::Maintenance(Box::new(of.clone()))))
            .collect();
        let material = Material {
            state: &self.page.state,
            incidents: &incidents,
            maintenances: &maintenances,
            over: &over,
            uptime: &self.uptime(),
        };
        panel(material, &Words::of(language).unwrap(), 7, self.page.now, self.page.now)
    }
}

/// The keys of the stories of a section.
fn keys(panel: &Panel, title: &str) -> Vec<String> {
    let stories = panel.sections.iter().filter(|section| section.title == title);
    stories.flat_map(|section| &section.stories).map(|story| story.key.clone()).collect()
}

/// A page with an open incident that has a history, maintenance before and behind it, and an incident with a post-mortem.
fn eventful() -> Recorded {
    let mut page = Recorded::with_components();
    page.send(r#"{"type":"page.set","checks":[{"name":"API","url":"https://api.example.com/health","component":"api"},{"name":"Website","url":"https://www.example.com"}]}"#);
    page.send(r#"{"type":"incident.open","id":"past","name":{"en":"Maps stood still","de":"Karten standen"},"impact":"critical","components":{"maps":"major_outage"},"body":"We broke it."}"#);
    page.at("2026-03-01T12:26:00Z");
    page.send(r#"{"type":"incident.update","impact":"minor","status":"resolved","body":"Over."}"#);
    page.send(
        r#"{"type":"postmortem.publish","incident":"past","summary":"We broke the maps for 26 minutes."}"#,
    );
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Larger disks","body":"We swap the disks.","components":["mail"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.at("2026-03-01T13:00:00Z");
    page.at("2026-03-01T14:00:00Z");
    page.send(r#"{"type":"maintenance.schedule","id":"network","name":"New network","body":"Short breaks.","components":["api","maps"],"scheduled_for":"2026-03-04T01:00:00Z","scheduled_until":"2026-03-04T02:00:00Z"}"#);
    page.at("2026-03-01T15:00:00Z");
    page.send(r#"{"type":"incident.open","id":"api-down","name":{"en":"API fails","de":"API gestört"},"impact":"major","components":{"api":"partial_outage"},"body":{"en":"We **broke** it. More: https://a.example.","de":"Wir haben es **kaputt gemacht**."},"started_at":"2026-03-01T14:50:00Z","next_update_in":"30m","impact_note":"Nothing is lost."}"#);
    page.at("2026-03-01T15:20:00Z");
    page.send(
        r#"{"type":"incident.update","status":"identified","body":"A disc is full.","next_update_in":"30m"}"#,
    );
    page.send(r#"{"type":"incident.amend","incident":"api-down","update":2,"body":"A disk is full."}"#);
    page.at("2026-03-01T16:00:00Z");
    page.bad.insert("maps", vec![0.98, 1.0, 0.9, 0.9999]);
    page
}

#[test]
fn a_panel_is_pinned_in_two_languages() {
    let page = eventful();
    for language in ["en", "de"] {
        let mut json = serde_json::to_value(page.read(language)).unwrap();
        // Ninety dates and 28 names of languages say nothing here.
        let days = json["uptime"]["days"].as_array().unwrap().clone();
        assert_eq!(days.len(), 90);
        json["uptime"]["days"] = json!([days[0], days[89]]);
        let languages = json["languages"].as_array().unwrap().clone();
        assert_eq!(languages.len(), 28);
        json["languages"] = json!([languages[3]]);
        insta::assert_snapshot!(format!("panel-{language}"), serde_json::to_string_pretty(&json).unwrap());
        let back: Panel = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), json);
    }
}

#[test]
fn a_page_without_anything_has_a_panel_of_words_only() {
    let page = Recorded::new();
    let panel = page.read("ar");
    assert_eq!((panel.level, panel.direction.as_str()), (Level::None, "rtl"));
    assert!(panel.sections.is_empty() && panel.uptime.is_none() && panel.check.is_none());
    let urls: Vec<&str> = panel.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://status.example.com/",
            "https://status.example.com/history",
            "mailto:help@example.com",
            "https://status.example.com/history.atom"
        ]
    );
    // A path alone would lead into the host page.
    let mut nameless = Recorded::new();
    nameless.send(r#"{"type":"page.set","url":null,"support":null}"#);
    nameless.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b"}"#);
    let panel = nameless.read("en");
    assert!(
        panel.links.is_empty() && panel.sections[0].stories[0].links.is_empty() && panel.page.url.is_none()
    );
}

#[test]
fn the_worst_is_first_and_the_active_before_the_planned_and_the_newest_of_the_past() {
    let mut page = Recorded::with_components();
    for (id, impact) in [("small", "minor"), ("quiet", "none"), ("large", "critical")] {
        page.send(&format!(
            r#"{{"type":"incident.open","id":"{id}","name":"n","impact":"{impact}","body":"b"}}"#
        ));
    }
    let plan = |id: &str, hours: (u8, u8), more: &str| {
        let (from, until) = hours;
        format!(
            r#"{{"type":"maintenance.schedule","id":"{id}","name":"n","body":"b","scheduled_for":"2026-03-01T{from}:00:00Z","scheduled_until":"2026-03-01T{until}:00:00Z"{more}}}"#
        )
    };
    page.send(&plan("soon", (14, 15), ""));
    page.send(&plan("now", (13, 20), ""));
    page.send(&plan("hidden", (13, 20), r#","visibility":"internal""#));
    page.send(&plan("by-hand", (13, 14), r#","automatic":false"#));
    page.send(&plan("later", (22, 23), ""));
    page.at("2026-03-01T13:30:00Z");
    let panel = page.read("en");
    assert_eq!(
        keys(&panel, "What is going on"),
        ["incident/large", "incident/small", "incident/quiet", "maintenance/now"],
        "work that is being done is not planned"
    );
    assert_eq!(
        keys(&panel, "What is planned"),
        ["maintenance/by-hand", "maintenance/soon", "maintenance/later"]
    );
    let ([.., now], [by_hand, ..]) = (&panel.sections[0].stories[..], &panel.sections[1].stories[..]) else {
        panic!("no plans")
    };
    let is_late = |story| serde_json::to_string(story).unwrap().contains(r#"{"strong":"late"}"#);
    assert!(is_late(by_hand) && !is_late(now));
    assert_eq!(panel.sections[0].stories[2].level, Level::Notice, "nothing is green beside an open incident");
    assert_eq!(panel.sections.len(), 2, "nothing is over");

    for (at, id) in [("13:40", "small"), ("13:50", "large"), ("13:50", "quiet")] {
        page.at(&format!("2026-03-01T{at}:00Z"));
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"{id}","status":"resolved","body":"b"}}"#
        ));
    }
    page.send(r#"{"type":"maintenance.update","maintenance":"later","status":"cancelled","body":"b"}"#);
    page.at("2026-03-01T23:30:00Z");
    assert_eq!(
        keys(&page.read("en"), "What is over"),
        ["maintenance/now", "maintenance/soon", "incident/large", "incident/quiet", "incident/small"],
        "what was called off or is internal is not there"
    );
    let json = serde_json::to_string(&page.read("en")).unwrap();
    assert!(!json.contains("hidden") && !json.contains("maintenance/later"), "{json}");
}

#[test]
fn a_notice_is_among_what_is_going_on_with_all_its_words() {
    let mut page = Recorded::with_components();
    page.send(r#"{"type":"notice.post","body":"We move house."}"#);
    let panel = page.read("en");
    assert_eq!(keys(&panel, "What is going on"), ["notice/"]);
    let [bare] = &panel.sections[0].stories[..] else { panic!("{:?}", panel.sections) };
    assert_eq!(
        (bare.level, &*bare.label, &bare.name, bare.updates.len()),
        (Level::Notice, "Notice", &None, 1)
    );
    assert!(bare.links.is_empty() && bare.facts.is_empty(), "{bare:?}");

    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b"}"#);
    page.send(
        r#"{"type":"notice.post","title":{"en":"Moving","de":"Umzug"},"body":{"en":"We move.","de":"Wir ziehen um."},
            "details":"Bring **boxes**.","url":"https://elsewhere.example/map"}"#,
    );
    let panel = page.read("de");
    assert_eq!(panel.sections.len(), 1);
    let [_, notice] = &panel.sections[0].stories[..] else { panic!("{:?}", panel.sections) };
    let json = serde_json::to_value(notice).unwrap();
    assert_eq!(json["name"], json!({ "text": ["Umzug"] }));
    assert_eq!(json["updates"][0]["body"], json!({ "text": ["Wir ziehen um."] }));
    assert_eq!(json["updates"][1]["body"]["language"], "en", "the long form has no translations");
    assert_eq!(json["links"][0]["url"], "https://elsewhere.example/map");
    assert_eq!(json["updates"][0].get("label"), None);
    let of = &page.page;
    let told = bulletin(&of.state, &Words::default(), of.version, of.now, of.now);
    let line = told.lines.last().unwrap();
    assert!(line.key.starts_with(&notice.key) && line.elsewhere, "{line:?}");
}

#[test]
fn what_is_over_says_how_bad_it_was_at_worst_and_leads_to_its_post_mortem() {
    let panel = eventful().read("en");
    let over = &panel.sections[2].stories;
    let past = over.iter().find(|story| story.key == "incident/past").unwrap();
    assert_eq!((past.level, past.label.as_str()), (Level::Critical, "Critical"));
    assert!(past.updates.is_empty() && past.note.is_none());
    let links: Vec<&str> = past.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(
        links,
        ["https://status.example.com/incidents/past", "https://status.example.com/incidents/past#postmortem"]
    );
    assert_eq!(past.links[1].label, "What happened, in full");
    let facts = serde_json::to_string(&past.facts).unwrap();
    assert!(facts.contains("2026-03-01T12:26:00.000Z") && facts.contains("lasted 26 min"), "{facts}");
    let mut page = Recorded::new();
    for number in 0..30 {
        page.send(&format!(
            r#"{{"type":"incident.open","id":"i{number}","name":"n","impact":"minor","body":"b"}}"#
        ));
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"i{number}","status":"resolved","body":"b"}}"#
        ));
    }
    assert_eq!(keys(&page.read("en"), "What is over").len(), MAX_OVER);
}

#[test]
fn days_have_the_colours_of_the_status_page() {
    let page = eventful();
    let uptime = page.read("en").uptime.unwrap();
    let names: Vec<Option<Value>> =
        uptime.groups.iter().map(|group| group.name.as_ref().map(|name| json!(name.text))).collect();
    assert_eq!(names, [Some(json!(["Core"])), None]);
    let maps = &uptime.groups[0].components[0];
    let days: Vec<(usize, Level, &str)> =
        maps.imperfect.iter().map(|day| (day.day, day.level, day.share.as_str())).collect();
    assert_eq!(
        days,
        [(86, Level::Minor, "99.99%"), (87, Level::Critical, "90.00%"), (89, Level::Major, "98.00%")]
    );
    assert_eq!((maps.known, maps.span.as_str()), (90, "90 days ago"));
    assert!(maps.description.starts_with("Maps: 99.8") && maps.description.ends_with("over 90 days"));
}

#[test]
fn what_nobody_can_confirm_is_not_green() {
    let since = time("2026-03-01T15:00:00Z");
    let mut page = eventful();
    let young = page.read("en").unconfirmed(since, false);
    assert_eq!(young.unconfirmed_since, Some(since));
    assert!(keys(&young, "What is over").is_empty(), "it may have been reopened");
    let levels = |panel: &Panel| -> Vec<(Level, String)> {
        let components = panel.uptime.iter().flat_map(|uptime| &uptime.groups).flat_map(|g| &g.components);
        components.map(|component| (component.level, component.label.clone())).collect()
    };
    let operational = (Level::None, "Operational".to_owned());
    assert_eq!(levels(&young).iter().filter(|level| **level == operational).count(), 2);

    let old = page.read("en").unconfirmed(since, true);
    assert_eq!((old.level, old.summary.as_str()), (Level::Major, "Partial system outage"), "bad news stays");
    let unknown = (Level::Notice, "Unknown".to_owned());
    assert_eq!(levels(&old), [unknown.clone(), (Level::Major, "Partial outage".to_owned()), unknown]);
    let check = old.check.unwrap();
    assert_eq!(check.addresses[0].label, "Partial outage");
    assert!(check.known.starts_with("What does not answer"), "all of it is known to be down");

    page.send(r#"{"type":"incident.update","incident":"api-down","status":"resolved","body":"Over."}"#);
    for notice in [false, true] {
        if notice {
            page.send(r#"{"type":"notice.post","body":"We move house."}"#);
        }
        let fresh = page.read("de");
        assert!(
            ["Behoben", "Alle Systeme laufen normal"].contains(&fresh.summary.as_str()),
            "{}",
            fresh.summary
        );
        let old = fresh.unconfirmed(since, true);
        assert_eq!((old.level, old.summary.as_str()), (Level::Notice, "Status unbekannt"));
        assert!(levels(&old).iter().all(|(level, label)| *level == Level::Notice && label == "Unbekannt"));
        let check = old.check.unwrap();
        assert!(check.addresses.iter().all(|a| (a.level, a.label.as_str()) == (Level::Notice, "Unbekannt")));
        assert_eq!(
            (check.known.as_str(), check.not_known.as_str()),
            ("Status unbekannt", "Status unbekannt")
        );
    }
}

#[test]
fn a_long_story_says_what_is_left_out() {
    let mut page = Recorded::new();
    page.send(r#"{"type":"incident.open","id":"a","name":"n","impact":"critical","body":"b"}"#);
    page.send(r#"{"type":"incident.open","id":"b","name":"n","impact":"minor","body":"b"}"#);
    for number in 0..200 {
        let incident = if number % 20 == 0 { "b" } else { "a" };
        page.send(&format!(
            r#"{{"type":"incident.update","incident":"{incident}","body":"{number} {}"}}"#,
            "x".repeat(1_000)
        ));
    }
    let panel = page.read("en");
    let [a, b] = &panel.sections[0].stories[..] else { panic!("{:?}", panel.sections) };
    assert_eq!(b.updates.len(), 11, "one long story does not silence another");
    assert!(a.updates.len() > 50 && a.updates.len() < 191, "{}", a.updates.len());
    let newest = serde_json::to_string(&a.updates[0]).unwrap();
    assert!(newest.contains("199 x"), "{newest}");
    let left_out = format!("the first {} updates", 191 - a.updates.len());
    assert!(serde_json::to_string(&a.facts).unwrap().contains(&left_out), "{left_out}");
    assert!(!serde_json::to_string(&b.facts).unwrap().contains("long story"));
    assert!(serde_json::to_string(&panel).unwrap().len() < 128 * 1024);
}

/// As many components, incidents, plans and bad days as there can be, with long texts.
#[test]
fn the_largest_panel_is_small_enough() {
    let mut page = Recorded::new();
    let text = "- x\\n".repeat(1_500);
    for number in 0..200 {
        let id: &'static str = format!("component-{number}").leak();
        page.send(&format!(r#"{{"type":"component.set","id":"{id}","name":"The component {number}"}}"#));
        page.bad.insert(id, vec![0.5; 90]);
    }
    for number in 0..50 {
        for update in [
            format!(
                r#"{{"type":"incident.open","id":"past-{number}","name":"Something was wrong","impact":"minor","body":"b"}}"#
            ),
            format!(
                r#"{{"type":"incident.update","incident":"past-{number}","status":"resolved","body":"b"}}"#
            ),
        ] {
            page.send(&update);
        }
    }
    for number in 0..50 {
        for update in [
            format!(
                r#"{{"type":"incident.open","id":"open-{number}","name":"Something is wrong there","impact":"major","body":"{text}","impact_note":"Everybody, everywhere.","next_update_in":"1h","components":{{"component-{number}":"partial_outage"}}}}"#
            ),
            format!(
                r#"{{"type":"maintenance.schedule","id":"work-{number}","name":"Something will be better","body":"{text}","components":["component-{number}"],"scheduled_for":"2026-03-02T13:00:00Z","scheduled_until":"2026-03-02T20:00:00Z"}}"#
            ),
        ] {
            page.send(&update);
        }
    }
    // The languages whose words take the most bytes, and English.
    for language in ["el", "hi", "uk", "en"] {
        let panel = page.read(language);
        let bytes = serde_json::to_string(&panel).unwrap().len();
        assert!(bytes < MOST, "{language}: {bytes}");
        let uptime = panel.uptime.unwrap();
        let days = uptime.days.len();
        assert!((1..90).contains(&days), "{days}");
        let imperfect = uptime.groups.iter().flat_map(|group| &group.components).map(|c| c.imperfect.len());
        assert_eq!(imperfect.sum::<usize>(), days * 200, "each day that is there is there in full");
        assert_eq!(uptime.title, Words::of(language).unwrap().count(candor_shared::words::Count::Days, days));
    }
}

fn steps() -> impl Strategy<Value = Vec<(Value, i64)>> {
    let id = || prop::sample::select(vec!["a", "b", "c"]);
    let body = || prop::sample::select(vec!["b", "We **look**.\n- x", "https://a.example"]);
    let impact = prop::sample::select(vec!["none", "minor", "major", "critical"]);
    let status = prop::sample::select(vec!["investigating", "monitoring", "resolved"]);
    let work = prop::sample::select(vec!["in_progress", "completed", "cancelled"]);
    let sight = prop::sample::select(vec!["public", "internal"]);
    let held = prop::sample::select(vec!["operational", "degraded_performance", "major_outage"]);
    let update = prop_oneof![
        (id(), held).prop_map(|(id, held)| json!({"type":"component.set","id":id,"name":"n","status":held})),
        (id(), impact, body()).prop_map(|(id, impact, body)| json!({"type":"incident.open","id":id,"name":"n","impact":impact,"body":body})),
        (id(), status, body()).prop_map(|(id, status, body)| json!({"type":"incident.update","incident":id,"status":status,"body":body})),
        (id(), sight, 1..60_i64).prop_map(|(id, sight, days)| json!({"type":"maintenance.schedule","id":id,"name":format!("{sight} work"),"body":"b","visibility":sight,"scheduled_for":format!("2026-04-{:02}T00:00:00Z", days % 28 + 1),"scheduled_until":"2026-06-01T00:00:00Z"})),
        (id(), work).prop_map(|(id, status)| json!({"type":"maintenance.update","maintenance":id,"status":status,"body":"b"})),
        prop::option::of(id()).prop_map(|id| json!({"type":"page.set","checks":[{"name":"n","url":"https://a.example","component":id}]})),
    ];
    prop::collection::vec((update, 0..3_000_i64), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens, a panel is complete, in order and without what is internal; and unconfirmed, nothing in it is green.
    #[test]
    fn every_panel_is_whole(steps in steps(), language in prop::sample::select(vec!["en", "de", "ar", "ja"])) {
        let mut page = Recorded::with_components();
        for (update, minutes) in steps {
            page.at(&Time::from_millis(page.page.now.as_millis() + minutes * 60_000).unwrap().to_string());
            if let Ok(events) = page.page.try_send(&update.to_string()) {
                page.record(events);
            }
        }
        let panel = page.read(language);
        prop_assert_eq!(&panel, &page.read(language));
        let json = serde_json::to_string(&panel).unwrap();
        prop_assert!(json.len() < MOST && !json.contains("internal work"), "{}", json);
        prop_assert_eq!(&serde_json::from_str::<Panel>(&json).unwrap(), &panel);
        let number = |section: &Section| section.stories.len();
        prop_assert!(panel.sections.iter().all(|section| number(section) > 0));
        let state = &page.page.state;
        let running = state.open_maintenances().filter(|of| of.is_public() && of.is_active()).count();
        let open = state.open_incidents().count() + running;
        let words = Words::of(language).unwrap();
        let title = |word| words.get(word).to_owned();
        prop_assert_eq!(keys(&panel, &title(candor_shared::words::Word::PanelOpen)).len(), open);
        for story in panel.sections.iter().flat_map(|section| &section.stories) {
            prop_assert!(story.level >= Level::Notice, "{:?}", story);
            prop_assert!(!story.facts.is_empty() && story.facts.iter().all(|fact| !fact.is_empty()));
        }
        let old = panel.unconfirmed(page.page.now, true);
        let json = serde_json::to_string(&old).unwrap();
        prop_assert!(old.level >= Level::Notice, "{}", json);
        for green in [r#""level":"none""#, r#""level":"resolved""#] {
            prop_assert!(!json.contains(green), "{}", json);
        }
    }
}
