//! Host pages with restrictions: policies, cross-origin isolation, a sandbox, no storage.

use crate::{BANNER, Host, bare, incident, only_made_room, shows_incident, start, tag, unharmed};
use candor_tests::Site;

const CLOSE: &str = "root.querySelector('button[title=Dismiss]').click()";

#[test]
fn the_widget_takes_over_under_strict_policies() {
    let (edge, browser) = start();
    incident(&edge);
    let (origin, script) = (edge.url(""), edge.url("/widget.js"));
    let policy = format!(
        "default-src 'self'; connect-src {origin}; object-src 'none'; base-uri 'none'; frame-ancestors 'none';
        script-src 'self' 'wasm-unsafe-eval'"
    )
    .replace('\n', " ");
    let allowed = format!("{policy} {origin}");
    let csp = |text: String| vec![("content-security-policy", text)];
    let nonce = format!("<script nonce=r4nd0m async src={script}></script>");
    let cases = [
        ("WebAssembly is allowed", tag(&script), csp(allowed.clone())),
        (
            "trusted types",
            tag(&script),
            csp(format!("{allowed}; require-trusted-types-for 'script'; trusted-types 'none'")),
        ),
        // The policy allows scripts that the tag itself loads, and no origin.
        ("a nonce", nonce, csp(format!("{policy} 'nonce-r4nd0m' 'strict-dynamic'"))),
        (
            "cross-origin isolated",
            tag(&script),
            vec![
                ("cross-origin-embedder-policy", "require-corp".to_owned()),
                ("cross-origin-opener-policy", "same-origin".to_owned()),
            ],
        ),
    ];
    for (case, tags, headers) in cases {
        let mut host = Host::with(tags);
        host.headers = headers;
        let site = host.site();
        let before = bare(&browser, &site);
        browser.open(&site.url("/"));
        shows_incident(&browser, case, true);
        only_made_room(&browser, case, &before);
        unharmed(&browser, case);
        assert_eq!(browser.eval("return crossOriginIsolated"), case == "cross-origin isolated", "{case}");
    }
}

#[test]
fn the_banner_works_without_an_origin_and_without_storage() {
    let (edge, browser) = start();
    incident(&edge);
    let script = edge.url("/widget.js");

    // In an opaque origin, storage throws and requests have the origin `null`.
    let inner = Host::with(tag(&script)).site();
    let outer = Site::page(
        &format!(
            "<!doctype html><link rel=icon href='data:,'><iframe sandbox=allow-scripts width=900 height=600 src={}></iframe>",
            inner.url("/")
        ),
        &[],
    );
    let enter = || {
        browser.open(&outer.url("/"));
        browser.run(browser.driver().enter_frame(0));
    };
    enter();
    let storage = "try { return typeof localStorage } catch (error) { return error.name }";
    assert_eq!(browser.eval(storage), "SecurityError");
    shows_incident(&browser, "a sandboxed frame", true);
    browser.eval_in_shadow(BANNER, CLOSE);
    let closed = "return !document.querySelector('candor-status')";
    browser.until("the banner is closed", closed);
    browser.eval("return candor.refresh()");
    assert_eq!(browser.eval(closed), true, "closed for this view");
    unharmed(&browser, "a sandboxed frame");
    enter();
    shows_incident(&browser, "a sandboxed frame again", true);
    browser.run(browser.driver().enter_default_frame());

    let throwing = "<script>Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })</script>";
    let full = "<script>
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') };
        localStorage.clear();
        let room = 1 << 22;
        while (room) try { localStorage['shop' + room + Math.random()] = 'x'.repeat(room) } catch { room >>= 1 }
        </script>";
    for (case, head) in [("storage throws", throwing), ("storage is full", full)] {
        for module in ["", "plain"] {
            let case = format!("{case} {module}");
            let mut host = Host::with(tag(&script));
            host.head = head.to_owned();
            if module == "plain" {
                host.head += "<script>delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming</script>";
            }
            let site = host.site();
            let before = bare(&browser, &site);
            browser.open(&site.url("/"));
            shows_incident(&browser, &case, module.is_empty());
            only_made_room(&browser, &case, &before);
            browser.eval_in_shadow(BANNER, CLOSE);
            browser.until(
                "the banner is closed",
                &format!(
                    "const host = document.querySelector('{BANNER}'); return !host || !host.offsetHeight"
                ),
            );
            browser.eval("return candor.refresh()");
            let height = format!("return document.querySelector('{BANNER}')?.offsetHeight || 0");
            assert_eq!(browser.eval(&height), 0, "{case}: closed for this view");
            unharmed(&browser, &case);
            browser.open(&site.url("/"));
            shows_incident(&browser, &case, module.is_empty());
        }
    }
}

/// The scripts of `/embed` come from its own edge, but a sandboxed frame has an origin of its own.
#[test]
fn a_sandboxed_embed_stays_current() {
    let (edge, browser) = start();
    let outer = Site::page(
        &format!(
            "<!doctype html><link rel=icon href='data:,'><iframe sandbox=allow-scripts width=900 height=600 src={}></iframe>",
            edge.url("/embed")
        ),
        &[],
    );
    browser.open(&outer.url("/"));
    browser.run(browser.driver().enter_frame(0));
    browser.until(
        "the embed",
        "return document.querySelector('main')?.textContent.includes('All systems operational')",
    );
    incident(&edge);
    browser.eval("return dispatchEvent(new Event('online'))");
    browser
        .until("the incident", "return document.querySelector('main').textContent.includes('We are on it.')");
    browser.run(browser.driver().enter_default_frame());
}
