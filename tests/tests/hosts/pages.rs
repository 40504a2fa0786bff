//! What a host is like: its styles, what it has done to the language, where it has the script.

use crate::{BANNER, Host, IS_WIDGET, bare, incident, only_made_room, places, started, tag, tells, unharmed};
use candor_tests::{Reply, Site, paths};
use serde_json::json;

#[test]
fn wherever_the_script_is_it_runs_once_the_page_is_there() {
    let (edge, browser) = started();
    incident(&edge);
    let src = edge.url("/widget.js");
    let late = |when: &str| {
        format!(
            "<script nonce=r4nd0m>addEventListener('{when}', () => {{
              const script = document.createElement('script');
              script.src = '{src}';
              document.head.append(script);
            }})</script>"
        )
    };
    let quirks = Host { doctype: "", ..Host::with(tag(&src)) };
    for (case, host) in [
        ("before the body, and waited for", Host::with(format!("<script src={src}></script>"))),
        ("deferred", Host::with(format!("<script defer src={src}></script>"))),
        ("by a tag manager", Host::with(late("load"))),
        ("by a framework", Host::with(late("DOMContentLoaded"))),
        ("quirks mode", quirks),
    ] {
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        tells(&browser, case, true);
        only_made_room(&browser, case, &before);
        unharmed(&browser, case);
        let mode = if host.doctype.is_empty() { "BackCompat" } else { "CSS1Compat" };
        assert_eq!(browser.eval("return document.compatMode"), mode, "{case}");
    }

    // It cannot know its own address there: it stays silent.
    let site = Host::with(format!("<script type=module src={src}></script>")).site();
    browser.open(&site.url("/"));
    assert_eq!(
        browser.eval("return [window.candor, document.querySelector('candor-status')]"),
        json!([null, null])
    );
    unharmed(&browser, "as a module");
}

#[test]
fn whatever_the_host_did_to_the_language_and_the_document_it_works() {
    let (edge, browser) = started();
    incident(&edge);
    let src = edge.url("/widget.js");
    let frozen = "for (const each of [Object, Array, Promise, Function, String, Date, JSON, Node, Element, HTMLElement,
          Document, Event, EventTarget, CustomEvent, Response, WebAssembly])
          Object.freeze(each.prototype || each), Object.freeze(each)";
    // As tracing, zones, polyfills and the libraries of 2010 do.
    let wrapped = "const real = { fetch, setTimeout, parse: JSON.parse, append: Element.prototype.append };
        window.calls = 0;
        window.fetch = function () { calls++; return real.fetch.apply(this, arguments) };
        window.setTimeout = function () { return real.setTimeout.apply(this, arguments) };
        window.Promise = class Zone extends Promise { then(...all) { return super.then(...all) } };
        window.CustomEvent = function (type, { bubbles, cancelable, detail } = {}) {
          const event = document.createEvent('CustomEvent');
          event.initCustomEvent(type, bubbles, cancelable, detail);
          return event;
        };
        JSON.parse = text => real.parse(text);
        Element.prototype.append = function (...all) { return real.append.apply(this, all) };
        Array.prototype.toJSON = Array.prototype.last = Object.prototype.mixin = function () {};
        Object.defineProperty(window, 'candor', { writable: true, configurable: true, value: undefined })";
    // The elements that a browser extension or a framework of its own would watch.
    let watched = "new MutationObserver(list => window.mutations = (window.mutations || 0) + list.length)
          .observe(document, { subtree: true, childList: true, attributes: true })";
    for (case, script) in [("frozen", frozen), ("wrapped", wrapped), ("watched", watched)] {
        let mut host = Host::with(tag(&src));
        host.head = format!("<script>{{ {script} }}</script>");
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        tells(&browser, case, true);
        only_made_room(&browser, case, &before);
        unharmed(&browser, case);
        match case {
            "frozen" => assert_eq!(browser.eval("return Object.isFrozen(Promise.prototype)"), true),
            "wrapped" => {
                assert!(browser.eval("return calls").as_u64() >= Some(1), "it went through the host's")
            }
            _ => {
                // In the document there is one element; all else is in its shadow.
                assert_eq!(
                    browser.eval(
                        "return document.body.querySelectorAll('candor-status, candor-status *').length"
                    ),
                    1
                );
            }
        }
    }

    // A host that renders all of its body anew: the banner is back with the next check.
    let site = Host::with(tag(&src)).site();
    let before = bare(&browser, &site);
    browser.open(&site.url("/"));
    tells(&browser, "rendered anew", true);
    browser.eval("const html = document.body.innerHTML; document.body.innerHTML = html.replace(/<candor-status.*status>/, '')");
    assert_eq!(places(&browser), before, "as without it");
    browser.eval("shop = document.getElementById('buy'); shop.onclick = () => host.sold++; candor.refresh()");
    tells(&browser, "rendered anew", true);
    unharmed(&browser, "rendered anew");
}

