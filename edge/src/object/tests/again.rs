//! What is removed and made anew, reopened, moved and sent once more.

use super::page::{Page, SET_UP, html, time, turned_down};
use crate::document::Document;

fn document(page: &mut Page, path: &str, query: &str) -> String {
    page.document(&Document::at(path, query).unwrap()).unwrap()
}

fn status(page: &mut Page, id: &str) -> String {
    let all: serde_json::Value =
        serde_json::from_str(&document(page, "/api/v2/components.json", "")).unwrap();
    let found = all["components"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    found["status"].as_str().unwrap().to_owned()
}

fn later(page: &mut Page, span: &str) {
    until(page, page.now.after(span.parse().unwrap()));
}

/// Sets the clock, and makes the changes that are due, as the alarm does.
fn until(page: &mut Page, now: candor_shared::time::Time) {
    page.now = now;
    page.live.catch_up(now).unwrap();
}

/// An incident about a component that is no longer there is about no other one.
#[test]
fn a_reopened_incident_without_its_components_is_about_no_others() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"pay","name":"Pay"},
        {"type":"incident.open","id":"o","name":"Pay is down","impact":"major","components":{"pay":"major_outage"},"body":"Down."},
        {"type":"incident.update","incident":"o","status":"resolved","body":"Up."},{"type":"component.remove","id":"pay"}]"#);
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"Again."}"#);
    assert_eq!(status(&mut page, "api"), "operational");
    let badge = document(&mut page, "/badge.svg", "component=api");
    assert!(badge.contains("operational"), "{badge}");
    let about = document(&mut page, "/bulletin.json", "components=api");
    assert!(!about.contains("Pay is down"), "{about}");
    let all = document(&mut page, "/bulletin.json", "");
    assert!(all.contains("Pay is down"), "{all}");
}

/// Whether a component is the one that was held depends on what was removed, not on the times that somebody wrote.
#[test]
fn a_reopened_incident_holds_what_is_still_there_whatever_its_times() {
    // Imported: the component was made after the end that was written.
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"pay","name":"Pay"},
        {"type":"incident.open","id":"o","name":"Pay is down","impact":"major","components":{"pay":"major_outage"},"body":"b","at":"2026-02-27T09:00:00Z"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b","at":"2026-02-27T10:00:00Z"}]"#);
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"It is back."}"#);
    assert_eq!(status(&mut page, "pay"), "major_outage");
    // The end was corrected to before the component was made.
    let mut page = Page::new();
    page.send(SET_UP);
    later(&mut page, "1h");
    page.send(r#"[{"type":"component.set","id":"pay","name":"Pay"},
        {"type":"incident.open","id":"o","name":"Pay is down","impact":"major","components":{"pay":"major_outage"},"body":"b","started_at":"2026-03-01T12:10:00Z"}]"#);
    later(&mut page, "1h");
    page.send(r#"{"type":"incident.update","incident":"o","status":"resolved","body":"b"}"#);
    page.send(r#"{"type":"incident.amend","incident":"o","resolved_at":"2026-03-01T12:30:00Z"}"#);
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"It is back."}"#);
    assert_eq!(status(&mut page, "pay"), "major_outage");
}

