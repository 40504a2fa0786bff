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

fn main() {
    let edge = Edge::start();
    edge.set_up_page();
    let healthy = edge.get("/status.json").expect(200).text();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": "We broke check-ins. We are on it.", "next_update_in": "30m" }));
    let status = edge.get("/status.json").expect(200).text();
    let summary = edge.get("/api/v2/summary.json").expect(200).text();

    let candor = candor(&status);
    let other = Site::files(&[], &[]);
    other.set(
        "/index.js",
        Reply::compressed(&read(
            &paths::root().join("tests/node_modules/@statuspage/status-widget/dist/index.js"),
        )),
    );
    other.set("/api/v2/summary.json", Reply::compressed(summary.as_bytes()));
    let html = page("<statuspage-widget></statuspage-widget><script src=/index.js></script>")
        .replace("<statuspage-widget>", &format!("<statuspage-widget src='{}'>", other.url("")));
    other.set("/", Reply::text(&html));

    let browser = Browser::start();
    slow(&browser);
    let visits = [(&other, "/index.js"), (&candor, "/widget.js")];
    let mut times: [[Vec<f64>; 4]; 2] = Default::default();
    for round in 1..=ROUNDS {
        println!("under the conditions of a phone, round {round} of {ROUNDS} …");
        for (times, (site, script)) in times.iter_mut().zip(visits) {
            for (times, time) in times.iter_mut().zip(visit(&browser, &site.url("/"), script)) {
                times.push(time);
            }
        }
    }
    let [other, ours] = times.map(|times| times.map(median));
    println!(
        "\n{:<44} {:>22} {:>22}",
        "until it is visible, in ms; ratio", "since the request", "since the response"
    );
    let row = |what: &str, [request, response]: [f64; 2], goal: &str| {
        let cell = |time: f64, other: f64| format!("{time:.0} {:.2}", time / other);
        println!("{what:<44} {:>22} {:>22}  {goal}", cell(request, other[0]), cell(response, other[1]));
    };
    row("@statuspage/status-widget", [other[0], other[1]], "");
    row("candor, the plain banner", [ours[0], ours[1]], "goal 0.3");
    row("candor, the yew widget", [ours[2], ours[3]], "goal 1.0");

    candor_healthy(&browser, &healthy);
    drop(browser);
    pushes();
}

fn candor(status: &str) -> Site {
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
    site.set("/", Reply::text(&page("<script async src=/widget.js></script>")));
    site.set("/status.json", Reply::compressed(status.as_bytes()));
    site
}

/// Prints the tasks over 50 ms that the widget causes on a healthy page.
fn candor_healthy(browser: &Browser, healthy: &str) {
    let site = candor(healthy);
    browser.open(&site.url("/"));
    browser.until("the status", "return window.candor && candor.status()");
    browser
        .until("the page has settled", "return new Promise(done => requestIdleCallback(() => done(true)))");
    let long = browser.eval("return long");
    println!("\ntasks over 50 ms on a healthy page: {long} (goal: none)");
}

/// Measures the time from just before an update is posted until an open page shows it.
fn pushes() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major", "body": "0" }));
    let html = page(&format!("<script async src={} data-refresh=10></script>", edge.url("/widget.js")));
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

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>
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
/// and from the end of its response; for ours, also the same until the yew widget has taken over.
fn visit(browser: &Browser, url: &str, script: &str) -> [f64; 4] {
    browser.devtools("Network.clearBrowserCache", json!({}));
    browser.open(url);
    let is_ours = script == "/widget.js";
    let last = if is_ours { "widget" } else { "shown" };
    let script = format!(
        "const own = performance.getEntriesByType('resource').find(entry => entry.name.endsWith('{script}'))
        return window.{last} && [shown - own.startTime, shown - own.responseEnd, {last} - own.startTime, {last} - own.responseEnd]"
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
