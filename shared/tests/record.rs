//! Promises, roles, templates, changes, post-mortems and follow-up tasks.
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

use candor_shared::published::{notice_document, postmortem_document};
use candor_shared::review::gauntlet;
use candor_shared::rules::{Event, RejectionKind, advice, next_change};
use candor_shared::state::{Change, FollowupStatus, Outcome, Promises, TEMPLATE_JSON, Verdict};
use candor_shared::update::parse;
use candor_shared::words::Words;
use common::{Page, time};

fn page() -> Page {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    page
}

fn opened(page: &mut Page) {
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"We broke it.","next_update_in":"30m"}"#);
}

fn promises(page: &Page) -> Promises {
    page.state.incidents.values().next().unwrap().promises_by_now()
}

#[test]
fn a_broken_promise_is_published_as_overdue_and_counted() {
    let mut page = page();
    opened(&mut page);
    assert_eq!(next_change(&page.state), Some(time("2026-03-01T12:30:00Z")));
    assert!(!page.document().incidents[0].overdue);
    let events = page.at("2026-03-01T12:30:00Z");
    assert!(
        matches!(&events[..], [Event::PromiseBroken { promised, .. }] if *promised == time("2026-03-01T12:30:00Z"))
    );
    assert!(page.at("2026-03-01T12:40:00Z").is_empty(), "a broken promise is reported once");
    let shown = page.document().incidents.remove(0);
    assert_eq!((shown.overdue, shown.overdue_since), (true, Some(time("2026-03-01T12:30:00Z"))));
    assert_eq!(promises(&page), Promises { kept: 0, broken: 1 });

    page.send(r#"{"type":"incident.update","body":"Late, sorry.","next_update_in":"10m"}"#);
    assert!(!page.document().incidents[0].overdue, "the next update clears overdue");
    page.at("2026-03-01T12:45:00Z");
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    assert_eq!(promises(&page), Promises { kept: 1, broken: 1 });
    assert!(matches!(&page.at("2026-03-02T00:00:00Z")[..], [Event::IncidentPast { .. }]));
    assert_eq!(next_change(&page.state), None);
}

#[test]
fn promises_in_imported_history_are_judged_by_the_times_of_the_updates() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"b","next_update_in":"30m","at":"2010-10-04T15:00:00Z"}"#);
    page.send(r#"{"type":"incident.update","body":"b","next_update_in":"30m","at":"2010-10-04T15:30:00Z"}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"b","at":"2010-10-04T16:00:01Z"}"#);
    assert_eq!(promises(&page), Promises { kept: 1, broken: 1 });
}