/// What a removed component suffered stays its own, whoever has its id by now.
#[test]
fn the_past_keeps_the_names_of_components_whose_ids_were_given_to_others() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"db","name":"Postgres"},
        {"type":"incident.open","id":"o","name":"No logins","impact":"major","components":{"db":"major_outage"},"body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"},
        {"type":"maintenance.schedule","id":"m","name":"Disks","body":"b","components":["db"],"scheduled_for":"2026-02-27T10:00:00Z","scheduled_until":"2026-02-27T11:00:00Z","at":"2026-02-27T09:00:00Z"}]"#);
    later(&mut page, "10m");
    page.send(r#"{"type":"component.remove","id":"db"}"#);
    later(&mut page, "10m");
    page.send(r#"{"type":"component.set","id":"db","name":"Databases","is_group":true}"#);
    page.send(r#"[{"type":"component.remove","id":"db"}]"#);
    later(&mut page, "10m");
    page.send(r#"[{"type":"component.set","id":"db","name":"MySQL"}]"#);
    for path in ["/incidents/o", "/maintenances/m"] {
        let shown = document(&mut page, path, "");
        assert!(
            shown.contains("Postgres") && !shown.contains("MySQL") && !shown.contains("Databases"),
            "{path}"
        );
    }
    for path in ["/api/v2/incidents.json", "/api/v2/scheduled-maintenances.json"] {
        let shown: serde_json::Value = serde_json::from_str(&document(&mut page, path, "")).unwrap();
        let first = shown.as_object().unwrap().values().find_map(|all| all.get(0)).unwrap();
        assert_eq!(first["components"], serde_json::json!([]), "{path}: the one on the page is another one");
        let named = &first["incident_updates"][0]["affected_components"][0]["name"];
        assert_eq!(named, "Postgres", "{path}");
    }
    assert!(document(&mut page, "/bulletin.json", "").contains("No logins"), "it is news on the page");
    let about = document(&mut page, "/bulletin.json", "components=db");
    assert!(!about.contains("No logins"), "and none about the new component: {about}");
    // What happens to the new one is its own.
    page.send(r#"[{"type":"incident.open","id":"n","name":"Slow","impact":"minor","components":{"db":"degraded_performance"},"body":"b"}]"#);
    assert!(document(&mut page, "/incidents/n", "").contains("MySQL"));
}

/// What is reopened is not about a component that came later.
#[test]
fn a_reopened_incident_names_what_it_was_about() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"pay","name":"Pay"},{"type":"component.set","id":"web","name":"Website"},
        {"type":"incident.open","id":"o","name":"Outage","impact":"major","components":{"pay":"partial_outage","web":"major_outage"},"body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"}]"#);
    later(&mut page, "10m");
    page.send(r#"{"type":"component.remove","id":"pay"}"#);
    page.send(r#"{"type":"component.set","id":"pay","name":"Payments v2"}"#);
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"Again."}"#);
    later(&mut page, "10m");
    for path in ["/incidents/o", "/api/v2/incidents.json", "/history.atom", "/feed.json"] {
        let shown = document(&mut page, path, "");
        assert!(shown.contains("Website") && !shown.contains("Payments v2"), "{path}: {shown}");
    }
    page.send(r#"{"type":"incident.update","incident":"o","status":"resolved","body":"Over."}"#);
    let about = document(&mut page, "/bulletin.json", "components=pay");
    assert!(!about.contains("Outage"), "{about}");
    assert!(document(&mut page, "/incidents/o", "").contains("Pay, Website"));
}

/// Since when something fails is stored, and the same after a restart.
#[test]
fn a_corrected_beginning_outlives_a_restart() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"db","name":"Database","at":"2026-02-01T00:00:00Z"},
        {"type":"component.set","id":"mail","name":"Mail","status":"major_outage","at":"2026-03-01T11:30:00Z"}]"#);
    page.send(r#"[{"type":"incident.open","id":"m","name":"n","impact":"major","components":{"mail":"major_outage"},"body":"b","started_at":"2026-03-01T11:40:00Z"},
        {"type":"incident.open","id":"o","name":"n","impact":"major","components":{"db":"partial_outage"},"body":"b"},
        {"type":"incident.amend","incident":"o","started_at":"2026-03-01T10:00:00Z"}]"#);
    let before = page.status();
    let since = |id: &str| {
        before["components"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()["since"].clone()
    };
    assert_eq!(since("db"), "2026-03-01T10:00:00.000Z");
    assert_eq!(since("mail"), "2026-03-01T11:30:00.000Z");
    page.restart();
    assert_eq!(page.status(), before);
}

/// A feed names what fails, not what has recovered.
#[test]
fn a_feed_says_nothing_of_what_is_well_again() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"db","name":"Database"},
        {"type":"incident.open","id":"o","name":"Outage","impact":"major","components":{"db":"major_outage","api":"major_outage"},"body":"b"},
        {"type":"incident.update","incident":"o","body":"It is well again.","components":{"db":"operational"}}]"#);
    let feed: serde_json::Value = serde_json::from_str(&document(&mut page, "/feed.json", "")).unwrap();
    let texts: Vec<String> = feed["items"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert!(texts[1].contains("Database") && !texts[0].contains("Database"), "{texts:?}");
}

#[test]
fn the_api_says_in_the_language_of_the_page_that_work_was_called_off() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"page.set","language":"de"}"#);
    page.send(r#"[{"type":"maintenance.schedule","id":"m","name":"n","body":"b","scheduled_for":"2026-03-02T10:00:00Z","scheduled_until":"2026-03-02T11:00:00Z"},
        {"type":"maintenance.update","maintenance":"m","status":"cancelled","body":"doch nicht"}]"#);
    let shown = document(&mut page, "/api/v2/scheduled-maintenances.json", "");
    assert!(shown.contains("\"Abgesagt: doch nicht\""), "{shown}");
}

