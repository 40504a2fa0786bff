//! The element: it follows its attributes, shares what it knows, and leaves nothing behind.

use crate::{BY_WIDGET, ELEMENT, HEAD, HEALTHY, folder, major, sets, shows, site, urls};
use candor_tests::Browser;
use serde_json::{Value, json};

#[test]
fn attributes_are_followed_and_all_share_one_poll() {
    let page = format!("{HEAD}<script type=module src=/element.js></script>
        <script type=module src=FOLDER/element.js?of-another-version></script>
        <script type=module>addEventListener('candor:change', () => window.changes = (window.changes || 0) + 1); import * as candor from '/element.js?again'; window.module = candor; window.told = [];
          window.end = candor.subscribe(status => told.push(status.version));</script>
        <candor-status variant=inline></candor-status><candor-status variant=badge></candor-status>
        <script async src=/widget.js data-variant=badge></script>")
    .replace("FOLDER", &folder());
    let site = site(&[("index.html", &page), ("status.json", &major()), ("other/status.json", HEALTHY)], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "the widget",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    browser.until(
        "three are shown",
        "return document.querySelectorAll('candor-status').length === 3 && window.told?.length",
    );
    assert_eq!((urls(&browser, "/status.json"), urls(&browser, ".wasm")), (1, 1), "one poll, one module");
    assert_eq!(
        browser.eval("return [module.status().version, candor.status().version, told.length]"),
        json!([2, 2, 1])
    );
    let places =
        "return [...document.body.children].map(node => node.localName + (node.dataset.variant || ''))";
    let places = browser.eval(places);
    let places: Vec<&str> = places.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(places.ends_with(&["scriptbadge", "candor-status"]), "where its tag is: {places:?}");

    shows(&browser, "Partial system outage");
    sets(&browser, "components", "maps, api");
    shows(&browser, "All systems operational");
    sets(&browser, "components", "checkins");
    shows(&browser, "Major service outage");
    sets(&browser, "variant", "banner");
    shows(&browser, "We are on it.");
    sets(&browser, "lang", "de");
    shows(&browser, "Teilausfall");
    sets(&browser, "theme", "dark");
    browser.until_in_shadow(
        "dark",
        "candor-status",
        "return getComputedStyle(root.querySelector('section')).color === 'rgb(255, 255, 255)'",
    );
    sets(&browser, "dismissible", "false");
    browser.until_in_shadow("no button", "candor-status", "return !root.querySelector('.c')");
    browser.eval("document.querySelector('candor-status').addEventListener('candor:change', ({ type, detail }) => window.heard = [type, detail.version])");
    sets(&browser, "src", "other/");
    browser.until_in_shadow(
        "nothing to tell, nothing shown",
        "candor-status",
        "return !root.querySelector('section')",
    );
    let heard = browser.until("the element tells what it shows", "return window.heard");
    assert_eq!(heard, json!(["candor:change", 1]));
    sets(&browser, "show", "always");
    sets(&browser, "lang", "en");
    shows(&browser, "All systems operational");
    for (position, side) in [("top-left", "left"), ("bottom-right", "right")] {
        sets(&browser, "variant", "floating");
        sets(&browser, "position", position);
        let at = format!("return document.querySelector('candor-status').getBoundingClientRect().{side}");
        browser.until(
            "the corner",
            &format!("{at} {}", if side == "left" { "< 20" } else { "> innerWidth - 40" }),
        );
    }
    assert_eq!(browser.eval("end(); return told.length"), 1);
    let console = browser.console();
    assert!(console.iter().all(|line| !line.starts_with("SEVERE")), "{console:?}");
}

#[test]
fn a_thousand_elements_come_and_go_and_leave_nothing() {
    let page = format!("{HEAD}{ELEMENT}<p>Hello</p>");
    let site = site(&[("index.html", &page), ("status.json", &major())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("it is defined", "return customElements.get('candor-status')");
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
        browser.until("they have come and gone", "return rounds");
        browser.until("and all has settled", "return new Promise(done => setTimeout(() => done(true), 500))");
        for _ in 0..3 {
            browser.devtools("HeapProfiler.collectGarbage", json!({}));
        }
        let metrics = browser.devtools("Performance.getMetrics", json!({}));
        let metric = |name: &str| {
            let all = metrics["metrics"].as_array().unwrap();
            all.iter().find(|its| its["name"] == name).unwrap()["value"].as_f64().unwrap()
        };
        (metric("JSHeapUsedSize"), metric("Nodes"), metric("JSEventListeners"))
    };
    browser.devtools("Performance.enable", json!({}));
    // Whatever is made once is made by now.
    go(200);
    let before = go(10);
    let after = go(1000);
    assert!(after.0 - before.0 < 400_000.0, "heap: {before:?} {after:?}");
    assert!(after.1 - before.1 < 50.0 && after.2 - before.2 < 10.0, "nodes, listeners: {before:?} {after:?}");

    // Nobody looks, nobody asks.
    let state = "const [own] = Object.values(candor).filter(own => own?.embeds); return own.embeds.size";
    assert_eq!(browser.eval(state), 0);
    browser.eval("window.asked = 0; const real = fetch; window.fetch = (...all) => (asked++, real(...all)); window.timers = 0;
        const later = setTimeout; window.setTimeout = (...all) => (timers++, later(...all)); document.dispatchEvent(new Event('visibilitychange'))");
    assert_eq!(browser.eval("return [asked, timers]"), json!([0, 0]));
    browser.eval("document.body.append(document.createElement('candor-status'))");
    assert_eq!(browser.eval("return timers > 0"), true, "and again when somebody does");
}

#[test]
fn what_was_closed_in_one_place_is_closed_in_all_that_show_it_and_comes_back_with_news() {
    let mut status: Value = serde_json::from_str(&major()).unwrap();
    let mut maps = status["incidents"][0].clone();
    (maps["id"], maps["name"], maps["components"]) =
        (json!("maps"), json!("Maps are blank"), json!(["maps"]));
    status["incidents"].as_array_mut().unwrap().push(maps);
    let page = format!(
        "{HEAD}{ELEMENT}<candor-status id=part components=maps></candor-status><candor-status id=floating variant=floating></candor-status>
        <candor-status id=whole></candor-status>"
    );
    let site = site(&[("index.html", &page), ("status.json", &status.to_string())], &[]);
    let browser = Browser::start();
    let shown = |id: &str, is_shown: bool| {
        browser.until_in_shadow(
            id,
            &format!("#{id}"),
            &format!("return !!root.querySelector('.root') === {is_shown}"),
        );
    };
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", "#part", &format!("return root.querySelector('{BY_WIDGET}')"));
    browser.eval_in_shadow("#part", "root.querySelector('.c').click()");
    shown("part", false);
    shown("whole", true);
    // In the panel.
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

#[test]
fn a_page_sets_fonts_and_colours_and_nothing_else_of_its_style_gets_in() {
    let style = "<style>* { letter-spacing: 9px; color: red } :root { --candor-font: monospace; --candor-accent: rgb(1, 2, 3) }
        candor-status { --candor-radius: 5px } candor-status::part(dot) { width: 20px }</style>";
    let page = format!("{HEAD}{style}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("status.json", &major())], &[]);
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
