//! The life of a host page: restored from the back/forward cache, in the background, under a wrong clock.

use crate::{BANNER, Host, incident, shows_incident, start, unharmed};
use candor_tests::{Edge, Reply, Site, eventually, paths};
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;

pub(crate) const STATUS: &str = "/bulletin.json";
const DAY: i64 = 86_400_000;
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const WITHOUT_WASM: &str = "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming";
/// Long enough for several polls under a fast clock.
pub(crate) const WHILE: Duration = Duration::from_millis(1500);

/// A host page with a faster clock, in which a script runs first, and a stand-in for the edge that counts polls. A poll
/// is due every ten seconds of that clock.
pub(crate) fn counted(edge: &Edge, pace: u32, script: &str) -> (Site, Site) {
    let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    (host(&copy.url("/widget.js"), pace, 0, script), copy)
}

pub(crate) fn host(src: &str, pace: u32, skew: i64, script: &str) -> Site {
    let mut host = Host::with(format!("<script async src={src} data-refresh=10></script>"));
    let start = Timestamp::now().as_millisecond().to_string();
    let clock = include_str!("clock.js").replace("PACE", &pace.to_string()).replace("START", &start);
    host.head = format!("<script>{clock}; clock.skew = {skew}; {script}</script>");
    host.site()
}

/// The number of polls within a duration. It sleeps, because the absence of polls cannot be awaited.
pub(crate) fn polls(copy: &Site, meanwhile: Duration) -> usize {
    let before = copy.request_count(STATUS);
    std::thread::sleep(meanwhile);
    copy.request_count(STATUS) - before
}

#[test]
fn polling_resumes_after_the_back_forward_cache() {
    let (edge, browser) = start();
    incident(&edge);
    let (site, copy) = counted(&edge, 20, "");
    browser.open(&site.url("/"));
    shows_incident(&browser, "before", true);
    eventually("polling", PATIENCE, || (copy.request_count(STATUS) > 2).then_some(()));
    browser.eval("host.mark = 'the same page'");
    browser.open(&site.url("/bare"));
    assert_eq!(polls(&copy, WHILE), 0, "a page that was left does not poll");
    browser.run(browser.driver().back());
    // Checks that the browser has restored the page from the cache.
    assert_eq!(browser.eval("return [host.mark, host.loads.at(-1)]"), json!(["the same page", true]));
    shows_incident(&browser, "afterwards", true);
    eventually("polling resumes", PATIENCE, || {
        (polls(&copy, Duration::ZERO) == 0 && copy.request_count(STATUS) > 4).then_some(())
    });
    // A poll every half second, with a jitter of a tenth: three, at most four. Two timers would make six.
    let count = polls(&copy, WHILE);
    assert!((1..=4).contains(&count), "{count} polls");
    assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 1);
    unharmed(&browser, "afterwards");
}

#[test]
fn a_background_page_does_not_poll() {
    let (edge, browser) = start();
    incident(&edge);
    let (site, copy) = counted(&edge, 1, "");
    browser.open(&site.url("/"));
    shows_incident(&browser, "in front", true);
    assert_eq!(copy.request_count(STATUS), 1);
    browser.hide(true);
    // An hour passes, with an update.
    browser.eval("clock.skew += 3_600_000");
    edge.accept(
        &json!({ "type": "incident.update", "status": "identified", "body": "We are on it. We know why." }),
    );
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    assert_eq!(polls(&copy, WHILE), 0, "no poll in the background");
    browser.hide(false);
    browser.until_in_shadow("the update", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(polls(&copy, WHILE), 0, "exactly one poll after the return");
    assert_eq!(copy.request_count(STATUS), 2);
    unharmed(&browser, "in front again");
}

/// Under each wrong clock, the banner must not show a wrong age of the newest update. It shows a relative time ("ago",
/// "just now") if that is right, or an absolute time with its day, which is right under every clock.
fn shows_no_wrong_age(widget: bool) {
    let (edge, browser) = start();
    incident(&edge);
    let without = if widget { "" } else { WITHOUT_WASM };
    // In two of the last three, the negative time becomes positive when a timer truncates its delay to 32 bits.
    let skews = [-DAY, DAY, 17 * DAY, 34 * DAY];
    for (age, right) in [("fresh", "just now"), ("old", "3 hours ago")] {
        if age == "old" {
            let at = (Timestamp::now() - Duration::from_secs(3 * 3600 + 60)).to_string();
            edge.accept(&json!({ "type": "incident.open", "name": "Maps are blank", "impact": "critical",
                "body": "We are on it. So are they who draw them.", "at": at }));
        }
        for skew in skews {
            let case = format!("{age}, {} days off", skew / DAY);
            let site = host(&edge.url("/widget.js"), 1, skew, without);
            browser.open(&site.url("/"));
            shows_incident(&browser, &case, widget);
            let shown = browser.eval_in_shadow(BANNER, "return root.querySelector('small').textContent");
            let shown = shown.as_str().unwrap().replace(right, "");
            let wrong = ["ago", "just now", "yesterday", "in "].iter().find(|words| shown.contains(**words));
            assert_eq!(wrong, None, "{case}: {shown}");
            unharmed(&browser, &case);
        }
    }
}

#[test]
fn the_plain_banner_shows_no_wrong_age_under_a_wrong_clock() {
    shows_no_wrong_age(false);
}

#[test]
fn the_widget_shows_no_wrong_age_under_a_wrong_clock() {
    shows_no_wrong_age(true);
}
