//! `examples/yew-app`: an application in yew with the banner, the panel and the state as a line of text.

use candor_tests::{Browser, Edge, Site, eventually, paths};
use serde_json::{Value, json};
use std::time::Duration;

const BANNER: &str = "candor-status";
const PANEL: &str = "candor-panel";
/// The panel was read.
const IS_READ: &str = "return !!root.querySelector('.foot')";
/// A poll, and a little more.
const POLL: Duration = Duration::from_secs(45);
const BUTTON: &str = "document.querySelector('footer button')";

fn app() -> Site {
    Site::folder(&paths::candor().join("yew-app"), &[], &[])
}

fn incident(edge: &Edge) {
    edge.accept(
        &json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing", "impact": "major",
        "components": { "checkins": "major_outage" }, "body": "We are on it." }),
    );
}

#[track_caller]
fn says(browser: &Browser, host: &str, words: &str) {
    let script = format!("return root.textContent.includes({})", json!(words));
    eventually(words, POLL, || (browser.eval_in_shadow(host, &script) == true).then_some(()));
}

#[track_caller]
fn close_with_escape(browser: &Browser) {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27 });
        browser.devtools("Input.dispatchKeyEvent", key);
    }
    browser.until("the panel is closed", "return !document.querySelector('candor-panel')");
}

fn bulletins(browser: &Browser) -> usize {
    browser.requests().iter().filter(|request| request.url.contains("/bulletin.json")).count()
}

#[test]
fn an_application_in_yew_shows_the_banner_the_panel_and_the_state() {
    let edge = Edge::start();
    edge.set_up_page();
    incident(&edge);
    let (site, browser) = (app(), Browser::start());
    browser.open(&site.url(&format!("/?status={}", edge.url(""))));

    // From another origin, in a closed shadow root, at the top of the page.
    says(&browser, BANNER, "We are on it.");
    let look = "const host = document.querySelector('candor-status'), box = host.getBoundingClientRect();
        return [host.shadowRoot, box.top, box.width == document.documentElement.clientWidth, box.height > 40,
          getComputedStyle(host).position, document.querySelector('footer .state').textContent]";
    assert_eq!(browser.eval(look), json!([null, 0, true, true, "sticky", "Some systems are down"]));
    assert_eq!(bulletins(&browser), 1, "the banner and the line of text share a poll");
    browser.screenshot(&paths::candor().join("screenshots/yew-app-banner.png"));

    // The shop goes on.
    browser.eval("document.querySelectorAll('.teas button')[1].click()");
    browser.until("the basket", "return document.querySelector('.basket').textContent.includes('€29.00')");

    // A button of the application's own opens the panel, and has the focus again when it is closed.
    browser.eval(&format!("{BUTTON}.focus(); {BUTTON}.click()"));
    browser.until_in_shadow("the panel", PANEL, IS_READ);
    assert_eq!(browser.eval("return document.querySelector('candor-panel').shadowRoot"), Value::Null);
    assert_eq!(browser.eval_in_shadow(PANEL, "return root.querySelector('dialog').matches(':modal')"), true);
    says(&browser, PANEL, "The last 90 days");
    browser.screenshot(&paths::candor().join("screenshots/yew-app-panel.png"));
    close_with_escape(&browser);
    assert_eq!(browser.eval(&format!("return document.activeElement == {BUTTON}")), true);

    // So does "Details" in the banner.
    browser.eval_in_shadow(
        BANNER,
        "const link = root.querySelector('small [part=details]:last-child'); link.focus(); link.click()",
    );
    browser.until_in_shadow("the panel", PANEL, IS_READ);

    // Both follow what changes.
    edge.accept(&json!({ "type": "incident.update", "incident": "down", "status": "identified", "body": "We know why." }));
    says(&browser, BANNER, "We know why.");
    says(&browser, PANEL, "We know why.");
    close_with_escape(&browser);
    browser.until_in_shadow("the focus is back", BANNER, "return root.activeElement?.part == 'details'");
    assert_eq!(browser.eval("return location.pathname"), "/", "the page stays");

    // Who saw it sees that it is over, after a reload as well.
    edge.accept(&json!({ "type": "incident.update", "incident": "down", "status": "resolved", "body": "It is over." }));
    browser.open(&site.url(&format!("/?status={}", edge.url(""))));
    says(&browser, BANNER, "It is over.");
    let errors: Vec<String> =
        browser.console().into_iter().filter(|line| !line.starts_with("INFO")).collect();
    assert_eq!(errors, Vec::<String>::new());

    let other = Browser::start();
    other.open(&site.url(&format!("/?status={}", edge.url(""))));
    other.until("the state", "return document.querySelector('footer .state')?.textContent");
    assert_eq!(
        other.eval_in_shadow(BANNER, "return !!root.querySelector('section')"),
        false,
        "others have nothing to be told"
    );
}

#[test]
fn the_address_is_in_the_page_and_what_cannot_be_read_is_not_green() {
    let edge = Edge::start();
    edge.set_up_page();
    let replace = [("https://status.example.com", edge.url(""))];
    let replace = replace.each_ref().map(|(from, to)| (*from, to.as_str()));
    let site = Site::folder(&paths::candor().join("yew-app"), &replace, &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    let state =
        |words: &str| format!("return document.querySelector('footer .state')?.textContent == '{words}'");
    browser.until("all is well", &state("All systems operational"));
    assert_eq!(
        browser.eval("return document.querySelector('candor-status').getBoundingClientRect().height"),
        0,
        "nothing to say takes no space"
    );

    edge.kill_hard();
    browser.open(&site.url("/"));
    browser.until("nobody knows", &state("Status unknown"));
}
