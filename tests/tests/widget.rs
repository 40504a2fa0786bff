//! The widget in a host page: it takes over without a visible change, remembers dismissals, and changes nothing else.

use candor_tests::{Browser, Edge, Reply, Site, paths};
use serde_json::{Value, json};

const BANNER: &str = "candor-status";
/// The page has no banner.
const IS_GONE: &str = "return !document.querySelector('candor-status')";
/// The yew widget has drawn the banner, not the loader or the element.
const IS_WIDGET: &str = "return !!root.querySelector('[data-by=widget]')";

/// Runs before the loader and records events, errors, and the look of the banner in each frame. Sets `onLine`, because
/// the machine may have no network.
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

fn start() -> (Edge, Browser) {
    let edge = Edge::start();
    edge.set_up_page();
    (edge, Browser::start())
}

#[test]
fn the_widget_takes_over_without_a_flash_and_adds_only_one_element() {
    let (edge, browser) = start();
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &["data-refresh=10"]);
    for width in [320, 1280] {
        browser.size(width, 800);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
        browser.until("some more frames", "return seen.frames.filter(([, , widget]) => widget).length > 3");
        let frames = browser.eval("return seen.frames");
        let frames = frames.as_array().unwrap();
        assert!(frames.iter().all(|frame| frame[1] == 1), "always exactly one banner: {frames:?}");
        // The first picture only keeps the room for the small print.
        let words = |frame: &Value| frame[3].as_str().unwrap().split_once("Updated").unwrap().0.to_owned();
        assert!(
            frames.iter().all(|frame| words(frame) == words(&frames[0])),
            "always the same words: {frames:?}"
        );
        let times: Vec<&Value> = frames
            .iter()
            .map(|frame| &frame[3])
            .filter(|text| !text.as_str().unwrap().contains(",,"))
            .collect();
        assert!(times.iter().all(|text| *text == times[0]), "always the same times: {frames:?}");
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
            document.body.previousElementSibling.localName,
            document.querySelectorAll('style, link[rel=stylesheet]').length + document.adoptedStyleSheets.length,
            document.querySelectorAll('[style]').length,
            document.body.attributes.length,
            // Two of these globals are chromedriver's.
            Object.keys(window).filter(name => !['before', 'ret_nodes', 'se_exportedFunctionSymbol', ...before].includes(name)),
        ]",
    );
    assert_eq!(
        host,
        json!([BANNER, 1, 0, 0, ["candor"]]),
        "one element, one global, one sheet with the banner's height"
    );
    assert_eq!(browser.eval("return seen.escaped"), json!([]));

    // From here on the widget polls, without a call of `refresh`.
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('A fix is in.')");
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.until_in_shadow(
        "the banner shows the resolved incident",
        BANNER,
        "return root.textContent.includes('It is over.')",
    );
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner disappears", IS_GONE);
    let versions = browser.eval("return seen.events.map(([type, version]) => type + ' ' + version)");
    let version = edge.version();
    assert_eq!(
        versions,
        json!([version - 2, version - 1, version].map(|version| format!("candor:change {version}"))),
        "one event per version"
    );
}

#[test]
fn a_dismissed_banner_stays_closed_until_there_is_something_new() {
    let (edge, browser) = start();
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &["", "data-position=bottom data-theme=dark"]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);

    // Two embeds share one poll and one module, and each is at its place.
    let requests = browser.requests();
    let count = |ending: &str| requests.iter().filter(|request| request.url.ends_with(ending)).count();
    let bulletins = requests.iter().filter(|request| request.url.contains("/bulletin.json")).count();
    assert_eq!((bulletins, count(".wasm")), (0, 1), "the loader had the bulletin");
    assert_eq!(
        browser.eval("return [document.documentElement, document.body].map(place => [...place.children].map(element => element.localName))"),
        json!([["head", BANNER, "body"], ["p", BANNER]])
    );

    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner is closed", IS_GONE);
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    assert_eq!(
        browser.eval(&format!("return document.querySelector('{BANNER}')")),
        Value::Null,
        "still dismissed after a reload"
    );

    // A new incident whose `at` is before the dismissal.
    edge.accept(
        &json!({ "type": "incident.open", "id": "maps", "name": "Maps are blank", "impact": "critical",
        "body": "We see it too.", "at": "2026-01-01T00:00:00Z" }),
    );
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the new incident", BANNER, "return root.textContent.includes('We see it too.')");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner is closed", IS_GONE);
    edge.accept(
        &json!({ "type": "incident.update", "incident": "maps", "status": "resolved", "body": "Fine." }),
    );
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the banner is back", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn an_invalid_refresh_interval_does_not_poll_faster() {
    let (edge, browser) = start();
    let site = page(&edge, RECORDER, &["data-refresh=30s"]);
    let polls = || {
        browser.until("1.5 seconds", "return new Promise(done => setTimeout(() => done(true), 1500))");
        browser.requests().iter().filter(|request| request.url.contains("/bulletin.json")).count()
    };
    browser.open(&site.url("/"));
    browser.until("the bulletin", "return window.candor && candor.status()");
    assert_eq!(polls(), 0, "the loader had the bulletin");
    incident(&edge, "We are on it.");
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    assert_eq!(polls(), 1, "it asked once");
    // Simultaneous calls share one request.
    browser.eval("for (const time of [1, 2, 3]) candor.refresh()");
    assert_eq!(polls(), 2, "never two requests in flight");
}

