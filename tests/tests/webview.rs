//! `/embed` in an app: the messages that the app receives, on an emulated phone with stand-ins for the bridges of the
//! web views of Android, iOS and React Native. No test runs on a device.

use candor_tests::{Browser, Edge, Reply, Site, paths};
use serde_json::{Value, json};

const EMBED: &str = "/embed?variant=banner";

/// Stand-ins for the bridges. Each appends the message to `messages`, as an object. Android's takes exactly one string.
const BRIDGES: [(&str, &str); 3] = [
    ("iOS", "window.webkit = { messageHandlers: { candor: { postMessage: it => messages.push(it) } } };"),
    (
        "Android",
        "window.CandorHost = { postMessage(...all) {
            if (all.length != 1 || typeof all[0] != 'string') throw 'Method not found';
            messages.push(JSON.parse(all[0]));
        } };",
    ),
    ("React Native", "window.ReactNativeWebView = { postMessage: text => messages.push(JSON.parse(text)) };"),
];

/// Makes the page poll at once, as when the network is back.
const POLL: &str = "dispatchEvent(new Event('online')); return 1";

/// An emulated phone that prefers dark.
fn phone() -> Browser {
    let browser = Browser::start();
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        json!({ "width": 390, "height": 844, "deviceScaleFactor": 3, "mobile": true }),
    );
    browser.prefers(&[("prefers-color-scheme", "dark")]);
    browser
}

/// Adds a script that runs first in every page opened from now on, until [`remove_script`].
fn add_script(browser: &Browser, script: &str) -> Value {
    let source = format!("window.messages = []; {script}");
    let answer = browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
    answer["identifier"].clone()
}

fn remove_script(browser: &Browser, script: &Value) {
    browser.devtools("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": script }));
}

fn offline(browser: &Browser, offline: bool) {
    browser.devtools(
        "Network.emulateNetworkConditions",
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
    );
}

