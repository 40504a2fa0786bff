//! The edge is gone, and a mirror has signed copies: the banner goes on telling what proves itself, as of when it was signed.

use candor_tests::{Browser, Edge, RECORDER, Reply, Session, Settings, Site, paths};
use serde_json::json;

const COPY: &str = "/signed/en/bulletin.json";

/// A mirror without anything in it.
fn mirror() -> Site {
    Site::files(&[("/", "A mirror")], &[("access-control-allow-origin", "*"), ("cache-control", "no-store")])
}

fn edge(mirror: &Site, more: &[(&str, &str)]) -> Edge {
    let mut settings = vec![("CANDOR_MIRRORS".to_owned(), format!("[\"{}\"]", mirror.url("")))];
    settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let edge = Edge::with(&Settings { more: settings, ..Settings::default() });
    edge.set_up_page();
    edge
}

fn page(edge: &Edge, options: &str) -> Site {
    let src = edge.url("/widget.js");
    Site::page(
        &format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{RECORDER}<p>Hello</p>
            <script async src={src} {options}></script></html>"
        ),
        &[],
    )
}

fn open_incident(edge: &Edge, body: &str) {
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins fail", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": body }));
}

/// What the mirror would copy now.
fn signed(edge: &Edge) -> String {
    edge.get("/signed/bulletin.json?lang=en").expect(200).text()
}

fn is_ready(browser: &Session) {
    let loaded =
        "const names = performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop());
        return names.includes('mirror.js') && localStorage.length > 0";
    browser.until("what turns to mirrors is here", loaded);
}

#[test]
fn the_banner_outlives_its_edge_in_chromium() {
    scenario(&Browser::start());
}

#[test]
fn the_banner_outlives_its_edge_in_firefox() {
    scenario(&Session::firefox());
}

#[cfg(target_os = "linux")]
#[test]
fn the_banner_outlives_its_edge_in_webkit() {
    scenario(&Session::webkit());
}

