//! Hosts that remove, hide or rearrange what is not theirs, addresses and options that cannot be used, answers from old caches, and
//! visitors who have gone on.

use crate::life::{STATUS, WHILE, polls};
use crate::{BANNER, Host, incident, shows_incident, start, tag, unharmed};
use candor_tests::bulletin::folder;
use candor_tests::{Browser, Edge, Reply, Site, paths};
use serde_json::json;

/// The host elements that are shown, with their heights.
const SHOWN: &str = "return [...document.querySelectorAll('candor-status')].map(its => its.offsetHeight).filter(height => height)";

fn open(browser: &Browser, style: &str, tags: &str, script: &str) -> Site {
    let mut host = Host::with(tags);
    let style = if style.is_empty() { String::new() } else { format!("<style>{style}</style>") };
    host.head = format!("{style}<script>{script}</script>");
    let site = host.site();
    browser.open(&site.url("/"));
    site
}

/// A stand-in for the edge.
fn copy(edge: &Edge, headers: &[(&str, &str)]) -> Site {
    let headers = [&[("access-control-allow-origin", "*")], headers].concat();
    let copy = Site::folder(&paths::assets(), &[], &headers);
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    copy
}

/// Nothing is thrown into the host, whatever an address is or a browser lacks.
#[test]
fn nothing_is_thrown_into_the_host() {
    let (edge, browser) = start();
    incident(&edge);
    let src = edge.url("/widget.js");
    let no_locks = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })";
    let _site = open(&browser, "", &tag(&src), no_locks);
    shows_incident(&browser, "without locks", true);
    for hidden in [true, false, true, false] {
        browser.hide(hidden);
    }
    unharmed(&browser, "without locks");
    let element = format!(
        "<script type=module src={}></script><candor-status src=http://></candor-status>",
        edge.url("/element.js")
    );
    let _site = open(&browser, "", &element, "");
    browser.until("the element", "return customElements.get('candor-status')");
    for src in ["https://[", "http://", "//:"] {
        browser.eval(&format!("document.querySelector('candor-status').setAttribute('src', '{src}')"));
        browser.until("the change", "return new Promise(done => setTimeout(() => done(true), 50))");
    }
    unharmed(&browser, "unusable addresses");
    browser
        .eval(&format!("document.querySelector('candor-status').setAttribute('src', '{}')", edge.url("/")));
    browser.until_in_shadow("a usable one", BANNER, "return root.textContent.includes('We are on it.')");
}

/// A visitor who closes the banner, or types, while the panel does not come, stays where they are.
#[test]
fn who_goes_on_is_not_led_away() {
    let (edge, browser) = start();
    incident(&edge);
    let copy = copy(&edge, &[]);
    copy.set(&format!("{}/widget.wasm", folder()), Reply::Silence);
    // Five seconds of this clock are a half.
    let fast = "{ const { setTimeout } = window; window.setTimeout = (run, wait, ...all) => setTimeout(run, wait / 10, ...all) }";
    let details = "root.querySelector('[part^=details]').click(); return root.textContent";
    for goes_on in [true, false] {
        let site = open(&browser, "", &tag(&copy.url("/widget.js")), fast);
        shows_incident(&browser, "plain", false);
        let text = browser.eval_in_shadow(BANNER, details);
        assert!(text.as_str().unwrap().contains("Details …"), "{text}");
        if goes_on {
            browser.eval("dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))");
            std::thread::sleep(WHILE);
            assert_eq!(browser.eval("return location.href"), site.url("/"));
        } else {
            browser
                .until("the page of the incident", &format!("return location.href != '{}'", site.url("/")));
        }
    }
}

