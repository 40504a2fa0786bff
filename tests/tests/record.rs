//! The record: overdue promises, post-mortems and the gauntlet, metrics, the history of changes, and that no internal
//! field is published.

use candor_tests::{Edge, chapters, eventually};
use serde_json::{Value, json};
use std::time::Duration;

fn incident(edge: &Edge) -> Value {
    edge.status()["incidents"][0].clone()
}

#[test]
fn the_alarm_marks_a_missed_promise_overdue_until_the_next_update() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","next_update_in":"3s"}));
    let version = edge.version();
    assert!(incident(&edge).get("overdue").is_none());
    let promised = incident(&edge)["next_update_at"].clone();
    // No request writes this: the object's alarm does.
    let overdue = eventually("overdue", Duration::from_secs(20), || {
        let incident = incident(&edge);
        (incident["overdue"] == true).then_some(incident)
    });
    assert_eq!(overdue["overdue_since"], promised);
    assert_eq!(edge.version(), version + 1, "a change by the clock gets a version, too");
    edge.accept(&json!({"type":"incident.update","body":"Late, sorry.","next_update_in":"30m"}));
    assert!(incident(&edge).get("overdue").is_none());
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"Over."}));
    let metrics = edge.get("/metrics.json").expect(200).json();
    assert_eq!(metrics["windows"][0]["promises"], json!({"kept": 1, "broken": 1}));
}

#[test]
fn the_alarm_starts_and_completes_a_maintenance() {
    let edge = Edge::start();
    edge.set_up_page();
    let at = |seconds: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds)).to_string();
    edge.accept(&json!({"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap them.","components":["api"],"scheduled_for":at(2),"scheduled_until":at(5)}));
    // No request writes from here on: the alarm does.
    let patience = Duration::from_secs(20);
    let started = eventually("the maintenance starts", patience, || {
        let status = edge.status();
        (status["maintenances"][0]["status"] == "in_progress").then_some(status)
    });
    assert_eq!(
        (&started["indicator"], &started["components"][0]["id"]),
        (&json!("maintenance"), &json!("api"))
    );
    eventually("the maintenance completes", patience, || {
        (edge.status()["indicator"] == "none").then_some(())
    });
    assert_eq!(edge.status()["maintenances"], json!([]));
}

#[test]
fn a_dry_run_grades_a_postmortem_before_it_is_published() {
    let edge = Edge::start();
    let chapters: Vec<Value> = chapters("marketplace-2010").into_iter().map(|(_, chapter)| chapter).collect();
    let postmortem = chapters.iter().find(|chapter| chapter["type"] == "postmortem.publish").unwrap();
    for chapter in &chapters {
        if chapter["type"] == "postmortem.publish" {
            // First a dry run of a poor post-mortem: the report names what is missing, and nothing is stored.
            let poor = json!({"type":"postmortem.publish","incident":postmortem["incident"],"summary":"Some users may have experienced issues."});
            let report = dry_run(&edge, &poor).expect(200).json();
            let gauntlet = &report["results"][0]["gauntlet"];
            assert_eq!(gauntlet["criteria"].as_array().unwrap().len(), 12);
            assert_eq!(gauntlet["met"], 0, "{gauntlet}");
            assert!(report["advice"].as_array().unwrap().len() >= 10);
            edge.get("/postmortems/search-2010-10-07.json").expect(404);
        }
        edge.accept(chapter);
    }
    let document = edge.get("/postmortems/search-2010-10-07.json").expect(200).json();
    let gauntlet = &document["gauntlet"];
    assert_eq!((&gauntlet["met"], &gauntlet["unjudged"]), (&json!(5), &json!(7)), "{gauntlet}");
    assert_eq!((&document["followups_open"], &document["followups_overdue"]), (&json!(0), &json!(0)));
    assert_eq!(document["followups"].as_array().unwrap().len(), 3);
    assert_eq!(document["promises"], json!({"kept": 3, "broken": 0}));
    assert!(document["html"].as_str().unwrap().contains("<h2>What went wrong</h2>"));

    // A follow-up past its due date is overdue, and the document shows it.
    edge.accept(&json!({"type":"followup.set","id":"late","incident":"search-2010-10-07","name":"Later","due":"2010-12-01T00:00:00Z"}));
    let document = edge.get("/postmortems/search-2010-10-07.json").expect(200).json();
    assert_eq!((&document["followups_open"], &document["followups_overdue"]), (&json!(1), &json!(1)));

    let notice = edge.get("/notice.json").expect(200).json();
    assert_eq!(notice["title"], "After a bad week");
    assert!(notice["html"].as_str().unwrap().contains("<strong>slower searches</strong>"));
    edge.accept(&json!({"type":"notice.clear"}));
    edge.get("/notice.json").expect(404);
}

