//! Part of `cargo xtask bench`: measures how soon a visitor sees an outage, in Chromium under the conditions of a phone
//! (slow 4G, a processor four times slower), in comparison with `@statuspage/status-widget`, the embed for customers of
//! Statuspage. Both have the same page and the same data, compressed with brotli. It prints and asserts nothing.

use candor_tests::{Browser, Edge, Reply, Site, paths};
use serde_json::json;
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;
const PUSHES: usize = 20;

/// Records when the embed becomes visible, and long tasks.
const RECORDER: &str = "<script>
    window.long = [];
    new PerformanceObserver(list => long.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask', buffered: true });
    const attach = Element.prototype.attachShadow;
    let shadow;
    Element.prototype.attachShadow = function (init) { return shadow = attach.call(this, init) };
    (function frame() {
      const host = document.querySelector('candor-status, statuspage-widget');
      const text = shadow?.textContent || '';
      if (host?.offsetHeight && /Check-ins|Outage|outage/.test(text)) {
        window.shown ??= performance.now();
        if (shadow.querySelector('[data-by=widget]')) window.widget ??= performance.now();
      }
      requestAnimationFrame(frame);
    })();
    window.before = performance.now();
    </script>";

/// English, the two languages that took longest, and one that is written from right to left.
const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

fn main() {
    let edge = Edge::start();
    edge.set_up_page();
    let healthy = candor(&edge, "en");
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": "We broke check-ins. We are on it.", "next_update_in": "30m" }));
    let summary = edge.get("/api/v2/summary.json").expect(200).text();
    let other = Site::files(&[], &[]);
    other.set(
        "/index.js",
        Reply::compressed(&read(
            &paths::root().join("tests/node_modules/@statuspage/status-widget/dist/index.js"),
        )),
    );
    other.set("/api/v2/summary.json", Reply::compressed(summary.as_bytes()));
    let html = page("en", "<statuspage-widget></statuspage-widget><script src=/index.js></script>")
        .replace("<statuspage-widget>", &format!("<statuspage-widget src='{}'>", other.url("")));
    other.set("/", Reply::text(&html));
    let ours = LANGUAGES.map(|language| candor(&edge, language));

    let browser = Browser::start();
    slow(&browser);
    let mut theirs: [Vec<f64>; 4] = Default::default();
    let mut times: [[Vec<f64>; 4]; LANGUAGES.len()] = Default::default();
    let visited = |browser: &Browser, site: &Site, script: &str, times: &mut [Vec<f64>; 4]| {
        for (times, time) in times.iter_mut().zip(visit(browser, &site.url("/"), script)) {
            times.push(time);
        }
    };
    for round in 1..=ROUNDS {
        println!("under the conditions of a phone, round {round} of {ROUNDS} …");
        visited(&browser, &other, "/index.js", &mut theirs);
        for ((language, site), times) in LANGUAGES.iter().zip(&ours).zip(&mut times) {
            // The edge sends the bulletin of the moment.
            answer(&edge, language, site);
            visited(&browser, site, "/widget.js", times);
        }
    }
    let theirs = theirs.map(median);
    println!(
        "\n{:<44} {:>22} {:>22}",
        "until it is visible, in ms; ratio", "since the request", "since the response"
    );
    let row = |what: &str, [request, response]: [f64; 2], goal: &str| {
        let cell = |time: f64, other: f64| format!("{time:.0} {:.2}", time / other);
        println!("{what:<44} {:>22} {:>22}  {goal}", cell(request, theirs[0]), cell(response, theirs[1]));
    };
    row("@statuspage/status-widget", [theirs[0], theirs[1]], "");
    for (language, times) in LANGUAGES.iter().zip(times) {
        let ours = times.map(median);
        row(
            &format!("candor, the painted banner, {language}"),
            [ours[0], ours[1]],
            "goal 0.35 since the request",
        );
        row(
            &format!("candor, taken over, without idle, {language}"),
            [ours[2], ours[3]],
            "goal 1.0 since the request",
        );
    }

    candor_healthy(&browser, &edge, &healthy);
    drop(browser);
    pushes();
}

/// A page in a language with the widget, and the widget's files.
fn candor(edge: &Edge, language: &str) -> Site {
    let site = Site::files(&[], &[]);
    let assets = paths::candor().join("assets");
    let mut folders = vec![assets.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = format!("/{}", path.strip_prefix(&assets).unwrap().display());
                site.set(&name, Reply::compressed(&read(&path)));
            }
        }
    }
    site.set("/", Reply::text(&page(language, "<script async src=/widget.js></script>")));
    answer(edge, language, &site);
    site
}

