//! The harness itself: what the other tests lean on.

use candor_tests::{Browser, Site};

/// A page that keeps a closed shadow root, as the widget does, and loads something from another origin.
#[test]
fn the_browser_sees_closed_shadow_roots_the_network_and_the_console() {
    let other = Site::files(&[("/other.js", "document.title = 'loaded'")], &[]);
    let page = Site::page(
        &format!(
            "<!doctype html><title>…</title><div id=host></div><script async src={}></script>
            <script>
              const root = document.getElementById('host').attachShadow({{ mode: 'closed' }});
              root.innerHTML = '<p>inside</p>';
              setTimeout(() => {{ throw new Error('escaped'); }});
            </script>",
            other.url("/other.js")
        ),
        &[("content-security-policy", "img-src 'none'")],
    );
    let browser = Browser::start();
    browser.open(&page.url("/"));
    browser.until("the script from the other origin runs", "return document.title === 'loaded'");
    assert_eq!(browser.eval("return document.getElementById('host').shadowRoot"), serde_json::Value::Null);
    assert_eq!(browser.eval_in_shadow("#host", "return root.querySelector('p').textContent"), "inside");
    assert_eq!(browser.eval_in_shadow("#nobody", "return 1"), serde_json::Value::Null);

    let script = browser.requests().into_iter().find(|request| request.url == other.url("/other.js"));
    assert_eq!(script.expect("it is in the network log").status, Some(200));
    assert!(browser.console().iter().any(|line| line.starts_with("SEVERE") && line.contains("escaped")));

    browser.size(360, 640);
    browser.prefers(&[("prefers-color-scheme", "dark")]);
    assert_eq!(browser.eval("return innerWidth"), 360);
    assert_eq!(browser.eval("return matchMedia('(prefers-color-scheme: dark)').matches"), true);
    browser.eval("document.body.innerHTML = '<img src=/x.png>'");
    browser.until("the policy's refusal", "return true");
}