fn dry_run(edge: &Edge, update: &Value) -> candor_tests::Answer {
    let body = update.to_string();
    let mut headers = candor_tests::sign::webhook(
        &edge.keys.ops,
        &candor_tests::sign::unique_id(),
        jiff::Timestamp::now(),
        body.as_bytes(),
    );
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    edge.send("POST", "/v1/updates?dry_run=true", &headers, Some(body.as_bytes()))
}

#[test]
fn the_gauntlet_agrees_with_the_published_review() {
    let edge = Edge::start();
    let batch: Vec<Value> = chapters("checkin-2010")
        .into_iter()
        .flat_map(|(_, chapter)| match chapter {
            Value::Array(updates) => updates,
            update => vec![update],
        })
        .collect();
    edge.accept(&Value::Array(batch));
    let document = edge.get("/postmortems/checkins-2010-10-04.json").expect(200).json();
    let verdict = |id: &str| {
        let criteria = document["gauntlet"]["criteria"].as_array().unwrap();
        criteria.iter().find(|criterion| criterion["id"] == id).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("start_end_time"), "unjudged");
    assert_eq!(verdict("impact"), "unjudged");
    assert_eq!(verdict("five_whys"), "unjudged");
    assert_eq!((&document["gauntlet"]["met"], &document["gauntlet"]["missing"]), (&json!(3), &json!(0)));
    assert_eq!(document["promises"], json!({"kept": 8, "broken": 1}), "one update was late");
}

#[test]
fn metrics_are_published_and_changes_are_compared_with_history() {
    let edge = Edge::start();
    edge.get("/metrics.json").expect(404);
    edge.accept(&json!([
        {"type":"page.set","name":"Trailmark","time_zone":"europe/berlin"},
        {"type":"component.set","id":"api","name":"API"},
        {"type":"incident.open","id":"down","name":"Down","impact":"major","body":"b","components":{"api":"major_outage"},"started_at":ago(90),"detected_at":ago(88),"at":ago(80)},
        {"type":"incident.update","status":"resolved","body":"b","at":ago(60)},
    ]));
    let schedule = |id: &str| json!({"type":"maintenance.schedule","id":id,"name":"n","body":"b","scheduled_for":ago(30),"scheduled_until":ago(20),"at":ago(40),"change":{"kind":"db"}});
    let first = edge.accept(&schedule("one"));
    assert_eq!(
        first["results"][0]["similar_changes"],
        json!({"total":0,"succeeded":0,"rolled_back":0,"failed":0})
    );
    assert!(
        first["advice"].as_array().unwrap().iter().any(|text| text.as_str().unwrap().contains("rolled back"))
    );
    edge.accept(&json!({"type":"maintenance.update","maintenance":"one","outcome":"succeeded","result":"Well.","body":"Done."}));
    let second = edge.accept(&schedule("two"));
    assert_eq!(
        second["results"][0]["similar_changes"],
        json!({"total":1,"succeeded":1,"rolled_back":0,"failed":0})
    );

    let metrics = edge.get("/metrics.json").expect(200).json();
    let window = &metrics["windows"][0];
    assert_eq!(metrics["time_zone"], "Europe/Berlin");
    assert_eq!((&window["days"], &window["incidents"]), (&json!(30), &json!(1)));
    assert_eq!(window["time_to_detect"], json!({"median":120.0,"mean":120.0,"max":120.0,"count":1}));
    assert_eq!(window["time_to_acknowledge"]["max"], 600.0);
    assert_eq!(window["time_to_resolve"]["max"], 1800.0);
    assert_eq!(window["time_between_updates"]["max"], 1200.0);
    assert_eq!(window["changes"]["total"], 2);
    assert_eq!(window["changes"]["by_kind"]["db"]["succeeded"], 1);
    let days = metrics["uptime"][0]["days"].as_array().unwrap();
    assert_eq!(days.len(), 90);
    assert!(days.last().unwrap()["date"].is_string());
}

