//! Libraries that load pages in place, or hydrate the whole document: one banner, there at once after every swap, and unharmed.

use crate::{incident, shows_incident, start, tag};
use candor_tests::{Browser, Site, node, paths};
use serde_json::json;
use std::path::PathBuf;

/// A file of an npm package.
fn package(path: &str) -> String {
    let file = paths::root().join("tests/node_modules").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Two pages that link to each other.
fn pages(head: &str, body: &str, tag: &str, at_the_end: bool) -> [(&'static str, String); 2] {
    let (in_head, in_body) = if at_the_end { ("", tag) } else { (tag, "") };
    let page = |title: &str, to: &str| {
        format!(
            "<!doctype html><html lang=en><head><title>{title}</title><link rel=icon href='data:,'>{head}{in_head}</head>
            <body {body}><h1>{title}</h1><input id=mine><a id=next href={to}>Next</a>{in_body}</body></html>"
        )
    };
    [("/", page("One", "/two")), ("/two", page("Two", "/"))]
}

const ERRORS: &str =
    "<script>window.escaped ||= []; addEventListener('error', event => escaped.push(event.message));
    addEventListener('unhandledrejection', event => escaped.push(String(event.reason)))</script>";

/// Follows links and goes back, and checks the banner after each swap.
fn visits(browser: &Browser, case: &str) {
    shows_incident(browser, case, true);
    browser.eval("window.same = true");
    for (step, title) in [
        ("document.getElementById('next').click()", "Two"),
        ("document.getElementById('next').click()", "One"),
        ("history.back()", "Two"),
    ] {
        browser.eval(step);
        browser.until(
            &format!("{case}: {step}"),
            &format!("return document.querySelector('h1').textContent == '{title}'"),
        );
        // There at once: within a tenth of a second.
        browser.until(case, "return new Promise(done => setTimeout(() => done(true), 100))");
        let banners = browser.eval("return [document.querySelectorAll('candor-status').length, window.same]");
        assert_eq!(banners, json!([1, true]), "{case}, {step}: one banner, in the same document");
        shows_incident(browser, case, true);
    }
    // The keyboard's focus is the page's.
    browser.eval("document.getElementById('mine').focus(); return candor.refresh()");
    assert_eq!(browser.eval("return document.activeElement.id"), "mine", "{case}");
    assert_eq!(browser.eval("return escaped"), json!([]), "{case}");
}

#[test]
fn one_banner_survives_turbo_and_htmx() {
    let (edge, browser) = start();
    incident(&edge);
    let (turbo, htmx) =
        (package("@hotwired/turbo/dist/turbo.es2017-esm.js"), package("htmx.org/dist/htmx.min.js"));
    let libraries = [
        ("Turbo", "<script type=module src=/turbo.js></script>", ""),
        (
            "Turbo with morphing",
            "<meta name=turbo-refresh-method content=morph><meta name=turbo-refresh-scroll content=preserve><script type=module src=/turbo.js></script>",
            "",
        ),
        ("htmx", "<script src=/htmx.js></script>", "hx-boost=true"),
    ];
    for (library, head, body) in libraries {
        for at_the_end in [false, true] {
            let case = format!(
                "{library}, the tag {}",
                if at_the_end { "at the end of the body" } else { "in the head" }
            );
            let [one, two] =
                pages(&format!("{ERRORS}{head}"), body, &tag(&edge.url("/widget.js")), at_the_end);
            let site = Site::files(
                &[(one.0, &one.1), (two.0, &two.1), ("/turbo.js", &turbo), ("/htmx.js", &htmx)],
                &[],
            );
            browser.open(&site.url("/"));
            visits(&browser, &case);
        }
    }
}

/// A badge stands where its tag is, and goes with it.
#[test]
fn a_badge_goes_with_its_page() {
    let (edge, browser) = start();
    incident(&edge);
    let badge = format!("<script async src={} data-variant=badge></script>", edge.url("/widget.js"));
    let [one, two] = pages(&format!("{ERRORS}<script type=module src=/turbo.js></script>"), "", &badge, true);
    let turbo = package("@hotwired/turbo/dist/turbo.es2017-esm.js");
    let site = Site::files(&[(one.0, &one.1), (two.0, &two.1), ("/turbo.js", &turbo)], &[]);
    browser.open(&site.url("/"));
    let shown =
        "return [...document.querySelectorAll('candor-status')].map(node => [node.parentNode.localName,
        node.previousSibling?.localName, node.offsetHeight > 10])";
    let expected = json!([["body", "script", true]]);
    let has = format!("return JSON.stringify((() => {{ {shown} }})()) == {}", json!(expected.to_string()));
    for title in ["Two", "One", "Two"] {
        browser.until("the badge at its tag", &has);
        browser.eval("document.getElementById('next').click()");
        browser.until(title, &format!("return document.querySelector('h1').textContent == '{title}'"));
        browser.until("one badge at its tag", &has);
        browser.eval("return candor.refresh()");
        assert_eq!(browser.eval(shown), expected, "{title}: after a check, too");
    }
    let watched = "return Object.values(candor).filter(own => own?.embeds).map(own => own.embeds.size)";
    assert_eq!(browser.eval(watched), json!([1]), "those of the other pages have gone");
    assert_eq!(browser.eval("return escaped"), json!([]));
}