/// What a cache kept is asked for anew under an address that no cache has, and does not count if that is the same.
#[test]
fn an_answer_from_an_old_cache_confirms_nothing() {
    let (edge, browser) = start();
    let old = [("access-control-expose-headers", "date"), ("date", "Fri, 27 Nov 2015 10:00:00 GMT")];
    let copy = copy(&edge, &old);
    let badge = format!("<script async src={} data-variant=badge></script>", copy.url("/widget.js"));
    let _site = open(&browser, "", &badge, "");
    browser.until_in_shadow("the badge", BANNER, "return root.textContent.includes('Status unknown')");
    assert_eq!(browser.eval("return candor.status().level"), "none");
    // What it says of an incident is shown with the age that it has.
    incident(&edge);
    copy.set(STATUS, Reply::text(&edge.bulletin().to_string()));
    let _site = open(&browser, "", &tag(&copy.url("/widget.js")), "");
    browser.until_in_shadow(
        "the age of the answer",
        BANNER,
        "return root.textContent.includes('not confirmed since Nov 27, 2015') && root.textContent.includes('Details')",
    );
    unharmed(&browser, "an old cache");
}

/// A check is never further away than the pause between checks, whatever the clock does and an option says.
#[test]
fn a_check_is_never_put_off() {
    let (edge, browser) = start();
    let copy = copy(&edge, &[]);
    let waits = "window.waits = []; { const { setTimeout } = window;
        window.setTimeout = (run, wait, ...all) => (waits.push(wait), setTimeout(run, wait, ...all)) }";
    for refresh in ["3600", "10000000", "-1", "x"] {
        let tags = format!("<script async src={} data-refresh={refresh}></script>", copy.url("/widget.js"));
        let _site = open(&browser, "", &tags, waits);
        browser.until("the bulletin", "return window.candor?.status()");
        let longest = browser.eval("return Math.max(...waits)");
        assert!(longest.as_f64().unwrap() <= 330e3, "{refresh}: {longest}");
    }
    // A clock that was a day ahead is put right.
    let clock = "const { now } = Date; window.ahead = 864e5; Date.now = () => now() + ahead";
    let tags = format!("<script async src={} data-refresh=10></script>", copy.url("/widget.js"));
    let _site = open(&browser, "", &tags, clock);
    browser.until("the bulletin", "return window.candor?.status()");
    browser.eval(&format!("{waits}; ahead = 0"));
    browser.hide(true);
    browser.hide(false);
    let soon = browser.eval("return waits.some(wait => wait > 0 && wait <= 11e3)");
    assert_eq!(soon, true, "{}", browser.eval("return waits"));
    assert!(polls(&copy, std::time::Duration::ZERO) < 9);
}

/// A host that removes what it does not know, each time, is not hung up by what comes back each time.
#[test]
fn a_host_that_removes_the_banner_each_time_goes_on() {
    let (edge, browser) = start();
    incident(&edge);
    let removes = "window.rounds = 0;
        new MutationObserver(() => document.querySelectorAll('html>:not(head):not(body)').forEach(its => { rounds++; its.remove() }))
          .observe(document.documentElement, { childList: true })";
    let _site = open(&browser, "", &tag(&edge.url("/widget.js")), removes);
    browser.until("the banner has been removed", "return rounds > 3");
    std::thread::sleep(WHILE);
    let rounds = browser.eval("return rounds");
    assert!(rounds.as_u64().unwrap() < 100, "{rounds}");
    unharmed(&browser, "removed each time");
}

/// A banner at the bottom is below the page, whatever the layout of the body is, and back at once when its content is replaced.
#[test]
fn a_banner_at_the_bottom_is_below_every_body() {
    let (edge, browser) = start();
    incident(&edge);
    let tags = format!("<script async src={} data-position=bottom></script>", edge.url("/widget.js"));
    for style in [
        "",
        "body{display:flex}",
        "body{display:grid;grid-template-columns:1fr 1fr;min-height:100vh}",
        "body{display:flex;flex-direction:column-reverse}",
        "body{columns:3}",
        "body{column-width:20em}",
    ] {
        let _site = open(&browser, style, &tags, "");
        shows_incident(&browser, style, true);
        let place = browser.eval(
            "scrollTo(0, 1e6); const box = document.querySelector('candor-status').getBoundingClientRect();
            return [box.x < 12, box.width > innerWidth - 40, box.height < innerHeight / 2, box.y > 0 && box.bottom < innerHeight + 12]",
        );
        assert_eq!(place, json!([true, true, true, true]), "{style}");
        if style.is_empty() {
            browser.eval("document.body.innerHTML = '<p>Another page</p>'");
            browser.until("it is back", "return new Promise(done => setTimeout(() => done(document.querySelector('candor-status')), 50))");
        }
    }
}

