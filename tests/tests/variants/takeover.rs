//! The takeover moves nothing, in any font: the banners of the loader, the element and the widget have the same text, and
//! their lines break at the same places.

use crate::{HEAD, HEALTHY, OPEN_SHADOW_ROOTS, site};
use candor_tests::{Browser, Reply};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Noto Sans, which is the same on every machine.
const REGULAR: &[u8] = include_bytes!("../../fonts/noto-sans-latin-400-normal.woff2");
const BOLD: &[u8] = include_bytes!("../../fonts/noto-sans-latin-700-normal.woff2");
const SHIPPED: &str = "<style>@font-face { font-family: Shipped; src: url(/regular) }
    @font-face { font-family: Shipped; font-weight: 700; src: url(/bold) }
    :root { --candor-font: Shipped }</style>";

/// What draws the banner, the requests to block for that, and a script that detects it.
const DRAWERS: [(&str, &[&str], &str); 3] = [
    ("the loader", &["*/element.js"], "return root.querySelector('[role=status]')"),
    (
        "the element",
        &["*.wasm"],
        "return root.querySelector('.root section') && !root.querySelector('[data-by]')",
    ),
    ("the widget", &[], "return root.querySelector('[data-by=widget]')"),
];

/// The time this many minutes from now, in the format of the edge.
fn at(minutes: i64) -> Value {
    let time = Timestamp::now() + SignedDuration::from_mins(minutes);
    json!(time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string())
}

fn incident(id: &str) -> Value {
    json!({ "id": id, "name": "Check-ins are failing", "status": "investigating", "impact": "major",
        "started_at": at(-9), "updated_at": at(-5), "body": "We are on it.", "impact_note": "Nothing is lost.",
        "next_update_at": at(25), "components": ["checkins"] })
}

/// Documents that together contain every fact that a banner can show.
fn documents() -> Vec<(&'static str, Value)> {
    let document = |indicator: &str, fields: Value| {
        let mut document: Value = serde_json::from_str(HEALTHY).unwrap();
        (document["version"], document["indicator"]) = (json!(2), json!(indicator));
        document["published_at"] = at(-5);
        document.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        document
    };
    let mut overdue = incident("down");
    overdue["overdue"] = json!(true);
    overdue["next_update_at"] = at(-2);
    overdue["reopened_at"] = at(-7);
    // Three days from now is another day in every time zone.
    let mut patient = incident("slow");
    patient["next_update_at"] = at(3 * 24 * 60);
    let work = json!({ "id": "work", "name": "New racks", "status": "in_progress", "scheduled_for": at(-60),
        "scheduled_until": at(3 * 24 * 60), "updated_at": at(-60), "body": "Maps may be slow.", "components": ["maps"] });
    let notice =
        json!({ "title": "Closed on Saturday", "body": "Our office is closed.", "updated_at": at(-90) });
    vec![
        ("a promise", document("major", json!({ "incidents": [incident("down")] }))),
        ("a promise of days", document("major", json!({ "incidents": [patient] }))),
        (
            "overdue and unconfirmed",
            document(
                "major",
                json!({ "incidents": [overdue, incident("maps")], "unconfirmed_since": at(-4) }),
            ),
        ),
        ("a maintenance", document("maintenance", json!({ "maintenances": [work], "notice": notice }))),
        ("a notice", document("none", json!({ "notice": notice }))),
    ]
}

#[test]
fn the_takeover_moves_nothing_in_any_font_or_language() {
    // Sets `onLine`, because the machine may have no network.
    let machine = "Object.defineProperty(navigator, 'onLine', { value: true })";
    let german = "Object.defineProperty(navigator, 'languages', { value: ['de-DE', 'en-GB'] });
        Object.defineProperty(navigator, 'language', { value: 'de-DE' })";
    let browser = Browser::start();
    browser.devtools("Network.enable", json!({}));
    for (case, style, script) in [("the system's font", "", ""), ("Noto Sans", SHIPPED, german)] {
        if !script.is_empty() {
            browser.devtools("Emulation.setLocaleOverride", json!({ "locale": "de-DE" }));
            browser.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "Pacific/Kiritimati" }));
        }
        let page = format!(
            "{HEAD}{OPEN_SHADOW_ROOTS}{style}<script>{machine}; {script}</script><script async src=/widget.js></script><p>Hello</p>"
        );
        for (what, document) in documents() {
            // The `Date` header gives the element the server's clock, with which it could show relative times.
            let date = Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let files = [("index.html", page.as_str()), ("status.json", &document.to_string())];
            let site = site(&files, &[("date", &date)]);
            site.set("/regular", Reply::File(REGULAR.to_vec()));
            site.set("/bold", Reply::File(BOLD.to_vec()));
            let looks = DRAWERS.map(|(drawer, blocked, is_drawn)| {
                browser.devtools("Network.setBlockedURLs", json!({ "urls": blocked }));
                browser.open(&site.url("/"));
                browser.until_in_shadow(&format!("{case}, {what}: {drawer}"), "candor-status", is_drawn);
                // A browser loads a font only when text uses it.
                let fonts = if style.is_empty() { 0 } else { 2 };
                let loaded = format!(
                    "return [...document.fonts].filter(font => font.status == 'loaded').length == {fonts}"
                );
                browser.until(&format!("{case}, {what}: the font of {drawer}"), &loaded);
                // The link is last: its position shows whether the lines before it break at the same places.
                let look = "const section = root.querySelector('section');
                    return [innerWidth, section.offsetHeight, Math.round(section.querySelector('small a').getBoundingClientRect().y),
                      section.textContent.replace(/\\s+/g, ' ')]";
                json!([320, 375, 414, 768, 1280].map(|width| {
                    browser.size(width, 800);
                    browser.eval_in_shadow("candor-status", look)
                }))
            });
            let [loader, element, widget] = &looks;
            assert_eq!(element, loader, "{case}, {what}: the element takes over from the loader");
            assert_eq!(widget, element, "{case}, {what}: the widget takes over from the element");
        }
    }
}
