//! Host pages with various script positions, modified built-ins, hostile styles, and old browsers.

use crate::{
    BANNER, Host, IS_WIDGET, bare, incident, only_made_room, places, shows_incident, start, tag, unharmed,
};
use candor_tests::bulletin::folder;
use candor_tests::{Reply, Site, paths};
use serde_json::json;

#[test]
fn the_loader_works_wherever_the_script_tag_is() {
    let (edge, browser) = start();
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
        ("blocking, before the body", Host::with(format!("<script src={src}></script>"))),
        ("deferred", Host::with(format!("<script defer src={src}></script>"))),
        ("by a tag manager", Host::with(late("load"))),
        ("by a framework", Host::with(late("DOMContentLoaded"))),
        ("quirks mode", quirks),
    ] {
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        only_made_room(&browser, case, &before);
        unharmed(&browser, case);
        let mode = if host.doctype.is_empty() { "BackCompat" } else { "CSS1Compat" };
        assert_eq!(browser.eval("return document.compatMode"), mode, "{case}");
    }

    // A module or an evaluated text has no tag of its own, but an address.
    for (case, tags) in [
        ("a module", format!("<script type=module src={src}></script>")),
        ("imported", format!("<script type=module>import '{src}'</script>")),
    ] {
        let site = Host::with(tags).site();
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        unharmed(&browser, case);
    }
}

#[test]
fn the_widget_works_with_frozen_wrapped_and_observed_builtins() {
    let (edge, browser) = start();
    incident(&edge);
    let src = edge.url("/widget.js");
    let frozen = "for (const each of [Object, Array, Promise, Function, String, Date, JSON, Node, Element, HTMLElement,
          Document, Event, EventTarget, CustomEvent, Response, WebAssembly])
          Object.freeze(each.prototype || each), Object.freeze(each)";
    // Wrappers as in tracing tools, zones, polyfills and the libraries of 2010.
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
    // Observes the document as a browser extension or a framework does.
    let watched = "new MutationObserver(list => window.mutations = (window.mutations || 0) + list.length)
          .observe(document, { subtree: true, childList: true, attributes: true })";
    for (case, script) in [("frozen", frozen), ("wrapped", wrapped), ("watched", watched)] {
        let mut host = Host::with(tag(&src));
        host.head = format!("<script>{{ {script} }}</script>");
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        only_made_room(&browser, case, &before);
        unharmed(&browser, case);
        match case {
            "frozen" => assert_eq!(browser.eval("return Object.isFrozen(Promise.prototype)"), true),
            "wrapped" => {
                assert!(
                    browser.eval("return calls").as_u64() >= Some(1),
                    "the widget calls the host's wrapper of fetch"
                )
            }
            _ => {
                // The document has one element. The rest is in its shadow root.
                assert_eq!(
                    browser.eval("return document.querySelectorAll('candor-status, candor-status *').length"),
                    1
                );
            }
        }
    }

    // A host that renders its whole body again, or swaps it for another one, as libraries do that load pages in place: the
    // banner stands beside the body and stays. A tag that comes again with the new body is the same banner.
    let site = Host::with(tag(&src)).site();
    for (case, swap) in [
        ("rendered anew", "document.body.innerHTML = document.body.innerHTML"),
        (
            "swapped",
            "const next = document.createElement('body'); next.innerHTML = document.body.innerHTML; document.body.replaceWith(next)",
        ),
    ] {
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        browser.eval(&format!(
            "host.banner = document.querySelector('candor-status'); {swap};
            return Promise.all([...document.body.querySelectorAll('script')].map(old => new Promise(done => {{
              const script = document.createElement('script');
              for (const {{ name, value }} of old.attributes) script.setAttribute(name, value);
              script.nonce = old.nonce;
              script.onload = script.onerror = () => done();
              old.replaceWith(script);
            }})))"
        ));
        assert_eq!(
            browser
                .eval("return [document.querySelectorAll('candor-status').length, host.banner.isConnected]"),
            json!([1, true]),
            "{case}"
        );
        shows_incident(&browser, case, true);
    }
}

