//! The languages of the widget: which one it chooses, which files it loads, and how each language counts.

use candor_tests::{Browser, Site, paths};
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

fn status() -> String {
    let translations = json!({
        "de": { "name": "Check-ins schlagen fehl", "body": "Wir sind dran.", "impact_note": "Die Hälfte." },
        "zh-Hant": { "body": "我們正在處理。" },
    });
    json!({ "schema": 1, "page": { "name": "Trailmark", "url": "https://status.example/", "language": "en-GB" }, "version": 2,
        "published_at": "2026-01-01T10:00:00.000Z", "indicator": "major", "description": "",
        "components": [{ "id": "checkins", "name": "Check-ins", "status": "major_outage", "since": "2026-01-01T10:00:00.000Z" }],
        "incidents": [
            { "id": "down", "name": "Check-ins are failing", "status": "identified", "impact": "major",
              "started_at": "2026-01-01T10:00:00.000Z", "updated_at": "2026-01-01T10:10:00.000Z", "body": "We are on it.",
              "impact_note": "Half of them.", "components": ["checkins"], "translations": translations },
            { "id": "slow", "name": "Maps are slow", "status": "identified", "impact": "minor", "components": [],
              "started_at": "2026-01-01T10:00:00.000Z", "updated_at": "2026-01-01T10:10:00.000Z", "body": "Wait." }],
        "maintenances": [] })
    .to_string()
}

