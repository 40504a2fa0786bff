//! In which languages documents are, and which links keep the language that somebody chose.

use serde_json::Value;

use super::page::{OPEN, Page, SET_UP, html, time};
use crate::document::Document;

fn document(page: &mut Page, name: &str) -> String {
    page.document(&Document::named(name).unwrap()).unwrap_or_else(|| panic!("{name} does not exist"))
}

fn items(page: &mut Page, name: &str) -> Vec<Value> {
    let feed: Value = serde_json::from_str(&document(page, name)).unwrap();
    feed["items"].as_array().unwrap().clone()
}

/// Each of an operator's texts in a feed has its own language, where it is another than that of the feed.
#[test]
fn a_feed_marks_the_language_of_each_text() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"a","name":{"en":"Outage","de":"Ausfall"},"impact":"major","body":"We look."}"#);
    let atom = document(&mut page, "/history.atom?lang=de");
    assert!(atom.contains("xml:lang=\"de\"><id>"), "{atom}");
    assert!(atom.contains("<title xml:lang=\"en\">Trailmark</title>"), "{atom}");
    assert!(atom.contains("<title>Ausfall: "), "{atom}");
    assert!(atom.contains("<content type=\"html\" xml:lang=\"en\">"), "{atom}");
    let rss = document(&mut page, "/history.rss?lang=ar");
    assert!(rss.contains("<language>ar</language>"), "{rss}");
    assert!(rss.contains("<description>&lt;div lang=\"en\" dir=\"auto\"&gt;&lt;p&gt;We look.&lt;/p&gt;&lt;/div&gt;</description>") || rss.contains("&lt;div lang=&quot;en&quot; dir=&quot;auto&quot;&gt;&lt;p&gt;We look."), "{rss}");
    assert_eq!(items(&mut page, "/feed.json?lang=ja")[0]["language"], "en");
    assert_eq!(items(&mut page, "/feed.json")[0]["language"], "en");
    for name in ["/history.atom", "/history.atom?lang=en"] {
        let atom = document(&mut page, name);
        assert_eq!(atom.matches("xml:lang").count(), 1, "{name}: {atom}");
    }
    assert!(!document(&mut page, "/history.rss").contains("&lt;div"));
}

