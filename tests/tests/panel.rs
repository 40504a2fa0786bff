//! The panel that "Details" opens inside a product: everything that there is to tell, live, in a dialog of WebAssembly.

use candor_tests::{Browser, Edge, Settings, Site, paths};
use serde_json::{Value, json};

const BANNER: &str = "candor-status";
const PANEL: &str = "candor-panel";
/// The panel was read.
const IS_READ: &str = "return !!root.querySelector('.foot')";
const TEXT: &str = "return root.querySelector('.frame').innerText";
/// axe-core cannot look into closed shadow roots.
const OPEN_SHADOW_ROOTS: &str = "<script>{ const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }) } }</script>";
/// Answers for addresses of the web, because the machine may have no network. Sets `onLine` for the same reason.
const NETWORK: &str = "<script>
    Object.defineProperty(navigator, 'onLine', { value: true });
    window.tried = [];
    const ask = window.fetch;
    window.fetch = async (url, init) => {
      if (!String(url).includes('.example/')) return ask(url, init);
      tried.push([String(url), init.credentials, init.referrerPolicy, init.mode]);
      if (String(url).includes('silent')) throw new TypeError('Failed to fetch');
      return new Response('', { status: String(url).includes('broken') ? 503 : 200 });
    }</script>";

fn page(edge: &Edge, head: &str, options: &str) -> Site {
    let src = edge.url("/widget.js");
    Site::page(
        &format!(
            "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><link rel=icon href='data:,'>
            <title>Shop</title>{head}<script async src={src} {options}></script><button id=mine>Buy</button></html>"
        ),
        &[],
    )
}

fn incident(edge: &Edge) {
    edge.accept(&json!([
        { "type": "incident.open", "id": "down", "name": { "en": "Check-ins are failing", "de": "Check-ins gehen nicht" },
          "impact": "major", "components": { "checkins": "major_outage" }, "body": "We broke check-ins.\n\n- look\n- mend",
          "impact_note": "One in three check-ins.", "next_update_in": "30m" },
        { "type": "incident.update", "incident": "down", "status": "identified", "body": "It was a **full disk**.", "next_update_in": "1h" },
        { "type": "incident.open", "id": "mail", "name": "Mails are late", "impact": "minor", "body": "Up to an hour." },
    ]));
}

/// A page with a banner whose "Details" was clicked, and the panel open.
fn opened(edge: &Edge, browser: &Browser, head: &str, options: &str) -> Site {
    let site = page(edge, head, options);
    browser.open(&site.url("/"));
    click_details(browser);
    browser.until_in_shadow("the panel", PANEL, IS_READ);
    site
}

fn click_details(browser: &Browser) {
    let details = "const all = root.querySelectorAll('[part^=details]'); all[all.length - 1]?.click(); return all.length";
    browser.until_in_shadow("Details", BANNER, details);
}

fn press(browser: &Browser, key: &str, code: u32) {
    for kind in ["keyDown", "keyUp"] {
        let text = if key == "Enter" && kind == "keyDown" { "\r" } else { "" };
        browser.devtools(
            "Input.dispatchKeyEvent",
            json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text }),
        );
    }
}

fn is_open(browser: &Browser) -> bool {
    browser.eval("return !!document.querySelector('candor-panel')") == true
}

fn shown(browser: &Browser) -> String {
    browser.eval_in_shadow(PANEL, TEXT).as_str().unwrap_or_default().to_owned()
}

#[test]
fn details_open_a_dialog_that_the_keyboard_walks_through() {
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);
    let (site, browser) = (page(&edge, "", ""), Browser::start());
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "Details",
        BANNER,
        "const all = root.querySelectorAll('[part=details]'); all[all.length - 1]?.focus(); return all.length",
    );
    press(&browser, "Enter", 13);
    browser.until_in_shadow("the panel", PANEL, IS_READ);
    assert_eq!(browser.eval_in_shadow(PANEL, "return root.querySelector('dialog').matches(':modal')"), true);

    let text = shown(&browser);
    for words in [
        "Some systems are down",
        "Check-ins are failing",
        "One in three check-ins.",
        "next update by",
        "It was a full disk.",
        "• look",
        "Mails are late",
        "Check-ins",
        "The last 90 days",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.find("It was a full disk.") < text.find("We broke check-ins."), "the newest first: {text}");
    assert_eq!(browser.eval("return location.pathname"), "/", "the page stays");

    // From the first control to the days of the first component.
    let focused = "const it = root.activeElement; return it && [it.localName, it.className || it.type || it.textContent]";
    assert_eq!(browser.eval_in_shadow(PANEL, focused), json!(["button", "c"]), "the focus is inside");
    for _ in 0..12 {
        if browser.eval_in_shadow(PANEL, "return root.activeElement?.type") == "range" {
            break;
        }
        press(&browser, "Tab", 9);
    }
    press(&browser, "ArrowLeft", 37);
    let day = "const it = root.activeElement; return it.type == 'range' && it.value == 88
        && it.getAttribute('aria-valuetext') == root.querySelector('.ends').textContent && it.getAttribute('aria-valuetext').includes('no data yet')";
    browser.until_in_shadow("the day before", PANEL, day);

    press(&browser, "Escape", 27);
    browser.until("the panel is closed", "return !document.querySelector('candor-panel')");
    let back = "return root.activeElement?.getAttribute('part')";
    browser.until_in_shadow("the focus is back", BANNER, back);
}