/// Puts what the edge answers now into a site.
fn answer(edge: &Edge, language: &str, site: &Site) {
    for (name, path) in [("/widget.js", "/widget.js"), ("/bulletin.json", "/bulletin.json")] {
        let body = edge.get(&format!("{path}?lang={language}")).expect(200).body;
        site.set(name, Reply::compressed(&body));
    }
}

/// Prints the tasks over 50 ms that the widget causes on a page without a banner.
fn candor_healthy(browser: &Browser, edge: &Edge, site: &Site) {
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    answer(edge, "en", site);
    browser.open(&site.url("/"));
    browser.until("the bulletin", "return window.candor && candor.status()");
    browser
        .until("the page has settled", "return new Promise(done => requestIdleCallback(() => done(true)))");
    let long = browser.eval("return long");
    println!("\ntasks over 50 ms on a page without a banner: {long} (goal: none)");
}

/// Measures the time from just before an update is posted until an open page shows it.
fn pushes() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major", "body": "0" }));
    let html = page("en", &format!("<script async src={} data-refresh=10></script>", edge.url("/widget.js")));
    let site = Site::page(&html, &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until("the widget", "return window.widget");
    let mut times = Vec::new();
    for push in 1..=PUSHES {
        println!("posting update {push} of {PUSHES} …");
        let started = Instant::now();
        edge.accept(
            &json!({ "type": "incident.update", "incident": "down", "body": format!("Update {push}.") }),
        );
        candor_tests::eventually("the page shows the update", Duration::from_secs(60), || {
            let text = browser.eval_in_shadow("candor-status", "return root.textContent");
            text.as_str().is_some_and(|text| text.contains(&format!("Update {push}."))).then_some(())
        });
        times.push(started.elapsed().as_secs_f64());
    }
    let worst = times.iter().copied().fold(0.0, f64::max);
    println!(
        "\nfrom an update to the changed banner in an open page (data-refresh=10): median {:.1} s, worst {worst:.1} s of {PUSHES}",
        median(times)
    );
}

fn page(language: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang={language}><meta charset=utf-8><meta name=viewport content='width=device-width'>
        <link rel=icon href='data:,'><title>Shop</title>{RECORDER}<p>Hello</p>{body}</html>"
    )
}

/// Emulates slow 4G with the values of Lighthouse (150 ms, 1.6 Mbit/s), and a processor four times slower.
fn slow(browser: &Browser) {
    browser.devtools("Network.enable", json!({}));
    browser.devtools(
        "Network.emulateNetworkConditions",
        json!({ "offline": false, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8 }),
    );
    browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 }));
}

/// Measures a first visit. Returns the milliseconds until the embed is visible, from the start of the script's request
/// and from the end of its response; for ours, also the same until the yew widget has taken over, without the wait for idle.
fn visit(browser: &Browser, url: &str, script: &str) -> [f64; 4] {
    browser.devtools("Network.clearBrowserCache", json!({}));
    browser.open(url);
    let is_ours = script == "/widget.js";
    let last = if is_ours { "widget" } else { "shown" };
    let script = format!(
        "const own = performance.getEntriesByType('resource').find(entry => entry.name.endsWith('{script}'))
        if (!window.{last}) return
        const take = performance.getEntriesByType('resource').find(entry => entry.name.endsWith('/take.js'))
        const end = {last} - (take ? take.startTime - shown : 0)
        return [shown - own.startTime, shown - own.responseEnd, end - own.startTime, end - own.responseEnd]"
    );
    let times = browser.until(last, &script);
    std::array::from_fn(|index| times[index].as_f64().unwrap())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn read(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