#[test]
fn a_slow_module_leaves_the_plain_banner_up() {
    let (edge, browser) = start();
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
    browser.until("the module is held back", "return window.arrive");
    browser.until_in_shadow("the banner", BANNER, "return root.textContent.includes('We are on it.')");
    edge.accept(&json!({ "type": "incident.update", "status": "identified", "body": "We know why." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(browser.eval_in_shadow(BANNER, IS_WIDGET), false);
    browser.eval("arrive()");
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    let frames = browser.eval("return seen.frames");
    assert!(
        frames.as_array().unwrap().iter().all(|frame| frame[1] == 1),
        "always exactly one banner: {frames}"
    );
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn overdue_follows_the_server_not_the_visitors_clock() {
    let (edge, browser) = start();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing",
        "impact": "major", "body": "We are on it.", "impact_note": "Nothing is lost.", "next_update_in": "1s" }));
    candor_tests::eventually("the promise is overdue", std::time::Duration::from_secs(20), || {
        (edge.status()["incidents"][0]["overdue"] == true).then_some(())
    });
    let site = page(&edge, RECORDER, &[""]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    let has_text = |text: &str| {
        browser.eval_in_shadow(
            BANNER,
            &format!("return root.querySelector('section').textContent.includes('{text}')"),
        )
    };
    assert_eq!((has_text("update overdue since"), has_text("Nothing is lost.")), (json!(true), json!(true)));
}

#[test]
fn without_the_module_the_plain_banner_updates_and_closes() {
    let (edge, browser) = start();
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
    browser.until("the banner is closed", &format!("return !document.querySelector('{BANNER}')"));
    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the banner is back", BANNER, "return root.textContent.includes('A fix is in.')");
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn an_unreadable_answer_claims_neither_up_nor_down() {
    let (edge, browser) = start();
    // A proxy may answer with an error page under status 200.
    let site = Site::folder(&paths::assets(), &[], &[]);
    site.set(
        "/",
        Reply::text(&format!(
            "<!doctype html><link rel=icon href='data:,'>{RECORDER}<script async src=/widget.js></script>"
        )),
    );
    site.set("/bulletin.json", Reply::text("<!doctype html><h1>502 Bad Gateway</h1>"));
    browser.open(&site.url("/"));
    browser.until("the event", "return seen.events.length");
    assert_eq!(browser.eval("return seen.events[0][0]"), "candor:error");
    assert_eq!(browser.eval(&format!("return document.querySelector('{BANNER}')")), Value::Null);
    assert_eq!(browser.eval("return candor.status()"), Value::Null);
    assert_eq!(browser.eval("return seen.escaped"), json!([]));

    // A banner that is already shown stays, and is marked unconfirmed.
    incident(&edge, "We are on it.");
    let site = page(&edge, RECORDER, &[""]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, IS_WIDGET);
    browser.devtools("Network.enable", json!({}));
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/bulletin.json*"] }));
    browser.eval("candor.refresh()");
    // Its stream may confirm it again at once.
    browser.until(
        "the unconfirmed mark",
        "return seen.frames.some(([, , , text]) => text?.includes('not confirmed since'))",
    );
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow(
        "the banner is confirmed again",
        BANNER,
        "return !root.textContent.includes('not confirmed since')",
    );
    assert_eq!(browser.eval("return seen.escaped"), json!([]));
}

#[test]
fn the_banner_follows_theme_and_direction_and_resists_host_styles() {
    let (edge, browser) = start();
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
