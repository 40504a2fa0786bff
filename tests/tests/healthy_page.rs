//! A healthy page loads one small file, which has the bulletin inside, a second one if it stays open, and nothing else.

use candor_tests::{Browser, Edge, Site, eventually, weight};
use std::time::Duration;

/// The download budget of a healthy page in bytes, after brotli.
const BUDGET: usize = 3_072;

#[test]
fn a_healthy_page_loads_two_small_files_and_is_not_changed() {
    let edge = Edge::start();
    edge.set_up_page();
    let page = Site::page(
        &format!(
            "<!doctype html><link rel=icon href='data:,'><title>Shop</title><script async src={}></script><p>Hello</p>",
            edge.url("/widget.js")
        ),
        &[],
    );
    let browser = Browser::start();
    browser.open(&page.url("/"));
    browser.until("the first status", "return window.candor && window.candor.status()");
    // When the browser is idle, the loader has requested everything that it needs.
    browser
        .until("the page has settled", "return new Promise(done => requestIdleCallback(() => done(true)))");

    let urls = || {
        let all = browser.requests().into_iter().map(|request| request.url);
        let mut urls: Vec<String> = all.filter(|url| url.starts_with("http")).collect();
        urls.sort();
        urls
    };
    let mut expected = vec![page.url("/"), edge.url("/widget.js")];
    expected.sort();
    assert_eq!(urls(), expected, "no module, no glue, no file twice");

    assert_eq!(browser.eval("return document.body.innerHTML.trim()"), "<p>Hello</p>");
    let errors: Vec<String> =
        browser.console().into_iter().filter(|line| line.starts_with("SEVERE")).collect();
    assert_eq!(errors, Vec::<String>::new());

    // A page that stays open loads the script that shares polls between windows.
    let windows = eventually("the second file", Duration::from_secs(20), || {
        urls().into_iter().find(|url| url.ends_with("/windows.js"))
    });
    browser
        .until("the page has settled", "return new Promise(done => requestIdleCallback(() => done(true)))");
    expected.push(windows.clone());
    expected.sort();
    assert_eq!(urls(), expected, "no further request");
    assert_eq!(browser.eval("return document.body.innerHTML.trim()"), "<p>Hello</p>");

    let windows = windows.strip_prefix(&edge.url("")).unwrap().to_owned();
    let weight: usize =
        ["/widget.js", &windows].iter().map(|path| weight::brotli(&edge.get(path).expect(200).body)).sum();
    assert!(weight <= BUDGET, "{weight} bytes");
}