fn scenario(browser: &Session) {
    let mirror = mirror();
    let edge = edge(&mirror, &[]);
    // An open page, healthy so far: the mirror is the only one who says that it is not any more.
    let site = page(&edge, "");
    browser.open(&site.url("/"));
    is_ready(browser);
    open_incident(&edge, "We look.");
    mirror.set(COPY, Reply::text(&signed(&edge)));
    edge.kill_hard();
    browser.eval("candor.refresh()");
    browser.until(
        "the banner from the mirror",
        "return text().includes('We look.') && text().includes('not confirmed since')",
    );
    // A returning visitor: the loader is in the browser's cache.
    browser.open(&site.url("/"));
    browser.until(
        "the banner from the mirror, for who returns",
        "return text().includes('We look.') && text().includes('not confirmed since')",
    );
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// A mirror can be old or away; it cannot lie.
#[test]
fn what_does_not_prove_itself_is_as_if_it_were_not_there() {
    let mirror = mirror();
    let edge = edge(&mirror, &[]);
    open_incident(&edge, "We look.");
    let older = signed(&edge);
    edge.accept(&json!({ "type": "incident.update", "incident": "down", "body": "It is known." }));
    let known = signed(&edge);

    let setting = edge.keys.edition_setting().to_string();
    let foreign = self::edge(&mirror, &[("CANDOR_EDITION_KEY", &setting)]);
    foreign.accept(&json!({ "type": "page.set", "url": "https://other.example" }));
    let other_key = self::edge(&mirror, &[]);
    for edge in [&foreign, &other_key] {
        open_incident(edge, "A lie.");
    }
    let parts: Vec<&str> = known.split('.').collect();
    let lies = signed(&other_key);
    let lie: Vec<&str> = lies.split('.').collect();
    let lies = [
        ("an older copy", older),
        ("another key with the same id", signed(&other_key)),
        ("another page with the same key", signed(&foreign)),
        ("another payload", [parts[0], lie[1], parts[2]].join(".")),
        ("another header", [lie[0], parts[1], parts[2]].join(".")),
        ("no signature", [parts[0], lie[1], ""].join(".")),
        ("another document", edge.get("/signed/status.json").expect(200).text()),
        ("another language", edge.get("/signed/bulletin.json?lang=de").expect(200).text()),
        ("no signed document", edge.get("/bulletin.json?lang=en").expect(200).text()),
        ("a half", known[..known.len() / 2].to_owned()),
        ("an error page", "<h1>502</h1>".to_owned()),
        ("nothing", String::new()),
    ];

    let (site, browser) = (page(&edge, ""), Browser::start());
    browser.open(&site.url("/"));
    browser.until("the banner", "return text().includes('It is known.')");
    is_ready(&browser);
    edge.kill_hard();
    let doubt = "const all = text(); return all.includes('It is known.') && all.includes('not confirmed since') && all";
    for (what, copy) in lies {
        mirror.set(COPY, Reply::text(&copy));
        let before = mirror.request_count(COPY);
        browser.eval("window.asked = 0; candor.refresh().then(() => asked = 1)");
        browser.until(what, "return asked");
        assert!(mirror.request_count(COPY) > before, "{what}: the mirror is asked");
        let text = browser.until(what, doubt);
        assert!(!text.as_str().unwrap().contains("A lie."), "{what}: {text}");
    }
    for reply in [Reply::Status(404), Reply::Half(known.clone().into_bytes())] {
        mirror.set(COPY, reply);
        browser.eval("window.asked = 0; candor.refresh().then(() => asked = 1)");
        browser.until("a mirror that fails", "return asked");
        browser.until("the doubt", doubt);
    }
    // Without Ed25519 nothing can be told from a lie.
    mirror.set(COPY, Reply::text(&known));
    browser.eval("window.asked = 0; crypto.subtle.importKey = () => { throw new DOMException('no', 'NotSupportedError') }; candor.refresh().then(() => asked = 1)");
    browser.until("a browser without Ed25519", "return asked");
    browser.until("the doubt", doubt);
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// A tag that names mirrors and the key trusts no edge, not even on the first visit.
#[test]
fn a_tag_can_name_mirrors_and_the_key() {
    let mirror = mirror();
    let edge = Edge::start();
    edge.set_up_page();
    open_incident(&edge, "We look.");
    let copy = signed(&edge);
    let keys = edge.get("/.well-known/candor.json").expect(200).json();
    let key = keys["keys"][0]["x"].as_str().unwrap().to_owned();
    let options =
        format!("data-variant=badge data-mirrors='{} https://127.0.0.1:1' data-key={key}", mirror.url(""));
    let (site, browser) = (page(&edge, &options), Browser::start());
    // The loader comes from the cache, and so does what it needs.
    browser.open(&site.url("/"));
    browser.until("the badge", "return text().includes('Some systems are down')");
    browser.until(
        "what turns to mirrors",
        "return performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/mirror.js'))",
    );
    edge.kill_hard();
    browser.eval("localStorage.clear()");
    mirror.set(COPY, Reply::text(&copy));
    browser.open(&site.url("/"));
    browser.until(
        "the badge from the mirror",
        "return text().includes('Some systems are down') && text().includes('not confirmed since')",
    );
}

/// The strongest form: the site's own host has the loader and its files, and the tag says whom to trust. The edge is not there at all.
#[test]
fn a_site_that_hosts_the_loader_needs_no_edge() {
    let mirror = mirror();
    let edge = Edge::start();
    edge.set_up_page();
    open_incident(&edge, "We look.");
    mirror.set(COPY, Reply::text(&signed(&edge)));
    let key =
        edge.get("/.well-known/candor.json").expect(200).json()["keys"][0]["x"].as_str().unwrap().to_owned();
    edge.kill_hard();

    let site = Site::folder(&paths::assets(), &[], &[]);
    let page = |options: &str| {
        format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{RECORDER}<p>Hello</p>
            <script async src=/widget.js data-src={} data-mirrors={} data-key={key} {options}></script></html>",
            edge.url("/"),
            mirror.url("")
        )
    };
    site.set("/", Reply::text(&page("")));
    site.set("/some", Reply::text(&page("data-components=api data-variant=badge")));
    site.set(
        "/element",
        Reply::text(&format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{RECORDER}<p>Hello</p>
            <candor-status variant=badge src={} mirrors={} key={key}></candor-status><script type=module src=/element.js></script></html>",
            edge.url("/"),
            mirror.url("")
        )),
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until(
        "the banner from the mirror",
        "return text().includes('We look.') && text().includes('not confirmed since')",
    );

    // The element takes the same.
    browser.open(&site.url("/element"));
    browser.until(
        "the badge from the mirror",
        "return typeof root == 'object' && text().includes('Some systems are down') && text().includes('not confirmed since')",
    );
    let asked = mirror.request_count(COPY);

    // A mirror has nothing about some components only: what is about others is not told in its place.
    browser.open(&site.url("/some"));
    browser.until("nobody knows", "return text().includes('Status unknown')");
    assert_eq!(mirror.request_count(COPY), asked);
}
