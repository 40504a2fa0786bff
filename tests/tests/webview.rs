//! `/embed` inside an app: what the app is told, on an emulated telephone with the bridges that Android's, iOS's and
//! React Native's webviews have. Nothing here ran on a device.

use candor_tests::{Browser, Edge, Reply, Site, paths};
use serde_json::{Value, json};

const EMBED: &str = "/embed?variant=banner";

/// Each puts what it is given into `told`, as an object. Android's takes exactly one argument, a text.
const BRIDGES: [(&str, &str); 3] = [
    ("iOS", "window.webkit = { messageHandlers: { candor: { postMessage: it => told.push(it) } } };"),
    (
        "Android",
        "window.CandorHost = { postMessage(...all) {
            if (all.length != 1 || typeof all[0] != 'string') throw 'Method not found';
            told.push(JSON.parse(all[0]));
        } };",
    ),
    ("React Native", "window.ReactNativeWebView = { postMessage: text => told.push(JSON.parse(text)) };"),
];

/// A check at once, as when the machine is back on the network.
const CHECK: &str = "dispatchEvent(new Event('online')); return 1";

/// A telephone that prefers the dark.
fn phone() -> Browser {
    let browser = Browser::start();
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        json!({ "width": 390, "height": 844, "deviceScaleFactor": 3, "mobile": true }),
    );
    browser.prefers(&[("prefers-color-scheme", "dark")]);
    browser
}

/// Runs a script before those of every page that is opened from now on, until its name is given to [`forget`].
fn before_all(browser: &Browser, script: &str) -> Value {
    let source = format!("window.told = []; {script}");
    let answer = browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
    answer["identifier"].clone()
}

fn forget(browser: &Browser, script: &Value) {
    browser.devtools("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": script }));
}

fn offline(browser: &Browser, offline: bool) {
    browser.devtools(
        "Network.emulateNetworkConditions",
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
    );
}

/// The newest message, once a script that sees it as `it` says yes. No message may come twice in a row.
#[track_caller]
fn told(browser: &Browser, condition: &str) -> Value {
    let script = format!("const it = told.at(-1); return it && ({condition}) && told");
    let all = browser.until(condition, &script);
    let all = all.as_array().unwrap();
    assert!(all.windows(2).all(|two| two[0] != two[1]), "{all:?}");
    all.last().unwrap().clone()
}

fn break_checkins(edge: &Edge) {
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage"},"body":"We broke check-ins.\nWe are on it.","next_update_in":"30m"}));
}

