//! The widget in all its variants and states: what each says, that everybody can use it, that it follows its
//! attributes, and that it leaves nothing behind.

use candor_tests::{Browser, Edge, Site, paths};
use serde_json::{Value, json};
use std::path::Path;

/// What is shown is the widget's, and not plain.
const BY_WIDGET: &str = "[data-by=widget]";
/// Runs first: closed shadow roots cannot be looked into, neither by axe-core.
const OPEN: &str = "<script>{ const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }) } }</script>";
const HEAD: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
    <title>Shop</title><link rel=icon href='data:,'>";
const ELEMENT: &str = "<script type=module src=/element.js></script>";

const HEALTHY: &str = r#"{"schema":1,"page":{"name":"Trailmark","url":"https://status.example/"},"version":1,
    "published_at":"2026-01-01T10:00:00.000Z","indicator":"none","description":"","components":[],"incidents":[],
    "maintenances":[]}"#;

fn major() -> String {
    let mut status: Value = serde_json::from_str(HEALTHY).unwrap();
    status["version"] = json!(2);
    status["indicator"] = json!("major");
    status["components"] = json!([{ "id": "checkins", "name": "Check-ins", "status": "major_outage", "since": "2026-01-01T10:00:00.000Z" }]);
    status["incidents"] = json!([{ "id": "down", "name": "Check-ins are failing", "status": "identified",
        "impact": "major", "started_at": "2026-01-01T10:00:00.000Z", "updated_at": "2026-01-01T10:10:00.000Z",
        "body": "We are on it.", "components": ["checkins"] }]);
    status.to_string()
}

/// The built files, with these beside them, as one website.
fn site(files: &[(&str, &str)], headers: &[(&str, &str)]) -> Site {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    copy(&paths::assets(), folder.path());
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    Site::folder(folder.path(), &[], headers)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn gallery() -> Site {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    copy(&paths::assets(), folder.path());
    copy(&paths::root().join("examples/gallery"), folder.path());
    let page = folder.path().join("index.html");
    let html = std::fs::read_to_string(&page).unwrap().replace("<head>", &format!("<head>{OPEN}"));
    std::fs::write(page, html).unwrap();
    Site::folder(folder.path(), &[], &[])
}

/// What an element shows, as text; nothing if there is nothing.
fn text(state: &str, variant: &str) -> String {
    format!(
        "document.querySelector('#{state} [variant={variant}]').shadowRoot.querySelector('.root')?.textContent ?? ''"
    )
}

fn urls(browser: &Browser, ending: &str) -> usize {
    browser.requests().iter().filter(|request| request.url.ends_with(ending)).count()
}

fn sets(browser: &Browser, attribute: &str, value: &str) {
    browser.eval(&format!("document.querySelector('candor-status').setAttribute('{attribute}', '{value}')"));
}

/// Whether what the element shows contains this.
fn shows(browser: &Browser, what: &str) {
    let script = format!("return root.querySelector('.root')?.textContent.includes({})", json!(what));
    browser.until_in_shadow(what, "candor-status", &script);
}

#[test]
fn every_state_says_what_it_is_in_every_variant() {
    let (site, browser) = (gallery(), Browser::start());
    browser.open(&site.url("/"));
    browser.until("all are there", "return document.querySelectorAll('.state').length === 12");
    browser.until(
        "what there is to tell is told by the widget",
        &format!("return [...document.querySelectorAll('[variant=inline]')].filter(node => node.shadowRoot?.querySelector('{BY_WIDGET}')).length === 10"),
    );
    let summary = [
        ("healthy", "All systems operational", ""),
        ("minor", "Partially degraded service", "Maps load slowly"),
        ("major", "Partial system outage", "Nothing that you saved is lost."),
        ("critical", "Major service outage", "2 more"),
        ("maintenance", "Service under maintenance", "in progress"),
        ("overdue", "Partial system outage", "update overdue since"),
        ("stale", "Partial system outage · not confirmed since", "not confirmed since"),
        ("unknown", "Status unknown · We cannot check right now.", ""),
        ("resolved", "Resolved", "Nothing was lost.resolved "),
        ("components", "Partially degraded service", "Maps, Search"),
        ("notice", "All systems operational", "On Saturday our office is closed."),
        ("translated", "Partial system outage", "Check-ins are failing"),
    ];
    for (state, short, told) in summary {
        let says = |variant: &str| {
            browser.eval(&format!("return {}", text(state, variant))).as_str().unwrap_or_default().to_owned()
        };
        for variant in ["badge", "floating"] {
            assert!(says(variant).starts_with(short), "{state} {variant}: {}", says(variant));
        }
        assert!(says("inline").contains(short.split(" · ").next().unwrap()), "{state}: {}", says("inline"));
        let banner = says("banner");
        assert!(banner.contains(told) && banner.is_empty() == told.is_empty(), "{state} banner: {banner}");
    }
    assert!(
        browser
            .eval(&format!("return {}", text("stale", "inline")))
            .as_str()
            .unwrap()
            .contains("This is as of")
    );
    // No two states look the same: a colour, or a word.
    let colours = browser.eval("return ['healthy', 'minor', 'major', 'critical', 'maintenance', 'unknown'].map(id =>
        getComputedStyle(document.querySelector('#' + id + ' [variant=inline]').shadowRoot.querySelector('.panel')).borderTopColor)");
    let colours = colours.as_array().unwrap();
    let distinct: std::collections::BTreeSet<String> = colours.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), colours.len(), "{colours:?}");
}

