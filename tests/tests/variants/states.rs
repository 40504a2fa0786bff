//! The text of each state in each variant.

use crate::{
    BY_WIDGET, ELEMENT, HEAD, OPEN_SHADOW_ROOTS, gallery, healthy, site, text_script, wait_for_text,
};
use candor_tests::{Browser, Reply, bulletin};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

#[test]
fn every_variant_shows_every_state() {
    let (site, browser) = (gallery(), Browser::start());
    browser.open(&site.url("/"));
    browser.until("all states", "return document.querySelectorAll('.state').length === 12");
    browser.until(
        "the widget in ten states",
        &format!("return [...document.querySelectorAll('[variant=inline]')].filter(node => node.shadowRoot?.querySelector('{BY_WIDGET}')).length === 10"),
    );
    let summary = [
        ("healthy", "All systems operational", ""),
        ("minor", "Partially degraded service", "Maps load slowly"),
        ("major", "Some systems are down", "Nothing that you saved is lost."),
        ("critical", "Major service outage", "2 more"),
        ("maintenance", "Service under maintenance", "in progress"),
        ("overdue", "Some systems are down", "update overdue since"),
        ("stale", "Some systems are down · not confirmed since", "not confirmed since"),
        ("unknown", "Status unknown", ""),
        ("resolved", "Resolved", "Nothing was lost.resolved "),
        ("components", "Partially degraded service", "Search"),
        ("notice", "All systems operational", "On Saturday our office is closed."),
        ("translated", "Some systems are down", "Check-ins are failing"),
    ];
    for (state, short, long) in summary {
        let text = |variant: &str| {
            browser
                .eval(&format!("return {}", text_script(state, variant)))
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        for variant in ["badge", "floating"] {
            assert!(text(variant).starts_with(short), "{state} {variant}: {}", text(variant));
        }
        assert!(text("inline").contains(short.split(" · ").next().unwrap()), "{state}: {}", text("inline"));
        let banner = text("banner");
        assert!(banner.contains(long) && banner.is_empty() == long.is_empty(), "{state} banner: {banner}");
    }
    assert!(
        browser
            .eval(&format!("return {}", text_script("stale", "inline")))
            .as_str()
            .unwrap()
            .contains("not confirmed since")
    );
    // No two of these states have the same colour.
    let colours = browser.eval("return ['healthy', 'minor', 'major', 'critical', 'maintenance', 'unknown'].map(id =>
        getComputedStyle(document.querySelector('#' + id + ' [variant=inline]').shadowRoot.querySelector('.panel')).borderTopColor)");
    let colours = colours.as_array().unwrap();
    let distinct: std::collections::BTreeSet<String> = colours.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), colours.len(), "{colours:?}");
}

#[test]
fn an_offline_visitor_sees_that_the_status_is_unknown() {
    let page = format!("{HEAD}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("bulletin.json", &healthy())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    wait_for_text(&browser, "All systems operational");
    let offline = |is_offline: bool| {
        browser.devtools("Network.enable", json!({}));
        browser.devtools(
            "Network.emulateNetworkConditions",
            json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    };
    offline(true);
    wait_for_text(&browser, "Status unknown");
    let class = "return root.querySelector('.panel').className";
    assert_eq!(browser.eval_in_shadow("candor-status", class), "panel unknown", "unknown, not green");
    offline(false);
    browser.until_in_shadow(
        "operational again",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel none'",
    );
}

#[test]
fn a_resolved_incident_becomes_unknown_when_unconfirmed() {
    // Told to those who saw it, for ten minutes.
    let met = "<script>localStorage['candor:' + location.origin + '/bulletin.jsonmet'] = 'down'</script>";
    let page = format!(
        "{HEAD}{met}{OPEN_SHADOW_ROOTS}{ELEMENT}<candor-status variant=inline></candor-status><candor-status id=strip></candor-status>"
    );
    let over = |id: &str, minutes: i64| {
        let mut line = bulletin::incident(id);
        let at = Timestamp::now() - SignedDuration::from_mins(minutes);
        line["key"] = json!(format!("resolved/{id}@{}", at.as_millisecond()));
        (line["level"], line["label"], line["body"]["text"]) =
            (json!("resolved"), json!("Resolved"), json!(["It is over."]));
        line
    };
    // Others saw neither another incident nor one that was over long ago.
    for lines in [json!([over("other", 1)]), json!([over("down", 11)])] {
        let past = bulletin::telling("resolved", "Resolved", lines).to_string();
        let site = site(&[("index.html", &page), ("bulletin.json", &past)], &[]);
        let browser = Browser::start();
        browser.open(&site.url("/"));
        wait_for_text(&browser, "All systems operational");
        assert_eq!(browser.eval_in_shadow("#strip", "return root"), Value::Null, "nothing is told");
    }
    // Nor where a notice is beside it.
    let notice =
        json!({ "key": "notice/@1", "level": "notice", "label": "Notice", "body": { "text": ["We move."] } });
    let beside = bulletin::telling("resolved", "Resolved", json!([over("other", 1), notice])).to_string();
    let site_beside = site(&[("index.html", &page), ("bulletin.json", &beside)], &[]);
    let browser = Browser::start();
    browser.open(&site_beside.url("/"));
    wait_for_text(&browser, "All systems operational");
    wait_for_text(&browser, "We move.");
    let status = bulletin::telling("resolved", "Resolved", json!([over("down", 1)]));
    let site = site(&[("index.html", &page), ("bulletin.json", &status.to_string())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    wait_for_text(&browser, "Resolved");
    browser.until_in_shadow("the strip", "#strip", "return root.textContent.includes('It is over.')");
    site.set("/bulletin.json", Reply::Status(503));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "unknown",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel unknown' && !root.textContent.includes('Resolved')",
    );
    browser.until_in_shadow("the strip is gone", "#strip", "return !root.querySelector('section')");
}