/// A site with the built files and a page. `visitor` sets `navigator.languages`.
fn site(html: &str, page: &str, visitor: &[&str]) -> Site {
    let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
    for file in files(&paths::assets()) {
        let target = folder.path().join(file.strip_prefix(paths::assets()).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(file, target).unwrap();
    }
    let head = format!(
        "<!doctype html><html {html}><title>Shop</title><link rel=icon href='data:,'>
        <script>Object.defineProperty(navigator, 'languages', {{ value: {} }}); Object.defineProperty(navigator, 'language', {{ value: {} }})</script>",
        json!(visitor),
        json!(visitor[0])
    );
    std::fs::write(folder.path().join("index.html"), head + page).unwrap();
    std::fs::write(folder.path().join("status.json"), status()).unwrap();
    Site::folder(folder.path(), &[], &[])
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The locale modules that the browser has requested.
fn loaded(browser: &Browser) -> Vec<String> {
    let names: BTreeSet<String> = locales().into_keys().collect();
    let urls = browser.requests().into_iter().map(|request| request.url);
    urls.filter_map(|url| Some(url.rsplit('/').next()?.strip_suffix(".js")?.to_owned()))
        .filter(|name| names.contains(name))
        .collect()
}

const BANNER: &str = "candor-status";

#[test]
fn the_closest_locale_is_chosen_and_only_that_one_is_loaded() {
    let element = "<script type=module src=/element.js></script><candor-status></candor-status>";
    for (html, tag, visitor, chosen) in [
        ("lang=en", "lang=de", vec!["fr"], "de"),
        ("lang=de-CH", "", vec!["fr"], "de"),
        ("lang=PT-br", "", vec!["fr"], "pt"),
        ("", "", vec!["fr-CA", "de"], "fr"),
        ("", "", vec!["tlh", "ar-EG", "de"], "ar"),
        ("", "lang=zh-TW", vec!["en"], "zh-Hant"),
        ("", "lang=zh-Hant-HK", vec!["en"], "zh-Hant"),
        ("", "lang=zh-mo", vec!["en"], "zh-Hant"),
        ("", "lang=zh-CN", vec!["en"], "zh-Hans"),
        ("", "lang=zh", vec!["en"], "zh-Hans"),
        ("", "lang=no", vec!["en"], "nb"),
        ("", "lang=de-x-private", vec!["en"], "de"),
        ("lang=tlh", "", vec!["de"], "en"),
        ("", "", vec!["en-AU", "de"], "en"),
    ] {
        let browser = Browser::start();
        let site =
            site(html, &element.replace("<candor-status>", &format!("<candor-status {tag}>")), &visitor);
        browser.open(&site.url("/"));
        let shown = browser.until_in_shadow("the text", BANNER, "const node = root.querySelector('.root'); return node?.textContent && [node.lang, node.dir, node.querySelector('b:not([aria-hidden])').textContent]");
        let direction = match chosen {
            "ar" => "rtl",
            "en" => "",
            _ => "ltr",
        };
        let word = &locales()[chosen]["level"]["major"];
        assert_eq!(shown, json!([chosen, direction, word]), "{html} {tag} {visitor:?}");
        let wanted: Vec<&str> = if chosen == "en" { vec![] } else { vec![chosen] };
        assert_eq!(loaded(&browser), wanted, "{html} {tag} {visitor:?}");
    }
}

#[test]
fn a_script_tag_shows_its_language_from_the_first_frame() {
    let browser = Browser::start();
    let recorder = "<script>window.seen = new Set; const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (init) { const root = attach.call(this, init);
          new MutationObserver(() => seen.add(root.querySelector('p b')?.textContent)).observe(root, { childList: true, subtree: true }); return root }</script>";
    for (tag, word) in [("data-lang=de", "Teilausfall"), ("data-lang=en", "Partial outage")] {
        let page = format!("{recorder}<script async src=/widget.js {tag}></script>");
        let site = site("lang=en", &page, &["en"]);
        browser.open(&site.url("/"));
        browser.until_in_shadow("the widget", BANNER, "return root.querySelector('[data-by=widget]')");
        assert_eq!(browser.eval("return [...seen].filter(Boolean)"), json!([word]));
    }
}

#[test]
fn the_widget_renders_every_locale() {
    let browser = Browser::start();
    let site = site(
        "lang=en",
        "<script type=module src=/element.js></script><candor-status lang=en></candor-status>",
        &["en"],
    );
    browser.open(&site.url("/"));
    let text =
        "return !!root.querySelector('[data-by=widget]') && root.querySelector('section')?.textContent";
    browser.until_in_shadow("the widget", BANNER, text);
    for (language, words) in locales() {
        browser.eval(&format!("document.querySelector('{BANNER}').lang = '{language}'"));
        let word = words["level"]["major"].as_str().unwrap();
        let has = format!(
            "return root.querySelector('.root').lang === '{language}' && root.querySelector('section').textContent.includes({}) && root.querySelector('section').textContent",
            json!(word)
        );
        let text = browser.until_in_shadow(&language, BANNER, &has);
        let text = text.as_str().unwrap();
        assert!(text.contains(words["status"]["identified"].as_str().unwrap()), "{language}: {text}");
        let more = browser.eval(&format!("return {}[new Intl.PluralRules('{language}').select(1)].replace('{{count}}', (1).toLocaleString('{language}'))", words["count"]["more"]));
        assert!(text.contains(more.as_str().unwrap()), "{language}: {text}, {more}");
        assert!(!text.contains('{'), "{language}: {text}");
    }
}

/// The name, the body and the impact note, each with its `lang`, in the widget and, without WebAssembly, in the plain
/// embeds.
#[test]
fn operator_texts_use_the_closest_translation_and_carry_its_language() {
    let browser = Browser::start();
    let (name, body, note) =
        (["Check-ins are failing", "en-GB"], ["We are on it.", "en-GB"], ["Half of them.", "en-GB"]);
    for (script, by) in [("", true), ("<script>delete window.WebAssembly</script>", false)] {
        let element = "<script type=module src=/element.js></script><candor-status lang=en></candor-status>";
        let site = site("lang=en", &format!("{script}{element}"), &["en"]);
        browser.open(&site.url("/"));
        for (lang, name, body, note) in [
            ("de-AT", ["Check-ins schlagen fehl", "de"], ["Wir sind dran.", "de"], ["Die Hälfte.", "de"]),
            ("zh-TW", name, ["我們正在處理。", "zh-Hant"], note),
            ("fr", name, body, note),
            ("en", name, body, note),
        ] {
            let all = json!([name, body, note]);
            for (variant, place) in [("banner", "section"), ("inline", "article")] {
                browser.eval(&format!("const node = document.querySelector('{BANNER}'); node.lang = '{lang}'; node.setAttribute('variant', '{variant}')"));
                let look = format!(
                    "const all = [...root.querySelector('{place}')?.querySelectorAll('p [lang]') || []].map(node => [node.textContent, node.lang]);
                    return !!root.querySelector('[data-by=widget]') === {by} && JSON.stringify(all) === {}",
                    json!(all.to_string())
                );
                browser.until_in_shadow(&format!("{lang} {variant}"), BANNER, &look);
            }
        }
    }
}
