//! The pages in print, and in forced colours.

use candor_tests::{Browser, Edge, paths};
use serde_json::{Value, json};

const PAGES: [(&str, &str); 3] = [("/", ""), ("/incidents/down", "-incident"), ("/history", "-history")];
/// A4, in CSS pixels.
const WIDTH: u32 = 794;
const HEIGHT: u32 = 1123;

/// A page with every state at once, and with history.
fn eventful() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    let host = edge.url("");
    edge.accept(&json!([
        {"type":"page.set","url":host,"support":"mailto:help@trailmark.example","brand":"#1f5f5b"},
        {"type":"component.set","id":"web","name":"Website"},
        {"type":"component.set","id":"mail","name":"Mail"},
        {"type":"incident.open","id":"past","name":"Slow maps","impact":"minor","started_at":"2026-01-01T00:00:00Z",
         "components":{"maps":"degraded_performance"},"body":"Maps are slow."},
        {"type":"incident.update","incident":"past","status":"resolved","body":"Maps are fast."},
        {"type":"incident.open","id":"down","name":"Check-ins are failing","impact":"critical",
         "components":{"checkins":"major_outage","web":"partial_outage"},
         "body":"We broke check-ins.\nWe are on it.","impact_note":"Four in ten.","next_update_in":"30m"},
        {"type":"incident.update","incident":"down","status":"identified","body":"A disk is full.","next_update_in":"30m"},
        {"type":"incident.open","id":"slow","name":"Slow maps again","impact":"minor",
         "components":{"maps":"degraded_performance"},"body":"Maps are slow."},
        {"type":"maintenance.schedule","id":"disks","name":"Larger disks","body":"We swap disks.","components":["mail"],
         "scheduled_for":"2099-02-01T03:00:00Z","scheduled_until":"2099-02-01T04:00:00Z"},
        {"type":"maintenance.update","maintenance":"disks","status":"in_progress","body":"We have begun."},
        {"type":"notice.post","title":"Friday","body":"We talk about it on Friday.","url":"https://trailmark.example/friday"},
    ]));
    edge
}

/// Collects elements that cover others, are hidden or lack words, and how states differ in shape and colour.
const LOOK: &str = "
    const shown = node => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const words = nodes => nodes.map(node => node.outerHTML.slice(0, 99));
    const all = [...document.querySelectorAll('body *')].filter(shown);
    const main = [...document.querySelectorAll('main :is(h1, h2, h3, p, li, dt, dd, pre)')];
    return {
        over: words(all.filter(node => /fixed|sticky/.test(getComputedStyle(node).position))),
        hidden: words(main.filter(node => !shown(node) && !node.closest('details'))),
        wide: document.documentElement.scrollWidth > innerWidth,
        wordless: words([...document.querySelectorAll('.state, .pill')].filter(node => !node.textContent.trim())),
        shapes: [...document.querySelectorAll('.list .state')].map(node => getComputedStyle(node, '::before').clipPath),
        marks: [...document.querySelectorAll('.state')].map(node => getComputedStyle(node, '::before').backgroundColor),
        grounds: [document.body, document.querySelector('h1')].map(node => getComputedStyle(node)).map(style => [style.backgroundColor, style.color]),
    }";

#[track_caller]
fn check_readable(browser: &Browser, path: &str) -> Value {
    let look = browser.eval(LOOK);
    for fault in ["over", "hidden", "wordless"] {
        assert_eq!(look[fault], json!([]), "{path}: {fault}");
    }
    assert_eq!(look["wide"], false, "{path}");
    assert!(
        look["marks"].as_array().unwrap().iter().all(|mark| mark != "rgba(0, 0, 0, 0)"),
        "{path}: {look}"
    );
    if path == "/" {
        let mut shapes: Vec<&str> =
            look["shapes"].as_array().unwrap().iter().map(|shape| shape.as_str().unwrap()).collect();
        shapes.sort_unstable();
        shapes.dedup();
        assert_eq!(shapes.len(), 5, "five states, five shapes: {look}");
    }
    look
}

fn emulate(browser: &Browser, media: &str, forced: &str, scheme: &str) {
    browser.devtools(
        "Emulation.setEmulatedMedia",
        json!({ "media": media, "features": [
            { "name": "forced-colors", "value": forced },
            { "name": "prefers-color-scheme", "value": scheme },
        ] }),
    );
}

/// Takes a screenshot of the whole page.
fn picture(browser: &Browser, name: &str) {
    let height = browser.eval("return document.documentElement.scrollHeight").as_u64().unwrap();
    browser.size(WIDTH, u32::try_from(height).unwrap());
    browser.screenshot(&paths::candor().join(format!("screenshots/page-{name}.png")));
    browser.size(WIDTH, HEIGHT);
}

#[test]
fn pages_are_readable_in_print() {
    let edge = eventful();
    let browser = Browser::start();
    browser.size(WIDTH, HEIGHT);
    for (path, name) in PAGES {
        browser.open(&edge.url(path));
        // Print has a white background, even if the visitor prefers dark.
        emulate(&browser, "print", "none", "dark");
        let look = check_readable(&browser, path);
        assert_eq!(look["grounds"][0], json!(["rgb(255, 255, 255)", "rgb(23, 33, 43)"]), "{path}");
        picture(&browser, &format!("print{name}"));
        if path == "/" {
            let address = "const link = document.querySelector('main a[href^=http]'); return getComputedStyle(link, '::after').content";
            let address = browser.eval(address).to_string();
            assert!(address.contains("https://trailmark.example/friday"), "{address}");
            let table = "return document.querySelector('table').checkVisibility() && document.querySelector('table').getBoundingClientRect().height > 99";
            assert_eq!(browser.eval(table), true, "`details` are open in print");
            assert_eq!(browser.eval("return document.querySelector('#feeds').checkVisibility()"), false);
        }
    }
}

#[test]
fn pages_are_readable_in_forced_colours() {
    let edge = eventful();
    let browser = Browser::start();
    browser.size(WIDTH, HEIGHT);
    for (path, name) in PAGES {
        browser.open(&edge.url(path));
        for (scheme, dark) in [("light", ""), ("dark", "-dark")] {
            emulate(&browser, "", "active", scheme);
            let look = check_readable(&browser, path);
            assert_eq!(browser.eval("return matchMedia('(forced-colors: active)').matches"), true);
            // Only the visitor's colours: the marks have the colour of the text.
            let text = &look["grounds"][1][1];
            assert!(look["marks"].as_array().unwrap().iter().all(|mark| mark == text), "{path}: {look}");
            picture(&browser, &format!("forced{name}{dark}"));
        }
    }
}
