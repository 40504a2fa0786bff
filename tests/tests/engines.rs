//! The same scenario in each engine: the banner appears from another origin, follows updates, stays dismissed after a
//! reload, and disappears after the incident; `/embed` sends messages to an app. `hosts/` tests unusual host pages, in
//! Chromium only.

use candor_tests::{Browser, Edge, Session, Site};
use serde_json::{Value, json};

/// Keeps a reference to the closed shadow root, which only Chromium's driver could reach otherwise. Served as a file,
/// because one of the pages forbids inline scripts.
const RECORDER: &str = "window.escaped = [];
    addEventListener('error', event => escaped.push(event.message));
    addEventListener('unhandledrejection', event => escaped.push(String(event.reason)));
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return window.root = attach.call(this, init); };
    window.banner = () => document.querySelector('candor-status') && window.root?.querySelector('section');
    window.hasText = words => banner()?.textContent.includes(words);";

/// The yew widget marks its content with `data-by`; the plain banner does not.
const IS_WIDGET: &str = "return banner() && !!root.querySelector('[data-by=widget]')";

#[test]
fn the_widget_works_in_chromium() {
    scenario(&Browser::start());
}

#[test]
fn the_widget_works_in_firefox() {
    scenario(&Session::firefox());
}

// WebKitGTK is the only WebKit that runs without manual set-up, and it exists on Linux only.
#[cfg(target_os = "linux")]
#[test]
fn the_widget_works_in_webkit() {
    scenario(&Session::webkit());
}

fn scenario(browser: &Session) {
    println!("{}", browser.name());
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);

    // `/embed` in a frame sends messages to the page around it.
    let html = format!(
        "<!doctype html><script>window.messages = []; addEventListener('message', event => messages.push(event.data))</script>
        <iframe width=390 height=400 src='{}'></iframe>",
        edge.url("/embed?variant=banner")
    );
    let app = Site::page(&html, &[]);
    browser.open(&app.url("/"));
    browser.until(
        "the message to the app",
        "const it = messages.at(-1); return it && it.candor === 1 && it.indicator === 'major' && it.height > 40",
    );

    // The yew widget.
    let site = page(&edge, "ltr", &[]);
    browser.open(&site.url("/"));
    browser.until("the widget", IS_WIDGET);
    assert_eq!(browser.eval("return hasText('We are on it.') && hasText('next update by')"), true);
    looks_right(browser);
    // No `refresh`: the page listens.
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.until("the next update", "return hasText('We know why.')");
    dismiss_until_something_new(browser, &edge, &site);
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    dismiss_resolved(browser);
    assert_eq!(browser.eval("return escaped"), json!([]));

    open_page(browser, &edge);
    incident(&edge);
    panel(browser, &edge);
    layouts(browser, &edge);

    // The plain banner, in a right-to-left page that forbids WebAssembly.
    let origin = edge.url("");
    let policy = format!("default-src 'self'; script-src 'self' {origin}; connect-src {origin}");
    let site = page(&edge, "rtl", &[("content-security-policy", &policy)]);
    browser.open(&site.url("/"));
    browser.until("the plain banner", "return hasText('We are on it.')");
    looks_right(browser);
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until("the next update", "return hasText('We know why.')");
    dismiss_until_something_new(browser, &edge, &site);
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    dismiss_resolved(browser);
    assert_eq!(
        browser.eval("return !!window.root.querySelector('[data-by=widget]')"),
        false,
        "the banner stays plain"
    );
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// The status page hears of a change before it would poll.
fn open_page(browser: &Session, edge: &Edge) {
    browser.open(&edge.url("/"));
    edge.accept(&json!({ "type": "notice.post", "body": "We test in every engine." }));
    browser.until("the notice", "return document.body.textContent.includes('in every engine')");
    let polls = "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/status.json')).length";
    assert_eq!(browser.eval(polls), 0);
    edge.accept(&json!({ "type": "notice.clear" }));
}

