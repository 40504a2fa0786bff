//! Difficult host pages. On each of them the host still works, receives no error from the widget, moves only to make
//! room for the banner, and shows a banner that is right.

mod answers;
mod libraries;
mod life;
mod pages;
mod policies;
mod strange;
mod windows;

use candor_tests::{Browser, Edge, Site};
use serde_json::{Value, json};

const BANNER: &str = "candor-status";
/// The yew widget marks its content with `data-by`; the plain banner does not.
const IS_WIDGET: &str = "return !!root.querySelector('[data-by=widget]')";
const BODY: &str = "<header><b>Shop</b><nav><a href=/bare>Terms</a> <a href=/bare>Cart</a></nav></header>
    <main><aside><p>Filters</p><input><select><option>All</select></aside><div><h1>Boots</h1><p>Warm.</p>
    <table><tr><td>42<td>In stock</table><button id=buy>Buy</button></div></main><footer>© Shop</footer>";
const SHOP: &str = "window.shop = document.getElementById('buy'); shop.onclick = () => host.sold++";

/// A host page. Its scripts and styles are files, because a policy may forbid inline ones.
struct Host {
    doctype: &'static str,
    /// HTML before the host's first script.
    head: String,
    /// HTML between the host's first script and its content.
    tags: String,
    headers: Vec<(&'static str, String)>,
}

impl Host {
    fn with(tags: impl Into<String>) -> Self {
        Self { doctype: "<!doctype html>", head: String::new(), tags: tags.into(), headers: Vec::new() }
    }

    /// Serves the page at `/`, and the same page without Candor at `/bare`.
    fn site(&self) -> Site {
        let page = |tags: &str| {
            format!(
                "{}<html lang=en><meta name=viewport content='width=device-width'><title>Shop</title>
                <link rel=icon href=/icon.svg><link rel=stylesheet href=/host.css>{}<script nonce=r4nd0m src=/host.js></script>{tags}
                <body>{BODY}<script nonce=r4nd0m src=/shop.js></script></html>",
                self.doctype, self.head
            )
        };
        let files = [
            ("/", page(&self.tags)),
            ("/bare", page("")),
            ("/host.js", include_str!("host.js").to_owned()),
            ("/host.css", include_str!("host.css").to_owned()),
            ("/shop.js", SHOP.to_owned()),
            ("/icon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Site::files(&files, &headers)
    }
}

fn start() -> (Edge, Browser) {
    let edge = Edge::start();
    edge.set_up_page();
    (edge, Browser::start())
}

fn incident(edge: &Edge) {
    edge.accept(&json!({ "type": "incident.open", "id": "down", "name": "Check-ins are failing",
        "impact": "major", "components": { "checkins": "major_outage" }, "body": "We are on it.", "next_update_in": "30m" }));
}

/// The script tag of the documentation.
fn tag(url: &str) -> String {
    format!("<script async src={url}></script>")
}

/// The positions of the host's elements.
fn places(browser: &Browser) -> Value {
    browser.eval("return host.places()")
}

/// The positions of the host's elements on the page without Candor.
fn bare(browser: &Browser, site: &Site) -> Value {
    browser.open(&site.url("/bare"));
    browser.until("the bare page is laid out", "return host.places().length > 0");
    places(browser)
}

/// Waits until the banner shows the incident. Checks that it is styled, visible and not covered.
#[track_caller]
fn shows_incident(browser: &Browser, case: &str, widget: bool) {
    browser.until_in_shadow(
        &format!("{case}: the incident"),
        BANNER,
        "return root.textContent.includes('We are on it.')",
    );
    if widget {
        browser.until_in_shadow(&format!("{case}: the widget"), BANNER, IS_WIDGET);
    }
    let shown = browser.eval_in_shadow(
        BANNER,
        "const section = root.querySelector('section'), box = section.getBoundingClientRect();
        const style = getComputedStyle(section), host = document.querySelector('candor-status');
        return [root.querySelectorAll('section').length, style.display, style.visibility,
          !!root.querySelector('[data-by=widget]'), box.width > 200 && box.height > 40,
          document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) == host]",
    );
    assert_eq!(shown, json!([1, "flex", "visible", widget, true, true]), "{case}");
}

/// Checks that the host's elements are lower by the banner's height, compared with the page without Candor.
#[track_caller]
fn only_made_room(browser: &Browser, case: &str, bare: &Value) {
    let height = browser.eval("return Math.round(document.querySelector('candor-status').offsetHeight)");
    let height = height.as_i64().unwrap();
    let moved = |place: &Value| {
        let mut place: Vec<i64> =
            place.as_array().unwrap().iter().map(|part| part.as_i64().unwrap()).collect();
        place[1] += height;
        json!(place)
    };
    let expected: Vec<Value> = bare.as_array().unwrap().iter().map(moved).collect();
    assert_eq!(places(browser), json!(expected), "{case}: lower by {height}");
    // The banner's appearance is one layout shift. The widget's takeover causes none. Before it, a host may shift itself while it
    // is parsed.
    let shifts = browser.eval("return host.shifts");
    let shifts = shifts.as_array().unwrap();
    let appears = format!("BODY 0 to {height}");
    let at = shifts
        .iter()
        .position(|shift| shift.as_array().unwrap().iter().any(|move_| *move_ == appears.as_str()));
    let ours = shifts.len() - at.unwrap_or(0);
    assert!(ours <= 1, "{case}: layout shifts: {shifts:?}");
}

/// Checks that the host received no error, is unchanged, and works.
#[track_caller]
fn unharmed(browser: &Browser, case: &str) {
    assert_eq!(browser.eval("return host.trouble()"), json!([]), "{case}");
}
