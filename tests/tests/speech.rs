//! What people read, in their language: the bulletin, the pages, `/embed` and the feeds.

use candor_tests::{Answer, Browser, Edge, paths};
use serde_json::{Value, json};

/// A page on which something is going on, written in French.
fn page() -> Edge {
    let edge = Edge::start();
    edge.accept(&json!([
        {"type":"page.set","name":"Trailmark","url":edge.url(""),"language":"fr"},
        {"type":"component.set","id":"maps","name":"Cartes"},
        {"type":"incident.open","id":"lent","name":{"fr":"Cartes lentes","de":"Karten langsam"},"impact":"minor",
         "body":{"fr":"On regarde.","de":"Wir schauen."},"components":{"maps":"degraded_performance"},"next_update_in":"30m"},
    ]));
    edge
}

fn accepting(edge: &Edge, path: &str, language: &str) -> Answer {
    edge.send("GET", path, &vec![("accept-language".to_owned(), language.to_owned())], None)
}

#[test]
fn a_bulletin_is_in_the_language_that_is_asked_for() {
    let edge = page();
    for (path, accept, language) in [
        ("/bulletin.json", "de-CH, en;q=0.5", "de"),
        ("/bulletin.json?lang=ja", "de", "ja"),
        ("/bulletin.json", "tlh, es;q=0.1", "es"),
        ("/bulletin.json", "*", "fr"),
        ("/bulletin.json?lang=tlh", "", "fr"),
    ] {
        let answer = accepting(&edge, path, accept).expect(200);
        let bulletin = answer.json();
        assert_eq!(bulletin["language"], language, "{path} {accept}");
        let words = std::fs::read_to_string(paths::root().join(format!("shared/locales/{language}.json")));
        let words: Value = serde_json::from_str(&words.unwrap()).unwrap();
        assert_eq!(bulletin["lines"][0]["label"], words["level"]["minor"], "{path} {accept}");
        assert_eq!(answer.header("vary"), Some("accept-language"), "{path}");
    }
    let german = accepting(&edge, "/bulletin.json", "de").expect(200);
    assert_eq!(german.json()["lines"][0]["name"], json!({"text":["Karten langsam"]}));
    let greek = accepting(&edge, "/bulletin.json", "el").expect(200);
    assert_eq!(greek.json()["lines"][0]["name"], json!({"text":["Cartes lentes"],"language":"fr"}));
    // Each is a document of its own, with an ETag of its own.
    let (one, other) = (german.header("etag").unwrap(), greek.header("etag").unwrap());
    assert_ne!(one, other);
    let headers =
        vec![("accept-language".to_owned(), "de".to_owned()), ("if-none-match".to_owned(), one.to_owned())];
    edge.send("GET", "/bulletin.json", &headers, None).expect(304);
    // News is there at once, in every language.
    edge.accept(&json!({"type":"incident.update","status":"resolved","body":"Fini."}));
    for (language, summary) in [("de", "Behoben"), ("el", "Επιλύθηκε"), ("fr", "Résolu")] {
        assert_eq!(accepting(&edge, "/bulletin.json", language).json()["summary"], summary);
    }
}

#[test]
fn a_panel_is_in_the_language_that_is_asked_for_and_has_everything() {
    let edge = Edge::start();
    edge.get("/panel.json").expect(404);
    edge.accept(&json!([
        {"type":"component.set","id":"maps","name":"Cartes"},
        {"type":"page.set","name":"Trailmark","url":"https://status.example.com","language":"fr",
         "checks":[{"name":"Cartes","url":"https://maps.example.com/health","component":"maps"}]},
        {"type":"incident.open","id":"lent","name":{"fr":"Cartes lentes","de":"Karten langsam"},"impact":"minor",
         "body":{"fr":"On regarde.","de":"Wir schauen."},"components":{"maps":"degraded_performance"}},
        {"type":"maintenance.schedule","id":"secret","name":"Personne ne le voit","body":"b","visibility":"internal",
         "scheduled_for":"2100-01-01T00:00:00Z","scheduled_until":"2100-01-01T01:00:00Z"},
    ]));
    for (path, accept, language) in [
        ("/panel.json", "de-CH, en;q=0.5", "de"),
        ("/panel.json?lang=ja", "de", "ja"),
        ("/panel.json", "tlh", "fr"),
        ("/panel.json?lang=tlh", "", "fr"),
    ] {
        let answer = accepting(&edge, path, accept).expect(200);
        assert_eq!(answer.json()["language"], language, "{path} {accept}");
        assert_eq!(answer.header("vary"), Some("accept-language"), "{path}");
        assert!(!answer.text().contains("Personne"), "internal maintenance is published: {}", answer.text());
    }
    let german = accepting(&edge, "/panel.json", "de").expect(200);
    let panel = german.json();
    let story = &panel["sections"][0]["stories"][0];
    assert_eq!(
        (&story["key"], &story["name"]),
        (&json!("incident/lent"), &json!({"text":["Karten langsam"]}))
    );
    assert_eq!(story["updates"][0]["body"], json!({"text":["Wir schauen."]}));
    assert_eq!(story["links"][0]["url"], "https://status.example.com/incidents/lent");
    let component = &panel["uptime"]["groups"][0]["components"][0];
    assert_eq!(component["name"], json!({"text":["Cartes"],"language":"fr"}));
    assert_eq!(component["level"], panel["check"]["addresses"][0]["level"]);
    assert_eq!(panel["check"]["addresses"][0]["url"], "https://maps.example.com/health");
    let etag = german.header("etag").unwrap();
    let headers =
        vec![("accept-language".to_owned(), "de".to_owned()), ("if-none-match".to_owned(), etag.to_owned())];
    edge.send("GET", "/panel.json", &headers, None).expect(304);
    // What is resolved is over at once, in every language; and `null` removes what a device can try.
    edge.accept(&json!([
        {"type":"incident.update","status":"resolved","body":"Fini."}, {"type":"page.set","checks":null},
    ]));
    for (language, heading) in [("de", "Was vorbei ist"), ("en", "What is over")] {
        let panel = accepting(&edge, "/panel.json", language).expect(200).json();
        assert_eq!(panel["sections"][0]["title"], heading);
        assert_eq!(
            (&panel["sections"][0]["stories"][0]["key"], &panel["check"]),
            (&json!("incident/lent"), &Value::Null)
        );
    }
    let refused = edge.post(&json!([
        {"type":"page.set","name":"Other"},
        {"type":"page.set","checks":[{"name":"a","url":"https://a.example"},{"name":"b","url":"https://b.example","component":"nope"}]},
    ]));
    assert_eq!(
        (refused.status, refused.json()["pointer"].as_str()),
        (422, Some("/1/checks/1/component")),
        "{}",
        refused.text()
    );
}