/// Who makes a component anew under an id that was another one's can neither inherit its outages nor date itself into its time.
#[test]
fn a_component_with_the_id_of_a_removed_one_begins_after_it() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"old","name":"Old","at":"2026-02-01T00:00:00Z"},
        {"type":"component.set","id":"old","status":"major_outage","at":"2026-02-20T00:00:00Z"},
        {"type":"component.set","id":"old","status":"operational","at":"2026-02-21T00:00:00Z"},
        {"type":"incident.open","id":"o","name":"O","impact":"major","components":{"old":"major_outage"},"body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"}]"#);
    page.send(r#"{"type":"component.remove","id":"old"}"#);
    later(&mut page, "1h");
    let dated = r#"{"type":"component.set","id":"old","name":"New","at":"2026-02-10T00:00:00Z"}"#;
    let problem = turned_down(&mut page, dated);
    assert!(
        problem.status == 409 && problem.detail.contains("until it was removed at 2026-03-01"),
        "{}",
        problem.detail
    );
    // In one request as well.
    let both = format!(
        r#"[{{"type":"component.set","id":"x","name":"X"}},{{"type":"component.remove","id":"x"}},{}]"#,
        dated.replace("\"old\"", "\"x\"")
    );
    assert_eq!(turned_down(&mut page, &both).status, 409);
    page.send(r#"{"type":"component.set","id":"old","name":"New","at":"2026-03-01T12:30:00Z"}"#);
    // Nor later, by a status that is dated back.
    let problem = turned_down(
        &mut page,
        r#"{"type":"component.set","id":"old","status":"operational","at":"2026-02-20T12:00:00Z"}"#,
    );
    assert_eq!(problem.status, 409, "{}", problem.detail);
    let metrics = document(&mut page, "/metrics.json", "");
    assert!(!metrics.contains("0.885") && !metrics.contains("\"2026-02-20\":0"), "{metrics}");
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"Again."}"#);
    assert_eq!(status(&mut page, "old"), "operational");
}

/// The post-mortem of an incident that is open once more is on no surface until that is over.
#[test]
fn the_post_mortem_of_a_reopened_incident_is_hidden_everywhere() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(
        r#"[{"type":"incident.open","id":"o","name":"O","impact":"major","body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"},
        {"type":"postmortem.publish","incident":"o","summary":"We broke the index."}]"#,
    );
    let shown = |page: &mut Page| {
        let paths = [
            "/incidents/o",
            "/api/v2/incidents.json",
            "/feed.json",
            "/history.atom",
            "/history.rss",
            "/postmortems/o.json",
        ];
        paths.map(|path| {
            page.document(&Document::at(path, "").unwrap())
                .is_some_and(|text| text.contains("We broke the index"))
        })
    };
    assert_eq!(shown(&mut page), [true; 6]);
    page.send(r#"{"type":"incident.update","incident":"o","status":"investigating","body":"Again."}"#);
    assert_eq!(shown(&mut page), [false; 6]);
    page.send(r#"{"type":"incident.update","incident":"o","status":"resolved","body":"Over."}"#);
    assert_eq!(shown(&mut page), [true; 6]);
}

/// A page shows each impact that an incident had, the first one too.
#[test]
fn the_first_impact_stays_on_the_page() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"c","name":"C","impact":"critical","components":{"api":"major_outage"},"body":"Dead."}"#);
    let first = |page: &mut Page| {
        let html = html(page, "/incidents/c").unwrap();
        html.split_once("id=\"update-1\"").unwrap().1.split_once("</p>").unwrap().0.contains(">Critical</b>")
    };
    assert!(!first(&mut page), "it stands beside the name");
    page.send(r#"{"type":"incident.update","impact":"minor","components":{"api":"degraded_performance"},"body":"Better."}"#);
    assert!(first(&mut page));
}

/// Each incident is called what it does itself.
#[test]
fn an_incident_is_not_labelled_by_the_outage_of_another() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"component.set","id":"web","name":"Web"},{"type":"component.set","id":"mail","name":"Mail"},
        {"type":"incident.open","id":"slow","name":"Slow","impact":"major","components":{"api":"degraded_performance"},"body":"Slow."},
        {"type":"incident.open","id":"dead","name":"Dead","impact":"major","components":{"web":"major_outage"},"body":"Dead."}]"#);
    // The label of the line, and that of the story in the panel, stand before the name.
    for path in ["/bulletin.json", "/panel.json"] {
        let all = document(&mut page, path, "");
        let label = |id: &str| {
            let line = all.split_once(&format!("\"key\":\"incident/{id}")).unwrap().1;
            line.split_once("\"label\":\"").unwrap().1.split_once('"').unwrap().0.to_owned()
        };
        assert_eq!(
            (label("slow").as_str(), label("dead").as_str()),
            ("Partial outage", "Major outage"),
            "{path}"
        );
    }
    // A status that was set is no incident's either.
    page.send(r#"[{"type":"incident.update","incident":"dead","status":"resolved","body":"Up."},{"type":"component.set","id":"mail","status":"major_outage"}]"#);
    let all = document(&mut page, "/bulletin.json", "");
    assert!(
        all.contains("Partial outage")
            && !all.contains("\"label\":\"Major outage\",\"name\":{\"text\":[\"Slow\"]"),
        "{all}"
    );
}

