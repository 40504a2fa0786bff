//! The check-in outage, as a visitor sees it who opened the host page before the outage began.

use candor_tests::{Browser, Edge, Site, chapters, paths};
use serde_json::{Value, json};
use std::process::Command;

const BANNER: &str = "candor-status";
/// No embed takes up space.
const GONE: &str = "return [...document.querySelectorAll('candor-status')].every(e => e.getBoundingClientRect().height === 0)";

/// The update without its times of 2010, so that it happens now.
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

/// Takes screenshots, light and dark, in the sizes of a phone and a desktop.
fn take_screenshots(browser: &Browser, step: &str) {
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
fn the_banner_follows_the_outage_without_a_reload() {
    let edge = Edge::start();
    let mut chapters = chapters("checkin-2010").into_iter();
    let (name, page) = chapters.next().unwrap();
    edge.accept(&now(&page));

    let tag = "src=\"/widget.js\"";
    let own = format!("src=\"{}\" data-refresh=\"10\"", edge.url("/widget.js"));
    let product = Site::folder(&paths::root().join("examples/website"), &[(tag, &own)], &[]);
    let browser = Browser::start();
    browser.open(&product.url("/"));
    // A reload would remove this global.
    browser.eval("window.openedBefore = true");
    browser.until("the first status", "return window.candor && window.candor.status()");
    assert_eq!(browser.eval(GONE), true);
    take_screenshots(&browser, &name);

    for (name, update) in chapters {
        edge.accept(&now(&update));
        if update["status"] == "resolved" {
            browser.until_in_shadow(
                "the resolved incident",
                BANNER,
                "return root.textContent.includes('Resolved')",
            );
            browser.eval_in_shadow(BANNER, "root.querySelector('button[title]').click()");
            browser.until("the banner disappears", GONE);
        } else if update["type"] == "postmortem.publish" {
            // A post-mortem does not show the banner again.
            let version = edge.version();
            browser.eval("candor.refresh()");
            browser
                .until("the page has this version", &format!("return candor.status().version === {version}"));
            assert_eq!(browser.eval(GONE), true, "{name}");
        } else {
            let body = update["body"].as_str().unwrap_or_else(|| panic!("{name} has no body"));
            browser.until_in_shadow(
                &format!("the banner shows {name}"),
                BANNER,
                &format!("return root.textContent.includes({})", json!(body)),
            );
            browser.until(
                "animations have ended",
                "return document.getAnimations().every(a => a.playState !== 'running')",
            );
        }
        take_screenshots(&browser, &name);
    }
    assert_eq!(browser.eval("return window.openedBefore"), true, "the page was not reloaded");
    let errors: Vec<String> =
        browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert_eq!(errors, Vec::<String>::new());
}

fn replay(edge: &Edge, further: &[&str]) {
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
fn a_story_replays_once_as_history_and_repeatedly_live() {
    let edge = Edge::start();
    let requests = chapters("checkin-2010").len();
    replay(&edge, &[]);
    let version = edge.version();
    let status = edge.status();
    assert_eq!(
        (&status["indicator"], &status["incidents"]),
        (&json!("none"), &json!([])),
        "the incident is resolved"
    );
    assert!(usize::try_from(version).unwrap() >= requests);
    // As history, a second replay sends the same requests and changes nothing.
    replay(&edge, &[]);
    assert_eq!(edge.version(), version);
    // A live replay opens an incident of its own.
    replay(&edge, &["--live", "--speed", "20000"]);
    assert!(edge.version() > version);
    assert_eq!(edge.status()["indicator"], "none");
}
