//! What operators wrote, as the documents show it.

use serde_json::Value;

use super::page::{Page, SET_UP, html, turned_down};
use crate::document::Document;

fn document(page: &mut Page, name: &str) -> String {
    page.document(&Document::named(name).unwrap()).unwrap_or_else(|| panic!("{name} does not exist"))
}

fn json(page: &mut Page, name: &str) -> Value {
    serde_json::from_str(&document(page, name)).unwrap()
}

fn with(updates: &[&str]) -> Page {
    let mut page = Page::new();
    page.send(SET_UP);
    for update in updates {
        page.send(update);
    }
    page
}

/// Whether these stand in the text, in this order.
fn in_order(text: &str, parts: &[&str]) -> bool {
    let mut rest = Some(text);
    for part in parts {
        rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, after)| after);
    }
    rest.is_some()
}

#[test]
fn dates_and_signs_are_read_everywhere() {
    let body =
        r"28. November: Ausfall.\n30. November: behoben.\n1. Dezember: Nachlese.\n\n> 90 % of payments.";
    let mut page = with(&[&format!(
        r#"{{"type":"incident.open","id":"a","name":"A","impact":"major","body":"{body}"}}"#
    )]);
    let lines = ["28. November: Ausfall.", "30. November: behoben.", "1. Dezember: Nachlese."];
    for name in ["/bulletin.json", "/embed?variant=banner", "/panel.json"] {
        assert!(in_order(&document(&mut page, name), &lines), "{name}");
    }
    assert!(document(&mut page, "/bulletin.json").contains("> 90 % of payments."));
    let tags = [r#"<ol start="28">"#, "<li>Ausfall.", r#"<ol start="30">"#, "behoben", "<ol>", "&gt; 90 %"];
    let tags = tags.map(|tag| tag.replace("<li>Ausfall.", "<li>November: Ausfall."));
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    assert!(in_order(&html(&mut page, "/incidents/a").unwrap(), &tags));
    let head = html(&mut page, "/incidents/a").unwrap();
    assert!(in_order(&head, &[r#"<meta name="description""#, "28. November: Ausfall.", "</head>"]), "{head}");
}

#[test]
fn the_headings_of_operators_are_below_those_around_them() {
    let mut page = with(&[
        r##"{"type":"notice.post","body":"Short.","details":"# Long\n\nText"}"##,
        r#"{"type":"incident.open","id":"a","name":"A","impact":"major","body":"We broke it."}"#,
        r#"{"type":"incident.update","status":"resolved","body":"Fixed."}"#,
        r##"{"type":"postmortem.publish","incident":"a","summary":"# Big\n\n## Second\n\n```\nopen","what_went_wrong":"# Part","five_whys":["One","Two"]}"##,
    ]);
    let home = html(&mut page, "/").unwrap();
    assert!(home.matches("<h1").count() == 1 && home.contains("<h3>Long</h3>"), "{home}");
    page.send(r###"{"type":"notice.post","title":"T","body":"Short.","details":" ##### Long"}"###);
    assert!(html(&mut page, "/").unwrap().contains("<h6>Long</h6>"));
    let incident = html(&mut page, "/incidents/a").unwrap();
    assert_eq!(incident.matches("<h1").count(), 1, "{incident}");
    let headings = ["<h3>Big</h3>", "<h4>Second</h4>", "open", "<h3>What went wrong</h3>", "<h4>Part</h4>"];
    assert!(in_order(&incident, &headings), "{incident}");
    assert!(in_order(&incident, &["<ol>", "<li>One</li>", "<li>Two</li>", "</ol>"]), "{incident}");
    let text = json(&mut page, "/postmortems/a.json")["html"].as_str().unwrap().to_owned();
    assert!(in_order(&text, &["<h2>Big</h2>", "<h2>What went wrong</h2>", "<h3>Part</h3>"]), "{text}");
}

#[test]
fn the_worst_is_first_everywhere() {
    let mut page = with(&[
        r#"{"type":"incident.open","id":"bad","name":"Bad","impact":"critical","body":"B."}"#,
        r#"{"type":"incident.open","id":"odd","name":"Odd","impact":"minor","body":"O.","started_at":"2026-03-01T11:59:00Z"}"#,
        r#"{"type":"incident.open","id":"held","name":"Held","impact":"none","components":{"api":"major_outage"},"body":"H."}"#,
    ]);
    for name in ["/", "/status.json", "/bulletin.json", "/panel.json", "/embed?variant=inline"] {
        let text = document(&mut page, name);
        let start = text.find("<main").unwrap_or(0);
        assert!(
            in_order(&text[start..], &["Bad", "Odd"]) && in_order(&text[start..], &["Held", "Odd"]),
            "{name}: {text}"
        );
    }
    let listed = json(&mut page, "/api/v2/incidents/unresolved.json");
    assert_eq!(listed["incidents"][2]["id"], "odd", "Statuspage has the newest first");
}

#[test]
fn machines_get_addresses_in_ascii() {
    let mut page = with(&[
        r#"{"type":"page.set","url":"https://例え.jp/ステータス/"}"#,
        r#"{"type":"incident.open","id":"a","name":"A","impact":"major","body":"B."}"#,
    ]);
    let base = "https://xn--r8jz45g.jp/%E3%82%B9%E3%83%86%E3%83%BC%E3%82%BF%E3%82%B9/";
    for name in [
        "/history.rss",
        "/history.atom",
        "/feed.json",
        "/status.json",
        "/bulletin.json",
        "/api/v2/summary.json",
        "/",
        "/panel.json",
    ] {
        let text = document(&mut page, name);
        assert!(text.contains(base) && !text.contains("例え.jp"), "{name}: {text}");
    }
    for url in ["https://status.example.com/\u{200b}", "https://status.example.com\u{feff}"] {
        for update in [
            format!(r#"{{"type":"page.set","url":"{url}"}}"#),
            format!(r#"{{"type":"page.set","support":"{url}"}}"#),
            format!(r#"{{"type":"notice.post","body":"B.","url":"{url}"}}"#),
        ] {
            let problem = turned_down(&mut page, &update);
            assert!(format!("{problem:?}").contains("nobody sees"), "{update}: {problem:?}");
        }
    }
}

/// Who reads a feed alone learns when the work is, in the feed's language, and what is affected.
#[test]
fn a_feed_says_when_planned_work_is_and_what_is_affected() {
    let mut page = with(&[
        r#"{"type":"component.set","id":"b","name":"Web <b>"}"#,
        r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","components":["api"],"scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}"#,
        r#"{"type":"maintenance.schedule","id":"night","name":"Night","body":"Nothing named.","scheduled_for":"2026-03-03T23:00:00Z","scheduled_until":"2026-03-04T01:00:00Z"}"#,
        r#"{"type":"incident.open","id":"down","name":"Down","impact":"major","components":{"b":"major_outage"},"body":"We **look**."}"#,
        r#"{"type":"incident.open","id":"slow","name":"Slow","impact":"minor","body":"It is slow."}"#,
        r#"{"type":"incident.update","incident":"down","status":"resolved","body":"It works."}"#,
        r#"{"type":"component.remove","id":"b"}"#,
    ]);
    let feed = json(&mut page, "/feed.json");
    let item = |kind: &str, field: &str| {
        let items = feed["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["id"].as_str().unwrap().ends_with(&format!("{kind}:1")));
        item.unwrap()[field].as_str().unwrap().to_owned()
    };
    let (disks, night) = ("maintenance:disks", "maintenance:night");
    let window = "3 Mar 2026, 12:00 – 13:00 UTC";
    assert_eq!(
        item(disks, "content_text"),
        format!("We swap disks.\n\nPlanned for: {window}\nComponents: API")
    );
    assert_eq!(
        item(disks, "content_html"),
        format!(
            "<p>We swap disks.</p>\n<p>Planned for: <bdi>{window}</bdi><br />\nComponents: <bdi>API</bdi></p>"
        )
    );
    assert_eq!(
        item(night, "content_text"),
        "Nothing named.\n\nPlanned for: 3 Mar 2026, 23:00 – 4 Mar 2026, 01:00 UTC"
    );
    assert_eq!(item("incident:down", "content_text"), "We **look**.\n\nComponents: Web <b>");
    assert!(item("incident:down", "content_html").ends_with("<p>Components: <bdi>Web &lt;b&gt;</bdi></p>"));
    assert_eq!(item("incident:slow", "content_html"), "<p>It is slow.</p>");
    for name in ["/history.atom", "/history.rss", "/maintenances/disks"] {
        assert!(document(&mut page, name).contains(window), "{name}");
    }
    let german = document(&mut page, "/feed.json?lang=de");
    let planned =
        candor_shared::words::Words::of("de").unwrap().get(candor_shared::words::Word::StoryPlannedFor);
    assert!(german.contains(&format!("<p lang=\\\"de\\\" dir=\\\"ltr\\\">{planned}: ")), "{german}");
}

#[test]
fn a_group_without_members_is_unknown() {
    let mut page = with(&[r#"{"type":"component.set","id":"g","name":"G","is_group":true}"#]);
    for name in ["/badge.svg?component=g", "/embed?variant=badge&components=g", "/bulletin.json?components=g"]
    {
        let text = document(&mut page, name);
        assert!(text.contains("Status unknown") && !text.contains("perational"), "{name}: {text}");
    }
}
