//! The languages of the widget: which one it is in, and how each language counts.

use candor_tests::{Browser, Edge, Site, paths};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn locales() -> BTreeMap<String, Map<String, Value>> {
    let mut locales = BTreeMap::new();
    for entry in std::fs::read_dir(paths::root().join("shared/locales")).unwrap().flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "cldr" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let words = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        locales.insert(name, words);
    }
    assert!(locales.len() > 20, "{:?}", locales.keys());
    locales
}

fn keys(words: &Map<String, Value>) -> BTreeSet<&str> {
    words.keys().map(String::as_str).collect()
}

/// How each language counts is what the browser's CLDR data says, for the forms in the files and for the table of numbers.
#[test]
fn every_language_counts_as_cldr_says() {
    let browser = Browser::start();
    let cldr = std::fs::read_to_string(paths::root().join("shared/locales/cldr.json")).unwrap();
    let cldr: Value = serde_json::from_str(&cldr).unwrap();
    for (language, words) in locales() {
        let rules = format!("const rules = new Intl.PluralRules('{language}');");
        let needed = browser.eval(&format!("{rules} return rules.resolvedOptions().pluralCategories.sort()"));
        let mut needed: BTreeSet<&str> =
            needed.as_array().unwrap().iter().map(|form| form.as_str().unwrap()).collect();
        let table = browser.eval(&format!("{rules} return Array.from({{ length: 200 }}, (_, n) => rules.select(n).replace('other', 'x')[0]).join('')"));
        assert_eq!(table, cldr[&language]["plural"], "{language}");
        // Of millions, of which a page has none.
        if !table.as_str().unwrap().contains('m') {
            needed.remove("many");
        }
        for (name, forms) in words["count"].as_object().unwrap() {
            assert_eq!(keys(forms.as_object().unwrap()), needed, "{language}: {name}");
        }
    }
}

const BANNER: &str = "candor-status";

/// A page with an incident in three languages.
fn edge() -> Edge {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({ "type": "incident.open", "id": "down", "impact": "major", "components": { "checkins": "partial_outage" },
        "name": { "en": "Check-ins are failing", "de": "Check-ins schlagen fehl" },
        "body": { "en": "We are on it.", "de": "Wir sind dran.", "zh-Hant": "我們正在處理。" } }));
    edge.accept(&json!({ "type": "incident.open", "id": "slow", "name": "Maps are slow", "impact": "minor", "body": "Wait." }));
    edge
}

fn host(edge: &Edge, html: &str, tag: &str) -> Site {
    let src = edge.url("/widget.js");
    let page = format!(
        "<!doctype html><html {html}><title>Shop</title><link rel=icon href='data:,'><script async src='{src}{tag}></script><p>Hello</p>"
    );
    Site::page(&page, &[])
}

/// By `data-lang`, the address of the script, the page around it, or what the browser sends: in this order.
#[test]
fn a_banner_is_in_the_language_of_its_tag_its_page_or_its_visitor() {
    let (edge, browser) = (edge(), Browser::start());
    for (html, tag, shown) in [
        ("lang=en", "' data-lang=de", ["de", "ltr", "Check-ins schlagen fehl"]),
        ("lang=en", "?lang=de'", ["de", "ltr", "Check-ins schlagen fehl"]),
        ("lang=de-CH", "'", ["de", "ltr", "Check-ins schlagen fehl"]),
        ("lang=en", "' data-lang=ar", ["ar", "rtl", "Check-ins are failing"]),
        ("lang=en", "' data-lang=zh-TW", ["zh-Hant", "ltr", "我們正在處理。"]),
        ("lang=tlh", "'", ["en", "", "Check-ins are failing"]),
        ("", "'", ["en", "", "We are on it."]),
    ] {
        browser.open(&host(&edge, html, tag).url("/"));
        browser.until_in_shadow("the widget", BANNER, "return root.querySelector('[data-by=widget]')");
        let has = format!(
            "const node = root.querySelector('.root'); return [node.lang, node.dir, node.textContent.includes('{}')]",
            shown[2]
        );
        assert_eq!(browser.eval_in_shadow(BANNER, &has), json!([shown[0], shown[1], true]), "{html} {tag}");
    }
}