#[test]
fn in_a_browser_that_is_too_old_it_stays_silent() {
    let (edge, browser) = started();
    incident(&edge);
    for (case, script) in [
        ("no shadow roots", "delete Element.prototype.attachShadow"),
        (
            "no constructed sheets",
            "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        ),
        ("no way to give up waiting", "delete AbortSignal.timeout"),
        ("nothing to fetch with", "delete window.fetch"),
    ] {
        let mut host = Host::with(tag(&edge.url("/widget.js")));
        host.head = format!("<script>{script}</script>");
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        // Where it can look, it says that it does not know; elsewhere not even that.
        browser.until(case, "return window.candor || host.events.length");
        assert_eq!(browser.eval("return document.querySelector('candor-status')"), json!(null), "{case}");
        assert_eq!(places(&browser), before, "{case}");
        unharmed(&browser, case);
    }
}

#[test]
fn no_style_of_the_host_hides_it_and_it_hides_nothing() {
    let (edge, browser) = started();
    incident(&edge);
    let style = |css: &str| {
        let mut host = Host::with(tag(&edge.url("/widget.js")));
        // Not <style>: none of those may be there afterwards.
        host.head = format!("<link rel=stylesheet href=\"data:text/css,{}\">", css.replace('#', "%23"));
        host.site()
    };
    let hiding = [
        "div, section, p, b, strong, span, small, a, button, ul { display: none !important }",
        "body > :first-child, body > :not(header) { display: none; margin: 50px; float: right }",
        "body * { position: absolute !important; opacity: 0 !important; visibility: hidden !important; width: 0 !important;
          height: 0 !important; transform: rotate(9deg) !important; filter: blur(9px) !important; zoom: 3 !important;
          clip-path: inset(50%) !important; pointer-events: none !important; margin: 99px !important }",
        ":empty { display: none !important } html { --c: red !important; font-size: 62.5% !important; color: red !important }",
        "candor-status { display: none !important; position: fixed !important; z-index: -1 !important; inset: auto !important }",
    ];
    for css in hiding {
        let site = style(css);
        browser.open(&site.url("/"));
        tells(&browser, css, true);
    }
    // Where the body itself lays its children out.
    for css in [
        "body { display: flex; flex-direction: column; min-height: 100vh }",
        "body { display: grid }",
        "body { display: grid; grid-template-columns: 12rem 1fr; align-content: start }",
        "body { line-height: 3; text-align: center; letter-spacing: 4px; direction: rtl; writing-mode: horizontal-tb }",
        "* { box-sizing: border-box; margin: 0; padding: 0 } img, svg { display: block }",
    ] {
        let site = style(css);
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        tells(&browser, css, true);
        only_made_room(&browser, css, &before);
        unharmed(&browser, css);
    }

    // A dialogue of the host is over everything, the banner too, however much that would like to be seen.
    let site = style("#veil { position: fixed; inset: 0; z-index: 2147483647; background: #0008 }");
    browser.open(&site.url("/"));
    tells(&browser, "a dialogue", true);
    let over = "const box = document.querySelector('candor-status').getBoundingClientRect();
        return document.elementFromPoint(box.x + 50, box.y + 20).id || document.elementFromPoint(box.x + 50, box.y + 20).localName";
    browser.eval(
        "document.body.insertAdjacentHTML('beforeend', '<div id=veil></div><dialog id=box>Really?</dialog>')",
    );
    assert_eq!(browser.eval(over), "veil");
    browser.eval("document.getElementById('veil').remove(); document.getElementById('box').showModal()");
    assert_eq!(browser.eval(over), "box", "its backdrop");
    browser.eval("document.getElementById('box').close()");
    assert_eq!(browser.eval(over), BANNER);

    // On paper it is at the top, once, over nothing.
    let site = Host::with(tag(&edge.url("/widget.js"))).site();
    let before = bare(&browser, &site);
    browser.open(&site.url("/"));
    tells(&browser, "on paper", true);
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval("return matchMedia('print').matches"), true);
    tells(&browser, "on paper", true);
    only_made_room(&browser, "on paper", &before);
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" }));
    unharmed(&browser, "on paper");
}

