//! On a page that forbids WebAssembly and inline styles, the plain banner works.

use candor_tests::{Browser, Edge, Site};
use serde_json::json;

const BANNER: &str = "candor-status";

/// Records errors and policy violations. Served as a file, because the policy forbids inline scripts.
const RECORDER: &str = "window.escaped = []; window.refused = [];
    addEventListener('securitypolicyviolation', event => refused.push(event.blockedURI));
    addEventListener('error', event => escaped.push(event.message));
    addEventListener('unhandledrejection', event => escaped.push(String(event.reason)));";

#[test]
fn the_plain_banner_is_shown_and_updated() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing",
        "impact": "major", "components": { "checkins": "major_outage" }, "body": "We are on it.",
        "next_update_in": "30m" }));
    let origin = edge.url("");
    let html = format!(
        "<!doctype html><title>Strict</title><link rel=icon href=/favicon.svg><script src=/recorder.js></script>
        <script async src={}></script><p>Hello</p>",
        edge.url("/widget.js")
    );
    let policy = format!(
        "default-src 'self'; script-src 'self' {origin}; connect-src {origin}; require-trusted-types-for 'script'"
    );
    let site = Site::files(
        &[
            ("/", &html),
            ("/recorder.js", RECORDER),
            ("/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ],
        &[("content-security-policy", &policy)],
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));

    let plain =
        "return root.textContent.includes('We are on it.') && root.textContent.includes('next update by')";
    browser.until_in_shadow("the plain banner", BANNER, plain);
    // The browser downloads the module and refuses to compile it.
    candor_tests::eventually("the module is downloaded", std::time::Duration::from_secs(20), || {
        browser
            .requests()
            .iter()
            .any(|request| request.url.ends_with(".wasm") && request.status == Some(200))
            .then_some(())
    });
    browser.until("the refusal", "return refused.includes('wasm-eval')");
    let look = "const section = root.querySelector('section'); const { display, position } = getComputedStyle(section);
        return [root.querySelectorAll('section').length, root.querySelector('[data-by=widget]'), display, position]";
    assert_eq!(browser.eval_in_shadow(BANNER, look), json!([1, null, "flex", "static"]), "plain and styled");

    // A screen reader announces the text once, and does not read the glyph.
    let announced = "const words = root.querySelector('[aria-live]');
        if (!words.textContent.includes('We are on it.')) return false;
        window.kept ??= words.firstChild;
        return [kept.isConnected, root.querySelector('section > b').ariaHidden]";
    assert_eq!(browser.until_in_shadow("the announcement", BANNER, announced), json!([true, "true"]));
    browser.eval("return candor.refresh()");
    assert_eq!(browser.eval_in_shadow(BANNER, announced), json!([true, "true"]), "not announced again");

    edge.accept(&json!({ "type": "incident.update", "status": "monitoring", "body": "A fix is in." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the next update", BANNER, "return root.textContent.includes('A fix is in.')");
    edge.accept(&json!({ "type": "incident.update", "status": "resolved", "body": "It is over." }));
    browser.eval("candor.refresh()");
    browser.until_in_shadow("the resolved incident", BANNER, "return root.textContent.includes('Resolved')");
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title]').click()");
    browser.until("the banner disappears", &format!("return !document.querySelector('{BANNER}')"));
    edge.accept(&json!({ "type": "notice.post", "title": "Moving", "body": "We move house." }));
    browser.eval("candor.refresh()");
    let notice = "return [...root.querySelectorAll('p')].map(line => line.textContent)";
    browser.until_in_shadow("the notice", BANNER, "return root.textContent.includes('We move house.')");
    assert_eq!(
        browser.eval_in_shadow(BANNER, notice),
        json!(["Notice Moving", "We move house."]),
        "the notice has its title"
    );

    assert_eq!(browser.eval("return escaped"), json!([]));
    // The only allowed lines are the browser's own about the refused module.
    let console: Vec<String> =
        browser.console().into_iter().filter(|line| !line.contains("WebAssembly")).collect();
    assert_eq!(console, Vec::<String>::new());
}
