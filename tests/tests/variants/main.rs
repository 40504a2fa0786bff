//! The widget in all variants and states: texts, accessibility, attributes, leaks, and the takeover.

mod access;
mod element;
mod host;
mod states;
mod takeover;

use candor_tests::{Browser, Site, bulletin, paths};
use serde_json::json;
use std::path::Path;

/// Matches content that the yew widget has drawn.
const BY_WIDGET: &str = "[data-by=widget]";
/// Runs first and makes shadow roots open, because neither the tests nor axe-core can look into closed ones.
const OPEN_SHADOW_ROOTS: &str = "<script>{ const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }) } }</script>";
const HEAD: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
    <title>Shop</title><link rel=icon href='data:,'>";
const ELEMENT: &str = "<script type=module src=/element.js></script>";

fn healthy() -> String {
    bulletin::healthy().to_string()
}

fn major() -> String {
    bulletin::major().to_string()
}

/// A site with the built files and these files.
fn site(files: &[(&str, &str)], headers: &[(&str, &str)]) -> Site {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    copy(&paths::assets(), folder.path());
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    Site::folder(folder.path(), &[], headers)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A site with `examples/gallery` and the built files.
fn gallery() -> Site {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    copy(&paths::assets(), folder.path());
    copy(&paths::root().join("examples/gallery"), folder.path());
    let page = folder.path().join("index.html");
    let html =
        std::fs::read_to_string(&page).unwrap().replace("<head>", &format!("<head>{OPEN_SHADOW_ROOTS}"));
    std::fs::write(page, html).unwrap();
    Site::folder(folder.path(), &[], &[])
}

/// An expression for the text that an embed in the gallery shows. Empty if it shows nothing.
fn text_script(state: &str, variant: &str) -> String {
    format!(
        "document.querySelector('#{state} [variant={variant}]').shadowRoot?.querySelector('.root')?.textContent ?? ''"
    )
}

/// The number of requests whose URL has this ending.
fn request_count(browser: &Browser, ending: &str) -> usize {
    browser
        .requests()
        .iter()
        .filter(|request| request.url.split('?').next().unwrap_or_default().ends_with(ending))
        .count()
}

fn set_attribute(browser: &Browser, attribute: &str, value: &str) {
    browser.eval(&format!("document.querySelector('candor-status').setAttribute('{attribute}', '{value}')"));
}

/// Waits until the element's text contains `text`.
fn wait_for_text(browser: &Browser, text: &str) {
    let script = format!("return root.querySelector('.root')?.textContent.includes({})", json!(text));
    browser.until_in_shadow(text, "candor-status", &script);
}
