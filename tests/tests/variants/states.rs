//! What each state says, in each variant.

use crate::{BY_WIDGET, ELEMENT, HEAD, HEALTHY, OPEN, gallery, major, shows, site, text};
use candor_tests::{Browser, Reply};
use serde_json::{Value, json};

#[test]
fn every_state_says_what_it_is_in_every_variant() {
    let (site, browser) = (gallery(), Browser::start());
    browser.open(&site.url("/"));
    browser.until("all are there", "return document.querySelectorAll('.state').length === 12");
    browser.until(
        "what there is to tell is told by the widget",
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
    for (state, short, told) in summary {
        let says = |variant: &str| {
            browser.eval(&format!("return {}", text(state, variant))).as_str().unwrap_or_default().to_owned()
        };
        for variant in ["badge", "floating"] {
            assert!(says(variant).starts_with(short), "{state} {variant}: {}", says(variant));
        }
        assert!(says("inline").contains(short.split(" · ").next().unwrap()), "{state}: {}", says("inline"));
        let banner = says("banner");
        assert!(banner.contains(told) && banner.is_empty() == told.is_empty(), "{state} banner: {banner}");
    }
    assert!(
        browser
            .eval(&format!("return {}", text("stale", "inline")))
            .as_str()
            .unwrap()
            .contains("This is as of")
    );
    // No two states look the same: a colour, or a word.
    let colours = browser.eval("return ['healthy', 'minor', 'major', 'critical', 'maintenance', 'unknown'].map(id =>
        getComputedStyle(document.querySelector('#' + id + ' [variant=inline]').shadowRoot.querySelector('.panel')).borderTopColor)");
    let colours = colours.as_array().unwrap();
    let distinct: std::collections::BTreeSet<String> = colours.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), colours.len(), "{colours:?}");
}

#[test]
fn who_is_offline_is_told_so() {
    let page = format!("{HEAD}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("status.json", HEALTHY)], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    shows(&browser, "All systems operational");
    let offline = |is_offline: bool| {
        browser.devtools("Network.enable", json!({}));
        browser.devtools(
            "Network.emulateNetworkConditions",
            json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    };
    offline(true);
    shows(&browser, "You are offline. This is as of ");
    let green = "return root.querySelector('.panel').className";
    assert_eq!(browser.eval_in_shadow("candor-status", green), "panel unknown", "not green: nobody knows");
    offline(false);
    browser.until_in_shadow(
        "it is well again",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel ok'",
    );
}

#[test]
fn what_is_over_may_have_come_back_where_nothing_can_be_read() {
    let page = format!(
        "{HEAD}{OPEN}{ELEMENT}<candor-status variant=inline></candor-status><candor-status id=strip></candor-status>"
    );
    let mut status: Value = serde_json::from_str(HEALTHY).unwrap();
    status["resolved"] = json!([{ "id": "down", "name": "Check-ins were failing", "impact": "major",
        "resolved_at": "2026-01-01T10:00:00.000Z", "body": "It is over." }]);
    let site = site(&[("index.html", &page), ("status.json", &status.to_string())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    shows(&browser, "Resolved");
    browser.until_in_shadow("the strip", "#strip", "return root.textContent.includes('It is over.')");
    site.set("/status.json", Reply::Status(503));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "nobody knows",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel unknown' && !root.textContent.includes('Resolved')",
    );
    browser.until_in_shadow("the strip is gone", "#strip", "return !root.querySelector('section')");
}

#[test]
fn a_wrong_clock_is_corrected_or_not_relied_on() {
    let browser = Browser::start();
    let wrong = "<script>{ const Real = Date; const off = 5 * 36e5; window.Date = class extends Real {
        constructor(...all) { all.length ? super(...all) : super(Real.now() + off) } static now() { return Real.now() + off } } }</script>";
    let page = format!("{HEAD}{wrong}{ELEMENT}<candor-status variant=inline></candor-status>");
    let files = [("index.html", page.as_str()), ("status.json", &major())];
    // In this machine's zone, which may have another day.
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
        shows(&browser, words);
    }
}