/// What an address points at, and the beginning of a page that snaps, is below the banner and not behind it.
#[test]
fn a_banner_covers_nothing_that_was_asked_for() {
    let (edge, browser) = start();
    incident(&edge);
    let tag = tag(&edge.url("/widget.js"));
    let visible = |what: &str| {
        let script = format!(
            "const box = document.querySelector('{what}').getBoundingClientRect()
            return document.querySelector('candor-status')?.offsetHeight && document.elementFromPoint(60, box.top + 5)?.closest('{what}') && box.top"
        );
        browser.until(&format!("{what} can be seen"), &script)
    };
    let page = |head: &str, body: &str| {
        Site::page(
            &format!(
                "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><link rel=icon href='data:,'><title>Shop</title>{head}{tag}<body>{body}"
            ),
            &[],
        )
    };
    let site =
        page("", "<div style=height:1200px></div><h2 id=anchor>Prices</h2><div style=height:3000px></div>");
    browser.open(&site.url("/#anchor"));
    visible("#anchor");
    for kind in ["mandatory", "proximity"] {
        let style = format!(
            "<style>html{{scroll-snap-type:y {kind}}}section{{height:100vh;scroll-snap-align:start}}</style>"
        );
        let site =
            page(&style, "<section id=one>One</section><section>Two</section><section>Three</section>");
        browser.open(&site.url("/"));
        visible("#one");
    }
}

/// The way into the panel is on the screen of a phone, whatever an operator has written.
#[test]
fn details_can_be_seen_on_a_phone() {
    let (edge, browser) = start();
    let long = "A name that takes more than one line on a phone. ".repeat(4);
    for (id, name, body, note) in [
        (
            "usual",
            "Sign-in and payments fail for many of you",
            "We broke sign-in with this morning's change. We have taken it back and wait for the caches. Nothing that you saved is lost.",
            "Every second sign-in answers with an error that says 502.",
        ),
        ("long", long.as_str(), long.as_str(), long.as_str()),
    ] {
        edge.accept(
            &json!({ "type": "incident.open", "id": id, "name": name.trim(), "impact": "major", "body": body,
            "impact_note": note, "next_update_in": "30m" }),
        );
        for (width, height) in [(320, 568), (360, 640), (390, 664), (412, 800)] {
            browser.size(width, height);
            let _site = open(&browser, "", &tag(&edge.url("/widget.js")), "");
            browser.until_in_shadow("the small print", BANNER, "return root.querySelector('[part=details]') && getComputedStyle(root.querySelector('small')).visibility == 'visible'");
            let seen = "const section = root.querySelector('section').getBoundingClientRect(), link = root.querySelector('[part=details]').getBoundingClientRect()
                return link.bottom <= section.bottom && section.height <= innerHeight * .4 || [section.bottom, link.bottom]";
            assert_eq!(browser.eval_in_shadow(BANNER, seen), true, "{width}x{height}: {name}");
        }
        edge.accept(
            &json!({ "type": "incident.update", "incident": id, "status": "resolved", "body": "Over." }),
        );
    }
}

/// The height that a page goes by is that of all banners, whoever replaced the document's sheets and whichever was closed; what is
/// scrolled to is not below them, and none is below another.
#[test]
fn the_height_is_that_of_all_banners() {
    let (edge, browser) = start();
    incident(&edge);
    let other = Edge::start();
    other.set_up_page();
    incident(&other);
    let tags = [tag(&edge.url("/widget.js")), tag(&other.url("/widget.js"))].concat();
    let _site = open(&browser, "main{height:3000px}", &tags, "");
    let height = "return getComputedStyle(document.documentElement).getPropertyValue('--candor-height')";
    browser.until("two banners", &format!("{} .length == 2", SHOWN));
    let first = browser.eval(&format!("{SHOWN}[0]")).as_i64().unwrap();
    let both = format!("{}px", 2 * first);
    browser.until("their height", &format!("return (() => {{ {height} }})() == '{both}'"));
    assert_eq!(
        browser.eval("return getComputedStyle(document.documentElement).scrollPaddingTop"),
        both.as_str()
    );
    browser.eval("scrollTo(0, 1500)");
    let tops =
        "return [...document.querySelectorAll('candor-status')].map(its => its.getBoundingClientRect().y)";
    browser.until(
        "one below the other",
        &format!("return JSON.stringify((() => {{ {tops} }})()) == '[0,{first}]'"),
    );
    // The host puts its own sheets in place.
    browser.eval("document.adoptedStyleSheets = [new CSSStyleSheet]; dispatchEvent(new Event('online'))");
    browser.until("the height is back", &format!("return (() => {{ {height} }})() == '{both}'"));
    browser.eval("for (const its of document.querySelectorAll('candor-status')) its.remove()");
    browser.until("they are back", &format!("{} .length == 2", SHOWN));
}