#[test]
fn an_unsupported_browser_shows_nothing() {
    let (edge, browser) = start();
    incident(&edge);
    for (case, script) in [
        ("no shadow roots", "delete Element.prototype.attachShadow"),
        (
            "no constructable stylesheets",
            "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
        ),
        ("no AbortSignal.timeout", "delete AbortSignal.timeout"),
        ("no fetch", "delete window.fetch"),
    ] {
        // A loader without a bulletin, which has to ask.
        let copy = Site::folder(&paths::assets(), &[], &[("access-control-allow-origin", "*")]);
        copy.set("/bulletin.json", Reply::text(&edge.bulletin().to_string()));
        let mut host = Host::with(tag(&copy.url("/widget.js")));
        host.head = format!("<script>{script}</script>");
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        // If the loader can poll, it reports an error; otherwise it does nothing.
        browser.until(case, "return window.candor || host.events.length");
        assert_eq!(browser.eval("return document.querySelector('candor-status')"), json!(null), "{case}");
        assert_eq!(places(&browser), before, "{case}");
        unharmed(&browser, case);
    }
}

#[test]
fn host_styles_do_not_hide_the_banner_and_it_covers_no_dialog() {
    let (edge, browser) = start();
    incident(&edge);
    let style = |css: &str| {
        let mut host = Host::with(tag(&edge.url("/widget.js")));
        // Not <style>, because the test checks that the widget adds none.
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
        shows_incident(&browser, css, true);
    }
    // Layouts of the body itself.
    for css in [
        "body { display: flex; flex-direction: column; min-height: 100vh }",
        "body { display: flex }",
        "body { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; min-height: 100vh }",
        "body { display: flex; flex-direction: column-reverse }",
        "body { display: grid; grid-template-rows: 60px 1fr; height: 100vh; overflow: auto }",
        "body { columns: 3 }",
        "html, body { height: 100% } body { max-width: 40rem; margin: 0 auto }",
        "body { display: grid }",
        "body { display: grid; grid-template-columns: 12rem 1fr; align-content: start }",
        "body { line-height: 3; text-align: center; letter-spacing: 4px; direction: rtl; writing-mode: horizontal-tb }",
        "* { box-sizing: border-box; margin: 0; padding: 0 } img, svg { display: block }",
    ] {
        let site = style(css);
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        shows_incident(&browser, css, true);
        only_made_room(&browser, css, &before);
        unharmed(&browser, css);
    }

    // An app that fills the window makes room by the line that the documentation gives.
    let site = style(
        "html, body { height: 100%; overflow: hidden; margin: 0 } main { position: fixed; inset: var(--candor-height, 0) 0 0 }",
    );
    browser.open(&site.url("/"));
    shows_incident(&browser, "an app that fills the window", true);
    browser.until(
        "the app begins where the banner ends",
        "const top = document.querySelector('main').getBoundingClientRect().top;
        return top > 40 && Math.abs(top - document.querySelector('candor-status').getBoundingClientRect().bottom) < 1",
    );
    browser.eval("addEventListener('candor:layout', ({ detail }) => host.room = detail.height)");
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until(
        "the room is given back",
        "return host.room === 0 && document.querySelector('main').getBoundingClientRect().top === 0",
    );
    unharmed(&browser, "an app that fills the window");
    browser.eval("localStorage.clear()");

    // A dialog of the host covers the banner.
    let site = style("#veil { position: fixed; inset: 0; z-index: 2147483647; background: #0008 }");
    browser.open(&site.url("/"));
    shows_incident(&browser, "a dialog", true);
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

    // In print the banner is at the top, once, and covers nothing.
    let site = Host::with(tag(&edge.url("/widget.js"))).site();
    let before = bare(&browser, &site);
    browser.open(&site.url("/"));
    shows_incident(&browser, "in print", true);
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval("return matchMedia('print').matches"), true);
    shows_incident(&browser, "in print", true);
    only_made_room(&browser, "in print", &before);
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" }));
    unharmed(&browser, "in print");
}