/// A page that changes its language without being loaded anew, and runs the tag again.
#[test]
fn a_tag_that_runs_again_speaks_the_language_of_the_page() {
    let (edge, browser) = start();
    incident(&edge);
    let page = format!(
        "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{}<p>Hello</p></html>",
        tag(&edge.url("/widget.js"))
    );
    let site = Site::page(&page, &[]);
    browser.open(&site.url("/"));
    shows_incident(&browser, "English", true);
    browser.eval(
        "document.documentElement.lang = 'de'; const script = document.createElement('script');
        script.src = document.querySelector('script').src; document.head.append(script)",
    );
    browser.until_in_shadow("German", "candor-status", "return root.querySelector('.root')?.lang == 'de'");
    assert_eq!(browser.eval("return document.querySelectorAll('candor-status').length"), 1);
    shows_incident(&browser, "German", true);
}

/// Bundles a program with the packages of `tests/`, and returns the file.
fn bundle(folder: &std::path::Path, name: &str, text: &str, platform: &str) -> PathBuf {
    let (source, out) = (paths::root().join(format!("tests/node_modules/.candor-{name}")), folder.join(name));
    std::fs::write(&source, text).unwrap();
    let output = node::command(paths::root().join("edge/node_modules/.bin/esbuild"))
        .unwrap()
        .args([
            "--bundle",
            "--log-level=error",
            "--define:process.env.NODE_ENV=\"production\"",
            &format!("--platform={platform}"),
        ])
        .arg(&source)
        .arg(format!("--outfile={}", out.display()))
        .output()
        .unwrap();
    std::fs::remove_file(&source).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

#[test]
fn react_hydrates_a_document_with_a_banner() {
    let (edge, browser) = start();
    incident(&edge);
    let app = format!(
        "import {{ createElement as h, useState }} from 'react';
        const App = () => {{
          const [count, set] = useState(0);
          return h('html', {{ lang: 'en' }},
            h('head', null, h('title', null, 'Shop'), h('link', {{ rel: 'icon', href: 'data:,' }}), h('script', {{ async: true, src: '{}' }})),
            h('body', null, h('h1', null, 'Shop'), h('button', {{ id: 'buy', onClick: () => set(count + 1) }}, 'Sold ' + count)));
        }};",
        edge.url("/widget.js")
    );
    let server = bundle(
        edge.folder(),
        "react-server.js",
        &format!(
            "{app} import {{ renderToString }} from 'react-dom/server'; console.log('<!doctype html>' + renderToString(h(App)));"
        ),
        "node",
    );
    let html = node::command("node").unwrap().arg(server).output().unwrap();
    assert!(html.status.success(), "{}", String::from_utf8_lossy(&html.stderr));
    let client = bundle(
        edge.folder(),
        "react-client.js",
        // As an app does whose script is slow: the banner is there before it hydrates.
        &format!(
            "{app} import {{ hydrateRoot }} from 'react-dom/client'; window.faults = [];
            window.hydrate = () => hydrateRoot(document, h(App), {{ onRecoverableError: error => faults.push(String(error)) }});"
        ),
        "browser",
    );
    let html = String::from_utf8(html.stdout).unwrap();
    let script = std::fs::read_to_string(client).unwrap();
    let site = Site::files(&[("/", &html), ("/app.js", &script)], &[]);
    browser.open(&site.url("/"));
    shows_incident(&browser, "before it hydrates", true);
    browser.eval(
        "return fetch('/app.js').then(answer => answer.text()).then(text => { (0, eval)(text); hydrate() })",
    );
    browser.until(
        "the app answers",
        "document.getElementById('buy').click(); return /Sold [1-9]/.test(document.getElementById('buy').textContent)",
    );
    browser.until("a tenth of a second", "return new Promise(done => setTimeout(() => done(true), 100))");
    shows_incident(&browser, "after it has hydrated", true);
    let look = "return [document.querySelectorAll('candor-status').length, faults]";
    assert_eq!(browser.eval(look), json!([1, []]), "no fault of hydration");
}
