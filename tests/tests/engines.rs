//! The widget's story in each engine that people have: shown from another origin, kept up to date, closed,
//! remembered, gone when it is over; and what `/embed` tells an app. What is peculiar to a host is in `hosts/`, in Chromium.

use candor_tests::{Browser, Edge, Session, Site};
use serde_json::{Value, json};

/// Only Chromium's driver reaches a closed shadow root, so the page keeps it, for all engines alike. A file of
/// its own, since one of the pages forbids inline scripts.
const RECORDER: &str = "window.escaped = [];
    addEventListener('error', event => escaped.push(event.message));
    addEventListener('unhandledrejection', event => escaped.push(String(event.reason)));
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return window.root = attach.call(this, init); };
    window.banner = () => document.querySelector('candor-status') && window.root?.querySelector('section');
    window.says = words => banner()?.textContent.includes(words);";

/// What the widget draws says so; what is drawn plainly does not.
const IS_WIDGET: &str = "return banner() && !!root.querySelector('[data-by=widget]')";

#[test]
fn in_chromium() {
    story(&Browser::start());
}

#[test]
fn in_firefox() {
    story(&Session::firefox());
}

// Of WebKit's family this one can be driven without a person; it is there on Linux only.
#[cfg(target_os = "linux")]
#[test]
fn in_webkit() {
    story(&Session::webkit());
}

fn story(browser: &Session) {
    println!("{}", browser.name());
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);

    // The small page, as an app or a frame has it, tells its host.
    let html = format!(
        "<!doctype html><script>window.told = []; addEventListener('message', event => told.push(event.data))</script>
        <iframe width=390 height=400 src='{}'></iframe>",
        edge.url("/embed?variant=banner")
    );
    let app = Site::page(&html, &[]);
    browser.open(&app.url("/"));
    browser.until(
        "the app is told",
        "const it = told.at(-1); return it && it.candor === 1 && it.state === 'major' && it.height > 40",
    );

    // The yew banner.
    let site = page(&edge, "ltr", &[]);
    browser.open(&site.url("/"));
    browser.until("the widget", IS_WIDGET);
    assert_eq!(browser.eval("return says('We are on it.') && says('next update by')"), true);
    looks_right(browser);
    // Nobody asks for it: the timer does.
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.until("the next update", "return says('We know why.')");
    close_and_come_back(browser, &edge, &site);
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    over(browser);
    assert_eq!(browser.eval("return escaped"), json!([]));

    // The plain banner, from right to left, where WebAssembly is forbidden.
    incident(&edge);
    let origin = edge.url("");
    let policy = format!("default-src 'self'; script-src 'self' {origin}; connect-src {origin}");
    let site = page(&edge, "rtl", &[("content-security-policy", &policy)]);
    browser.open(&site.url("/"));
    browser.until("the plain banner", "return says('We are on it.')");
    looks_right(browser);
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until("the next update", "return says('We know why.')");
    close_and_come_back(browser, &edge, &site);
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    over(browser);
    assert_eq!(
        browser.eval("return !!window.root.querySelector('[data-by=widget]')"),
        false,
        "it stays plain"
    );
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// It says that it is over, and goes when it is closed.
fn over(browser: &Session) {
    browser.until("it says that it is over", "return says('It is over.') && says('Resolved')");
    browser.eval("root.querySelector('button[title]').click()");
    browser.until("the banner goes", "return !document.querySelector('candor-status')");
}

fn incident(edge: &Edge) {
    edge.accept(&json!({ "type": "incident.open", "name": "Check-ins are failing", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": "We are on it.", "next_update_in": "30m" }));
}

fn page(edge: &Edge, direction: &str, headers: &[(&str, &str)]) -> Site {
    let html = format!(
        "<!doctype html><html lang=en dir={direction}><title>Shop</title><script src=/recorder.js></script>
        <script async src={} data-refresh=10></script><p>Hello</p></html>",
        edge.url("/widget.js")
    );
    Site::files(&[("/", &html), ("/recorder.js", RECORDER)], headers)
}

/// Closed to the page, styled although it may forbid styles, in the flow above the content, and mirrored as the
/// page is.
fn looks_right(browser: &Session) {
    let look = browser.eval(
        "const host = document.querySelector('candor-status'), { display, position } = getComputedStyle(host);
        const box = element => element.getBoundingClientRect(), section = banner();
        const mirrored = box(section.firstElementChild).left > box(section.querySelector('button[title]')).left;
        return [host.shadowRoot, display, position, getComputedStyle(section).display,
          getComputedStyle(section).backgroundColor != 'rgba(0, 0, 0, 0)',
          box(host).height > 40, box(document.querySelector('p')).top >= box(host).bottom,
          mirrored == (document.documentElement.dir == 'rtl')]",
    );
    assert_eq!(look, json!([null, "block", "sticky", "flex", true, true, true, true]));
}

/// A person's click closes it, here and after a reload, until there is more to say.
fn close_and_come_back(browser: &Session, edge: &Edge, site: &Site) {
    let find = browser.driver().execute("return root.querySelector('button[title]')", Vec::<Value>::new());
    browser.run(browser.run(find).element().unwrap().click());
    browser.until("it is closed", "return !banner()");
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    assert_eq!(browser.eval("return document.querySelector('candor-status')"), Value::Null, "remembered");
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.eval("candor.refresh()");
    browser.until("it is back", "return says('A fix is in.')");
}
