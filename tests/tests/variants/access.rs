//! Accessibility: axe-core, zoom, the keyboard, announcements to screen readers.

use crate::{BY_WIDGET, ELEMENT, HEAD, OPEN_SHADOW_ROOTS, gallery, major, site};
use candor_tests::{Browser, Edge, Site, paths};
use serde_json::json;

#[test]
fn every_variant_is_accessible_in_every_state() {
    let axe = std::fs::read_to_string(paths::root().join("tests/node_modules/axe-core/axe.min.js")).unwrap();
    let (site, browser) = (gallery(), Browser::start());
    for query in ["?lang=en", "?lang=ar"] {
        browser.size(1440, 900);
        browser.open(&site.url(&format!("/{query}")));
        browser.until(
            "the widget",
            &format!("return [...document.querySelectorAll('[variant=inline]')].filter(node => node.shadowRoot?.querySelector('{BY_WIDGET}')).length === 10"),
        );
        browser.eval("document.querySelectorAll('[variant=floating]').forEach(node => node.shadowRoot?.querySelector('button').click())");
        browser.eval(&format!("{axe}; return 1"));
        for (scheme, forced) in [("light", "none"), ("dark", "none"), ("light", "active")] {
            browser.prefers(&[("prefers-color-scheme", scheme), ("forced-colors", forced)]);
            // 320 CSS pixels are a window of 1280 pixels at 400 %.
            for width in [1440, 320] {
                browser.size(width, 2400);
                assert_eq!(
                    browser.eval("return document.documentElement.scrollWidth <= innerWidth"),
                    true,
                    "{query} scrolls sideways at {width}"
                );
                let cut = "return [...document.querySelectorAll('candor-status')].flatMap(node => [...node.shadowRoot?.querySelectorAll('.root :not(.say)') || []])
                    .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX != 'visible').length";
                assert_eq!(browser.eval(cut), 0, "{query} {width}: content is cut off");
                let name = format!("gallery-{}-{scheme}-{forced}-{width}.png", &query[6..]);
                browser.screenshot(&paths::candor().join("screenshots").join(name));
            }
            browser.eval(&format!(
                "{axe}; window.found = 0; axe.run(document, {{ rules: {{ 'landmark-unique': {{ enabled: false }} }} }}).then(r => window.found = JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => [n.target, n.failureSummary])]))); return 1"
            ));
            assert_eq!(browser.until("axe", "return window.found"), "[]", "{query} {scheme} {forced}");
        }
    }
}

/// WCAG 2.2, 1.4.10 (reflow). At this zoom, a sticky banner would cover most of the page.
#[test]
fn the_page_is_readable_at_400_percent_zoom() {
    let browser = Browser::start();
    browser.zoom(4);
    let lines = "<p>Boots.</p>".repeat(60);
    for (variant, position) in
        [("banner", "top"), ("banner", "bottom"), ("inline", ""), ("floating", ""), ("badge", "")]
    {
        let page = format!(
            "{HEAD}{OPEN_SHADOW_ROOTS}{ELEMENT}<candor-status variant={variant} position={position}></candor-status><main>{lines}</main>"
        );
        let site = site(&[("index.html", &page), ("bulletin.json", &major())], &[]);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the embed", "candor-status", "return root.querySelector('.root *')");
        if variant == "floating" {
            browser.eval_in_shadow("candor-status", "root.querySelector('button').click()");
        } else if variant != "badge" {
            browser.until_in_shadow(
                "the widget",
                "candor-status",
                &format!("return root.querySelector('{BY_WIDGET}')"),
            );
        }
        browser.screenshot(
            &paths::candor().join("screenshots").join(format!("zoom-400-{variant}-{position}.png")),
        );
        let fits = "const part = root.querySelector('.panel') || root.querySelector('.root').firstElementChild, box = part.getBoundingClientRect();
            return document.documentElement.scrollWidth <= innerWidth && box.left >= 0 && box.right <= innerWidth
              && (root.host.getAttribute('variant') != 'floating' || box.top >= 0 && box.bottom <= innerHeight)";
        assert_eq!(
            browser.eval_in_shadow("candor-status", fits),
            true,
            "{variant}: the whole embed is visible"
        );
        if variant == "floating" {
            browser.eval_in_shadow("candor-status", "root.querySelector('.c').click()");
        }
        browser.eval("scrollTo(0, 900)");
        let page = "return [40, 128, 216].map(y => document.elementFromPoint(40, y)?.closest('main') ? 1 : 0).join('')";
        assert_eq!(browser.eval(page), "111", "{variant} {position}: the embed does not cover the page");
    }
}