/// Two tags that ask for the same are one embed, however they are written; a tag without a place, or of a module, has its options.
#[test]
fn options_count_and_not_how_they_are_written() {
    let (edge, browser) = start();
    incident(&edge);
    let src = edge.url("/widget.js");
    let many = format!(
        "{}<script async src={src} data-variant=banner data-nscript=afterInteractive></script><script async src={src}?variant=banner></script>
        <script async src={src} data-theme=light data-lang=en></script><script async src={src} data-lang=en data-theme=light></script>",
        tag(&src)
    );
    let _site = open(&browser, "", &many, "");
    browser.until("two different ones", &format!("{SHOWN}.length >= 2"));
    std::thread::sleep(WHILE);
    assert_eq!(browser.eval(&format!("{SHOWN}.length")), 2);
    for (tags, variant, parent) in [
        (format!("<script type=module src={src} data-variant=badge data-lang=de></script>"), "badge", "BODY"),
        (format!("<script async src={src} data-variant=constructor></script>"), "constructor", "HTML"),
        (format!("<script async src={src} data-variant=inline-block></script>"), "inline-block", "HTML"),
    ] {
        let _site = open(&browser, "", &tags, "");
        browser.until(variant, &format!("{SHOWN}.length == 1"));
        let place = browser.eval("const its = document.querySelector('candor-status'); return [its.getAttribute('variant'), its.parentNode.nodeName]");
        assert_eq!(place, json!([variant, parent]), "{variant}");
    }
    // One warning says what to do where a text does not know its address.
    let text = serde_json::to_string(&edge.get("/widget.js").expect(200).text()).unwrap();
    browser.eval(&format!(
        "window.warned = []; console.warn = (...all) => warned.push(all.join(' ')); eval({text})"
    ));
    assert_eq!(browser.eval("return warned.length == 1 && warned[0].includes('widget.js')"), true);
}

/// A document that is cloned has one banner, and a page from which the first embed is gone is asked about by the second.
#[test]
fn what_is_copied_or_gone_does_not_count() {
    let (edge, browser) = start();
    incident(&edge);
    let tags = format!(
        "{}<script type=module src={}></script>",
        tag(&edge.url("/widget.js")),
        edge.url("/element.js")
    );
    let _site = open(&browser, "", &tags, "");
    shows_incident(&browser, "before", true);
    browser.until("the element", "return customElements.get('candor-status')");
    browser.eval("document.documentElement.replaceWith(document.documentElement.cloneNode(true))");
    browser.until("it is back", &format!("{SHOWN}.length > 0"));
    std::thread::sleep(WHILE);
    assert_eq!(browser.eval(&format!("{SHOWN}.length")), 1);
    edge.accept(&json!({ "type": "component.set", "id": "quiet", "name": "Quiet" }));
    let two = format!(
        "<script type=module src={}></script><candor-status id=first variant=badge components=quiet></candor-status>
        <candor-status variant=badge></candor-status>",
        edge.url("/element.js")
    );
    let _site = open(&browser, "", &two, "");
    browser.until("the first", "return window.candor?.status()?.level == 'none'");
    browser.eval("document.getElementById('first').remove()");
    browser.until("the other one", "return candor.status()?.level == 'major' || (candor.refresh(), false)");
}
