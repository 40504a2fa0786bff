//! Open pages hear of a change at once: they listen to `/events`. Polls are too rare here to be the reason.

use candor_tests::{Browser, Edge, Reply, Session, Site, eventually, paths};
use serde_json::{Value, json};
use std::time::Duration;

const BANNER: &str = "candor-status";
const PANEL: &str = "candor-panel";
const PATIENCE: Duration = Duration::from_secs(20);
/// Counts the streams of a page that are open.
const COUNT: &str = "<script>{ window.streams = []; const Real = EventSource
    window.EventSource = class extends Real { constructor(url) { super(url); streams.push(this) } } }</script>";
/// Whether a page has an open stream.
const LISTENS: &str = "return streams.filter(one => one.readyState == 1).length";
/// The polls of a page: what it has read of the status by itself, without hearing of it.
const POLLS: &str = "return performance.getEntriesByType('resource').map(({ name }) => name)
    .filter(name => /(bulletin|status|panel)\\.json/.test(name) && !name.includes('at=')).length";

fn start() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    edge
}

fn incident(edge: &Edge) {
    edge.accept(
        &json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": "We broke check-ins." }),
    );
}

fn update(edge: &Edge, body: &str) {
    edge.accept(
        &json!({ "type": "incident.update", "incident": "down", "status": "identified", "body": body }),
    );
}

/// A host page that would poll every five minutes.
fn host(url: &str, options: &str) -> Site {
    Site::page(
        &format!(
            "<!doctype html><html lang=en><link rel=icon href='data:,'><title>Shop</title>{COUNT}
            <script async src={url} data-refresh=300 {options}></script><body>Shop</html>"
        ),
        &[],
    )
}

fn shows(browser: &Browser, host: &str, words: &str) {
    browser.until_in_shadow(words, host, &format!("return root.textContent.includes({})", json!(words)));
}

fn listens(browser: &Session) {
    browser.until("a stream", LISTENS);
}

#[test]
fn a_page_with_an_incident_hears_of_the_next_update() {
    let (edge, browser) = (start(), Browser::start());
    let site = host(&edge.url("/widget.js"), "");
    browser.open(&site.url("/"));
    browser.until("the script", "return window.candor");
    incident(&edge);
    browser.eval("candor.refresh()");
    shows(&browser, BANNER, "We broke check-ins.");
    listens(&browser);
    let polls = browser.eval(POLLS);
    for words in ["It was a full disk.", "We are mending it."] {
        update(&edge, words);
        shows(&browser, BANNER, words);
    }
    assert_eq!(browser.eval(POLLS), polls, "it has not polled");

    // That it is over is heard, too.
    edge.accept(
        &json!({ "type": "incident.update", "incident": "down", "status": "resolved", "body": "It works." }),
    );
    shows(&browser, BANNER, "It works.");
}

#[test]
fn a_healthy_page_does_not_listen() {
    let (edge, browser) = (start(), Browser::start());
    let site = host(&edge.url("/widget.js"), "data-show=always data-variant=badge");
    browser.open(&site.url("/"));
    shows(&browser, BANNER, "All systems");
    // What is loaded last, after eight seconds.
    browser.until("the script that shares polls", "return Object.values(candor).some(own => own?.ask)");
    assert_eq!(browser.eval("return streams.length"), 0);
    let names = browser.eval("return performance.getEntriesByType('resource').map(({ name }) => name)");
    assert!(!names.to_string().contains("live.js"), "{names}");
}

#[test]
fn an_open_panel_hears_of_the_next_update() {
    let (edge, browser) = (start(), Browser::start());
    incident(&edge);
    let site = host(&edge.url("/widget.js"), "");
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "Details",
        BANNER,
        "const link = root.querySelector('[part=details]'); link?.click(); return link",
    );
    browser.until_in_shadow("the panel", PANEL, "return !!root.querySelector('.foot')");
    listens(&browser);
    let polls = browser.eval(POLLS);
    update(&edge, "It was a full disk.");
    shows(&browser, PANEL, "It was a full disk.");
    assert_eq!(browser.eval(POLLS), polls, "it has not polled");
}

#[test]
fn an_open_status_page_hears_of_the_next_update() {
    let (edge, browser) = (start(), Browser::start());
    browser.open(&edge.url("/"));
    incident(&edge);
    browser.until("the incident", "return document.body.innerText.includes('We broke check-ins.')");
    assert_eq!(browser.eval(POLLS), 0, "it has not polled");
    let severe: Vec<_> = browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert!(severe.is_empty(), "{severe:?}");
}

#[test]
fn the_windows_of_a_site_share_one_stream() {
    let (edge, browser) = (start(), Browser::start());
    incident(&edge);
    let site = host(&edge.url("/widget.js"), "");
    let open = |browser: &Browser| {
        browser.open(&site.url("/"));
        shows(browser, BANNER, "We broke check-ins.");
        browser.until("both scripts", "return Object.values(candor).some(own => own?.ask)");
    };
    open(&browser);
    listens(&browser);
    browser.new_window();
    open(&browser);
    update(&edge, "It was a full disk.");
    let windows = browser.windows();
    for window in &windows {
        browser.switch_to(window);
        shows(&browser, BANNER, "It was a full disk.");
    }
    let streams = |browser: &Browser| -> Vec<Value> {
        windows
            .iter()
            .map(|window| {
                browser.switch_to(window);
                browser.eval(LISTENS)
            })
            .collect()
    };
    let all = streams(&browser);
    assert_eq!(all.iter().filter_map(Value::as_u64).sum::<u64>(), 1, "{all:?}");
    // The one with the stream goes, and the other one has it.
    let has = all.iter().position(|count| *count == 1).unwrap();
    browser.switch_to(&windows[has]);
    browser.run(browser.driver().close_window());
    browser.switch_to(&windows[1 - has]);
    listens(&browser);
    update(&edge, "We are mending it.");
    shows(&browser, BANNER, "We are mending it.");
}

/// The stand-in for the edge is an older one, or something on the way breaks or holds back the stream: polling goes on.
#[test]
fn without_a_stream_a_page_polls() {
    let (edge, browser) = (start(), Browser::start());
    incident(&edge);
    for (case, reply) in [
        ("an older edge", Reply::Status(404)),
        ("an error", Reply::Status(503)),
        ("a page of a proxy", Reply::text("<h1>Hello</h1>")),
        ("a proxy that holds it back", Reply::Silence),
    ] {
        let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
        copy.set("/bulletin.json", Reply::text(&edge.bulletin().to_string()));
        copy.set("/events", reply);
        let url = copy.url("/widget.js").replace("/widget.js", "/widget.js?refresh=10");
        let page = format!(
            "<!doctype html><html lang=en><link rel=icon href='data:,'><title>Shop</title>
            <script>window.trouble = []; for (const type of ['error', 'unhandledrejection']) addEventListener(type, event => trouble.push(String(event.message || event.reason)))</script>
            <script async src={url}></script><body>Shop</html>"
        );
        let site = Site::page(&page, &[]);
        browser.open(&site.url("/"));
        shows(&browser, BANNER, "We broke check-ins.");
        eventually("it has tried", PATIENCE, || (copy.request_count("/events") > 0).then_some(()));
        let before = copy.request_count("/bulletin.json");
        eventually("it polls", PATIENCE, || (copy.request_count("/bulletin.json") > before).then_some(()));
        assert_eq!(browser.eval("return trouble"), json!([]), "{case}");
        assert!(copy.request_count("/events") <= 2, "{case}: it does not insist");
    }
}
