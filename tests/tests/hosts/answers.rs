//! An edge that fails: what it answers with, or does not. Neither up nor down is said then; what is shown stays, and
//! says since when nobody knows.

use crate::life::{STATUS, WHILE, checks, host};
use crate::{BANNER, Host, IS_WIDGET, incident, started, tells, unharmed};
use candor_tests::{Edge, Reply, Site, eventually, paths};
use serde_json::json;
use std::time::Duration;

const DOUBT: &str =
    "return root.textContent.includes('not confirmed since') && root.textContent.includes('We are on it.')";
const NO_DOUBT: &str =
    "return root.textContent.includes('We are on it.') && !root.textContent.includes('not confirmed since')";

/// What stands in for the edge. Without its module, the plain banner stays.
fn stand_in(edge: &Edge, module: bool) -> Site {
    let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
    if !module {
        copy.set(&part(edge, "widget.wasm"), Reply::Status(404));
    }
    copy
}

/// Where the loader finds a part of the widget.
fn part(edge: &Edge, name: &str) -> String {
    let loader = edge.get("/widget.js").expect(200).text();
    let (_, rest) = loader.split_once("candor/").expect("it names its folder");
    format!("/candor/{}/{name}", &rest[..8])
}

fn whole(edge: &Edge) -> Reply {
    Reply::text(&edge.status().to_string())
}

fn bad(edge: &Edge) -> Vec<(&'static str, Reply, &'static str)> {
    let text = edge.status().to_string();
    let mut future = edge.status();
    future["schema"] = json!(2);
    vec![
        ("an error", Reply::Status(500), "500"),
        ("no such page", Reply::Status(404), "404"),
        ("cut short by a cache", Reply::text(&text[..text.len() / 2]), ""),
        ("cut short by the network", Reply::Half(text.into_bytes()), ""),
        ("of a schema to come", Reply::text(&future.to_string()), ""),
        ("nothing at all", Reply::text(""), ""),
        ("null", Reply::text("null"), ""),
        ("not a document", Reply::text("{\"schema\":1}"), ""),
    ]
}

/// An hour, as long as a page waits at the most; by its clock it would have asked again three times and more.
#[test]
fn when_to_come_back_is_heeded() {
    let (edge, browser) = started();
    let headers = [
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", "retry-after"),
        ("retry-after", "3600"),
    ];
    let copy = Site::folder(&paths::assets(), &[], &headers);
    copy.set(STATUS, Reply::Status(503));
    let site = host(&copy.url("/widget.js"), 200, 0, "");
    browser.open(&site.url("/"));
    browser.until("it is told", "return host.events.length");
    assert_eq!(checks(&copy, WHILE), 0);
    copy.set(STATUS, whole(&edge));
    eventually("it comes back", Duration::from_secs(30), || (copy.request_count(STATUS) > 1).then_some(()));
}

/// The first look rests on nothing but the loader, whether the default is written out or not.
#[test]
fn without_an_answer_for_the_element_the_first_look_is_there() {
    let (edge, browser) = started();
    incident(&edge);
    let copy = stand_in(&edge, true);
    copy.set(STATUS, whole(&edge));
    copy.set(&part(&edge, "element.js"), Reply::Silence);
    for attributes in ["", "data-show=issues"] {
        let site =
            Host::with(format!("<script async src={} {attributes}></script>", copy.url("/widget.js"))).site();
        browser.open(&site.url("/"));
        tells(&browser, attributes, false);
        unharmed(&browser, attributes);
    }
}

/// English stands in, which has fewer forms of "more".
#[test]
fn a_language_that_cannot_be_loaded_is_english() {
    let (edge, browser) = started();
    incident(&edge);
    for id in ["one", "two", "three"] {
        edge.accept(
            &json!({ "type": "incident.open", "id": id, "name": id, "impact": "minor", "body": "Wait." }),
        );
    }
    let copy = stand_in(&edge, true);
    copy.set(STATUS, whole(&edge));
    copy.set(&part(&edge, "pl.js"), Reply::Status(404));
    let site =
        Host::with(format!("<script async src={} data-lang=pl></script>", copy.url("/widget.js"))).site();
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    browser.until_in_shadow("three are few in Polish", BANNER, "return root.textContent.includes('3 more')");
    unharmed(&browser, "without its language");
}

#[test]
fn before_anything_is_known_nothing_is_claimed() {
    let (edge, browser) = started();
    incident(&edge);
    let copy = stand_in(&edge, true);
    let site = Host::with(format!("<script async src={}></script>", copy.url("/widget.js"))).site();
    for (case, reply, reason) in bad(&edge) {
        copy.set(STATUS, reply);
        browser.open(&site.url("/"));
        browser.until(&format!("{case}: it is told"), "return host.events.length");
        let told = browser.eval("return host.events[0]");
        assert!(
            told.as_str().is_some_and(|told| !told.is_empty() && told.contains(reason)),
            "{case}: {told}"
        );
        let claimed = browser.eval("return [candor.status(), document.querySelector('candor-status')]");
        assert_eq!(claimed, json!([null, null]), "{case}");
        unharmed(&browser, case);
        // It is still looking.
        copy.set(STATUS, whole(&edge));
        browser.eval("candor.refresh()");
        browser.until_in_shadow(case, BANNER, NO_DOUBT);
        unharmed(&browser, case);
    }
}

/// What the widget shows, and what the plain banner does for want of a module, stays and is doubted.
fn stays(module: bool) {
    let (edge, browser) = started();
    incident(&edge);
    let (copy, silent) = (stand_in(&edge, module), stand_in(&edge, module));
    silent.set(STATUS, Reply::Silence);
    let tag = |site: &Site| format!("<script src={}></script>", site.url("/widget.js"));
    let site = Host::with([tag(&copy), tag(&silent)].concat()).site();
    copy.set(STATUS, whole(&edge));
    browser.open(&site.url("/"));
    let check = || browser.eval(&format!("candor['{}'].refresh()", copy.url(STATUS)));
    if module {
        browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    }
    browser.until_in_shadow("at first", BANNER, NO_DOUBT);
    let mut cases = bad(&edge);
    // Given up after ten seconds.
    cases.push(("no answer", Reply::Silence, ""));
    for (case, reply, _) in cases {
        copy.set(STATUS, reply);
        check();
        browser.until_in_shadow(case, BANNER, DOUBT);
        copy.set(STATUS, whole(&edge));
        check();
        browser.until_in_shadow(case, BANNER, NO_DOUBT);
    }
    assert_eq!(browser.eval_in_shadow(BANNER, IS_WIDGET), module);
    // The one that never answered has been given up as well, and claims nothing.
    let told = "return host.events.some(reason => /Timeout/.test(reason))";
    browser.until("the silence is told", told);
    assert_eq!(browser.eval(&format!("return candor['{}'].status()", silent.url(STATUS))), json!(null));
    assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 1);
    unharmed(&browser, "in doubt");
}

#[test]
fn what_the_widget_shows_stays_and_is_doubted() {
    stays(true);
}

#[test]
fn what_the_plain_banner_shows_stays_and_is_doubted() {
    stays(false);
}

#[test]
fn where_nobody_listens_any_more_it_is_doubted() {
    let (mut edge, browser) = started();
    incident(&edge);
    let site = Host::with(format!("<script async src={}></script>", edge.url("/widget.js"))).site();
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    edge.kill_hard();
    browser.eval("candor.refresh()");
    browser.until_in_shadow("refused", BANNER, DOUBT);
    edge.restart();
    browser.eval("candor.refresh()");
    browser.until_in_shadow("back", BANNER, NO_DOUBT);
    unharmed(&browser, "back");
}