#[test]
fn everybody_can_use_every_variant_in_every_state() {
    let axe = std::fs::read_to_string(paths::root().join("tests/node_modules/axe-core/axe.min.js")).unwrap();
    let (site, browser) = (gallery(), Browser::start());
    for query in ["?lang=en", "?lang=ar"] {
        browser.size(1440, 900);
        browser.open(&site.url(&format!("/{query}")));
        browser.until(
            "the widget",
            &format!("return [...document.querySelectorAll('[variant=inline]')].filter(node => node.shadowRoot?.querySelector('{BY_WIDGET}')).length === 10"),
        );
        browser.eval("document.querySelectorAll('[variant=floating]').forEach(node => node.shadowRoot.querySelector('button').click())");
        browser.eval(&format!("{axe}; return 1"));
        for (scheme, forced) in [("light", "none"), ("dark", "none"), ("light", "active")] {
            browser.prefers(&[("prefers-color-scheme", scheme), ("forced-colors", forced)]);
            // 320 is 1280 at 400 %.
            for width in [1440, 320] {
                browser.size(width, 2400);
                assert_eq!(
                    browser.eval("return document.documentElement.scrollWidth <= innerWidth"),
                    true,
                    "{query} scrolls sideways at {width}"
                );
                let cut = "return [...document.querySelectorAll('candor-status')].flatMap(node => [...node.shadowRoot.querySelectorAll('.root *')])
                    .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX != 'visible').length";
                assert_eq!(browser.eval(cut), 0, "{query} {width}: something is cut off");
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

#[test]
fn attributes_are_followed_and_all_share_one_poll() {
    let page = format!("{HEAD}<script type=module src=/element.js></script>
        <script type=module>import * as candor from '/element.js?again'; window.module = candor; window.told = [];
          window.end = candor.subscribe(status => told.push(status.version));</script>
        <candor-status variant=inline></candor-status><candor-status variant=badge></candor-status>
        <script async src=/widget.js data-variant=badge></script>");
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
    sets(&browser, "src", "other/");
    browser.until_in_shadow(
        "nothing to tell, nothing shown",
        "candor-status",
        "return !root.querySelector('section')",
    );
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
fn a_healthy_page_loads_no_more_than_what_it_shows_needs() {
    let browser = Browser::start();
    for (attributes, wanted) in [
        ("data-variant=floating", 0),
        ("data-variant=inline data-show=issues", 0),
        ("data-variant=floating data-show=always", 1),
        ("data-variant=badge", 1),
    ] {
        let page = format!("{HEAD}<p>Hello</p><script async src=/widget.js {attributes}></script>");
        let site = site(&[("index.html", &page), ("status.json", HEALTHY)], &[]);
        browser.open(&site.url("/"));
        browser.until("the status", "return window.candor && candor.status()");
        if wanted == 1 {
            shows(&browser, "All systems operational");
        }
        browser.until("it has settled", "return new Promise(done => requestIdleCallback(() => done(true)))");
        let mine =
            browser.requests().into_iter().filter(|request| request.url.starts_with(&site.url("/"))).count();
        // The page, the loader, the status; and the element.
        assert_eq!(mine, 3 + wanted, "{attributes}");
    }
    assert_eq!(urls(&browser, ".wasm"), 0);
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
fn the_keyboard_opens_and_closes_the_panel_and_the_focus_is_never_stolen() {
    let page = format!(
        "{HEAD}{OPEN}{ELEMENT}<input id=mine autofocus><candor-status variant=floating></candor-status>"
    );
    let site = site(&[("index.html", &page), ("status.json", &major())], &[]);
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
    assert_eq!(browser.eval_in_shadow("candor-status", outline), "solid", "the focus can be seen");
    press("Enter", 13);
    browser.until_in_shadow(
        "the panel",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    assert_eq!(browser.eval(focused), "pill major", "still there");
    assert_eq!(
        browser.eval_in_shadow(
            "candor-status",
            "return root.querySelector('.pill').getAttribute('aria-expanded')"
        ),
        "true"
    );
    press("Tab", 9);
    assert_eq!(browser.eval(focused), "c", "into the panel");
    press("Escape", 27);
    assert_eq!(browser.eval(focused), "pill major", "back to where it came from");
    assert_eq!(browser.eval_in_shadow("candor-status", "return root.querySelector('.panel').hidden"), true);
    // Escape is the page's own where the focus is not in here.
    press("Enter", 13);
    browser.eval("mine.focus()");
    press("Escape", 27);
    assert_eq!(
        (
            browser.eval(focused),
            browser.eval_in_shadow("candor-status", "return root.querySelector('.panel').hidden")
        ),
        (json!("mine"), json!(false))
    );
}

#[test]
fn each_update_is_announced_once() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major", "body": "We are on it." }));
    let src = edge.url("/element.js");
    let page = format!("{HEAD}{OPEN}<script>
        window.said = [];
        const seen = new WeakSet;
        const watch = () => document.querySelectorAll('candor-status').forEach(node => {{
          const live = node.shadowRoot?.querySelector('[aria-live]');
          if (!live || seen.has(live)) return;
          seen.add(live);
          new MutationObserver(() => live.textContent && said.push(live.getAttribute('aria-live') + ' ' + live.textContent)).observe(live, {{ childList: true, subtree: true }});
        }});
        setInterval(watch, 20);
        </script><script type=module src={src}></script>
        <candor-status></candor-status><candor-status variant=inline></candor-status><candor-status variant=badge></candor-status>");
    let site = Site::page(&page, &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("the first", "return said.length");
    browser.eval("return candor.refresh()");
    edge.accept(&json!({ "type": "incident.update", "impact": "critical", "body": "It is worse." }));
    browser.eval("return candor.refresh()");
    browser.until("the second", "return said.length > 1");
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("return candor.refresh()");
    browser.until("the end", "return said.length > 2");
    let said = browser.eval("return said");
    assert_eq!(said[0], "polite Partial outage: Check-ins are failing We are on it.");
    assert_eq!(said[1], "assertive Major outage: Check-ins are failing It is worse.");
    assert!(said[2].as_str().unwrap().starts_with("polite "), "{said}");
    assert_eq!(said.as_array().unwrap().len(), 3, "{said}");
}

#[test]
fn who_is_offline_is_told_so() {
    let page = format!("{HEAD}{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("status.json", HEALTHY)], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    shows(&browser, "All systems operational");
    let offline = |is_offline: bool| {
        browser.devtools("Network.enable", json!({}));
        browser.devtools(
            "Network.emulateNetworkConditions",
            json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    };
    offline(true);
    shows(&browser, "You are offline. This is as of ");
    let green = "return root.querySelector('.panel').className";
    assert_eq!(browser.eval_in_shadow("candor-status", green), "panel unknown", "not green: nobody knows");
    offline(false);
    browser.until_in_shadow(
        "it is well again",
        "candor-status",
        "return root.querySelector('.panel').className === 'panel ok'",
    );
}

#[test]
fn a_wrong_clock_is_corrected_or_not_relied_on() {
    let browser = Browser::start();
    let wrong = "<script>{ const Real = Date; const off = 5 * 36e5; window.Date = class extends Real {
        constructor(...all) { all.length ? super(...all) : super(Real.now() + off) } static now() { return Real.now() + off } } }</script>";
    let page = format!("{HEAD}{wrong}{ELEMENT}<candor-status variant=inline></candor-status>");
    let files = [("index.html", page.as_str()), ("status.json", &major())];
    for (headers, words) in [
        (vec![("date", "Thu, 01 Jan 2026 10:13:00 GMT")], "Updated 3 minutes ago"),
        (vec![], "Updated 1/1/26"),
    ] {
        let site = site(&files, &headers);
        browser.open(&site.url("/"));
        browser.until_in_shadow(
            "the widget",
            "candor-status",
            &format!("return root.querySelector('{BY_WIDGET}')"),
        );
        shows(&browser, words);
    }
}

#[test]
fn under_a_strict_policy_every_variant_is_shown_plainly() {
    let page = format!("{HEAD}<script src=/recorder.js></script><script type=module src=/element.js></script>
        <candor-status variant=inline></candor-status><candor-status></candor-status><candor-status variant=badge></candor-status>
        <candor-status variant=floating></candor-status>");
    let recorder = "window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.violatedDirective + event.blockedURI));";
    let site = site(
        &[("index.html", &page), ("status.json", &major()), ("recorder.js", recorder)],
        &[(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types",
        )],
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));
    for variant in ["inline", "badge", "floating", ""] {
        let host = if variant.is_empty() {
            "candor-status:not([variant])".to_owned()
        } else {
            format!("[variant={variant}]")
        };
        browser.until_in_shadow(
            variant,
            &host,
            "return /Partial (system )?outage/.test(root.querySelector('.root')?.textContent)",
        );
    }
    browser.until("WebAssembly is refused", "return refused.length");
    assert_eq!(browser.eval("return [...new Set(refused)]"), json!(["script-srcwasm-eval"]));
    let look = "return [getComputedStyle(root.querySelector('.panel')).borderTopStyle, !root.querySelector('[data-by]')]";
    assert_eq!(browser.eval_in_shadow("[variant=inline]", look), json!(["solid", true]), "styled, and plain");
}
