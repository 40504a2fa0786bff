//! The widget in a stranger's page: it takes over unseen, is remembered when closed, and leaves the page alone.

use candor_tests::{Browser, Edge, Site, paths};
use serde_json::{Value, json};

const BANNER: &str = "candor-status";
/// No banner is in the page.
const IS_GONE: &str = "return !document.querySelector('candor-status')";
/// What is shown is the widget's, and not plain.
const IS_WIDGET: &str = "return !!root.querySelector('[data-by=widget]')";

/// Runs before the loader: notes events, errors, and in each frame how the banner looks. The page is on this machine,
/// which may have no network.
const RECORDER: &str = "<script>
    Object.defineProperty(navigator, 'onLine', { value: true });
    window.seen = { events: [], escaped: [], frames: [] };
    addEventListener('error', event => seen.escaped.push(event.message));
    addEventListener('unhandledrejection', event => seen.escaped.push(String(event.reason)));
    for (const type of ['candor:change', 'candor:error'])
      addEventListener(type, event => seen.events.push([type, event.detail.version || event.detail.reason]));
    let shadow;
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return shadow = attach.call(this, init); };
    (function frame() {
      const host = document.querySelector('candor-status');
      if (host) seen.frames.push([host.offsetHeight, shadow.querySelectorAll('section').length, !!shadow.querySelector('[data-by=widget]'),
        shadow.querySelector('section')?.textContent.replace(/\\s+/g, ' ')]);
      requestAnimationFrame(frame);
    })();
    window.before = Object.keys(window);
    </script>";

fn incident(edge: &Edge, body: &str) {
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing",
        "impact": "major", "components": { "checkins": "major_outage" }, "body": body, "next_update_in": "30m" }));
}

fn page(edge: &Edge, head: &str, tags: &[&str]) -> Site {
    let src = edge.url("/widget.js");
    let tags: String = tags.iter().map(|data| format!("<script async src={src} {data}></script>")).collect();
    Site::page(
        &format!(
            "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
            <link rel=icon href='data:,'><title>Shop</title>{head}{tags}<p>Hello</p></html>"
        ),
        &[],
    )
}

fn started() -> (Edge, Browser) {
    let edge = Edge::start();
    edge.set_up_page();
    (edge, Browser::start())
}

#[test]
fn it_takes_over_without_a_flash_and_leaves_the_page_alone() {
    let (edge, browser) = started();
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &["data-refresh=10"]);
    for width in [320, 1280] {
        browser.size(width, 800);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
        browser.until("some frames more", "return seen.frames.filter(([, , widget]) => widget).length > 3");
        let frames = browser.eval("return seen.frames");
        let frames = frames.as_array().unwrap();
        assert!(frames.iter().all(|frame| frame[1] == 1), "always exactly one banner: {frames:?}");
        assert!(frames.iter().all(|frame| frame[3] == frames[0][3]), "always the same words: {frames:?}");
        assert!(frames.iter().all(|frame| frame[0] == frames[0][0]), "always as high: {frames:?}");
        assert_eq!(
            browser.eval("return document.documentElement.scrollWidth <= innerWidth"),
            true,
            "no scrolling sideways at {width}"
        );
    }

    assert_eq!(browser.eval(&format!("return document.querySelector('{BANNER}').shadowRoot")), Value::Null);
    let host = browser.eval(
        "return [
            document.body.firstElementChild.localName,
            document.querySelectorAll('style, link[rel=stylesheet]').length + document.adoptedStyleSheets.length,
            document.querySelectorAll('[style]').length,
            document.body.attributes.length,
            // chromedriver brings two of its own.
            Object.keys(window).filter(name => !['before', 'ret_nodes', 'se_exportedFunctionSymbol', ...before].includes(name)),
        ]",
    );
    assert_eq!(host, json!([BANNER, 0, 0, 0, ["candor"]]), "one element, one global, no style");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));

    // From here on the widget looks, not the loader: a change is seen without anybody asking.
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('A fix is in.')");
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.until_in_shadow(
        "it says that it is over",
        BANNER,
        "return root.textContent.includes('It is over.')",
    );
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner goes", IS_GONE);
    let versions = browser.eval("return seen.events.map(([type, version]) => type + ' ' + version)");
    let version = edge.version();
    assert_eq!(
        versions,
        json!([version - 2, version - 1, version].map(|version| format!("candor:change {version}"))),
        "each version is told once"
    );
}

