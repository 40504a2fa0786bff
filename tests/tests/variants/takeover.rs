//! The takeover moves nothing, in any font: the banners of the loader and of the widget have the same nodes, and their lines
//! break at the same places.

use crate::{HEAD, OPEN_SHADOW_ROOTS, site};
use candor_tests::{Browser, Reply, bulletin};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Noto Sans, which is the same on every machine.
const REGULAR: &[u8] = include_bytes!("../../fonts/noto-sans-latin-400-normal.woff2");
const BOLD: &[u8] = include_bytes!("../../fonts/noto-sans-latin-700-normal.woff2");
const SHIPPED: &str = "<style>@font-face { font-family: Shipped; src: url(/regular) }
    @font-face { font-family: Shipped; font-weight: 700; src: url(/bold) }
    :root { --candor-font: Shipped }</style>";

/// What draws the banner, the requests to block for that, and a script that detects it.
const DRAWERS: [(&str, &[&str], &str); 2] = [
    (
        "the loader",
        &["*/take.js"],
        "return root.querySelector('section') && !root.querySelector('[data-by]')",
    ),
    ("the widget", &[], "return root.querySelector('[data-by=widget]')"),
];

/// The time this many minutes from now, as a piece of a text.
fn at(minutes: i64) -> Value {
    let time = Timestamp::now() + SignedDuration::from_mins(minutes);
    json!({ "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string() })
}

/// An inline embed paints everything: the nodes of the loader and of the widget are the same in every kind of line.
#[test]
fn an_inline_embed_has_the_same_nodes_before_and_after() {
    let browser = Browser::start();
    browser.devtools("Network.enable", json!({}));
    for direction in ["ltr", "rtl"] {
        for (what, mut document) in bulletins() {
            document["direction"] = json!(direction);
            document["language"] = json!(if direction == "rtl" { "ar" } else { "en" });
            document["components"] = json!([{ "id": "checkins", "name": { "text": ["Check-ins"], "language": "fr" },
                "status": "major_outage", "level": "critical", "label": "major outage" }]);
            let page = format!(
                "{HEAD}{OPEN_SHADOW_ROOTS}<script>Object.defineProperty(navigator, 'onLine', {{ value: true }})</script>
                <p>Hello</p><script async src=/widget.js data-variant=inline></script>"
            );
            let site = site(&[("index.html", &page), ("bulletin.json", &document.to_string())], &[]);
            let nodes = DRAWERS.map(|(drawer, blocked, is_drawn)| {
                browser.devtools("Network.setBlockedURLs", json!({ "urls": blocked }));
                browser.open(&site.url("/"));
                browser.until_in_shadow(&format!("{what}, {direction}: {drawer}"), "candor-status", is_drawn);
                browser.eval_in_shadow(
                    "candor-status",
                    &format!("{NODES} return nodes(root.querySelector('.report'))"),
                )
            });
            assert!(nodes[0].is_array(), "{what}: {nodes:?}");
            assert_eq!(nodes[1], nodes[0], "{what}, {direction}");
        }
    }
}

/// The nodes of an element with their attributes; text that is split differently is joined.
const NODES: &str = "const nodes = node => {
      if (node.nodeType == 3) return node.data;
      const copy = node.cloneNode(true);
      copy.normalize();
      return [copy.localName, [...copy.attributes].map(({ name, value }) => name + '=' + value).sort(), [...copy.childNodes].map(nodes)];
    };";

/// Bulletins that together contain everything that a banner can show.
fn bulletins() -> Vec<(&'static str, Value)> {
    let telling = |level: &str, lines: Value| bulletin::telling(level, "Some systems are down", lines);
    let with = |facts: Value| {
        let mut line = bulletin::incident("down");
        line["note"] = json!({ "text": ["Nothing is lost."] });
        line["facts"] = facts;
        line
    };
    let mut rich = with(json!([["Updated ", at(-5)]]));
    rich["body"]["text"] = json!(["We are ", { "strong": "on it" }, ", ", { "emphasis": "all" }, " of us.", { "begin": "line" },
        { "code": "disk full" }, { "begin": "item" }, "look", { "begin": "item" }, { "link": "see here", "to": "https://status.example/x" },
        { "begin": "paragraph" }, "And then ", { "time": at(5)["time"], "until": at(65)["time"] }, "."]);
    rich["name"] = json!({ "text": ["تسجيل الوصول لا يعمل"], "language": "ar" });
    let mut unconfirmed = telling(
        "major",
        json!([
            with(
                json!([["Updated ", at(-5)], ["reopened"], [{ "strong": "update overdue since " }, at(-2)]])
            ),
            bulletin::incident("maps")
        ]),
    );
    unconfirmed["unconfirmed_since"] = at(-4)["time"].clone();
    let nameless = json!([{ "key": "notice/@1", "level": "notice", "label": "Notice", "body": { "text": ["Our office is closed."] }, "facts": [["Updated ", at(-90)]] }]);
    vec![
        (
            "a promise",
            telling("major", json!([with(json!([["Updated ", at(-5)], ["next update by ", at(25)]]))])),
        ),
        ("a rich text", telling("critical", json!([rich]))),
        ("overdue and unconfirmed", unconfirmed),
        ("a notice without a name", telling("none", nameless)),
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
        for (what, document) in bulletins() {
            let files = [("index.html", page.as_str()), ("bulletin.json", &document.to_string())];
            let site = site(&files, &[]);
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
                let look = [NODES, "const section = root.querySelector('section');
                    return [innerWidth, section.offsetHeight, Math.round(section.querySelector('small a').getBoundingClientRect().y), nodes(section)]"].concat();
                json!([320, 375, 414, 768, 1280].map(|width| {
                    browser.size(width, 800);
                    browser.eval_in_shadow("candor-status", &look)
                }))
            });
            let [loader, widget] = &looks;
            assert_eq!(widget, loader, "{case}, {what}: the widget takes over from the loader");
        }
    }
}