#[test]
fn pages_speak_the_language_of_their_reader() {
    let edge = page();
    let browser = Browser::start();
    let look = "const { lang, dir } = document.documentElement; const main = document.querySelector('main').textContent;
        return [lang, dir, getComputedStyle(document.body).direction, document.querySelector('h2').textContent, main.includes('Karten langsam')]";
    for (language, direction, heading, german) in [
        ("de", "ltr", "Offene Störungen", true),
        ("ar", "rtl", "", false),
        ("he", "rtl", "", false),
        ("zh-Hant", "ltr", "", false),
    ] {
        for path in ["/", "/history", "/incidents/lent"] {
            browser.open(&edge.url(&format!("{path}?lang={language}")));
            let seen = browser.eval(look);
            assert_eq!(
                (&seen[0], &seen[1], &seen[2]),
                (&json!(language), &json!(direction), &json!(direction)),
                "{path}"
            );
            assert_eq!(seen[4], german, "{path} {language}: {seen}");
            if path == "/" && !heading.is_empty() {
                assert_eq!(seen[3], heading);
            }
            // Nothing is English but what an operator or the page's links call by a name.
            let english = "return ['Components','Open incidents','Nothing to report','Last change','History','What happened','Began'].filter(word => document.body.textContent.includes(word))";
            assert_eq!(browser.eval(english), json!([]), "{path} {language}");
            // What is foreign is marked.
            let marked = "return [...document.querySelectorAll('main [dir=auto]')].filter(node => /Cartes|On regarde/.test(node.textContent)).every(node => node.closest('[lang]').lang == 'fr')";
            assert_eq!(browser.eval(marked), true, "{path} {language}");
        }
    }
    // The choice of a language leads to the same page in it, and back.
    browser.open(&edge.url("/incidents/lent"));
    let links = browser.eval("document.querySelector('#languages').open = true; return [...document.querySelectorAll('#languages a')].map(link => [link.lang, link.hreflang, link.textContent])");
    assert_eq!(links.as_array().unwrap().len(), 28);
    browser.eval("document.querySelector('#languages a[lang=pl]').click(); return 1");
    browser.until(
        "the page in Polish",
        "return document.documentElement.lang == 'pl' && location.pathname == '/incidents/lent'",
    );
    let alternates = "return [...document.querySelectorAll('link[rel=alternate][hreflang]')].map(link => link.hreflang).length";
    assert_eq!(browser.eval(alternates), 29);
    // Without an answer to its reader's wish, a page is in its own language.
    assert!(
        accepting(&edge, "/", "tlh")
            .expect(200)
            .text()
            .starts_with("<!doctype html><html lang=\"fr\" dir=\"ltr\">")
    );
    assert!(accepting(&edge, "/", "fa, pt-BR").expect(200).text().contains("lang=\"pt\""));
}

#[test]
fn feeds_frames_and_refusals_speak_it_too() {
    let edge = page();
    let german = edge.get("/history.atom?lang=de").expect(200).text();
    assert!(
        german.contains("xml:lang=\"de\"") && german.contains("Karten langsam: Wird untersucht"),
        "{german}"
    );
    assert!(german.contains("href=\"http") && german.contains("/history.atom?lang=de\""), "{german}");
    let own = accepting(&edge, "/history.atom", "de").expect(200).text();
    assert!(
        own.contains("xml:lang=\"fr\"") && own.contains("Cartes lentes"),
        "a feed reader sends its own language: {own}"
    );
    assert_eq!(edge.get("/feed.json?lang=de").expect(200).json()["language"], "de");
    let frame = edge.get("/embed?variant=inline&lang=de").expect(200).text();
    assert!(frame.contains("Wir schauen.") && frame.contains("nächstes Update bis "), "{frame}");
    let headers =
        vec![("accept".to_owned(), "text/html".to_owned()), ("accept-language".to_owned(), "de".to_owned())];
    let missing = edge.send("GET", "/incidents/none", &headers, None).expect(404);
    assert!(
        missing.text().contains("<html lang=\"de\"")
            && missing.header("vary") == Some("accept, accept-language")
    );
}
