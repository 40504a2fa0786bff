//! Many windows of one site: one of them asks for all, whichever is first, and whatever the browser lets them say to
//! each other.

use crate::life::{PATIENCE, STATUS, WHILE, checks, counted};
use crate::{BANNER, incident, started, tells, unharmed};
use candor_tests::{Browser, Reply, Site, eventually};
use serde_json::json;

const MANY: usize = 20;
/// By these clocks a check falls due every half second.
const PACE: u32 = 20;
/// Loaded with the element, or by the loader of a page that has been open for a while.
const SHARES: &str = "return Object.values(candor).some(own => own?.ask)";

/// That many windows, all of them to be seen, each when its widget is ready to share.
fn open_many(browser: &Browser, site: &Site) {
    for window in 0..MANY {
        if window > 0 {
            browser.new_window();
        }
        browser.open(&site.url("/"));
        browser.until("it shares", SHARES);
        // Else this tests nothing.
        assert_eq!(browser.eval("return document.hidden"), false);
    }
}

/// Of one window it would be six, of twenty a hundred and twenty.
fn one_asks(copy: &Site) {
    let count = checks(copy, 2 * WHILE);
    assert!((3..=12).contains(&count), "{count} checks");
}

#[test]
fn one_asks_for_all_while_there_is_nothing_to_tell_and_all_are_told() {
    let (edge, browser) = started();
    let (site, copy) = counted(&edge, PACE, "");
    open_many(&browser, &site);
    one_asks(&copy);

    incident(&edge);
    copy.set(STATUS, Reply::text(&edge.status().to_string()));
    for window in browser.windows() {
        browser.switch_to(&window);
        tells(&browser, "each of many", true);
    }
    one_asks(&copy);

    // A window in the background asks nothing itself, and hears what the others were answered.
    let windows = browser.windows();
    browser.hide(true);
    let mut status = edge.status();
    status["version"] = json!(status["version"].as_u64().unwrap() + 1);
    status["incidents"][0]["body"] = json!("We are on it. We know why.");
    copy.set(STATUS, Reply::text(&status.to_string()));
    browser.until_in_shadow("what went on", BANNER, "return root.textContent.includes('We know why.')");
    browser.switch_to(&windows[0]);
    unharmed(&browser, "one of many");
}

/// Where nothing can be shared, or who asks never answers, each window asks for itself, and says what is true.
#[test]
fn what_cannot_be_shared_is_asked_for() {
    let (edge, browser) = started();
    incident(&edge);
    let refused = "Object.defineProperty(navigator, 'locks', { value: { request: async () => { throw new DOMException('no', 'SecurityError') } } })";
    let held = "Object.defineProperty(navigator, 'locks', { value: { request: async (key, options, run) => run(null) } })";
    let cases = [
        ("no channels", "delete window.BroadcastChannel"),
        (
            "channels refused",
            "window.BroadcastChannel = class { constructor() { throw new DOMException('no', 'SecurityError') } }",
        ),
        ("no locks", "Object.defineProperty(navigator, 'locks', { value: undefined })"),
        ("locks refused", refused),
        ("another one holds the lock and says nothing", held),
    ];
    for (case, script) in cases {
        let (site, copy) = counted(&edge, PACE, script);
        browser.open(&site.url("/"));
        tells(&browser, case, true);
        let before = copy.asked(STATUS);
        eventually("it goes on asking", PATIENCE, || (copy.asked(STATUS) > before + 2).then_some(()));
        assert_eq!(browser.eval("return host.events"), json!([]), "{case}: no check has failed");
        unharmed(&browser, case);
    }
}
