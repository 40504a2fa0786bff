use super::*;
use crate::drawn::drawn;
use crate::panel::Outcome;
use crate::sample_panel::panel;

fn html(panel: &Panel, doubt: Doubts, shown: &Shown) -> String {
    drawn(contents(panel, doubt, shown, &Acts(Callback::noop())))
}

const TIME: &str = r#"<time datetime="2026-01-01T10:12:00.000Z">1 Jan 2026, 10:12 UTC</time>"#;

#[test]
fn every_node_of_a_panel_is_as_agreed() {
    let going_on = [
        r#"<section><h3>What is going on</h3><article class="major" part="item"><h4><b>Major outage</b> <strong dir="auto" lang="de">Check-ins fail</strong></h4>"#,
        r#"<div class="note"><p dir="auto">One in three.</p></div><small>Updated "#,
        TIME,
        r#" · identified</small><ol><li><p><strong>Identified</strong> <small>"#,
        TIME,
        r#"</small></p><p dir="auto">A <strong>full disk</strong>.</p></li></ol>"#,
        r#"<p class="links"><a href="https://status.example.com/incidents/down">Details</a></p></article></section>"#,
        r#"<section><h3>What is over</h3><article class="minor" part="item"><h4><b>Minor</b> <strong dir="auto">Mails</strong></h4><small>lasted 2 h</small></article></section>"#,
    ];
    let days = [
        r#"<section><h3>The last 3 days</h3><h4><span dir="auto">App</span></h4><ul><li class="critical"><i class="dot" part="dot"></i><span dir="auto">Check-ins</span> <span class="state">Major outage</span>"#,
        r#"<div class="days"><svg viewBox="0 0 3 10" preserveAspectRatio="none" aria-hidden="true"><rect class="no" x="0" width="1" height="10"></rect>"#,
        r#"<rect class="ok" x="1" width="2" height="10"></rect><rect class="major" x="2" width="1" height="10"></rect></svg>"#,
    ];
    let all = html(&panel(), None, &Shown::default());
    assert!(all.starts_with(&going_on.concat()), "{all}");
    assert!(all.contains(&days.concat()), "{all}");
    assert!(
        all.contains(r#"aria-label="Check-ins: 97% over 2 days" aria-valuetext="1 Jan 2026: 96%""#),
        "{all}"
    );
    assert!(all.contains("<span>2 days of data</span><span>97%</span><span>today</span>"), "{all}");
    let foot = r#"<footer><span dir="auto">Trailmark</span><nav class="links"><a href="https://status.example.com/history">History</a></nav><label>Language <select>"#;
    assert!(all.contains(foot), "{all}");
    assert!(!all.contains("javascript:"), "{all}");
}

#[test]
fn a_day_that_is_pointed_at_says_what_was() {
    for (day, text) in [
        (0, "30 Dec 2025: no data yet"),
        (1, "31 Dec 2025: 100%"),
        (2, "1 Jan 2026: 96%"),
        (9, "1 Jan 2026: 96%"),
    ] {
        let all = html(&panel(), None, &Shown { day: Some((0, day)), ..Shown::default() });
        assert!(all.contains(&format!("<span>{text}</span></p>")), "{all}");
        assert!(all.contains("3 days ago"), "the other component is as it was: {all}");
    }
}

#[test]
fn in_doubt_nothing_is_green_and_what_is_red_stays_red() {
    let since = "2026-01-01T10:20:00Z".parse().unwrap();
    let mut panel = panel();
    for (doubt, words) in [
        (Doubt::Unconfirmed, "not confirmed since 1 Jan 2026, 10:20 UTC"),
        (Doubt::Offline, "You are offline. This is as of 1 Jan 2026, 10:20 UTC."),
    ] {
        let all = html(&panel, Some((doubt, since)), &Shown::default());
        assert!(all.contains(&format!(r#"<p class="note">{words}</p>"#)), "{all}");
        assert!(!all.contains("Operational") && !all.contains(r#"class="none""#), "{all}");
        assert!(all.contains(r#"<li class="critical">"#), "{all}");
    }
    assert_eq!(state(&panel, Some((Doubt::Offline, since))), ("major", "Some systems are down"));
    panel.level = Level::None;
    assert_eq!(state(&panel, None), ("none", "Some systems are down"));
    assert_eq!(state(&panel, Some((Doubt::Offline, since))), ("unknown", "Status unknown"));
    // The server's doubt is the older one.
    panel.unconfirmed_since = "2026-01-01T10:13:00Z".parse().ok();
    assert_eq!(state(&panel, None).0, "unknown");
    assert!(
        html(&panel, Some((Doubt::Unconfirmed, since)), &Shown::default())
            .contains("since 1 Jan 2026, 10:13")
    );
}

#[test]
fn what_became_of_an_address_stands_beside_it() {
    for (outcome, found, advice) in [
        (Outcome::Answered(230), "answers in 230 ms", "All."),
        (Outcome::Silent, "does not answer", "Not known."),
        (Outcome::Untried, "Unknown", ""),
    ] {
        let all = html(&panel(), None, &Shown { progress: vec![Some(outcome)], ..Shown::default() });
        assert!(all.contains(&format!(r#"<span class="found">{found}</span>"#)), "{all}");
        assert_eq!(all.contains("mailto:a@example.com"), advice == "Not known.", "{all}");
        assert!(advice.is_empty() || all.contains(&format!("<strong>{advice}</strong>")), "{all}");
    }
    let all = html(&panel(), None, &Shown { progress: vec![None], ..Shown::default() });
    assert!(all.contains("<strong>Checking …</strong>"), "{all}");
}
