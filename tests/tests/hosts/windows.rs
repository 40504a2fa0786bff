//! Many windows of one site: one of them asks for all, whichever is first, and whatever the browser lets them say to
//! each other.

use crate::life::{PATIENCE, STATUS, WHILE, checks, counted};
use crate::{BANNER, incident, started, tells, unharmed};
use candor_tests::{Browser, Reply, Site, eventually};
use serde_json::{Value, json};

/// By these clocks a check falls due every second.
const PACE: u32 = 10;
/// Loaded with the element, or by the loader of a page that has been open for a while.
const SHARES: &str = "return Object.values(candor).some(own => own?.ask)";

/// That many windows, all of them to be seen, each when it is ready to share.
fn open(browser: &Browser, site: &Site, windows: usize) {
    for window in 0..windows {
        if window > 0 {
            browser.new_window();
        }
        browser.open(&site.url("/"));
        browser.until("it shares", SHARES);
        // Else this tests nothing.
        assert_eq!(browser.eval("return document.hidden"), false);
    }
}

/// Of one window it would be three, of twenty sixty.
fn one_asks(copy: &Site) {
    let count = checks(copy, 2 * WHILE);
    assert!((1..=9).contains(&count), "{count} checks");
}

/// The status, newer by this many versions, and with this said.
fn newer(status: &Value, versions: u64, body: &str) -> Reply {
    let mut status = status.clone();
    status["version"] = json!(status["version"].as_u64().unwrap() + versions);
    status["incidents"][0]["body"] = json!(body);
    Reply::text(&status.to_string())
}

#[test]
fn one_asks_for_all_while_there_is_nothing_to_tell_and_all_are_told() {
    let (edge, browser) = started();
    let (site, copy) = counted(&edge, PACE, "");
    open(&browser, &site, 20);
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
    copy.set(STATUS, newer(&edge.status(), 1, "We know why."));
    browser.until_in_shadow("what went on", BANNER, "return root.textContent.includes('We know why.')");
    browser.switch_to(&windows[0]);
    unharmed(&browser, "one of many");
}

#[test]
fn that_the_edge_has_no_answer_is_told_as_well() {
    let (edge, browser) = started();
    incident(&edge);
    let (site, copy) = counted(&edge, PACE, "");
    open(&browser, &site, 6);
    copy.set(STATUS, Reply::Status(503));
    for window in browser.windows() {
        browser.switch_to(&window);
        browser.until("it knows", "return host.events.length");
        browser.until_in_shadow("it says so", BANNER, "return root.textContent.includes('not confirmed')");
    }
    // Ever slower, and still one for all.
    let count = checks(&copy, 2 * WHILE);
    assert!(count <= 4, "{count} checks");
    copy.set(STATUS, Reply::text(&edge.status().to_string()));
    for window in browser.windows() {
        browser.switch_to(&window);
        browser.until_in_shadow("it is over", BANNER, "return !root.textContent.includes('not confirmed')");
    }
}

/// A frozen window's messages wait for it (WebDriver cannot freeze one: they are kept back here). They are from another
/// time when it wakes.
#[test]
fn a_window_that_wakes_does_not_take_old_news_for_new() {
    let (edge, browser) = started();
    incident(&edge);
    let status = edge.status();
    let script = "{ const Real = BroadcastChannel; window.BroadcastChannel = class extends Real {
        set onmessage(hear) { super.onmessage = event => window.asleep ? asleep.push(() => hear(event)) : hear(event) } } }";
    let (site, copy) = counted(&edge, PACE, script);
    open(&browser, &site, 2);
    let windows = browser.windows();
    browser.switch_to(&windows[1]);
    browser.eval("window.versions = []; addEventListener('candor:change', event => versions.push(event.detail.version))");
    browser.hide(true);
    browser.eval("window.asleep = []");
    browser.switch_to(&windows[0]);
    for (versions, body) in [(1, "We know why."), (2, "It is mended.")] {
        copy.set(STATUS, newer(&status, versions, body));
        browser.until_in_shadow("it goes on", BANNER, &format!("return root.textContent.includes('{body}')"));
    }
    browser.switch_to(&windows[1]);
    assert!(browser.eval("return asleep.length").as_u64() >= Some(2), "or this tests nothing");
    browser.eval("const all = asleep; window.asleep = undefined; all.forEach(run => run())");
    browser.hide(false);
    browser.until("it asks or hears", "return versions.length");
    let newest = status["version"].as_u64().unwrap() + 2;
    assert_eq!(browser.eval("return versions"), json!([newest]));
}

/// Where nothing can be shared, or who asks never answers, each window asks for itself, and says what is true.
#[test]
fn what_cannot_be_shared_is_asked_for() {
    let (edge, browser) = started();
    incident(&edge);
    let locks = |request: &str| {
        format!("Object.defineProperty(navigator, 'locks', {{ value: {{ request: {request} }} }})")
    };
    let refused = "throw new DOMException('no', 'SecurityError')";
    let cases = [
        ("no channels", false, "delete window.BroadcastChannel".to_owned()),
        (
            "channels refused",
            false,
            format!("window.BroadcastChannel = class {{ constructor() {{ {refused} }} }}"),
        ),
        ("no locks", true, "Object.defineProperty(navigator, 'locks', { value: undefined })".to_owned()),
        ("locks refused", true, locks(&format!("async () => {{ {refused} }}"))),
        ("another one has the lock and says nothing", true, locks("async (key, options, run) => run(null)")),
    ];
    for (case, shares, script) in cases {
        let (site, copy) = counted(&edge, PACE, &script);
        browser.open(&site.url("/"));
        tells(&browser, case, true);
        assert_eq!(browser.eval(SHARES), shares, "{case}");
        let before = copy.request_count(STATUS);
        eventually("it goes on asking", PATIENCE, || (copy.request_count(STATUS) > before + 2).then_some(()));
        assert_eq!(browser.eval("return host.events"), json!([]), "{case}: no check has failed");
        unharmed(&browser, case);
    }
}