#[test]
fn two_versions_of_the_script_share_one_poll() {
    let (edge, browser) = started();
    incident(&edge);
    let headers = [("access-control-allow-origin", "*")];
    let copy = Site::folder(&paths::assets(), &[], &headers);
    let script = edge.get("/widget.js").expect(200).text();
    let (_, rest) = script.split_once("candor/").expect("it names its module");
    // The older one's module is there under its own name, or has been removed since.
    for (case, gone) in [("both there", false), ("the older module is gone", true)] {
        for (first, second) in [("/old.js", "/widget.js"), ("/widget.js", "/old.js")] {
            let case = format!("{case}, {first} first");
            let site = Host::with(format!(
                "<script src={}></script><script src={} data-position=bottom></script>",
                copy.url(first),
                copy.url(second)
            ))
            .site();
            let before = bare(&browser, &site);
            let name = &rest[..8];
            copy.set("/old.js", Reply::text(&script.replace(name, "01dc0ffe")));
            for file in ["element.js", "widget.js", "widget.wasm"] {
                let module = edge.get(&format!("/candor/{name}/{file}")).expect(200).body;
                let reply = if gone { Reply::Status(404) } else { Reply::File(module) };
                copy.set(&format!("/candor/01dc0ffe/{file}"), reply);
            }
            copy.set("/status.json", Reply::text(&edge.status().to_string()));
            let asked = copy.request_count("/status.json");
            browser.open(&site.url("/"));
            // What one of them has loaded serves both.
            tells(&browser, &case, true);
            let last = "body > candor-status:last-child";
            browser.until_in_shadow("the second", last, "return root.textContent.includes('We are on it.')");
            browser.until_in_shadow("the second", last, IS_WIDGET);
            assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 2, "{case}");
            assert_eq!(copy.request_count("/status.json") - asked, 1, "{case}: one poll");
            only_made_room(&browser, &case, &before);
            unharmed(&browser, &case);
        }
    }
}

/// A loader that a browser has kept names a folder that has gone with the deployment since.
#[test]
fn after_a_deployment_an_older_loader_gets_the_present_element() {
    let (edge, browser) = started();
    incident(&edge);
    let site = Host::with("").site();
    browser.open(&site.url("/"));
    browser.eval(&format!("import('{}')", edge.url("/candor/01dc0ffe/element.js")));
    browser.until("the element", "return customElements.get('candor-status')");
    browser.eval("const banner = document.createElement('candor-status'); document.body.prepend(banner)");
    tells(&browser, "the present element", true);
    unharmed(&browser, "the present element");
    edge.get("/candor/01dc0ffe/widget.js").expect(404);
    edge.get("/candor/..%2f/element.js").expect(404);
}

/// Two of one framework in one page: each has its own memory and its own listeners.
#[test]
fn a_host_that_is_itself_a_yew_app_goes_on_working() {
    let (edge, browser) = started();
    incident(&edge);
    edge.accept(&json!({ "type": "incident.open", "id": "maps", "name": "Maps are slow", "impact": "minor", "body": "Wait." }));
    let loader = edge.get("/widget.js").expect(200).text();
    let (_, rest) = loader.split_once("candor/").expect("it names its folder");
    let module = edge.url(&format!("/candor/{}/widget", &rest[..8]));
    let words = std::fs::read_to_string(paths::root().join("widget/locales/en.json")).unwrap();
    // The host's own app, of the same framework: what the widget is made of, loaded once more under another name.
    let app = format!(
        "<script type=module>
        import * as yew from '{module}.js?of-the-host'
        await yew.default({{ module_or_path: '{module}.wasm' }})
        const doc = await (await fetch('{}')).json()
        const app = document.createElement('div')
        app.id = 'app'
        const lines = doc.incidents.map(item => ({{ ...item, level: item.impact }}))
        const view = {{ kind: 'banner', lines, components: doc.components, words: {words}, locale: 'en', language: '', now: Date.now(), isExact: true }}
        yew.mount(app, view, () => document.querySelector('main').append(app))
        </script>",
        edge.url("/status.json")
    );
    let site = Host::with([app, tag(&edge.url("/widget.js"))].concat()).site();
    browser.open(&site.url("/"));
    browser.until("the host's app", "return document.querySelector('#app section')");
    tells(&browser, "beside a yew app", true);
    browser.eval("document.querySelector('#app button[aria-expanded]').click()");
    browser.until("the host's app hears", "return document.querySelector('#app ul li')");
    assert_eq!(browser.eval_in_shadow(BANNER, "return root.querySelector('ul li')"), json!(null));
    browser.eval_in_shadow(BANNER, "root.querySelector('button[aria-expanded]').click()");
    browser.until_in_shadow("the banner hears", BANNER, "return root.querySelector('ul li')");
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner is closed", "return !document.querySelector('candor-status')");
    assert_eq!(browser.eval("return !!document.querySelector('#app section')"), true);
    unharmed(&browser, "beside a yew app");
}
