//! The element: it follows its attributes, shares one poll and dismissals with other embeds, and leaks nothing.

use crate::{
    BY_WIDGET, ELEMENT, HEAD, OPEN_SHADOW_ROOTS, healthy, major, request_count, set_attribute, site,
    wait_for_text,
};
use candor_tests::bulletin::{self, folder};
use candor_tests::{Browser, Edge, Reply};
use serde_json::json;

#[test]
fn attribute_changes_apply_and_all_embeds_share_one_poll() {
    let page = format!("{HEAD}<script type=module src=/element.js></script>
        <script type=module src=FOLDER/element.js?of-another-version></script>
        <script type=module>addEventListener('candor:change', () => window.changes = (window.changes || 0) + 1); import * as candor from '/element.js?again'; window.module = candor; window.versions = [];
          window.end = candor.subscribe(status => versions.push(status.version));</script>
        <candor-status variant=inline></candor-status><candor-status variant=badge></candor-status>
        <script async src=/widget.js data-variant=badge></script>")
    .replace("FOLDER", &folder());
    let site =
        site(&[("index.html", &page), ("bulletin.json", &major()), ("other/bulletin.json", &healthy())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "the widget",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    browser.until(
        "three embeds",
        "return document.querySelectorAll('candor-status').length === 3 && window.versions?.length",
    );
    assert_eq!(
        (request_count(&browser, "/bulletin.json"), request_count(&browser, ".wasm")),
        (1, 1),
        "one poll, one module"
    );
    assert_eq!(
        browser.eval("return [module.status().version, candor.status().version, versions.length]"),
        json!([2, 2, 1])
    );
    let places =
        "return [...document.body.children].map(node => node.localName + (node.dataset.variant || ''))";
    let places = browser.eval(places);
    let places: Vec<&str> = places.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(places.ends_with(&["scriptbadge", "candor-status"]), "the embed is at its tag: {places:?}");

    wait_for_text(&browser, "Partial system outage");
    // The edge decides what there is to say about some components.
    site.set("/bulletin.json?lang=en&components=api%2Cmaps", Reply::text(&healthy()));
    set_attribute(&browser, "components", "maps, api");
    wait_for_text(&browser, "All systems operational");
    set_attribute(&browser, "components", "checkins");
    wait_for_text(&browser, "Partial system outage");
    set_attribute(&browser, "variant", "banner");
    wait_for_text(&browser, "We are on it.");
    set_attribute(&browser, "theme", "dark");
    browser.until_in_shadow(
        "dark",
        "candor-status",
        "return getComputedStyle(root.querySelector('section')).color === 'rgb(255, 255, 255)'",
    );
    set_attribute(&browser, "dismissible", "false");
    browser.until_in_shadow("no button", "candor-status", "return !root.querySelector('.c')");
    browser.eval("document.querySelector('candor-status').addEventListener('candor:change', ({ type, detail }) => window.received = [type, detail.version])");
    set_attribute(&browser, "src", "other/");
    browser.until_in_shadow(
        "no banner for a healthy page",
        "candor-status",
        "return !root.querySelector('section')",
    );
    let received = browser.until("the event on the element", "return window.received");
    assert_eq!(received, json!(["candor:change", 1]));
    set_attribute(&browser, "show", "always");
    wait_for_text(&browser, "All systems operational");
    for (position, side) in [("top-left", "left"), ("bottom-right", "right")] {
        set_attribute(&browser, "variant", "floating");
        set_attribute(&browser, "position", position);
        let at = format!("return document.querySelector('candor-status').getBoundingClientRect().{side}");
        browser.until(
            "the corner",
            &format!("{at} {}", if side == "left" { "< 20" } else { "> innerWidth - 40" }),
        );
    }
    assert_eq!(browser.eval("end(); return versions.length"), 1);
    let console = browser.console();
    assert!(console.iter().all(|line| !line.starts_with("SEVERE")), "{console:?}");
}

#[test]
fn a_thousand_elements_leak_nothing() {
    let page = format!("{HEAD}{ELEMENT}<p>Hello</p>");
    let site = site(&[("index.html", &page), ("bulletin.json", &major())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("the element is defined", "return customElements.get('candor-status')");
    let round = "window.rounds = (async () => {
        const variants = ['inline', 'banner', 'badge', 'floating'];
        for (let index = 0; index < COUNT; index++) {
          const node = document.createElement('candor-status');
          node.setAttribute('variant', variants[index % 4]);
          document.body.append(node);
          if (index % 10 == 0) await new Promise(done => setTimeout(done));
          node.remove();
        }
        return true;
      })(); return 1";
    let go = |count: u32| {
        browser.eval(&round.replace("COUNT", &count.to_string()));
        browser.until("all elements are removed", "return rounds");
        browser.until("half a second", "return new Promise(done => setTimeout(() => done(true), 500))");
        for _ in 0..3 {
            browser.devtools("HeapProfiler.collectGarbage", json!({}));
        }
        let metrics = browser.devtools("Performance.getMetrics", json!({}));
        let metric = |name: &str| {
            let all = metrics["metrics"].as_array().unwrap();
            all.iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
        };
        (metric("JSHeapUsedSize"), metric("Nodes"), metric("JSEventListeners"))
    };
    browser.devtools("Performance.enable", json!({}));
    // Warms up, so that one-time allocations are made.
    go(200);
    let before = go(10);
    let after = go(1000);
    assert!(after.0 - before.0 < 400_000.0, "heap: {before:?} {after:?}");
    assert!(after.1 - before.1 < 50.0 && after.2 - before.2 < 10.0, "nodes, listeners: {before:?} {after:?}");

    // Without an embed there is no poll.
    let state = "const [own] = Object.values(candor).filter(own => own?.embeds); return own.embeds.size";
    assert_eq!(browser.eval(state), 0);
    browser.eval("window.requests = 0; const real = fetch; window.fetch = (...all) => (requests++, real(...all)); window.timers = 0;
        const later = setTimeout; window.setTimeout = (...all) => (timers++, later(...all)); document.dispatchEvent(new Event('visibilitychange'))");
    assert_eq!(browser.eval("return [requests, timers]"), json!([0, 0]));
    browser.eval("document.body.append(document.createElement('candor-status'))");
    assert_eq!(browser.eval("return timers > 0"), true, "a new embed starts the poll again");
}

#[test]
fn a_dismissal_applies_to_every_embed_that_shows_the_incident() {
    let mut maps = bulletin::incident("maps");
    (maps["name"]["text"], maps["components"]) = (json!(["Maps are blank"]), json!(["maps"]));
    let part = bulletin::telling("major", "Partial system outage", json!([maps.clone()]));
    let mut both = bulletin::major();
    both["lines"].as_array_mut().unwrap().push(maps);
    let page = format!(
        "{HEAD}{OPEN_SHADOW_ROOTS}{ELEMENT}<candor-status id=part components=maps></candor-status><candor-status id=floating variant=floating></candor-status>
        <candor-status id=whole></candor-status>"
    );
    let site = site(&[("index.html", &page), ("bulletin.json", &both.to_string())], &[]);
    site.set("/bulletin.json?lang=en&components=maps", Reply::text(&part.to_string()));
    let browser = Browser::start();
    let shown = |id: &str, is_shown: bool| {
        browser.until(
            id,
            &format!(
                "return !!document.getElementById('{id}').shadowRoot?.querySelector('.root') === {is_shown}"
            ),
        );
    };
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", "#part", &format!("return root.querySelector('{BY_WIDGET}')"));
    browser.eval_in_shadow("#part", "root.querySelector('.c').click()");
    shown("part", false);
    shown("whole", true);
    // Dismisses in the panel.
    browser.eval_in_shadow("#floating", "root.querySelector('.pill').click()");
    browser.until_in_shadow(
        "a button",
        "#floating",
        "const button = root.querySelector('.foot button'); button?.click(); return !!button",
    );
    for id in ["part", "whole", "floating"] {
        shown(id, false);
    }
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    for id in ["part", "whole", "floating"] {
        shown(id, false);
    }
}

/// A component that is down is shown although the only line is about another one; a group is its members; and what does not exist
/// is unknown, and warned of.
#[test]
fn an_embed_about_some_components_says_how_these_are() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!([
        { "type": "incident.open", "id": "down", "name": "Check-ins fail", "impact": "major", "components": { "checkins": "major_outage" }, "body": "We look." },
        { "type": "component.set", "id": "maps", "status": "partial_outage" },
    ]));
    let src = edge.url("/");
    let embeds = [
        ("maps", "banner", "maps"),
        ("group", "inline", "app"),
        ("badge", "badge", "maps"),
        ("well", "banner", "api"),
        ("green", "badge", "api"),
        ("half", "badge", "api nothing"),
        ("none", "badge", "nothing"),
    ];
    let embeds = embeds.map(|(id, variant, components)| {
        format!(
            "<candor-status id={id} src={src} variant={variant} components='{components}'></candor-status>"
        )
    });
    let warned = "<script>window.warned = []; console.warn = (...all) => warned.push(all.join(' '))</script>";
    let page = format!("{HEAD}{OPEN_SHADOW_ROOTS}{warned}{ELEMENT}{}", embeds.concat());
    let site = site(&[("index.html", &page)], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    for (id, text) in [
        ("maps", "Partial outage Maps"),
        ("group", "Check-ins fail"),
        ("badge", "Partial system outage"),
        ("green", "All systems operational"),
        ("half", "Status unknown"),
        ("none", "Status unknown"),
    ] {
        let has =
            format!("return document.getElementById('{id}').shadowRoot?.textContent.includes('{text}')");
        browser.until(id, &has);
    }
    assert_eq!(
        browser.eval("return !!document.getElementById('well').shadowRoot?.querySelector('.root')"),
        false,
        "nothing of what is well"
    );
    let warned = browser.eval("return warned.sort()");
    assert_eq!(warned.as_array().unwrap().len(), 2, "{warned}");
    assert!(warned[0] == "candor: no such components: nothing", "{warned}");
    assert!(warned[1].as_str().unwrap().contains("candor: nothing at http"), "{warned}");
    // Closed until it is another status.
    browser.eval("document.querySelector('#maps').shadowRoot.querySelector('.c').click()");
    browser.until("closed", "return !document.querySelector('#maps').shadowRoot.querySelector('.root')");
}

#[test]
fn custom_properties_style_the_element_and_other_host_styles_do_not() {
    let style = "<style>* { letter-spacing: 9px; color: red } :root { --candor-font: monospace; --candor-accent: rgb(1, 2, 3) }
        candor-status { --candor-radius: 5px } candor-status::part(dot) { width: 20px }</style>";
    let page = format!("{HEAD}{style}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("bulletin.json", &major())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "the widget",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    let look = "const look = selector => getComputedStyle(root.querySelector(selector));
        return [look('.panel').fontFamily, look('.panel').borderRadius, look('a').color, look('.head .dot').width, look('.panel').letterSpacing, look('.panel').color]";
    assert_eq!(
        browser.eval_in_shadow("candor-status", look),
        json!(["monospace", "5px", "rgb(1, 2, 3)", "20px", "normal", "rgb(0, 0, 0)"])
    );
}