#[test]
fn a_closed_banner_stays_closed_until_there_is_more_to_say() {
    let (edge, browser) = started();
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &["", "data-position=bottom data-theme=dark"]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);

    // Two embeds: one poll, one module, each in its place.
    let requests = browser.requests();
    let count = |ending: &str| requests.iter().filter(|request| request.url.ends_with(ending)).count();
    assert_eq!((count("/status.json"), count(".wasm")), (1, 1));
    assert_eq!(
        browser.eval("return [...document.body.children].map(element => element.localName)"),
        json!([BANNER, "p", BANNER])
    );

    // The keyboard closes it.
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("it is closed", IS_GONE);
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    assert_eq!(
        browser.eval(&format!("return document.querySelector('{BANNER}')")),
        Value::Null,
        "remembered"
    );

    // Posted later, and said to be older than what was closed.
    edge.accept(
        &json!({ "type": "incident.open", "id": "maps", "name": "Maps are blank", "impact": "critical",
        "body": "We see it too.", "at": "2026-01-01T00:00:00Z" }),
    );
    browser.eval("candor.refresh()");
    browser.until_in_shadow("news are shown", BANNER, "return root.textContent.includes('We see it too.')");
    browser.until_in_shadow("by the widget", BANNER, IS_WIDGET);
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("it is closed", IS_GONE);
    edge.accept(
        &json!({ "type": "incident.update", "incident": "maps", "status": "resolved", "body": "Fine." }),
    );
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("it is back", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn a_refresh_that_is_no_number_does_not_hammer() {
    let (edge, browser) = started();
    let site = page(&edge, RECORDER, &["data-refresh=30s"]);
    let checks = || {
        browser.until("a while", "return new Promise(done => setTimeout(() => done(true), 1500))");
        browser.requests().iter().filter(|request| request.url.ends_with("/status.json")).count()
    };
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    assert_eq!(checks(), 1, "the loader's");
    incident(&edge, "We are on it.");
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    assert_eq!(checks(), 2, "the widget's");
    // Two at once are one.
    browser.open(&site.url("/"));
    browser.eval("for (const time of [1, 2, 3]) window.candor && candor.refresh()");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    assert!(checks() <= 4, "never two in flight");
}

#[test]
fn a_late_module_leaves_the_plain_banner_up() {
    let (edge, browser) = started();
    incident(&edge, "We are on it.");
    let hold = "<script>
        for (const name of ['instantiate', 'instantiateStreaming']) {
          const real = WebAssembly[name];
          WebAssembly[name] = async (...all) => {
            await new Promise(go => window.arrive = go);
            return real(...all);
          };
        }
        </script>";
    let site = page(&edge, &format!("{RECORDER}{hold}"), &[""]);
    browser.open(&site.url("/"));
    browser.until("the module is on its way", "return window.arrive");
    browser.until_in_shadow("the banner", BANNER, "return root.textContent.includes('We are on it.')");
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(browser.eval_in_shadow(BANNER, IS_WIDGET), false);
    browser.eval("arrive()");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    let frames = browser.eval("return seen.frames");
    assert!(frames.as_array().unwrap().iter().all(|frame| frame[1] == 1), "always exactly one: {frames}");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn an_overdue_promise_is_said_by_the_servers_clock() {
    let (edge, browser) = started();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing",
        "impact": "major", "body": "We are on it.", "impact_note": "Nothing is lost.", "next_update_in": "1s" }));
    candor_tests::eventually("it is overdue", std::time::Duration::from_secs(20), || {
        (edge.status()["incidents"][0]["overdue"] == true).then_some(())
    });
    let site = page(&edge, RECORDER, &[""]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    let says = |what: &str| {
        browser.eval_in_shadow(
            BANNER,
            &format!("return root.querySelector('section').textContent.includes('{what}')"),
        )
    };
    assert_eq!((says("update overdue since"), says("Nothing is lost.")), (json!(true), json!(true)));

    // The plain banner, twice, and the visitor's clock is the same in both.
    let loader = edge.get("/widget.js").expect(200).text();
    for (overdue, words) in [(true, "update overdue since"), (false, "next update by")] {
        let mut status = edge.status();
        status["incidents"][0]["overdue"] = json!(overdue);
        let html = format!(
            "<!doctype html><link rel=icon href='data:,'>{RECORDER}<script async src=/widget.js></script>"
        );
        let files = [("/", html.as_str()), ("/widget.js", &loader), ("/status.json", &status.to_string())];
        let site = Site::files(&files, &[]);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the plain banner", BANNER, "return root.querySelector('[role=status]')");
        assert_eq!((says(words), says("Nothing is lost.")), (json!(true), json!(true)), "{overdue}");
    }
}

