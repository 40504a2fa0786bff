//! The check-in outage, seen by somebody who had the product page open before it began.

use candor_tests::{Browser, Edge, Site, chapters, paths};
use serde_json::{Value, json};
use std::process::Command;

const BANNER: &str = "candor-status";
/// Nothing of it takes any room.
const GONE: &str = "return [...document.querySelectorAll('candor-status')].every(e => e.getBoundingClientRect().height === 0)";

/// Said now and not in 2010.
fn now(update: &Value) -> Value {
    let mut update = update.clone();
    match &mut update {
        Value::Array(updates) => updates.iter_mut().for_each(|update| *update = now(update)),
        Value::Object(fields) => {
            fields.retain(|name, _| !["at", "started_at", "detected_at"].contains(&name.as_str()))
        }
        _ => {}
    }
    update
}

/// What can be seen, light and dark, on a telephone and on a desk.
fn photograph(browser: &Browser, step: &str) {
    let folder = paths::candor().join("screenshots");
    for (width, height) in [(360, 740), (1280, 800)] {
        browser.size(width, height);
        for theme in ["light", "dark"] {
            browser.prefers(&[("prefers-color-scheme", theme)]);
            assert_eq!(
                browser.eval("return document.documentElement.scrollWidth <= innerWidth"),
                true,
                "{step}: the page scrolls sideways at {width}"
            );
            browser.screenshot(&folder.join(format!("story-{step}-{theme}-{width}.png")));
        }
    }
}

#[test]
fn the_banner_appears_changes_and_goes_while_the_page_stays_open() {
    let edge = Edge::start();
    let mut chapters = chapters("checkin-2010").into_iter();
    let (name, page) = chapters.next().unwrap();
    edge.accept(&now(&page));

    let tag = "src=\"/widget.js\"";
    let own = format!("src=\"{}\" data-refresh=\"10\"", edge.url("/widget.js"));
    let product = Site::folder(&paths::root().join("examples/website"), &[(tag, &own)], &[]);
    let browser = Browser::start();
    browser.open(&product.url("/"));
    // A reload would lose it.
    browser.eval("window.openedBefore = true");
    browser.until("the first look at the status", "return window.candor && window.candor.status()");
    assert_eq!(browser.eval(GONE), true);
    photograph(&browser, &name);

    for (name, update) in chapters {
        edge.accept(&now(&update));
        if update["status"] == "resolved" {
            browser.until_in_shadow("it is over", BANNER, "return root.textContent.includes('Resolved')");
            browser.eval_in_shadow(BANNER, "root.querySelector('button[title]').click()");
            browser.until("the banner goes", GONE);
        } else if update["type"] == "postmortem.publish" {
            // It is over: what was learnt is no reason to show a banner again.
            let version = edge.version();
            browser.eval("candor.refresh()");
            browser.until("the page has seen it", &format!("return candor.status().version === {version}"));
            assert_eq!(browser.eval(GONE), true, "{name}");
        } else {
            let body = update["body"].as_str().unwrap_or_else(|| panic!("{name} says nothing"));
            browser.until_in_shadow(
                &format!("the banner says {name}"),
                BANNER,
                &format!("return root.textContent.includes({})", json!(body)),
            );
            browser.until(
                "it has come to rest",
                "return document.getAnimations().every(a => a.playState !== 'running')",
            );
        }
        photograph(&browser, &name);
    }
    assert_eq!(browser.eval("return window.openedBefore"), true, "the page was never loaded again");
    let errors: Vec<String> =
        browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert_eq!(errors, Vec::<String>::new());
}

fn tell(edge: &Edge, further: &[&str]) {
    let key = format!("{}:{}", edge.keys.ops.id, edge.keys.ops.secret);
    let output = Command::new(env!("CARGO"))
        .args(["xtask", "story", "checkin-2010", "--url", &edge.url(""), "--key", &key])
        .args(further)
        .current_dir(paths::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_story_can_be_told_as_history_and_live_and_twice() {
    let edge = Edge::start();
    let requests = chapters("checkin-2010").len();
    tell(&edge, &[]);
    let version = edge.version();
    let status = edge.status();
    assert_eq!((&status["indicator"], &status["incidents"]), (&json!("none"), &json!([])), "it is over");
    assert!(usize::try_from(version).unwrap() >= requests);
    // As history: the same requests again change nothing.
    tell(&edge, &[]);
    assert_eq!(edge.version(), version);
    // Live, each time an incident of its own.
    tell(&edge, &["--live", "--speed", "20000"]);
    assert!(edge.version() > version);
    assert_eq!(edge.status()["indicator"], "none");
}
