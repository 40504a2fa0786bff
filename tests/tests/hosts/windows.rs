//! Many windows of one site: the window that gets the lock polls for all. If the browser lacks locks or channels, each
//! window polls for itself.

use crate::life::{PATIENCE, STATUS, WHILE, counted, polls};
use crate::{BANNER, incident, shows_incident, start, unharmed};
use candor_tests::{Browser, Reply, Site, eventually};
use serde_json::{Value, json};

/// At this pace of the clock, a poll is due every second.
const PACE: u32 = 10;
/// Loaded by the loader of a page that has been open for a while, and with the element.
const SHARES: &str = "return Object.values(window.candor ?? {}).some(own => own?.ask)";

/// Opens visible windows, and waits until each can share polls.
fn open_windows(browser: &Browser, site: &Site, windows: usize) {
    for window in 0..windows {
        if window > 0 {
            browser.new_window();
        }
        browser.open(&site.url("/"));
        browser.until("the script that shares polls", SHARES);
        // A hidden window would not poll, and the test would prove nothing.
        assert_eq!(browser.eval("return document.hidden"), false);
    }
}

/// Checks that about as many polls arrive as one window makes: three. Twenty windows would make sixty.
fn one_window_polls(copy: &Site) {
    let count = polls(copy, 2 * WHILE);
    assert!((1..=9).contains(&count), "{count} polls");
}

/// The bulletin with a newer version and another body.
fn newer(status: &Value, versions: u64, body: &str) -> Reply {
    let mut status = status.clone();
    status["version"] = json!(status["version"].as_u64().unwrap() + versions);
    status["lines"][0]["body"]["text"] = json!([body]);
    Reply::text(&status.to_string())
}

#[test]
fn one_window_polls_for_all() {
    let (edge, browser) = start();
    let (site, copy) = counted(&edge, PACE, "");
    open_windows(&browser, &site, 20);
    one_window_polls(&copy);

    incident(&edge);
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    for window in browser.windows() {
        browser.switch_to(&window);
        shows_incident(&browser, "each window", true);
    }
    one_window_polls(&copy);

    // A window in the background does not poll, and receives the answers of the others.
    let windows = browser.windows();
    browser.hide(true);
    copy.set(STATUS, newer(&edge.bulletin(), 1, "We know why."));
    browser.until_in_shadow("the update", BANNER, "return root.textContent.includes('We know why.')");
    browser.switch_to(&windows[0]);
    unharmed(&browser, "one of the windows");
}

#[test]
fn a_failed_poll_reaches_all_windows() {
    let (edge, browser) = start();
    incident(&edge);
    let (site, copy) = counted(&edge, PACE, "");
    open_windows(&browser, &site, 6);
    copy.set(STATUS, Reply::Status(503));
    for window in browser.windows() {
        browser.switch_to(&window);
        browser.until("the event", "return host.events.length");
        browser.until_in_shadow(
            "the unconfirmed mark",
            BANNER,
            "return root.textContent.includes('not confirmed')",
        );
    }
    // Polls become rarer after failures, and one window still polls for all.
    let count = polls(&copy, 2 * WHILE);
    assert!(count <= 4, "{count} polls");
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    for window in browser.windows() {
        browser.switch_to(&window);
        browser.until_in_shadow(
            "the confirmation",
            BANNER,
            "return !root.textContent.includes('not confirmed')",
        );
    }
}

/// A frozen window receives its messages when it wakes, and they are stale by then. WebDriver cannot freeze a window, so
/// a script holds the messages back.
#[test]
fn a_woken_window_ignores_stale_messages() {
    let (edge, browser) = start();
    incident(&edge);
    let status = edge.bulletin();
    let script = "{ const Real = BroadcastChannel; window.BroadcastChannel = class extends Real {
        set onmessage(hear) { super.onmessage = event => window.asleep ? asleep.push(() => hear(event)) : hear(event) } } }";
    let (site, copy) = counted(&edge, PACE, script);
    open_windows(&browser, &site, 2);
    let windows = browser.windows();
    browser.switch_to(&windows[1]);
    browser.eval("window.versions = []; addEventListener('candor:change', event => versions.push(event.detail.version))");
    browser.hide(true);
    browser.eval("window.asleep = []");
    browser.switch_to(&windows[0]);
    for (versions, body) in [(1, "We know why."), (2, "It is mended.")] {
        copy.set(STATUS, newer(&status, versions, body));
        browser.until_in_shadow(
            "the update in the other window",
            BANNER,
            &format!("return root.textContent.includes('{body}')"),
        );
    }
    browser.switch_to(&windows[1]);
    assert!(browser.eval("return asleep.length").as_u64() >= Some(2), "messages were held back");
    browser.eval("const all = asleep; window.asleep = undefined; all.forEach(run => run())");
    browser.hide(false);
    browser.until("a version", "return versions.length");
    let newest = status["version"].as_u64().unwrap() + 2;
    assert_eq!(browser.eval("return versions"), json!([newest]));
}

/// If a window cannot share polls, or the window with the lock sends nothing, it polls for itself.
#[test]
fn a_window_polls_for_itself_if_sharing_fails() {
    let (edge, browser) = start();
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
        (
            "another window has the lock and sends nothing",
            true,
            locks("async (key, options, run) => run(null)"),
        ),
    ];
    for (case, shares, script) in cases {
        let (site, copy) = counted(&edge, PACE, &script);
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        if shares {
            browser.until(case, SHARES);
        }
        let before = copy.request_count(STATUS);
        eventually("it continues to poll", PATIENCE, || {
            (copy.request_count(STATUS) > before + 2).then_some(())
        });
        assert_eq!(browser.eval(SHARES), shares, "{case}");
        assert_eq!(browser.eval("return host.events"), json!([]), "{case}: no poll has failed");
        unharmed(&browser, case);
    }
}
