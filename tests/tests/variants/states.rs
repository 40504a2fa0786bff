//! The text of each state in each variant.

use crate::{
    BY_WIDGET, ELEMENT, HEAD, HEALTHY, OPEN_SHADOW_ROOTS, gallery, major, site, text_script, wait_for_text,
};
use candor_tests::{Browser, Reply};
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
        ("major", "Partial system outage", "Nothing that you saved is lost."),
        ("critical", "Major service outage", "2 more"),
        ("maintenance", "Service under maintenance", "in progress"),
        ("overdue", "Partial system outage", "update overdue since"),
        ("stale", "Partial system outage · not confirmed since", "not confirmed since"),
        ("unknown", "Status unknown · We cannot check right now.", ""),
        ("resolved", "Resolved", "Nothing was lost.resolved "),
        ("components", "Partially degraded service", "Maps, Search"),
        ("notice", "All systems operational", "On Saturday our office is closed."),
        ("translated", "Partial system outage", "Check-ins are failing"),
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
            .contains("This is as of")
    );
    // No two of these states have the same colour.
    let colours = browser.eval("return ['healthy', 'minor', 'major', 'critical', 'maintenance', 'unknown'].map(id =>
        getComputedStyle(document.querySelector('#' + id + ' [variant=inline]').shadowRoot.querySelector('.panel')).borderTopColor)");
    let colours = colours.as_array().unwrap();
    let distinct: std::collections::BTreeSet<String> = colours.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), colours.len(), "{colours:?}");
}

#[test]
fn an_offline_visitor_sees_the_age_of_the_status() {
    let page = format!("{HEAD}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("status.json", HEALTHY)], &[]);
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
    wait_for_text(&browser, "You are offline. This is as of ");
    let class = "return root.querySelector('.panel').className";
    assert_eq!(browser.eval_in_shadow("candor-status", class), "panel unknown", "unknown, not green");
    offline(false);
    browser.until_in_shadow(
        "operational again",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel ok'",
    );
}

#[test]
fn a_resolved_incident_becomes_unknown_when_unconfirmed() {
    let page = format!(
        "{HEAD}{OPEN_SHADOW_ROOTS}{ELEMENT}<candor-status variant=inline></candor-status><candor-status id=strip></candor-status>"
    );
    let mut status: Value = serde_json::from_str(HEALTHY).unwrap();
    status["resolved"] = json!([{ "id": "down", "name": "Check-ins were failing", "impact": "major",
        "resolved_at": "2026-01-01T10:00:00.000Z", "body": "It is over." }]);
    let site = site(&[("index.html", &page), ("status.json", &status.to_string())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    wait_for_text(&browser, "Resolved");
    browser.until_in_shadow("the strip", "#strip", "return root.textContent.includes('It is over.')");
    site.set("/status.json", Reply::Status(503));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "unknown",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel unknown' && !root.textContent.includes('Resolved')",
    );
    browser.until_in_shadow("the strip is gone", "#strip", "return !root.querySelector('section')");
}

#[test]
fn a_wrong_clock_is_corrected_or_not_used() {
    let browser = Browser::start();
    let wrong = "<script>{ const Real = Date; const off = 5 * 36e5; window.Date = class extends Real {
        constructor(...all) { all.length ? super(...all) : super(Real.now() + off) } static now() { return Real.now() + off } } }</script>";
    let page = format!("{HEAD}{wrong}{ELEMENT}<candor-status variant=inline></candor-status>");
    let files = [("index.html", page.as_str()), ("status.json", &major())];
    // The absolute time in this machine's time zone, which may have another day.
    let time = browser.eval("return 'Updated ' + String(new Date('2026-01-01T10:10:00Z')).slice(4, 21)");
    for (headers, words) in [
        (vec![("date", "Thu, 01 Jan 2026 10:13:00 GMT")], "Updated 3 minutes ago"),
        (vec![], time.as_str().unwrap()),
    ] {
        let site = site(&files, &headers);
        browser.open(&site.url("/"));
        browser.until_in_shadow(
            "the widget",
            "candor-status",
            &format!("return root.querySelector('{BY_WIDGET}')"),
        );
        wait_for_text(&browser, words);
    }
}