/// "Details" opens the panel, and closing it leaves nothing.
fn panel(browser: &Session, edge: &Edge) {
    let site = page(edge, "ltr", &[]);
    browser.open(&site.url("/"));
    browser.until("the banner", "return hasText('We are on it.')");
    browser.eval("window.host = window.root; [...root.querySelectorAll('[part=details]')].at(-1).click()");
    browser.until("the panel", "return root != host && root.querySelector('dialog:modal .foot') && root.querySelector('.frame').innerText.includes('The last 90 days')");
    let look = browser.eval(
        "const frame = root.querySelector('.frame'), slider = root.querySelector('[type=range]');
        slider.value = 3;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        return [getComputedStyle(frame).display, frame.getBoundingClientRect().width > 300, root.host.shadowRoot]",
    );
    assert_eq!(look, json!(["flex", true, null]));
    browser.until("the day", "return root.querySelector('[type=range]').getAttribute('aria-valuetext') == root.querySelector('.ends').textContent");
    browser.eval("root.querySelector('.c').click()");
    browser.until("it is closed", "return !document.querySelector('candor-panel')");
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// In a body with a layout of its own, the banner is in the flow, as wide as the window, above the content, which is laid out as
/// without it.
fn layouts(browser: &Session, edge: &Edge) {
    for css in [
        "body { display: flex }",
        "body { display: flex; align-items: center; justify-content: center; min-height: 100vh }",
        "body { display: flex; flex-direction: column-reverse }",
        "body { display: grid; grid-template-rows: 60px 1fr; height: 100vh }",
        "body { columns: 3 }",
        "html, body { height: 100% } body { max-width: 30rem; margin: 0 auto }",
    ] {
        let page = |tag: &str| {
            format!(
                "<!doctype html><html lang=en><title>Shop</title><link rel=stylesheet href=/host.css><script src=/recorder.js></script>{tag}
                <body><p>Hello</p><p id=second>World</p></html>"
            )
        };
        let (with, without) =
            (page(&format!("<script async src={}></script>", edge.url("/widget.js"))), page(""));
        let site = Site::files(
            &[("/", &with), ("/bare", &without), ("/recorder.js", RECORDER), ("/host.css", css)],
            &[],
        );
        let place = "const box = document.getElementById('second').getBoundingClientRect();
            return [box.x, box.y, box.width, box.height].map(Math.round)";
        browser.open(&site.url("/bare"));
        let before = browser.eval(place);
        browser.open(&site.url("/"));
        browser.until(css, "return hasText('We are on it.')");
        let look = browser.eval(
            "const box = document.querySelector('candor-status').getBoundingClientRect();
            return [Math.round(box.x), Math.round(box.y), Math.round(box.width) == document.documentElement.clientWidth, box.height > 40]",
        );
        assert_eq!(look, json!([0, 0, true, true]), "{css}");
        let height = browser.eval(
            "return Math.round(document.querySelector('candor-status').getBoundingClientRect().height)",
        );
        let (after, mut expected) = (browser.eval(place), before.clone());
        expected[1] = json!(before[1].as_i64().unwrap() + height.as_i64().unwrap());
        assert_eq!(after, expected, "{css}: only lower");
    }
}

/// The banner shows that the incident is resolved, and disappears when it is dismissed.
fn dismiss_resolved(browser: &Session) {
    browser.until(
        "the banner shows the resolved incident",
        "return hasText('It is over.') && hasText('Resolved')",
    );
    browser.eval("root.querySelector('button[title]').click()");
    browser.until("the banner disappears", "return !document.querySelector('candor-status')");
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

/// The shadow root is closed, the banner is styled even if the page forbids inline styles, it is in the flow above the
/// content, and it has the page's direction.
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

/// A click on the button dismisses the banner. It stays closed after a reload, until there is something new.
fn dismiss_until_something_new(browser: &Session, edge: &Edge, site: &Site) {
    let find = browser.driver().execute("return root.querySelector('button[title]')", Vec::<Value>::new());
    browser.run(browser.run(find).element().unwrap().click());
    browser.until("the banner is closed", "return !banner()");
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    assert_eq!(
        browser.eval("return document.querySelector('candor-status')"),
        Value::Null,
        "still dismissed after a reload"
    );
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.eval("candor.refresh()");
    browser.until("the banner is back", "return hasText('A fix is in.')");
}