#[test]
fn the_keyboard_opens_and_closes_the_panel_without_stealing_focus() {
    let page = format!(
        "{HEAD}{OPEN_SHADOW_ROOTS}{ELEMENT}<input id=mine autofocus><candor-status variant=floating></candor-status>"
    );
    let site = site(&[("index.html", &page), ("bulletin.json", &major())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until_in_shadow("the pill", "candor-status", "return root.querySelector('.pill')");
    browser.eval("mine.focus()");
    let focused = "const host = document.activeElement; return host.id || host.shadowRoot?.activeElement?.className || host.localName";
    let press = |key: &str, code: u32| {
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" { "\r" } else { "" };
            browser.devtools(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": if kind == "keyDown" { text } else { "" } }),
            );
        }
    };
    assert_eq!(browser.eval(focused), "mine");
    press("Tab", 9);
    assert_eq!(browser.eval(focused), "pill major");
    let outline = "return getComputedStyle(root.querySelector('.pill')).outlineStyle";
    assert_eq!(browser.eval_in_shadow("candor-status", outline), "solid", "the focus is visible");
    press("Enter", 13);
    browser.until_in_shadow(
        "the panel",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    assert_eq!(browser.eval(focused), "pill major", "opening does not move the focus");
    assert_eq!(
        browser.eval_in_shadow(
            "candor-status",
            "return root.querySelector('.pill').getAttribute('aria-expanded')"
        ),
        "true"
    );
    press("Tab", 9);
    assert_eq!(browser.eval(focused), "c", "Tab moves into the panel");
    press("Escape", 27);
    assert_eq!(browser.eval(focused), "pill major", "Escape moves the focus back");
    assert_eq!(browser.eval_in_shadow("candor-status", "return !root.querySelector('.panel')"), true);
    // If the focus is outside the embed, Escape belongs to the page.
    press("Enter", 13);
    browser.eval("mine.focus()");
    press("Escape", 27);
    assert_eq!(
        (
            browser.eval(focused),
            browser.eval_in_shadow("candor-status", "return !root.querySelector('.panel')")
        ),
        (json!("mine"), json!(false))
    );
}

#[test]
fn each_update_is_announced_once() {
    announces(
        "<candor-status></candor-status><candor-status variant=inline></candor-status><candor-status variant=badge></candor-status>",
    );
}

/// One embed that has spoken speaks of what comes next as well.
#[test]
fn a_single_embed_announces_each_update() {
    announces("<candor-status></candor-status>");
}

fn announces(embeds: &str) {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major", "body": "We are on it." }));
    let src = edge.url("/element.js");
    let page = format!("{HEAD}{OPEN_SHADOW_ROOTS}<script>
        window.announced = [];
        const seen = new WeakSet;
        const watch = () => document.querySelectorAll('candor-status').forEach(node => {{
          const live = node.shadowRoot?.querySelector('[aria-live]');
          if (!live || seen.has(live)) return;
          seen.add(live);
          new MutationObserver(() => live.textContent && announced.push(live.getAttribute('aria-live') + ' ' + live.textContent)).observe(live, {{ childList: true, subtree: true }});
        }});
        setInterval(watch, 20);
        </script><script type=module src={src}></script>
        {embeds}");
    let site = Site::page(&page, &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("the first announcement", "return announced.length");
    browser.eval("return candor.refresh()");
    edge.accept(&json!({ "type": "incident.update", "impact": "critical", "body": "It is worse." }));
    browser.eval("return candor.refresh()");
    browser.until("the second announcement", "return announced.length > 1");
    edge.accept(&json!({ "type": "incident.update", "body": "It is the disk." }));
    browser.eval("return candor.refresh()");
    browser.until("one more announcement of the same incident", "return announced.length > 2");
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("return candor.refresh()");
    browser.until("the last announcement", "return announced.length > 3");
    let announced = browser.eval("return announced");
    assert_eq!(announced[0], "polite Partial outage Check-ins are failing We are on it.");
    assert_eq!(announced[1], "assertive Major outage Check-ins are failing It is worse.");
    assert_eq!(announced[2], "assertive Major outage Check-ins are failing It is the disk.");
    assert!(announced[3].as_str().unwrap().starts_with("polite "), "{announced}");
    assert_eq!(announced.as_array().unwrap().len(), 4, "{announced}");
}