/// A page may be in a language of which Candor has no words. Its feeds have its own texts.
#[test]
fn a_feed_has_the_texts_of_the_page_in_any_language() {
    for (language, own) in [("sr-Latn", "Pad"), ("eu", "Hutsegitea"), ("is", "Bilun")] {
        let mut page = Page::new();
        page.send(SET_UP);
        page.send(&format!(r#"{{"type":"page.set","language":"{language}"}}"#));
        page.send(&format!(r#"{{"type":"incident.open","id":"a","name":{{"{language}":"{own}","en":"Outage"}},"impact":"major","body":{{"{language}":"{own}.","en":"Down."}}}}"#));
        let atom = document(&mut page, "/history.atom");
        assert!(atom.contains(&format!("xml:lang=\"{language}\"><id>")), "{atom}");
        assert!(atom.contains(&format!("<title>{own}: ")) && !atom.contains("Outage"), "{atom}");
        assert_eq!(items(&mut page, "/feed.json")[0]["language"], language);
        assert!(document(&mut page, "/history.rss").contains(&format!("<language>{language}</language>")));
        let english = document(&mut page, "/history.atom?lang=en");
        assert!(english.contains("xml:lang=\"en\"><id>") && english.contains("<title>Outage: "), "{english}");
        let german = items(&mut page, "/feed.json?lang=de");
        assert!(german[0]["title"].as_str().unwrap().starts_with(&format!("{own}: ")), "{german:?}");
        assert_eq!(german[0]["language"], language);
    }
}

/// A feed in a language that somebody chose is another feed. Its entries are the same.
#[test]
fn a_feed_in_a_chosen_language_has_an_id_of_its_own() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    let ids = |atom: &str| -> Vec<String> {
        atom.split("<id>").skip(1).map(|rest| rest.split("</id>").next().unwrap().to_owned()).collect()
    };
    let plain = ids(&document(&mut page, "/history.atom"));
    for language in ["de", "en", "zh-Hant"] {
        let atom = document(&mut page, &format!("/history.atom?lang={language}"));
        let own = ids(&atom);
        assert_eq!(own[0], format!("{}:feed:{language}", plain[0]));
        assert_eq!(own[1..], plain[1..]);
        let address = |path: &str| format!("\"https://status.example.com{path}?lang={language}");
        for path in ["/history.atom", "/", "/incidents/down"] {
            assert!(atom.contains(&address(path)), "{path}: {atom}");
        }
        assert!(atom.contains(&format!("?lang={language}#update-1\"")), "{atom}");
        let json: Value =
            serde_json::from_str(&document(&mut page, &format!("/feed.json?lang={language}"))).unwrap();
        assert_eq!(json["feed_url"], format!("https://status.example.com/feed.json?lang={language}"));
        assert_eq!(json["home_page_url"], format!("https://status.example.com/?lang={language}"));
        assert_eq!(json["items"][0]["id"], own[1]);
    }
    let mut bare = Page::new();
    bare.send(r#"{"type":"page.set","name":"Trailmark"}"#);
    bare.send(OPEN);
    let rss = document(&mut bare, "/history.rss?lang=de");
    assert!(rss.contains(":feed:de</link>"), "{rss}");
}

/// Every link to a page or a feed of ours keeps a language that is in the address; one that was negotiated is not put there.
#[test]
fn links_keep_the_language_that_was_chosen() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}"#);
    for path in [
        "/",
        "/history",
        "/history/2026-03",
        "/incidents/down",
        "/maintenances/disks",
        "/embed?variant=inline",
    ] {
        let plain = Document::named(path).unwrap();
        let chosen = page.document(&plain.clone().in_language("de")).unwrap();
        let negotiated = page.document(&plain.negotiated("de")).unwrap();
        assert!(chosen.contains("<html lang=\"de\"") && negotiated.contains("<html lang=\"de\""), "{path}");
        let own = |html: &str| -> Vec<String> {
            let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
            let is_own =
                |link: &&str| link.starts_with('/') || link.starts_with("https://status.example.com");
            links.filter(is_own).map(ToOwned::to_owned).collect()
        };
        let without = |link: &String| {
            !link.contains("lang=") && !["/badge.svg", "/openapi.json"].contains(&link.as_str())
        };
        let left: Vec<String> = own(&chosen).into_iter().filter(without).collect();
        assert_eq!(left, [format!("https://status.example.com{path}")], "only x-default");
        // The menu of the languages, and the alternates.
        let menus = if path.starts_with("/embed") { 28 } else { 56 };
        let set = own(&negotiated).iter().filter(|link| link.contains("lang=")).count();
        assert_eq!(set, menus, "{path}: {negotiated}");
        let canonical = |html: &str| {
            let (_, rest) = html.split_once("<link rel=\"canonical\" href=\"").unwrap();
            rest.split('"').next().unwrap().replace("&amp;", "&")
        };
        let sign = if path.contains('?') { '&' } else { '?' };
        assert_eq!(canonical(&chosen), format!("https://status.example.com{path}{sign}lang=de"));
        assert_eq!(canonical(&negotiated), format!("https://status.example.com{path}"));
    }
}

/// The ids of texts are on the pages to which feeds lead, and on no page twice.
#[test]
fn no_page_has_an_id_twice() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    for id in ["second", "third"] {
        page.send(&format!(
            r#"{{"type":"incident.open","id":"{id}","name":"{id}","impact":"minor","body":"We look."}}"#
        ));
    }
    page.send(r#"{"type":"maintenance.schedule","id":"disks","name":"Disks","body":"We swap disks.","scheduled_for":"2026-03-03T12:00:00Z","scheduled_until":"2026-03-03T13:00:00Z"}"#);
    for path in ["/", "/history", "/incidents/down", "/incidents/third", "/maintenances/disks"] {
        let body = html(&mut page, path).unwrap();
        let mut ids: Vec<&str> =
            body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let linked = ids.contains(&"update-1");
        assert_eq!(linked, path.starts_with("/incidents") || path.starts_with("/maintenances"), "{path}");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path}: {ids:?}");
    }
}

/// A reader shows an entry again when its date moves: whatever changes the entry of a post-mortem moves it.
#[test]
fn a_new_name_moves_the_date_of_the_post_mortem() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(OPEN);
    page.send(r#"{"type":"incident.update","status":"resolved","body":"It works again."}"#);
    page.send(r#"{"type":"postmortem.publish","incident":"down","summary":"We broke it for five minutes."}"#);
    let of = |page: &mut Page| {
        let items = items(page, "/feed.json");
        items.into_iter().find(|item| item["id"].as_str().unwrap().contains(":postmortem:")).unwrap()
    };
    for (at, name) in
        [("2026-03-02T12:00:00Z", "Maps were down"), ("2026-03-03T12:00:00Z", "Check-ins were down")]
    {
        let before = of(&mut page);
        page.now = time(at);
        page.send(&format!(r#"{{"type":"incident.amend","incident":"down","name":"{name}"}}"#));
        let after = of(&mut page);
        assert_ne!(before["title"], after["title"]);
        assert_eq!(before["date_published"], after["date_published"]);
        assert_eq!(after["date_modified"], at.replace('Z', ".000Z"));
    }
}

/// `<meta http-equiv>` belongs into the head (HTML, section 4.2.5).
#[test]
fn a_frame_without_scripts_reloads_by_its_head() {
    let mut page = Page::new();
    page.send(SET_UP);
    for name in
        ["/embed?variant=banner", "/embed?variant=badge&lang=ar", "/embed?variant=inline&components=api"]
    {
        let body = document(&mut page, name);
        let (head, rest) = body.split_once("</head>").unwrap();
        assert!(
            head.ends_with("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"),
            "{name}: {head}"
        );
        assert!(!rest.contains("<meta"), "{name}: {rest}");
    }
    assert!(!document(&mut page, "/").contains("http-equiv"));
}

/// What was announced in a language stays in it when the page has another one, in each text and on each surface.
#[test]
fn the_past_keeps_its_languages() {
    let mut page = Page::new();
    page.send(SET_UP);
    page.send(r#"{"type":"incident.open","id":"i","name":{"en":"Checkout down","de":"Kasse kaputt"},"impact":"major","body":{"en":"We broke it.","de":"Wir waren es."}}"#);
    page.send(r#"{"type":"incident.update","status":"resolved","body":{"en":"It works.","de":"Es geht."}}"#);
    page.send(r#"{"type":"maintenance.schedule","id":"m","name":{"en":"Upgrade","de":"Umbau"},"body":{"en":"A short break.","de":"Kurze Pause."},"scheduled_for":"2026-03-01T13:00:00Z","scheduled_until":"2026-03-01T14:00:00Z"}"#);
    page.now = time("2026-03-01T15:00:00Z");
    page.live.catch_up(page.now).unwrap();
    page.send(r#"{"type":"page.set","language":"de"}"#);
    for (name, wanted) in [
        ("/maintenances/m", "<h1 dir=\"auto\">Umbau</h1>"),
        ("/maintenances/m?lang=en", "<h1 dir=\"auto\">Upgrade</h1>"),
        ("/maintenances/m?lang=fr", "<h1 dir=\"auto\" lang=\"en\">Upgrade</h1>"),
        ("/history/2026-03", ">Umbau<"),
        ("/history.atom", "<title>Umbau: "),
        ("/history.atom?lang=en", "<title>Upgrade: "),
        ("/panel.json", "Umbau"),
        ("/api/v2/incidents.json", "\"name\":\"Kasse kaputt\""),
        ("/api/v2/incidents.json", "\"body\":\"Es geht.\""),
        ("/api/v2/scheduled-maintenances.json", "\"name\":\"Umbau\""),
    ] {
        let text = document(&mut page, name);
        assert!(text.contains(wanted), "{name}: {text}");
    }
}