fn maintenance(page: &mut Page, id: &str) -> serde_json::Value {
    let all: serde_json::Value =
        serde_json::from_str(&document(page, "/api/v2/scheduled-maintenances.json", "")).unwrap();
    all["scheduled_maintenances"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone()
}

/// The plan of a check stays unless somebody changes it: a script may report what the clock has done already.
#[test]
fn a_start_that_is_reported_once_more_keeps_the_planned_check() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"maintenance.schedule","id":"v","name":"V","body":"p","components":["api"],"scheduled_for":"2026-03-01T12:00:00Z","verify_at":"2026-03-01T12:30:00Z","scheduled_until":"2026-03-01T13:00:00Z"}"#);
    later(&mut page, "1m");
    page.send(
        r#"{"type":"maintenance.update","maintenance":"v","status":"in_progress","body":"We have begun."}"#,
    );
    until(&mut page, time("2026-03-01T12:31:00Z"));
    assert_eq!(maintenance(&mut page, "v")["status"], "verifying");
    // The check failed: back to work, and checked once more when somebody says so.
    page.send(r#"{"type":"maintenance.update","maintenance":"v","status":"in_progress","verify_at":"2026-03-01T12:45:00Z","body":"It failed."}"#);
    assert_eq!(maintenance(&mut page, "v")["status"], "in_progress");
    until(&mut page, time("2026-03-01T12:46:00Z"));
    assert_eq!(maintenance(&mut page, "v")["status"], "verifying");
    let moved =
        r#"{"type":"maintenance.update","maintenance":"v","verify_at":"2026-03-01T12:50:00Z","body":"x"}"#;
    assert_eq!(turned_down(&mut page, moved).status, 409);
    page.send(
        r#"{"type":"maintenance.update","maintenance":"v","status":"in_progress","body":"It failed again."}"#,
    );
    until(&mut page, time("2026-03-01T12:55:00Z"));
    assert_eq!(maintenance(&mut page, "v")["status"], "in_progress");
}

#[test]
fn work_that_began_early_ends_by_an_end_that_has_passed() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"maintenance.schedule","id":"e","name":"E","body":"p","components":["api"],"scheduled_for":"2026-03-01T14:00:00Z","scheduled_until":"2026-03-01T15:00:00Z"},
        {"type":"maintenance.update","maintenance":"e","status":"in_progress","body":"Early."}]"#);
    later(&mut page, "10m");
    page.send(r#"{"type":"maintenance.update","maintenance":"e","scheduled_until":"2026-03-01T12:09:00Z","body":"Done."}"#);
    assert_eq!(maintenance(&mut page, "e")["status"], "completed");
}

/// A reason belongs to a task that was dropped, and what is sent twice with its time is there once.
#[test]
fn what_no_longer_applies_is_gone() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"[{"type":"incident.open","id":"o","name":"O","impact":"major","body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"},
        {"type":"postmortem.publish","incident":"o","summary":"We broke it."},
        {"type":"followup.set","id":"f","incident":"o","name":"A test","status":"dropped","reason":"No money."}]"#);
    page.send(r#"{"type":"followup.set","id":"f","status":"open"}"#);
    let tasks = document(&mut page, "/postmortems/o.json", "");
    assert!(!tasks.contains("No money."), "{tasks}");
    assert_eq!(turned_down(&mut page, r#"{"type":"followup.set","id":"f","status":"dropped"}"#).status, 422);
    assert_eq!(
        turned_down(&mut page, r#"{"type":"followup.set","id":"f","status":"done","reason":"x"}"#).status,
        422
    );
    let notice = r#"{"type":"notice.post","body":"Slow today.","at":"2026-03-01T11:00:00Z"}"#;
    page.send(notice);
    let version = page.status()["version"].clone();
    page.send(notice);
    assert_eq!(page.status()["version"], version);
}

/// A correction that an update has overtaken is not what the record shows.
#[test]
fn an_impact_that_an_update_named_after_its_correction_is_not_called_corrected() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(
        r#"[{"type":"incident.open","id":"o","name":"O","impact":"minor","body":"b"},
        {"type":"incident.update","incident":"o","status":"resolved","body":"b"},
        {"type":"incident.update","incident":"o","impact":"critical","body":"It was worse."}]"#,
    );
    later(&mut page, "1m");
    page.send(r#"{"type":"incident.amend","incident":"o","impact":"none"}"#);
    let fact = |page: &mut Page| {
        let html = html(page, "/incidents/o").unwrap();
        html.split_once("<dt>Impact</dt>").unwrap().1.split_once("</dd>").unwrap().0.to_owned()
    };
    assert!(fact(&mut page).contains("corrected"));
    later(&mut page, "1m");
    page.send(r#"{"type":"incident.update","incident":"o","impact":"minor","body":"It was minor."}"#);
    let shown = fact(&mut page);
    assert!(shown.contains("Minor") && !shown.contains("corrected"), "{shown}");
}