#[test]
fn an_open_panel_follows_what_changes_and_outlives_its_banner() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major", "body": "We look." }));
    let browser = Browser::start();
    let _site = opened(
        &edge,
        &browser,
        "<script>Object.defineProperty(navigator, 'onLine', { value: true })</script>",
        "",
    );
    edge.accept(&json!({ "type": "incident.update", "incident": "down", "status": "monitoring", "body": "It is back." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "the update",
        PANEL,
        "return root.querySelector('.frame').innerText.includes('It is back.')",
    );

    edge.accept(&json!({ "type": "incident.update", "incident": "down", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    let over = "const text = root.querySelector('.frame').innerText; return text.includes('What is over') && !text.includes('What is going on')";
    browser.until_in_shadow("it is over", PANEL, over);
    browser.eval_in_shadow(BANNER, "root.querySelector('button')?.click()");
    browser.until("the banner is closed", "return !document.querySelector('candor-status')");
    assert!(is_open(&browser), "who reads it goes on reading");

    // The edge is gone: what is shown is old and says so, and nothing is green any more.
    edge.kill_hard();
    browser.eval("dispatchEvent(new Event('candor:change'))");
    let old = "const text = root.querySelector('.frame').innerText; return text.includes('not confirmed since') && text.includes('Status unknown')
        && root.querySelector('.frame').className == 'frame unknown' && !root.querySelector('li.none')";
    browser.until_in_shadow("the doubt", PANEL, old);
}

#[test]
fn is_it_just_me_tries_the_addresses_from_this_device_when_asked() {
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);
    let checks = |all: Value| {
        edge.accept(&json!({ "type": "page.set", "checks": all, "support": "mailto:help@trailmark.example" }))
    };
    let address =
        |name: &str| json!({ "name": name, "url": format!("https://{name}.example/"), "component": "maps" });
    let browser = Browser::start();
    for (what, all, advice) in [
        ("all answer", json!([address("one"), address("two")]), "Everything answers from here."),
        (
            "all are silent",
            json!([address("silent-a"), address("silent-b")]),
            "That looks like your own connection.",
        ),
        ("one is silent, and nobody knows", json!([address("one"), address("silent")]), "Please tell us."),
        ("one answers with an error", json!([address("one"), address("broken")]), "Please tell us."),
        (
            "one is silent, and it is known",
            json!([address("one"), { "name": "Check-ins", "url": "https://silent.example/", "component": "checkins" }]),
            "is known; see above.",
        ),
    ] {
        checks(all);
        let _site = opened(&edge, &browser, NETWORK, "");
        browser.until_in_shadow(what, PANEL, "return root.querySelector('.trial')");
        assert_eq!(browser.eval("return tried"), json!([]), "nothing is tried before it is asked for");
        browser.eval_in_shadow(PANEL, "root.querySelector('.start').click()");
        let text = browser.until_in_shadow(
            what,
            PANEL,
            "const text = root.querySelector('.trial [role=status]').innerText; return text && !text.includes('Checking') && text",
        );
        assert!(text.as_str().unwrap().contains(advice), "{what}: {text}");
        assert_eq!(text.as_str().unwrap().contains("Get help"), advice.contains("tell us"), "{what}: {text}");
        let tried = browser.eval("return tried.every(([, credentials, referrer]) => credentials == 'omit' && referrer == 'no-referrer') && tried.length");
        assert!(tried.as_u64() >= Some(2), "{what}: nothing is sent along: {tried}");
    }

    // A policy of the page around that forbids it is no outage.
    checks(json!([address("silent-a"), address("silent-b")]));
    let policy = format!("<meta http-equiv=content-security-policy content='connect-src {}'>", edge.url(""));
    let _site = opened(&edge, &browser, &policy, "");
    browser.until_in_shadow("the addresses", PANEL, "return root.querySelector('.trial')");
    browser.eval_in_shadow(PANEL, "root.querySelector('.start').click()");
    let untried = "const all = [...root.querySelectorAll('.found')].map(node => node.textContent); return all.length == 2 && [all.join(), root.querySelector('.trial [role=status]').innerText]";
    assert_eq!(browser.until_in_shadow("untried", PANEL, untried), json!(["Unknown,Unknown", ""]));
}

#[test]
fn without_webassembly_details_lead_to_the_page() {
    let edge = Edge::start();
    edge.accept(&json!({ "type": "page.set", "name": "Trailmark", "url": edge.url("") }));
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins fail", "impact": "major", "body": "We look." }));
    let browser = Browser::start();
    browser.devtools("Network.enable", json!({}));
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/widget.wasm"] }));
    let site = page(&edge, "", "");
    browser.open(&site.url("/"));
    click_details(&browser);
    browser.until("the page of the incident", "return location.pathname == '/incidents/down'");
}

#[test]
fn a_notice_that_leads_elsewhere_leads_there() {
    let (edge, browser) = (Edge::start(), Browser::start());
    let elsewhere = Site::files(&[("/map", "<!doctype html><title>Elsewhere</title>")], &[]);
    edge.set_up_page();
    // Even if its address begins as the page's does.
    edge.accept(&json!([
        { "type": "page.set", "name": "Trailmark", "url": elsewhere.url("") },
        { "type": "notice.post", "body": "We move house.", "url": elsewhere.url("/map") },
    ]));
    let site = page(&edge, "", "");
    browser.open(&site.url("/"));
    click_details(&browser);
    browser.until("the other site", "return location.pathname == '/map' && document.title == 'Elsewhere'");

    // Without an address of its own, it is told in the panel.
    edge.accept(&json!({ "type": "notice.post", "title": "Moving", "body": "We move house.", "details": "Bring **boxes**." }));
    opened(&edge, &browser, "", "");
    let text = browser.until_in_shadow("the panel", PANEL, TEXT);
    for part in ["What is going on", "Notice", "Moving", "We move house.", "Bring boxes."] {
        assert!(text.as_str().unwrap().contains(part), "{part}: {text}");
    }
}

#[test]
fn an_inline_embed_opens_it_in_place() {
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);
    let browser = Browser::start();
    let site = page(&edge, &[OPEN_SHADOW_ROOTS, "<p>Boots"].concat(), "data-variant=inline");
    browser.open(&site.url("/"));
    click_details(&browser);
    let inside = "const panel = root.querySelector('candor-panel')?.shadowRoot; return panel?.querySelector('.foot') && [panel.querySelector('dialog'), panel.activeElement?.localName]";
    assert_eq!(browser.until_in_shadow("the panel", BANNER, inside), json!([null, "section"]));
    browser
        .eval_in_shadow(BANNER, "root.querySelector('candor-panel').shadowRoot.querySelector('.c').click()");
    let closed =
        "return !root.querySelector('candor-panel') && root.activeElement?.getAttribute('part') == 'details'";
    browser.until_in_shadow("it is closed, and the focus is back", BANNER, closed);
}

#[test]
fn the_panel_is_accessible_and_designed_in_every_form() {
    let axe = std::fs::read_to_string(paths::root().join("tests/node_modules/axe-core/axe.min.js")).unwrap();
    let edge = Edge::with(&Settings::default());
    edge.set_up_page();
    incident(&edge);
    edge.accept(&json!([
        { "type": "page.set", "support": "mailto:help@trailmark.example", "checks": [{ "name": "Maps", "url": "https://maps.example/", "component": "maps" }] },
        { "type": "maintenance.schedule", "id": "database", "name": "Database work", "body": "Reads only.",
          "scheduled_for": "2046-01-01T10:30:00Z", "scheduled_until": "2046-01-01T11:30:00Z" },
    ]));
    let browser = Browser::start();
    let _site = opened(&edge, &browser, &[OPEN_SHADOW_ROOTS, NETWORK].concat(), "");
    browser.eval(&format!("{axe}; return 1"));
    for language in ["en", "ar"] {
        let choose = format!(
            "const select = root.querySelector('select'); select.value = '{language}'; select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        );
        browser.eval_in_shadow(PANEL, &choose);
        let is_in = format!("return root.querySelector('.frame').lang == '{language}'");
        browser.until_in_shadow(language, PANEL, &is_in);
        for (scheme, forced) in [("light", "none"), ("dark", "none"), ("light", "active")] {
            browser.prefers(&[("prefers-color-scheme", scheme), ("forced-colors", forced)]);
            for (width, height) in [(1440, 1000), (320, 640)] {
                browser.size(width, height);
                let fits = "const body = root.querySelector('.body'), frame = root.querySelector('.frame').getBoundingClientRect();
                    return body.scrollWidth <= body.clientWidth && frame.left >= 0 && frame.right <= innerWidth && frame.top >= 0 && frame.bottom <= innerHeight + 1";
                assert_eq!(browser.eval_in_shadow(PANEL, fits), true, "{language} {scheme} {width}");
                for (place, top) in [("top", 0), ("end", 100_000)] {
                    browser.eval_in_shadow(PANEL, &format!("root.querySelector('.body').scrollTo(0, {top})"));
                    let name = format!("panel-{language}-{scheme}-{forced}-{width}-{place}.png");
                    browser.screenshot(&paths::candor().join("screenshots").join(name));
                }
            }
            browser.eval("window.found = 0; axe.run(document).then(r => window.found = JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => [n.target, n.failureSummary])]))); return 1");
            assert_eq!(browser.until("axe", "return window.found"), "[]", "{language} {scheme} {forced}");
        }
    }
    assert_eq!(browser.eval_in_shadow(PANEL, "return root.querySelector('.frame').dir"), "rtl");
}
