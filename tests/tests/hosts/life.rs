//! What happens to a page: left and returned to, in the background, under a clock that is wrong.

use crate::{BANNER, Host, incident, started, tells, unharmed};
use candor_tests::{Edge, Reply, Site, eventually, paths};
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;

pub(crate) const STATUS: &str = "/status.json";
const DAY: i64 = 86_400_000;
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
const WITHOUT_WASM: &str = "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming";
/// Long enough for several checks of a fast clock.
pub(crate) const WHILE: Duration = Duration::from_millis(1500);

/// A page under a clock of its own where this script runs first, and what stands in for the edge and counts. A check
/// is due every ten seconds of that clock.
pub(crate) fn counted(edge: &Edge, pace: u32, script: &str) -> (Site, Site) {
    let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
    copy.set(STATUS, Reply::text(&edge.status().to_string()));
    (host(&copy.url("/widget.js"), pace, 0, script), copy)
}

pub(crate) fn host(src: &str, pace: u32, skew: i64, script: &str) -> Site {
    let mut host = Host::with(format!("<script async src={src} data-refresh=10></script>"));
    let start = Timestamp::now().as_millisecond().to_string();
    let clock = include_str!("clock.js").replace("PACE", &pace.to_string()).replace("START", &start);
    host.head = format!("<script>{clock}; clock.skew = {skew}; {script}</script>");
    host.site()
}

/// How often the status is asked for meanwhile. That nobody asks cannot be awaited, only watched for.
pub(crate) fn checks(copy: &Site, meanwhile: Duration) -> usize {
    let before = copy.request_count(STATUS);
    std::thread::sleep(meanwhile);
    copy.request_count(STATUS) - before
}

#[test]
fn back_from_the_next_page_it_goes_on_as_before() {
    let (edge, browser) = started();
    incident(&edge);
    let (site, copy) = counted(&edge, 20, "");
    browser.open(&site.url("/"));
    tells(&browser, "before", true);
    eventually("it checks by itself", PATIENCE, || (copy.request_count(STATUS) > 2).then_some(()));
    browser.eval("host.mark = 'the same page'");
    browser.open(&site.url("/bare"));
    assert_eq!(checks(&copy, WHILE), 0, "nobody asks for a page that was left");
    browser.run(browser.driver().back());
    // Else this tests nothing.
    assert_eq!(browser.eval("return [host.mark, host.loads.at(-1)]"), json!(["the same page", true]));
    tells(&browser, "afterwards", true);
    eventually("it checks again", PATIENCE, || {
        (checks(&copy, Duration::ZERO) == 0 && copy.request_count(STATUS) > 4).then_some(())
    });
    // Every half second, give or take a tenth: three, or four at the edges; twice as often would be six.
    let count = checks(&copy, WHILE);
    assert!((1..=4).contains(&count), "{count} checks");
    assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 1);
    unharmed(&browser, "afterwards");
}

#[test]
fn in_the_background_it_waits() {
    let (edge, browser) = started();
    incident(&edge);
    let (site, copy) = counted(&edge, 1, "");
    browser.open(&site.url("/"));
    tells(&browser, "in front", true);
    assert_eq!(copy.request_count(STATUS), 1);
    browser.hide(true);
    // An hour, in which things went on.
    browser.eval("clock.skew += 3_600_000");
    edge.accept(
        &json!({ "type": "incident.update", "status": "identified", "body": "We are on it. We know why." }),
    );
    copy.set(STATUS, Reply::text(&edge.status().to_string()));
    assert_eq!(checks(&copy, WHILE), 0, "not in the background");
    browser.hide(false);
    browser.until_in_shadow("what went on", BANNER, "return root.textContent.includes('We know why.')");
    assert_eq!(checks(&copy, WHILE), 0, "one check made up for all");
    assert_eq!(copy.request_count(STATUS), 2);
    unharmed(&browser, "in front again");
}

/// Under each wrong clock the banner must not say that the newest update is from another time than it is. What is
/// said of time is in words ("ago", "just now") or as a time with its day, which is right under every clock.
fn no_lie(widget: bool) {
    let (edge, browser) = started();
    incident(&edge);
    let without = if widget { "" } else { WITHOUT_WASM };
    // In two of the last three, minus the time is above zero once it is cut to 32 bits, as a timer's wait is.
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
            tells(&browser, &case, widget);
            let said = browser.eval_in_shadow(BANNER, "return root.querySelector('small').textContent");
            let said = said.as_str().unwrap().replace(right, "");
            let lie = ["ago", "just now", "yesterday", "in "].iter().find(|words| said.contains(**words));
            assert_eq!(lie, None, "{case}: {said}");
            unharmed(&browser, &case);
        }
    }
}

#[test]
fn under_a_wrong_clock_the_plain_banner_is_right() {
    no_lie(false);
}

#[test]
fn under_a_wrong_clock_the_widget_is_right() {
    no_lie(true);
}
