//! What an embed costs its host page, and what it does when the host page or the browser forbids something.

use crate::{BY_WIDGET, ELEMENT, HEAD, healthy, major, request_count, site, wait_for_text};
use candor_tests::Browser;
use serde_json::json;

#[test]
fn a_healthy_page_loads_what_paints_only_to_show_something() {
    let browser = Browser::start();
    let tag = |attributes: &str| format!("<script async src=/widget.js {attributes}></script>");
    let element = |attributes: &str| format!("{ELEMENT}<candor-status {attributes}></candor-status>");
    // The page and the bulletin; the loader, or the element, which is two modules and the loader's.
    for (embed, files, wanted) in [
        (tag("data-variant=floating"), 3, 0),
        (tag("data-variant=inline data-show=issues"), 3, 0),
        (tag("data-variant=floating data-show=always"), 3, 2),
        (tag("data-variant=badge"), 3, 2),
        (element("variant=floating"), 5, 0),
        (element("variant=badge"), 5, 2),
    ] {
        let page = format!("{HEAD}<p>Hello</p>{embed}");
        let site = site(&[("index.html", &page), ("bulletin.json", &healthy())], &[]);
        browser.open(&site.url("/"));
        browser.until("the status", "return window.candor && candor.status()");
        if wanted > 0 {
            wait_for_text(&browser, "All systems operational");
        }
        browser.until(
            "the page has settled",
            "return new Promise(done => requestIdleCallback(() => done(true)))",
        );
        let own =
            browser.requests().into_iter().filter(|request| request.url.starts_with(&site.url("/"))).count();
        // `wanted` counts what paints, and its style sheet.
        assert_eq!(own, files + wanted, "{embed}");
    }
    assert_eq!(request_count(&browser, ".wasm"), 0);
}

#[test]
fn every_variant_is_plain_under_a_strict_policy() {
    let page = format!("{HEAD}<script src=/recorder.js></script><script type=module src=/element.js></script>
        <candor-status variant=inline></candor-status><candor-status></candor-status><candor-status variant=badge></candor-status>
        <candor-status variant=floating></candor-status>");
    let recorder = "window.refused = []; addEventListener('securitypolicyviolation', event => refused.push(event.violatedDirective + event.blockedURI));";
    let site = site(
        &[("index.html", &page), ("bulletin.json", &major()), ("recorder.js", recorder)],
        &[(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types",
        )],
    );
    let browser = Browser::start();
    browser.open(&site.url("/"));
    for variant in ["inline", "badge", "floating", ""] {
        let host = if variant.is_empty() {
            "candor-status:not([variant])".to_owned()
        } else {
            format!("[variant={variant}]")
        };
        browser.until_in_shadow(
            variant,
            &host,
            "return /Partial (system )?outage/.test(root.querySelector('.root')?.textContent)",
        );
    }
    browser.until("WebAssembly is refused", "return refused.length");
    assert_eq!(browser.eval("return [...new Set(refused)]"), json!(["script-srcwasm-eval"]));
    let look = "return [getComputedStyle(root.querySelector('.panel')).borderTopStyle, !root.querySelector('[data-by]')]";
    assert_eq!(browser.eval_in_shadow("[variant=inline]", look), json!(["solid", true]), "styled and plain");
}

#[test]
fn a_failing_module_falls_back_to_the_plain_variant() {
    let page = format!("{HEAD}<script>
        const real = WebAssembly.instantiateStreaming;
        WebAssembly.instantiateStreaming = async (source, imports) => {{
          for (const group of Object.values(imports)) for (const name in group) {{
            const original = group[name];
            group[name] = (...all) => {{ if (window.isBroken) throw new Error('broken'); return original(...all); }};
          }}
          return real(source, imports);
        }};
        </script>{ELEMENT}<candor-status variant=inline></candor-status>");
    let site = site(&[("index.html", &page), ("bulletin.json", &major())], &[]);
    let browser = Browser::start();
    browser.open(&site.url("/"));
    browser.until_in_shadow(
        "the widget",
        "candor-status",
        &format!("return root.querySelector('{BY_WIDGET}')"),
    );
    browser.eval("window.isBroken = true; return candor.refresh()");
    let plain =
        format!("return root.textContent.includes('We are on it.') && !root.querySelector('{BY_WIDGET}')");
    browser.until_in_shadow("plain", "candor-status", &plain);
    let console = browser.console();
    assert!(console.iter().all(|line| !line.starts_with("SEVERE")), "{console:?}");
}