#[test]
fn a_template_is_filled_in_and_errors_name_what_is_missing() {
    let mut page = page();
    page.send(r#"{"type":"template.set","id":"down","body":"We broke {{what}}. It began at {{when}}."}"#);
    page.send(r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","template":"down","values":{"what":"mail","when":"noon"}}"#);
    assert_eq!(page.document().incidents[0].body, "We broke mail. It began at noon.");
    let mut refused = |update: &str| page.refused(update).1;
    assert_eq!(
        refused(r#"{"type":"incident.update","template":"down","values":{"what":"mail"}}"#),
        "/values: The template down needs values for: when."
    );
    assert_eq!(
        refused(r#"{"type":"incident.update","template":"up"}"#),
        "/template: There is no template up. Known: down."
    );
    assert_eq!(
        refused(r#"{"type":"incident.update","template":"down","body":"x"}"#),
        r#"/template: Give a "body" or a "template", not both."#
    );
    assert_eq!(
        refused(r#"{"type":"incident.update","body":"x","values":{"a":"b"}}"#),
        r#"/values: "values" are for a "template", and the update names none."#
    );
    assert_eq!(
        refused(r#"{"type":"incident.update"}"#),
        r#"/body: An update needs a text: "body", or "template" with "values"."#
    );
    assert_eq!(refused(r#"{"type":"template.remove","id":"up"}"#), "/id: There is no template up.");
}

#[test]
fn advice_names_what_an_update_leaves_out() {
    let mut page = page();
    let mut advice_on = |body: &str| {
        let update = parse(body.as_bytes()).unwrap().remove(0);
        let events = page.send(body);
        advice(&page.state, &update, &events, page.now).join("\n")
    };
    let given = advice_on(
        r#"{"type":"incident.open","id":"i","name":"n","impact":"minor","body":"Some users may have experienced issues due to human error."}"#,
    );
    for wanted in [
        "No next update",
        "what is affected",
        "communications",
        "When did it begin",
        "may have experienced",
        "some users",
        "human error",
    ] {
        assert!(given.contains(wanted), "{wanted} in {given}");
    }
    let given = advice_on(
        r#"{"type":"incident.update","body":"We broke it.","roles":{"communications":"A","responders":["A","B"]},"impact_note":"Nobody can send mail.","affected":{"share":0.4,"basis":"of mail"},"next_update_in":"1m"}"#,
    );
    assert_eq!(given, "One person fixes and communicates. If you can, let somebody else inform visitors.");
    page.at("2026-03-01T12:10:00Z");
    let update = parse(br#"{"type":"incident.update","body":"We are on it.","roles":{"communications":"C","responders":["A"]},"next_update_in":"30m"}"#).unwrap().remove(0);
    let events = page.send(r#"{"type":"incident.update","body":"We are on it.","roles":{"communications":"C","responders":["A"]},"next_update_in":"30m"}"#);
    assert_eq!(
        advice(&page.state, &update, &events, page.now),
        ["This update came later than promised. Say so in the text, and promise a time that you can keep."]
    );
}

const CHANGE: &str = r#"{"kind":"db","problem":"p","done_before":"d","effect":"e","downtime":false,"rollback":"r","success_test":"s"}"#;

fn schedule(id: &str, more: &str) -> String {
    format!(
        r#"{{"type":"maintenance.schedule","id":"{id}","name":"n","body":"b","components":["api"],"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"{more}}}"#
    )
}

#[test]
fn a_change_answers_six_questions_and_gets_an_outcome() {
    let mut page = page();
    page.send(r#"{"type":"page.set","name":"Trailmark"}"#);
    let update = parse(schedule("m", r#","change":{"kind":"db","problem":"p","downtime":true}"#).as_bytes())
        .unwrap()
        .remove(0);
    let events = page.send(&schedule("m", r#","change":{"kind":"db","problem":"p","downtime":true}"#));
    assert_eq!(advice(&page.state, &update, &events, page.now).len(), 4, "the open questions are named");
    let full: Change = serde_json::from_str(CHANGE).unwrap();
    assert!(full.open_questions().is_empty());

    assert_eq!(
        page.refused(r#"{"type":"maintenance.update","outcome":"succeeded","body":"b"}"#).0,
        RejectionKind::Invalid
    );
    page.at("2026-03-01T14:00:00Z");
    let maintenance = page.state.maintenances.values().next().unwrap();
    assert!(!maintenance.is_open());
    assert_eq!(maintenance.outcome, None, "completed without an outcome");
    page.send(r#"{"type":"maintenance.update","maintenance":"m","outcome":"rolled_back","result":"It was slow.","body":"Taken back."}"#);
    assert_eq!(page.state.maintenances.values().next().unwrap().outcome, Some(Outcome::RolledBack));
    page.send(&schedule("plain", r#","at":"2026-03-01T12:30:00Z""#));
    assert_eq!(
        page.refused(r#"{"type":"maintenance.update","maintenance":"plain","outcome":"failed","body":"b"}"#)
            .0,
        RejectionKind::Invalid
    );
}

#[test]
fn an_internal_maintenance_is_not_published() {
    let mut page = page();
    page.send(&schedule("m", &format!(r#","visibility":"internal","change":{CHANGE}"#)));
    page.at("2026-03-01T13:30:00Z");
    assert!(page.state.maintenances.values().next().unwrap().is_active());
    assert!(!page.document().has_news() && page.document().components.is_empty());
}

fn resolved(page: &mut Page) {
    opened(page);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
}

#[test]
fn a_postmortem_belongs_to_a_resolved_incident() {
    let mut page = page();
    let publish = r#"{"type":"postmortem.publish","incident":"i","summary":"We broke it."}"#;
    assert_eq!(page.refused(publish).0, RejectionKind::NotFound);
    opened(&mut page);
    assert_eq!(page.refused(publish).0, RejectionKind::Conflict);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"Over."}"#);
    page.send(publish);
    page.at("2026-03-02T12:00:00Z");
    page.send(r#"{"type":"postmortem.publish","incident":"i","summary":"We broke it, twice."}"#);
    let postmortem = page.state.postmortems.values().next().unwrap();
    assert_eq!(
        (postmortem.published_at, postmortem.updated_at),
        (time("2026-03-01T12:00:00Z"), time("2026-03-02T12:00:00Z"))
    );
    assert_eq!(page.refused(r#"{"type":"postmortem.publish","incident":"i","summary":"s","started_at":"2026-03-01T12:00:00Z","ended_at":"2026-03-01T11:00:00Z"}"#).0, RejectionKind::Invalid);
    let at = |field: &str| format!(r#"{{"type":"postmortem.publish","incident":"i","summary":"s",{field}}}"#);
    for (field, pointer) in [
        (r#""ended_at":"2026-03-02T12:00:01Z""#, "/ended_at: "),
        (r#""started_at":"2062-03-01T12:00:00Z","ended_at":"2062-03-01T13:00:00Z""#, "/started_at: "),
        (
            r#""timeline":[{"at":"2026-03-01T12:00:00Z","what":"x","kind":"note"},{"at":"2027-03-01T12:00:00Z","what":"x","kind":"note"}]"#,
            "/timeline/1/at: ",
        ),
    ] {
        let (kind, text) = page.refused(&at(field));
        assert_eq!(kind, RejectionKind::Invalid);
        assert!(
            text.starts_with(pointer) && text.contains("is after this update (2026-03-02T12:00:00"),
            "{text}"
        );
    }
    for (field, is_other) in [
        (r#""started_at":"2025-03-01T11:00:00Z","ended_at":"2025-03-01T13:00:00Z""#, true),
        (r#""started_at":"2026-03-02T11:00:00Z""#, true),
        (r#""started_at":"2025-03-01T11:00:00Z","ended_at":"2026-03-01T13:00:00Z""#, true),
        (r#""ended_at":"2026-03-02T11:59:00Z""#, true),
        (r#""timeline":[{"at":"2025-03-01T12:00:00Z","what":"x","kind":"started"}]"#, true),
        (r#""timeline":[{"at":"2025-03-01T12:00:00Z","what":"The disk was bought.","kind":"note"}]"#, false),
        (r#""started_at":"2026-03-01T11:00:00Z","ended_at":"2026-03-01T13:00:00Z""#, false),
        (r#""started_at":"2026-03-01T11:00:00Z""#, false),
    ] {
        let events = page.send(&at(field));
        let update = parse(at(field).as_bytes()).unwrap().remove(0);
        let advised = advice(&page.state, &update, &events, page.now).join("\n");
        assert_eq!(advised.contains(", is not in the time of i, which lasted from"), is_other, "{advised}");
    }
    for (json, message) in [
        (r#"{"type":"postmortem.publish","summary":"s"}"#, "missing field `incident`"),
        (r#"{"type":"postmortem.publish","incident":"I"}"#, "missing field `summary`"),
        (
            r#"{"type":"postmortem.publish","incident":"i","summary":"s","root_cause":"x"}"#,
            "/root_cause: unknown field",
        ),
        (
            r#"{"type":"postmortem.publish","incident":"i","summary":"s","five_whys":["1","2","3","4","5","6","7","8"]}"#,
            "/five_whys: has 8 items; the limit is 7",
        ),
        (
            r#"[{"type":"postmortem.publish","incident":"i","summary":"s","timeline":[{"at":"2026-03-01T12:00:00Z","what":"x","kind":"guess"}]}]"#,
            "/0/timeline/0/kind: unknown variant",
        ),
    ] {
        let error = parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    assert!(parse(TEMPLATE_JSON.as_bytes()).is_ok());
}

#[test]
fn follow_ups_are_tracked_until_they_are_done() {
    let mut page = page();
    resolved(&mut page);
    page.send(r#"{"type":"postmortem.publish","incident":"i","summary":"We broke it."}"#);
    page.send(r#"{"type":"followup.set","id":"f","incident":"i","name":"More disk","prevents":"A full disk.","owner":"storage","due":"2026-03-03T00:00:00Z"}"#);
    page.send(r#"{"type":"followup.set","incident":"i","name":"An alarm"}"#);
    let document = |page: &Page| {
        let incident = page.state.incidents.values().next().unwrap();
        postmortem_document(
            incident,
            page.state.postmortems.values().next().unwrap(),
            page.state.followups.values(),
            &Words::default(),
        )
    };
    assert_eq!((document(&page).followups_open, document(&page).followups_overdue), (2, 0));
    page.at("2026-03-02T00:00:00Z");
    assert!(matches!(&page.at("2026-03-03T00:00:00Z")[..], [Event::FollowupOverdue { .. }]));
    assert_eq!((document(&page).followups_open, document(&page).followups_overdue), (2, 1));
    page.send(r#"{"type":"followup.set","id":"f","due":"2026-03-09T00:00:00Z"}"#);
    assert_eq!(document(&page).followups_overdue, 0, "a new due date clears overdue");
    assert!(
        page.refused(r#"{"type":"followup.set","id":"f","status":"dropped"}"#)
            .1
            .contains("needs a \"reason\"")
    );
    page.send(r#"{"type":"followup.set","id":"f","status":"done"}"#);
    assert_eq!(document(&page).followups_open, 1);
    assert_eq!(document(&page).followups[0].status, FollowupStatus::Done);
    assert_eq!(page.refused(r#"{"type":"followup.set","id":"f","incident":"j"}"#).0, RejectionKind::Conflict);
    assert_eq!(
        page.refused(r#"{"type":"followup.set","incident":"nothing","name":"n"}"#).0,
        RejectionKind::NotFound
    );
    assert_eq!(page.refused(r#"{"type":"followup.set","incident":"i"}"#).0, RejectionKind::Invalid);
}

#[test]
fn a_notice_has_a_long_form() {
    let mut page = page();
    page.send(r#"{"type":"notice.post","title":"A bad week","body":"What to expect.","details":"We **failed** you.\n\n<script>x</script>","until":"2026-03-08T00:00:00Z"}"#);
    assert_eq!(page.document().notice.unwrap().title.as_deref(), Some("A bad week"));
    let document = notice_document(page.state.notice.as_ref().unwrap());
    assert_eq!(document.until, Some(time("2026-03-08T00:00:00Z")));
    let html = document.html.unwrap();
    assert!(html.contains("<strong>failed</strong>") && !html.contains("<script"), "{html}");
    page.at("2026-03-08T00:00:00Z");
    assert!(page.document().notice.is_none());
}

#[test]
fn limits_of_templates_followups_roles_and_lists_are_enforced() {
    let mut page = page();
    for n in 0..100 {
        page.send(&format!(r#"{{"type":"template.set","id":"t{n}","body":"b"}}"#));
    }
    assert_eq!(
        page.refused(r#"{"type":"template.set","id":"one-more","body":"b"}"#).0,
        RejectionKind::Conflict
    );
    page.send(r#"{"type":"template.set","id":"t7","body":"Again."}"#);
    assert_eq!(page.refused(r#"{"type":"template.set","id":"t7","body":"{{ }}"}"#).0, RejectionKind::Invalid);
    resolved(&mut page);
    for n in 0..200 {
        page.send(&format!(r#"{{"type":"followup.set","id":"f{n}","incident":"i","name":"n"}}"#));
    }
    assert_eq!(
        page.refused(r#"{"type":"followup.set","incident":"i","name":"n"}"#).0,
        RejectionKind::Conflict
    );
    page.send(r#"{"type":"followup.set","id":"f7","status":"done"}"#);
    page.send(r#"{"type":"followup.set","incident":"i","name":"n"}"#);
    let many = |n: usize| serde_json::json!(vec!["x"; n]).to_string();
    let roles = format!(
        r#"{{"type":"incident.open","name":"n","impact":"none","body":"b","roles":{{"responders":{}}}}}"#,
        many(21)
    );
    assert_eq!(page.refused(&roles).0, RejectionKind::Invalid);
    for (field, most) in [("causes", 30), ("technologies", 30), ("five_whys", 7)] {
        let publish = |n| {
            format!(r#"{{"type":"postmortem.publish","incident":"i","summary":"s","{field}":{}}}"#, many(n))
        };
        assert!(parse(publish(most).as_bytes()).is_ok(), "{field}");
        assert!(parse(publish(most + 1).as_bytes()).is_err(), "{field}");
    }
}

/// The post-mortem of a story in `examples/stories`.
fn story(name: &str) -> candor_shared::state::PostmortemText {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/stories").join(name);
    let mut found = None;
    for entry in fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|extension| extension == "json"))
    {
        for update in parse(&fs::read(entry.path()).unwrap()).unwrap() {
            if let candor_shared::update::Update::PostmortemPublish(publish) = update {
                found = Some(publish.text);
            }
        }
    }
    found.expect("the story ends with a post-mortem")
}

fn verdicts(name: &str) -> Vec<(&'static str, Verdict)> {
    gauntlet(&story(name), None)
        .criteria
        .into_iter()
        .map(|criterion| (criterion.id, criterion.verdict))
        .collect()
}

/// The expected verdicts are those of the review of 2010 on the published post-mortem of the check-in outage, where a rule judges.
#[test]
fn the_gauntlet_agrees_with_the_review_of_2010() {
    assert_eq!(
        verdicts("checkin-2010"),
        [
            ("admit_failure", Verdict::Met),
            ("human_voice", Verdict::Met),
            ("communication_channel", Verdict::Unjudged),
            ("authenticity", Verdict::Met),
            ("start_end_time", Verdict::Unjudged),
            ("impact", Verdict::Unjudged),
            ("what_went_wrong", Verdict::Unjudged),
            ("lessons_learned", Verdict::Unjudged),
            ("technologies", Verdict::Unjudged),
            ("five_whys", Verdict::Unjudged),
            ("human_elements", Verdict::Unjudged),
            ("learnings_for_others", Verdict::Unjudged),
        ]
    );
    let report = gauntlet(&story("checkin-2010"), None);
    assert_eq!((report.met, report.partial, report.missing, report.unjudged), (3, 0, 0, 9));
    assert_eq!(report.criteria[3].judged_by, "human: the engineer on call that day");
    assert!(report.criteria[4].reason.starts_with("\"started_at\" is not given"));
}

/// Of a good one, no rule finds anything to complain of; a person judges what words alone leave open.
#[test]
fn a_good_postmortem_lacks_nothing() {
    let all = gauntlet(&story("marketplace-2010"), None).criteria;
    for criterion in &all {
        assert!(criterion.advice.is_empty(), "{criterion:?}");
        let human = criterion.judged_by.starts_with("human: ");
        assert!(
            criterion.verdict == Verdict::Met || (criterion.verdict == Verdict::Unjudged && human),
            "{criterion:?}"
        );
    }
    assert_eq!(all.iter().filter(|criterion| criterion.verdict == Verdict::Met).count(), 5);
}

#[test]
fn imported_history_gets_advice_on_young_components_and_none_on_the_response() {
    let mut page = Page::new("2026-03-01T12:00:00Z");
    page.send(r#"{"type":"component.set","id":"api","name":"API"}"#);
    let mut advise = |update: &str| {
        let events = page.send(update);
        let update = parse(update.as_bytes()).unwrap().remove(0);
        advice(&page.state, &update, &events, page.now).join("\n")
    };
    let text = advise(
        r#"{"type":"incident.open","id":"old","name":"Old","impact":"major","body":"We broke it.","components":{"api":"major_outage"},"at":"2010-10-04T15:00:00Z"}"#,
    );
    assert!(text.starts_with("api is on the page only since 2026-03-01T12:00:00.000Z"), "{text}");
    assert_eq!(text.lines().count(), 1, "neither a promise nor roles are asked of history: {text}");
    assert_eq!(
        advise(
            r#"{"type":"incident.update","status":"resolved","body":"It works.","at":"2010-10-04T16:00:00Z"}"#
        ),
        ""
    );
    // What was imported is about the component that had the id then, not about the one that has it now.
    for update in
        [r#"{"type":"component.remove","id":"api"}"#, r#"{"type":"component.set","id":"api","name":"API 2"}"#]
    {
        advise(update);
    }
    let text = advise(
        r#"{"type":"incident.open","id":"older","name":"Older","impact":"major","body":"We broke it.","components":{"api":"major_outage"},"at":"2010-10-03T15:00:00Z"}"#,
    );
    assert_eq!(text, "");
}