/// The time this many minutes ago, at a whole minute.
fn ago(minutes: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    // Whole minutes make differences exact.
    jiff::Timestamp::from_second(at.as_second() - at.as_second() % 60).unwrap().to_string()
}

#[test]
fn a_template_for_postmortems_is_published() {
    let edge = Edge::start();
    let template = edge.get("/postmortems/template.json").expect(200).json();
    assert_eq!(template["type"], "postmortem.publish");
    let markdown = edge.get("/postmortems/template.md").expect(200);
    assert!(markdown.header("content-type").unwrap().starts_with("text/markdown"));
    assert!(markdown.text().contains("`five_whys`"));
}

/// Every internal field contains a marker that must not occur in a public document.
#[test]
fn nothing_internal_is_published() {
    let edge = Edge::start();
    edge.set_up_page();
    let canary = |place: &str| format!("canary-{place}-7f3a");
    edge.accept(&json!({"type":"template.set","id":canary("template-id"),"body":canary("template-body")}));
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Down","impact":"major","body":"We broke it.","components":{"api":"major_outage"},
        "roles":{"communications":canary("communications"),"responders":[canary("responder")]}}));
    let planned = |id: &str, minutes: i64| {
        json!({"type":"maintenance.schedule","id":id,"name":"Work","body":"Work.","components":["maps"],"scheduled_for":ago(-minutes),"scheduled_until":ago(-600),
        "change":{"kind":"db","problem":canary("problem"),"done_before":canary("done-before"),"effect":canary("effect"),"downtime":true,"rollback":canary("rollback"),"success_test":canary("success-test")}})
    };
    edge.accept(&planned("public", 60));
    let mut internal = planned(&canary("internal-id"), 60);
    internal["name"] = canary("internal-name").into();
    internal["body"] = canary("internal-body").into();
    internal["visibility"] = "internal".into();
    edge.accept(&internal);
    edge.accept(&json!({"type":"maintenance.update","maintenance":"public","status":"in_progress","body":"We have begun."}));
    edge.accept(&json!({"type":"maintenance.update","maintenance":canary("internal-id"),"status":"in_progress","body":canary("internal-update")}));
    let mut seen = vec![edge.get("/status.json"), edge.get("/bulletin.json"), edge.get("/panel.json")];
    edge.accept(&json!({"type":"maintenance.update","maintenance":"public","status":"completed","outcome":"failed","result":canary("result"),"body":"Over."}));
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"Over."}));
    edge.accept(&json!({"type":"postmortem.publish","incident":"down","summary":"We broke it."}));
    edge.accept(&json!({"type":"followup.set","incident":"down","name":"Mend it","owner":canary("owner")}));
    edge.accept(&json!({"type":"notice.post","body":"Hello","details":"Long."}));
    for path in [
        "/status.json",
        "/bulletin.json",
        "/panel.json",
        "/metrics.json",
        "/notice.json",
        "/postmortems/down.json",
        "/healthz",
        "/",
        "/history",
        "/incidents/down",
        "/maintenances/public",
        "/embed?variant=inline",
        "/badge.svg",
        "/api/v2/summary.json",
        "/api/v2/incidents.json",
        "/api/v2/scheduled-maintenances.json",
        "/history.atom",
        "/history.rss",
        "/feed.json",
        "/.well-known/candor.json",
        "/signed/status.json",
    ] {
        seen.push(edge.get(path).expect(200));
    }
    edge.get(&format!("/maintenances/{}", canary("internal-id"))).expect(404);
    // The ids and secrets of the keys are internal, too.
    let secrets = [&edge.keys.ops.secret, &edge.keys.probe.secret, &edge.keys.edition.secret];
    for answer in &seen {
        let text = format!("{:?}{}", answer.headers, answer.text());
        assert!(!text.contains("7f3a"), "{text}");
        assert!(
            !text.contains("\"ops\"") && secrets.iter().all(|secret| !text.contains(secret.as_str())),
            "{text}"
        );
    }
    // The markers are really stored.
    let metrics = edge.get("/metrics.json").json();
    assert_eq!(metrics["windows"][0]["changes"]["failed"], 1);
    let used = edge.post(&json!({"type":"incident.update","incident":"down","status":"monitoring","template":canary("template-id")}));
    used.expect(201);
    assert!(
        edge.get("/status.json").text().contains(&canary("template-body")),
        "the text of a template is published once an update uses it"
    );
}
