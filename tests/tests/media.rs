//! The pages on paper, and in the few colours that a visitor has chosen.

use candor_tests::{Browser, Edge, paths};
use serde_json::{Value, json};

const PAGES: [(&str, &str); 3] = [("/", ""), ("/incidents/down", "-incident"), ("/history", "-history")];
/// A4, in CSS pixels.
const WIDTH: u32 = 794;
const HEIGHT: u32 = 1123;

/// A page with every state at once, and a past.
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

/// What is shown, what lies over it, and by what a state is told from another.
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
fn can_be_read(browser: &Browser, path: &str) -> Value {
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

/// Everything that there is to see, as one picture.
fn picture(browser: &Browser, name: &str) {
    let height = browser.eval("return document.documentElement.scrollHeight").as_u64().unwrap();
    browser.size(WIDTH, u32::try_from(height).unwrap());
    browser.screenshot(&paths::candor().join(format!("screenshots/page-{name}.png")));
    browser.size(WIDTH, HEIGHT);
}

#[test]
fn pages_can_be_read_on_paper() {
    let edge = eventful();
    let browser = Browser::start();
    browser.size(WIDTH, HEIGHT);
    for (path, name) in PAGES {
        browser.open(&edge.url(path));
        // Paper is white, whatever the visitor's screen is.
        emulate(&browser, "print", "none", "dark");
        let look = can_be_read(&browser, path);
        assert_eq!(look["grounds"][0], json!(["rgb(255, 255, 255)", "rgb(23, 33, 43)"]), "{path}");
        picture(&browser, &format!("print{name}"));
        if path == "/" {
            let address = "const link = document.querySelector('main a[href^=http]'); return getComputedStyle(link, '::after').content";
            let address = browser.eval(address).to_string();
            assert!(address.contains("https://trailmark.example/friday"), "{address}");
            let table = "return document.querySelector('table').checkVisibility() && document.querySelector('table').getBoundingClientRect().height > 99";
            assert_eq!(browser.eval(table), true, "what can be opened on a screen is open on paper");
            assert_eq!(browser.eval("return document.querySelector('#feeds').checkVisibility()"), false);
        }
    }
}

#[test]
fn pages_can_be_read_in_forced_colours() {
    let edge = eventful();
    let browser = Browser::start();
    browser.size(WIDTH, HEIGHT);
    for (path, name) in PAGES {
        browser.open(&edge.url(path));
        for (scheme, dark) in [("light", ""), ("dark", "-dark")] {
            emulate(&browser, "", "active", scheme);
            let look = can_be_read(&browser, path);
            assert_eq!(browser.eval("return matchMedia('(forced-colors: active)').matches"), true);
            // The visitor's own colours, and nothing of ours: the marks are as the text.
            let text = &look["grounds"][1][1];
            assert!(look["marks"].as_array().unwrap().iter().all(|mark| mark == text), "{path}: {look}");
            picture(&browser, &format!("forced{name}{dark}"));
        }
    }
}