/// Waits until the newest message, `it` in the condition, meets the condition, and returns it. Fails if two consecutive
/// messages are equal.
#[track_caller]
fn message_where(browser: &Browser, condition: &str) -> Value {
    let script = format!("const it = messages.at(-1); return it && ({condition}) && messages");
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
fn each_bridge_receives_the_message() {
    let edge = Edge::start();
    edge.set_up_page();
    let browser = phone();
    for (name, bridge) in BRIDGES {
        let script = add_script(&browser, bridge);
        browser.open(&edge.url(EMBED));
        let message = message_where(&browser, "it.height > 20");
        let confirmed_at = message["confirmed_at"].as_str().unwrap();
        assert_eq!((confirmed_at.len(), confirmed_at.ends_with('Z')), (24, true), "{name}: {message}");
        assert!(confirmed_at.parse::<jiff::Timestamp>().is_ok(), "{name}: {message}");
        let height = &message["height"];
        assert_eq!(
            message,
            json!({"candor":1,"indicator":"none","version":edge.version(),"height":height,"confirmed_at":confirmed_at}),
            "{name}: exactly these fields"
        );
        assert_eq!(
            browser.eval("return Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)"),
            *height,
            "{name}"
        );
        // Other pages send no messages.
        for path in ["/", "/history"] {
            browser.open(&edge.url(path));
            assert_eq!(
                browser.eval("return [messages, document.querySelectorAll('script').length]"),
                json!([[], 1]),
                "{name}: {path}"
            );
        }
        remove_script(&browser, &script);
    }
    // With several bridges of which one throws, the others receive the message.
    let broken = "window.webkit = { messageHandlers: { candor: { postMessage() { throw 'broken' } } } };";
    add_script(&browser, &format!("{}{}{broken}", BRIDGES[1].1, BRIDGES[2].1));
    browser.open(&edge.url(EMBED));
    // A stream may have confirmed the page meanwhile, so that there are several messages.
    let twice = "const all = messages.map(it => JSON.stringify(it));
        return all.length > 1 && all.every(one => all.filter(other => other == one).length == 2)";
    browser.until("each message twice", twice);
    let policy = edge.get(EMBED).expect(200);
    let policy = policy.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let errors = browser.console().into_iter().filter(|line| line.starts_with("SEVERE"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn the_app_receives_every_change() {
    let edge = Edge::start();
    edge.set_up_page();
    let browser = phone();
    add_script(&browser, BRIDGES[0].1);
    browser.open(&edge.url(EMBED));
    let well = message_where(&browser, "it.indicator == 'none'");

    break_checkins(&edge);
    browser.eval(POLL);
    let ill = message_where(&browser, "it.indicator == 'major'");
    assert_eq!(ill["version"], edge.version());
    let height = |message: &Value| message["height"].as_u64().unwrap();
    assert!(height(&ill) > height(&well), "{ill}");

    // A poll without news changes only `confirmed_at`.
    browser.eval(&format!("messages.length = 0; {POLL}"));
    let again = message_where(&browser, &format!("it.confirmed_at > {}", ill["confirmed_at"]));
    assert_eq!((&again["indicator"], height(&again)), (&json!("major"), height(&ill)));

    // A larger font, as in an app that follows the system's font size; and a notch.
    let fits = "return document.documentElement.scrollWidth <= innerWidth";
    browser.eval("document.documentElement.style.fontSize = '200%'; return 1");
    let large = message_where(&browser, &format!("it.height > {}", height(&ill)));
    assert!(height(&large) > height(&ill) * 3 / 2, "{large}");
    assert_eq!(browser.eval(fits), true, "at twice the size");
    browser.eval("document.documentElement.style.fontSize = ''; return 1");
    message_where(&browser, &format!("it.height == {}", height(&ill)));
    browser.devtools(
        "Emulation.setSafeAreaInsetsOverride",
        json!({ "insets": { "top": 47, "bottom": 34, "left": 44, "right": 44 } }),
    );
    let notched = message_where(&browser, &format!("it.height >= {}", height(&ill) + 47 + 34));
    assert_eq!(
        browser.eval("const { top, left } = document.querySelector('h1').getBoundingClientRect(); return top >= 47 && left >= 44"),
        true,
        "{notched}"
    );

    // The page follows the system's colour scheme without a message.
    let ground = "return getComputedStyle(document.body).backgroundColor";
    // Of messages that differ in more than the time of a confirmation.
    let count =
        "const count = () => new Set(messages.map(it => JSON.stringify({ ...it, confirmed_at: 0 }))).size";
    let (dark, before) = (browser.eval(ground), browser.eval(&format!("{count}; return count()")));
    browser.prefers(&[("prefers-color-scheme", "light")]);
    assert_ne!(browser.eval(ground), dark);
    assert_eq!(
        browser.eval(&format!("{count}; return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(count()))))")),
        before
    );

    let resolve = json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."});
    edge.accept(&resolve);
    browser.eval(POLL);
    message_where(&browser, "it.indicator == 'none'");
    let shown = "return [...document.querySelectorAll('h1, h2, .prose, article .dim')].map(node => node.firstChild.textContent)";
    assert_eq!(browser.eval(shown), json!(["Resolved", "Check-ins are failing", "Over.", "resolved "]));
    let resolved_at = &edge.status()["resolved"][0]["resolved_at"];
    assert_eq!(browser.eval("return document.querySelector('article time').dateTime"), *resolved_at);

    edge.accept(
        &json!({"type":"incident.update","incident":"down","status":"monitoring","body":"Not quite."}),
    );
    browser.eval(POLL);
    message_where(&browser, "it.indicator == 'major'");
    assert_eq!(
        browser.eval(shown),
        json!(["Some systems are down", "Check-ins are failing", "Not quite.", "Major outage · Updated "])
    );
}

#[test]
fn an_unconfirmed_embed_reports_unknown_with_the_last_confirmation() {
    let edge = Edge::start();
    edge.set_up_page();
    break_checkins(&edge);
    let browser = phone();
    // Without a stream, which the driver cannot cut off.
    let script = add_script(&browser, &format!("{}; window.EventSource = undefined;", BRIDGES[1].1));
    browser.open(&edge.url(EMBED));
    let first = message_where(&browser, "it.indicator == 'major'");

    // A poll fails: the message has the time of the last confirmation, not the present.
    let label = "return document.querySelector('.stale time')?.dateTime";
    offline(&browser, true);
    let served = browser.eval("return document.body.dataset.confirmed");
    assert!(first["confirmed_at"].as_str() <= served.as_str(), "{first}, {served}");
    browser.eval(POLL);
    let unknown = message_where(&browser, "it.indicator == 'unknown'");
    assert_eq!((&unknown["confirmed_at"], &unknown["version"]), (&served, &first["version"]));
    assert_eq!(browser.eval(label), served);
    assert!(
        unknown["height"].as_u64() > first["height"].as_u64(),
        "the height includes the label: {unknown}"
    );

    browser.screenshot(&paths::candor().join("screenshots/embed-unknown.png"));

    // Back on the network.
    offline(&browser, false);
    browser.eval(POLL);
    let back = message_where(&browser, "it.indicator == 'major'");
    assert!(back["confirmed_at"].as_str() > served.as_str(), "{back}");
    assert_eq!(browser.eval(label), Value::Null);

    // An app opens a copy that is an hour old, on a site without status.json: it is unknown at once, before any poll.
    offline(&browser, false);
    remove_script(&browser, &script);
    let later = "const real = Date.now, later = () => real() + 36e5;
        Date = class extends Date {
            constructor(...all) { all.length ? super(...all) : super(later()) }
            static now() { return later() }
        };";
    add_script(&browser, &format!("{}{later}", BRIDGES[1].1));
    let kept = ["/page.js", "/host.js"].map(|path| edge.get(path).expect(200).text());
    let page = edge.get(EMBED).expect(200).text();
    let copy = Site::files(&[("/embed", &page), ("/page.js", &kept[0]), ("/host.js", &kept[1])], &[]);
    browser.open(&copy.url("/embed"));
    let cached = message_where(&browser, "it.indicator == 'unknown'");
    assert_eq!(
        browser.eval("return Date.now() - new Date > -99 && messages[0].indicator"),
        "unknown",
        "the first message is already unknown"
    );
    let rendered = browser.eval("return document.body.dataset.confirmed");
    assert!(page.contains(rendered.as_str().unwrap()), "{rendered}");
    assert_eq!((&cached["confirmed_at"], browser.eval(label)), (&rendered, rendered.clone()));
    assert_eq!(cached["version"], first["version"]);
    copy.set("/status.json", Reply::text(&edge.status().to_string()));
    browser.eval(POLL);
    message_where(&browser, "it.indicator == 'major'");
    assert_eq!(browser.eval(label), Value::Null);
}

#[test]
fn a_frame_receives_the_height_of_the_embed() {
    let edge = Edge::start();
    edge.set_up_page();
    let site = Site::page(
        &format!(
            "<!doctype html><title>App</title><script>window.messages = [];
            addEventListener('message', ({{ data, origin, source }}) => {{
                const frame = document.querySelector('iframe');
                if (origin != '{}' || source != frame.contentWindow || data?.candor != 1) return;
                messages.push(data);
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
    let well = message_where(&browser, "it.height > 0");
    assert_eq!(well["indicator"], "none", "a frame of zero height receives the message");

    break_checkins(&edge);
    let poll_in_frame = || {
        browser.run(browser.driver().enter_frame(0));
        browser.eval(POLL);
        browser.run(browser.driver().enter_parent_frame());
    };
    poll_in_frame();
    let ill = message_where(&browser, "it.indicator == 'major'");
    browser.run(browser.driver().enter_frame(0));
    browser.until(
        "the whole embed is visible",
        "return innerHeight > 60 && document.documentElement.scrollHeight <= innerHeight",
    );
    assert_eq!(browser.eval("return innerHeight"), ill["height"]);
    browser.run(browser.driver().enter_parent_frame());

    edge.accept(&json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."}));
    poll_in_frame();
    let over = message_where(&browser, "it.indicator == 'none'");
    let height = |message: &Value| message["height"].as_u64().unwrap();
    assert!(
        height(&well) < height(&over) && height(&over) < height(&ill),
        "the embed is smaller again: {over}"
    );
}

/// The hosts are written in Kotlin, Swift and JSX, which the tests cannot run: this checks only the names in them.
#[test]
fn the_example_hosts_name_the_bridge_and_every_field() {
    for (name, bridge) in
        [("kt", "\"CandorHost\""), ("swift", "name: \"candor\""), ("jsx", "onMessage={received}")]
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