#[test]
fn an_app_is_told_through_the_bridge_that_it_has() {
    let edge = Edge::start();
    edge.set_up_page();
    let browser = phone();
    for (name, bridge) in BRIDGES {
        let script = before_all(&browser, bridge);
        browser.open(&edge.url(EMBED));
        let message = told(&browser, "it.height > 20");
        let confirmed_at = message["confirmed_at"].as_str().unwrap();
        assert_eq!((confirmed_at.len(), confirmed_at.ends_with('Z')), (24, true), "{name}: {message}");
        assert!(confirmed_at.parse::<jiff::Timestamp>().is_ok(), "{name}: {message}");
        let height = &message["height"];
        assert_eq!(
            message,
            json!({"candor":1,"indicator":"none","version":edge.version(),"height":height,"confirmed_at":confirmed_at}),
            "{name}: nothing but this"
        );
        assert_eq!(
            browser.eval("return Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)"),
            *height,
            "{name}"
        );
        // The other pages have no host.
        for path in ["/", "/history"] {
            browser.open(&edge.url(path));
            assert_eq!(
                browser.eval("return [told, document.querySelectorAll('script').length]"),
                json!([[], 1]),
                "{name}: {path}"
            );
        }
        forget(&browser, &script);
    }
    // All at once, and one that fails: the others are told.
    let broken = "window.webkit = { messageHandlers: { candor: { postMessage() { throw 'broken' } } } };";
    before_all(&browser, &format!("{}{}{broken}", BRIDGES[1].1, BRIDGES[2].1));
    browser.open(&edge.url(EMBED));
    assert_eq!(browser.until("two messages", "return told.length > 1 && told.length"), 2);
    let policy = edge.get(EMBED).expect(200);
    let policy = policy.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let errors = browser.console().into_iter().filter(|line| line.starts_with("SEVERE"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn an_app_is_told_what_changes() {
    let edge = Edge::start();
    edge.set_up_page();
    let browser = phone();
    before_all(&browser, BRIDGES[0].1);
    browser.open(&edge.url(EMBED));
    let well = told(&browser, "it.indicator == 'none'");

    break_checkins(&edge);
    browser.eval(CHECK);
    let ill = told(&browser, "it.indicator == 'major'");
    assert_eq!(ill["version"], edge.version());
    let height = |message: &Value| message["height"].as_u64().unwrap();
    assert!(height(&ill) > height(&well), "{ill}");

    // A check that finds nothing new confirms, and changes nothing else.
    browser.eval(&format!("told.length = 0; {CHECK}"));
    let again = told(&browser, &format!("it.confirmed_at > {}", ill["confirmed_at"]));
    assert_eq!((&again["indicator"], height(&again)), (&json!("major"), height(&ill)));

    // Larger letters, as an app that follows the system's size has them; and a notch.
    let fits = "return document.documentElement.scrollWidth <= innerWidth";
    browser.eval("document.documentElement.style.fontSize = '200%'; return 1");
    let large = told(&browser, &format!("it.height > {}", height(&ill)));
    assert!(height(&large) > height(&ill) * 3 / 2, "{large}");
    assert_eq!(browser.eval(fits), true, "at twice the size");
    browser.eval("document.documentElement.style.fontSize = ''; return 1");
    told(&browser, &format!("it.height == {}", height(&ill)));
    browser.devtools(
        "Emulation.setSafeAreaInsetsOverride",
        json!({ "insets": { "top": 47, "bottom": 34, "left": 44, "right": 44 } }),
    );
    let notched = told(&browser, &format!("it.height >= {}", height(&ill) + 47 + 34));
    assert_eq!(
        browser.eval("const { top, left } = document.querySelector('h1').getBoundingClientRect(); return top >= 47 && left >= 44"),
        true,
        "{notched}"
    );

    // It follows the system's scheme, which is nobody's news.
    let ground = "return getComputedStyle(document.body).backgroundColor";
    let (dark, count) = (browser.eval(ground), browser.eval("return told.length"));
    browser.prefers(&[("prefers-color-scheme", "light")]);
    assert_ne!(browser.eval(ground), dark);
    assert_eq!(browser.eval("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(told.length))))"), count);

    let resolve = json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."});
    edge.accept(&resolve);
    browser.eval(CHECK);
    told(&browser, "it.indicator == 'none'");
    let shown = "return [...document.querySelectorAll('h1, h2, .prose, article .dim')].map(its => its.firstChild.textContent)";
    assert_eq!(browser.eval(shown), json!(["Resolved", "Check-ins are failing", "Over.", "resolved "]));
    let resolved_at = &edge.status()["resolved"][0]["resolved_at"];
    assert_eq!(browser.eval("return document.querySelector('article time').dateTime"), *resolved_at);

    edge.accept(
        &json!({"type":"incident.update","incident":"down","status":"monitoring","body":"Not quite."}),
    );
    browser.eval(CHECK);
    told(&browser, "it.indicator == 'major'");
    assert_eq!(
        browser.eval(shown),
        json!([
            "Some Systems Are Down",
            "Check-ins are failing",
            "Not quite.",
            "Outage · monitoring "
        ])
    );
}

#[test]
fn what_cannot_be_confirmed_is_unknown_with_its_true_age() {
    let edge = Edge::start();
    edge.set_up_page();
    break_checkins(&edge);
    let browser = phone();
    let script = before_all(&browser, BRIDGES[1].1);
    browser.open(&edge.url(EMBED));
    let first = told(&browser, "it.indicator == 'major'");
    let served = browser.eval("return document.body.dataset.confirmed");
    assert_eq!(first["confirmed_at"], served);

    // The first check fails: the page's own time, not this one.
    let label = "return document.querySelector('.stale time')?.dateTime";
    offline(&browser, true);
    browser.eval(CHECK);
    let unknown = told(&browser, "it.indicator == 'unknown'");
    assert_eq!((&unknown["confirmed_at"], &unknown["version"]), (&served, &first["version"]));
    assert_eq!(browser.eval(label), served);
    assert!(unknown["height"].as_u64() > first["height"].as_u64(), "the label has its place: {unknown}");

    browser.screenshot(&paths::candor().join("screenshots/embed-unknown.png"));

    // Back on the network.
    offline(&browser, false);
    browser.eval(CHECK);
    let back = told(&browser, "it.indicator == 'major'");
    assert!(back["confirmed_at"].as_str() > served.as_str(), "{back}");
    assert_eq!(browser.eval(label), Value::Null);

    // An hour later without a network, from a copy, as an app starts: it says so at once, before any check.
    offline(&browser, false);
    forget(&browser, &script);
    let later = "const real = Date.now, later = () => real() + 36e5;
        Date = class extends Date {
            constructor(...all) { all.length ? super(...all) : super(later()) }
            static now() { return later() }
        };";
    before_all(&browser, &format!("{}{later}", BRIDGES[1].1));
    let kept = ["/page.js", "/host.js"].map(|path| edge.get(path).expect(200).text());
    let page = edge.get(EMBED).expect(200).text();
    let copy = Site::files(&[("/embed", &page), ("/page.js", &kept[0]), ("/host.js", &kept[1])], &[]);
    browser.open(&copy.url("/embed"));
    let cached = told(&browser, "it.indicator == 'unknown'");
    assert_eq!(
        browser.eval("return Date.now() - new Date > -99 && told[0].indicator"),
        "unknown",
        "never more"
    );
    let rendered = browser.eval("return document.body.dataset.confirmed");
    assert!(page.contains(rendered.as_str().unwrap()), "{rendered}");
    assert_eq!((&cached["confirmed_at"], browser.eval(label)), (&rendered, rendered.clone()));
    assert_eq!(cached["version"], first["version"]);
    copy.set("/status.json", Reply::text(&edge.status().to_string()));
    browser.eval(CHECK);
    told(&browser, "it.indicator == 'major'");
    assert_eq!(browser.eval(label), Value::Null);
}

#[test]
fn a_frame_gets_the_height_that_it_asks_for() {
    let edge = Edge::start();
    edge.set_up_page();
    let site = Site::page(
        &format!(
            "<!doctype html><title>App</title><script>window.told = [];
            addEventListener('message', ({{ data, origin, source }}) => {{
                const frame = document.querySelector('iframe');
                if (origin != '{}' || source != frame.contentWindow || data?.candor != 1) return;
                told.push(data);
                frame.style.height = (data.indicator == 'none' ? 0 : data.height) + 'px';
            }});</script>
            <iframe src='{}' title='Status' style='border:0;display:block;width:100%;height:0'></iframe><p>The app</p>",
            edge.url(""),
            edge.url(EMBED)
        ),
        &[],
    );
    let browser = phone();
    browser.open(&site.url("/"));
    let well = told(&browser, "it.height > 0");
    assert_eq!(well["indicator"], "none", "known although nothing is seen of it");

    break_checkins(&edge);
    let check_in_frame = || {
        browser.run(browser.driver().enter_frame(0));
        browser.eval(CHECK);
        browser.run(browser.driver().enter_parent_frame());
    };
    check_in_frame();
    let ill = told(&browser, "it.indicator == 'major'");
    browser.run(browser.driver().enter_frame(0));
    browser.until(
        "the whole of it",
        "return innerHeight > 60 && document.documentElement.scrollHeight <= innerHeight",
    );
    assert_eq!(browser.eval("return innerHeight"), ill["height"]);
    browser.run(browser.driver().enter_parent_frame());

    edge.accept(&json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."}));
    check_in_frame();
    let over = told(&browser, "it.indicator == 'none'");
    let height = |message: &Value| message["height"].as_u64().unwrap();
    assert!(height(&well) < height(&over) && height(&over) < height(&ill), "it shrinks again: {over}");
}

/// The hosts are other people's languages: held to the message and the bridge, not run.
#[test]
fn the_hosts_read_what_is_sent() {
    for (name, bridge) in
        [("kt", "\"CandorHost\""), ("swift", "name: \"candor\""), ("jsx", "onMessage={heard}")]
    {
        let path = paths::root().join(format!("examples/webview/CandorBanner.{name}"));
        let text = std::fs::read_to_string(path).unwrap();
        let page = format!("https://status.example.com{EMBED}");
        for word in
            [page.as_str(), bridge, "candor", "indicator", "height", "confirmed_at", "unknown", "none"]
        {
            assert!(text.contains(word), "{name}: {word}");
        }
    }
}
