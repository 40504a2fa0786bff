//! An edge that answers badly or not at all. The widget then claims neither up nor down: what it shows stays, marked as
//! unconfirmed with the time of the last confirmation.

use crate::life::{STATUS, WHILE, host, polls};
use crate::{BANNER, Host, IS_WIDGET, incident, shows_incident, start, unharmed};
use candor_tests::bulletin::folder;
use candor_tests::{Edge, Reply, Site, eventually, paths};
use serde_json::json;
use std::time::Duration;

const UNCONFIRMED: &str =
    "return root.textContent.includes('not confirmed since') && root.textContent.includes('We are on it.')";
const CONFIRMED: &str =
    "return root.textContent.includes('We are on it.') && !root.textContent.includes('not confirmed since')";

/// A stand-in for the edge. Without `module`, widget.wasm is missing and the plain banner stays.
fn stand_in(module: bool) -> Site {
    let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
    if !module {
        copy.set(&part("widget.wasm"), Reply::Status(404));
    }
    copy
}

/// The path under which the loader requests a part of the widget.
fn part(name: &str) -> String {
    format!("{}/{name}", folder())
}

fn good(edge: &Edge) -> Reply {
    Reply::text(&edge.bulletin().to_string())
}

fn bad_answers(edge: &Edge) -> Vec<(&'static str, Reply, &'static str)> {
    let text = edge.bulletin().to_string();
    let mut future = edge.bulletin();
    future["schema"] = json!(2);
    vec![
        ("an error status", Reply::Status(500), "500"),
        ("not found", Reply::Status(404), "404"),
        ("truncated by a cache", Reply::text(&text[..text.len() / 2]), ""),
        ("truncated by the network", Reply::Half(text.into_bytes()), ""),
        ("a future schema", Reply::text(&future.to_string()), ""),
        ("an empty body", Reply::text(""), ""),
        ("null", Reply::text("null"), ""),
        ("fields are missing", Reply::text("{\"schema\":1}"), ""),
    ]
}

/// `Retry-After` is an hour, the longest wait that a page accepts. On its fast clock, the page would poll at least three
/// times meanwhile without the header.
#[test]
fn retry_after_is_honoured() {
    let (edge, browser) = start();
    let headers = [
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", "retry-after"),
        ("retry-after", "3600"),
    ];
    let copy = Site::folder(&paths::assets(), &[], &headers);
    copy.set(STATUS, Reply::Status(503));
    let site = host(&copy.url("/widget.js"), 200, 0, "");
    browser.open(&site.url("/"));
    browser.until("the event", "return host.events.length");
    assert_eq!(polls(&copy, WHILE), 0);
    copy.set(STATUS, good(&edge));
    eventually("the page polls again", Duration::from_secs(30), || {
        (copy.request_count(STATUS) > 1).then_some(())
    });
}

/// The plain banner depends only on the loader, with or without an explicit default attribute.
#[test]
fn the_plain_banner_appears_while_the_widget_does_not_load() {
    let (edge, browser) = start();
    incident(&edge);
    let copy = stand_in(true);
    copy.set(STATUS, good(&edge));
    copy.set(&part("take.js"), Reply::Silence);
    for attributes in ["", "data-show=issues"] {
        let site =
            Host::with(format!("<script async src={} {attributes}></script>", copy.url("/widget.js"))).site();
        browser.open(&site.url("/"));
        shows_incident(&browser, attributes, false);
        unharmed(&browser, attributes);
    }
}

#[test]
fn a_bad_first_answer_shows_nothing_and_a_good_one_does() {
    let (edge, browser) = start();
    incident(&edge);
    let copy = stand_in(true);
    let site = Host::with(format!("<script async src={}></script>", copy.url("/widget.js"))).site();
    for (case, reply, expected) in bad_answers(&edge) {
        copy.set(STATUS, reply);
        browser.open(&site.url("/"));
        browser.until(&format!("{case}: the event"), "return host.events.length");
        let reason = browser.eval("return host.events[0]");
        assert!(
            reason.as_str().is_some_and(|reason| !reason.is_empty() && reason.contains(expected)),
            "{case}: {reason}"
        );
        let claimed = browser.eval("return [candor.status(), document.querySelector('candor-status')]");
        assert_eq!(claimed, json!([null, null]), "{case}");
        unharmed(&browser, case);
        // A later poll succeeds.
        copy.set(STATUS, good(&edge));
        browser.eval("candor.refresh()");
        browser.until_in_shadow(case, BANNER, CONFIRMED);
        unharmed(&browser, case);
    }
}

/// The banner stays and is marked unconfirmed: the widget's, or without `module` the plain one.
fn stays_unconfirmed(module: bool) {
    let (edge, browser) = start();
    incident(&edge);
    let (copy, silent) = (stand_in(module), stand_in(module));
    silent.set(STATUS, Reply::Silence);
    let tag = |site: &Site| format!("<script src={}></script>", site.url("/widget.js"));
    let site = Host::with([tag(&copy), tag(&silent)].concat()).site();
    copy.set(STATUS, good(&edge));
    browser.open(&site.url("/"));
    let check = || browser.eval(&format!("candor['{}?lang=en'].refresh()", copy.url(STATUS)));
    if module {
        browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    }
    browser.until_in_shadow("at first", BANNER, CONFIRMED);
    let mut cases = bad_answers(&edge);
    // The request times out after ten seconds.
    cases.push(("no answer", Reply::Silence, ""));
    for (case, reply, _) in cases {
        copy.set(STATUS, reply);
        check();
        browser.until_in_shadow(case, BANNER, UNCONFIRMED);
        copy.set(STATUS, good(&edge));
        check();
        browser.until_in_shadow(case, BANNER, CONFIRMED);
    }
    assert_eq!(browser.eval_in_shadow(BANNER, IS_WIDGET), module);
    // The request to the silent edge has timed out too, and its status is unknown.
    let timeout = "return host.events.some(reason => /Timeout/.test(reason))";
    browser.until("the timeout event", timeout);
    assert_eq!(
        browser.eval(&format!("return candor['{}?lang=en'].status()", silent.url(STATUS))),
        json!(null)
    );
    assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 1);
    unharmed(&browser, "after bad answers");
}

#[test]
fn the_widget_stays_and_is_marked_unconfirmed() {
    stays_unconfirmed(true);
}

#[test]
fn the_plain_banner_stays_and_is_marked_unconfirmed() {
    stays_unconfirmed(false);
}

#[test]
fn a_refused_connection_marks_the_banner_unconfirmed() {
    let (mut edge, browser) = start();
    incident(&edge);
    let site = Host::with(format!("<script async src={}></script>", edge.url("/widget.js"))).site();
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    edge.kill_hard();
    browser.eval("candor.refresh()");
    browser.until_in_shadow("refused", BANNER, UNCONFIRMED);
    edge.restart();
    browser.eval("candor.refresh()");
    browser.until_in_shadow("back", BANNER, CONFIRMED);
    unharmed(&browser, "back");
}