#[test]
fn two_versions_of_the_script_share_one_poll() {
    let (edge, browser) = start();
    incident(&edge);
    let headers = [("access-control-allow-origin", "*")];
    let copy = Site::folder(&paths::assets(), &[], &headers);
    let script = std::fs::read_to_string(paths::assets().join("widget.js")).unwrap();
    let folder = folder();
    let name = folder.trim_start_matches("/candor/");
    // The files of the older version are still served, or are gone.
    for (case, gone) in [("both served", false), ("the older module is gone", true)] {
        for (first, second) in [("/old.js", "/widget.js"), ("/widget.js", "/old.js")] {
            let case = format!("{case}, {first} first");
            let site = Host::with(format!(
                "<script src={}></script><script src={} data-position=bottom></script>",
                copy.url(first),
                copy.url(second)
            ))
            .site();
            let before = bare(&browser, &site);
            copy.set("/old.js", Reply::text(&script.replace(name, "01dc0ffe")));
            for file in ["element.js", "paint.js", "take.js", "windows.js", "widget.js", "widget.wasm"] {
                let module = edge.get(&format!("/candor/{name}/{file}")).expect(200).body;
                let reply = if gone { Reply::Status(404) } else { Reply::File(module) };
                copy.set(&format!("/candor/01dc0ffe/{file}"), reply);
            }
            copy.set("/bulletin.json", Reply::text(&edge.bulletin().to_string()));
            let before_visit = copy.request_count("/bulletin.json");
            browser.open(&site.url("/"));
            // The files that one of the scripts has loaded serve both.
            shows_incident(&browser, &case, true);
            let last = "body > candor-status:last-child";
            browser.until_in_shadow("the second", last, "return root.textContent.includes('We are on it.')");
            browser.until_in_shadow("the second", last, IS_WIDGET);
            assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 2, "{case}");
            assert_eq!(copy.request_count("/bulletin.json") - before_visit, 1, "{case}: one poll");
            only_made_room(&browser, &case, &before);
            unharmed(&browser, &case);
        }
    }
}

/// A loader in a browser's cache names a folder that a later deployment has removed.
#[test]
fn an_old_loader_gets_the_current_element_after_a_deployment() {
    let (edge, browser) = start();
    incident(&edge);
    let site = Host::with("").site();
    browser.open(&site.url("/"));
    browser.eval(&format!("import('{}')", edge.url("/candor/01dc0ffe/element.js")));
    browser.until("the element", "return customElements.get('candor-status')");
    browser.eval("const banner = document.createElement('candor-status'); document.body.prepend(banner)");
    shows_incident(&browser, "the current element", true);
    unharmed(&browser, "the current element");
    // And what a page that was opened before the deployment loads when an incident begins.
    for part in ["paint.js", "take.js", "panel.css", "banner.css", "windows.js", "unknown.json"] {
        let answer = edge.get(&format!("/candor/01dc0ffe/{part}"));
        assert_eq!(answer.status, 302, "{part}");
        edge.get(answer.header("location").unwrap()).expect(200);
    }
    // What loads files that are beside it is led to where they are.
    assert_eq!(edge.get("/take.js").expect(200).text(), format!("export * from '.{}/take.js'\n", folder()));
    edge.get("/candor/01dc0ffe/widget.js").expect(404);
    edge.get("/candor/..%2f/element.js").expect(404);
}

/// Two yew apps in one page: each has its own memory and its own listeners.
#[test]
fn a_yew_host_and_the_widget_do_not_interfere() {
    let (edge, browser) = start();
    incident(&edge);
    edge.accept(&json!({ "type": "incident.open", "id": "maps", "name": "Maps are slow", "impact": "minor", "body": "Wait." }));
    let module = edge.url(&format!("{}/widget", folder()));
    // The host's own yew app: the widget's module and glue, loaded a second time under another URL.
    let app = format!(
        "<script type=module>
        import * as yew from '{module}.js?of-the-host'
        await yew.default({{ module_or_path: '{module}.wasm' }})
        const doc = await (await fetch('{}')).json()
        const app = document.createElement('div')
        app.id = 'app'
        const {{ lines, phrases, label, components = [] }} = doc
        const view = {{ kind: 'banner', lines, components, phrases, label, url: doc.page.url, more: '1 more', time: String, dismiss: () => host.clicked = true }}
        yew.mount(app, view, () => document.querySelector('main').append(app))
        </script>",
        edge.url("/bulletin.json?lang=en")
    );
    let site = Host::with([app, tag(&edge.url("/widget.js"))].concat()).site();
    browser.open(&site.url("/"));
    browser.until("the host's app", "return document.querySelector('#app section')");
    shows_incident(&browser, "beside a yew app", true);
    browser.eval("document.querySelector('#app button').click()");
    browser.until("the host's app handles the click", "return host.clicked");
    shows_incident(&browser, "the banner stays", true);
    browser.eval_in_shadow(BANNER, "root.querySelector('button[title=Dismiss]').click()");
    browser.until("the banner is closed", "return !document.querySelector('candor-status')");
    assert_eq!(browser.eval("return !!document.querySelector('#app section')"), true);
    unharmed(&browser, "beside a yew app");
}