#[test]
fn a_banner_is_in_its_language_from_the_first_frame() {
    let (edge, browser) = (edge(), Browser::start());
    let recorder = "<script>window.seen = new Set; const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (init) { const root = attach.call(this, init);
          new MutationObserver(() => seen.add(root.querySelector('p b')?.textContent)).observe(root, { childList: true, subtree: true }); return root }</script>";
    for (language, word) in [("de", "Teilausfall"), ("en", "Partial outage")] {
        browser.open(&host(&edge, "lang=en", &format!("' data-lang={language}")).url("/"));
        browser.open(&host(&edge, &format!("lang={language}>{recorder}<html"), "'").url("/"));
        browser.until_in_shadow("the widget", BANNER, "return root.querySelector('[data-by=widget]')");
        assert_eq!(browser.eval("return [...seen].filter(Boolean)"), json!([word]));
    }
}

/// All 28, each with its words, its direction and its plural form, by the widget.
#[test]
fn the_widget_renders_every_language() {
    let (edge, browser) = (edge(), Browser::start());
    let page = format!(
        "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'><script type=module src={}></script><candor-status lang=en></candor-status>",
        edge.url("/element.js")
    );
    let site = Site::page(&page, &[]);
    browser.open(&site.url("/"));
    browser.until_in_shadow("the widget", BANNER, "return root.querySelector('[data-by=widget]')");
    for (language, words) in locales() {
        browser.eval(&format!("document.querySelector('{BANNER}').lang = '{language}'"));
        let has = format!(
            "return root.querySelector('.root')?.lang === '{language}' && root.querySelector('[data-by=widget] section')?.textContent.includes({}) && root.querySelector('section').textContent",
            words["level"]["major"]
        );
        let text = browser.until_in_shadow(&language, BANNER, &has);
        let text = text.as_str().unwrap();
        assert!(text.contains(words["status"]["investigating"].as_str().unwrap()), "{language}: {text}");
        let more = browser.eval(&format!(
            "return {}[new Intl.PluralRules('{language}').select(1)].replace('{{count}}', 1)",
            words["count"]["more"]
        ));
        assert!(text.contains(more.as_str().unwrap()), "{language}: {text}, {more}");
        assert!(!text.contains('{'), "{language}: {text}");
    }
}

/// The name and the body, each with its `lang` where it is not the banner's, painted by the widget and, without WebAssembly,
/// plainly.
#[test]
fn operator_texts_use_the_closest_translation_and_carry_its_language() {
    let (edge, browser) = (edge(), Browser::start());
    for (script, by) in [("", true), ("<script>delete window.WebAssembly</script>", false)] {
        let page = format!(
            "<!doctype html><html lang=en><title>Shop</title><link rel=icon href='data:,'>{script}<script type=module src={}></script><candor-status lang=en></candor-status>",
            edge.url("/element.js")
        );
        let site = Site::page(&page, &[]);
        browser.open(&site.url("/"));
        for (lang, name, body) in [
            ("de-AT", ["Check-ins schlagen fehl", ""], ["Wir sind dran.", ""]),
            ("zh-TW", ["Check-ins are failing", "en"], ["我們正在處理。", ""]),
            ("fr", ["Check-ins are failing", "en"], ["We are on it.", "en"]),
            ("en", ["Check-ins are failing", ""], ["We are on it.", ""]),
        ] {
            for (variant, place) in [("banner", "section"), ("inline", "article")] {
                browser.eval(&format!("const node = document.querySelector('{BANNER}'); node.lang = '{lang}'; node.setAttribute('variant', '{variant}')"));
                let look = format!(
                    "const all = [...root.querySelector('{place}')?.querySelectorAll('strong, p[dir]') || []].map(node => [node.textContent, node.lang]);
                    return !!root.querySelector('[data-by=widget]') === {by} && JSON.stringify(all) === {}",
                    json!(json!([name, body]).to_string())
                );
                browser.until_in_shadow(&format!("{lang} {variant}"), BANNER, &look);
            }
        }
    }
}