#[test]
fn without_its_module_the_plain_banner_does_it_all() {
    let (edge, browser) = started();
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &[""]);
    browser.devtools("Network.enable", json!({}));
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] }));
    browser.open(&site.url("/"));
    browser.until_in_shadow("the banner", BANNER, "return root.textContent.includes('We are on it.')");
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(browser.eval_in_shadow(BANNER, IS_WIDGET), false);
    browser.eval_in_shadow(BANNER, "root.querySelector('button').click()");
    browser.until("it is closed", &format!("return !document.querySelector('{BANNER}')"));
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("it is back", BANNER, "return root.textContent.includes('A fix is in.')");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn an_answer_that_cannot_be_read_is_neither_up_nor_down() {
    let (edge, browser) = started();
    let loader = edge.get("/widget.js").expect(200).text();
    // What a proxy may answer: an error page, with status 200.
    let site = Site::files(
        &[
            (
                "/",
                &format!(
                    "<!doctype html><link rel=icon href='data:,'>{RECORDER}<script async src=/widget.js></script>"
                ),
            ),
            ("/widget.js", &loader),
            ("/status.json", "<!doctype html><h1>502 Bad Gateway</h1>"),
        ],
        &[],
    );
    browser.open(&site.url("/"));
    browser.until("it is told", "return seen.events.length");
    assert_eq!(browser.eval("return seen.events[0][0]"), "candor:error");
    assert_eq!(browser.eval(&format!("return document.querySelector('{BANNER}')")), Value::Null);
    assert_eq!(browser.eval("return candor.status()"), Value::Null);
    assert_eq!(browser.eval("return seen.escaped"), json!([]));

    // While something is shown, it stays, and says that nobody knows.
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &[""]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    browser.devtools("Network.enable", json!({}));
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/status.json"] }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the doubt", BANNER, "return root.textContent.includes('not confirmed since')");
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "it is confirmed",
        BANNER,
        "return !root.textContent.includes('not confirmed since')",
    );
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn it_follows_the_theme_and_the_direction_and_no_host_style_hides_it() {
    let (edge, browser) = started();
    incident(&edge, "We are on it.");
    let hostile = "<style>* { all: unset !important } div, candor-status { display: none !important }</style>
        <script>document.documentElement.dir = 'rtl'</script>";
    let site = page(&edge, hostile, &[""]);
    let folder = paths::candor().join("screenshots");
    let look = "const section = root.querySelector('section');
        const mark = section.firstElementChild.getBoundingClientRect(), button = section.querySelector('button').getBoundingClientRect();
        return [getComputedStyle(section).display, mark.left > button.left, section.offsetHeight > 40]";
    for (theme, width) in [("light", 360), ("dark", 1280)] {
        browser.size(width, 740);
        browser.prefers(&[("prefers-color-scheme", theme)]);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
        assert_eq!(browser.eval_in_shadow(BANNER, look), json!(["flex", true, true]), "{theme}");
        browser.screenshot(&folder.join(format!("widget-rtl-{theme}-{width}.png")));
    }
    let color = "return getComputedStyle(root.querySelector('section')).color";
    assert_eq!(browser.eval_in_shadow(BANNER, color), "rgb(255, 255, 255)", "white on dark");
    browser.prefers(&[("prefers-color-scheme", "light")]);
    assert_eq!(browser.eval_in_shadow(BANNER, color), "rgb(0, 0, 0)", "black on light");
}
