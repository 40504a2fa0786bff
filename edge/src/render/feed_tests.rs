use super::*;
use candor_shared::text::markdown::prose;

fn channel(page: Option<&str>) -> Channel {
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    let address = |path: &str| page.map(|page| format!("{page}{path}"));
    Channel {
        id: "urn:candor:trailmark".to_owned(),
        title: "Trailmark".to_owned(),
        title_language: "en".to_owned(),
        about: "Incidents and maintenance: Trailmark".to_owned(),
        home: address("/"),
        address: address("/history.atom"),
        hub: Some("https://hub.example/".to_owned()),
        language: Language::english(),
        updated: at,
        items: vec![Item {
            id: "urn:candor:trailmark:incident:a:1".to_owned(),
            url: address("/incidents/a#update-1"),
            title: "Down: Investigating".to_owned(),
            title_language: "en".to_owned(),
            language: "en".to_owned(),
            text: "See https://a.example".to_owned(),
            html: prose("See https://a.example"),
            published: at,
            updated: at,
        }],
    }
}

#[test]
fn a_feed_has_absolute_addresses_or_none() {
    for page in [None, Some("https://status.example.com"), Some("http://127.0.0.1:8787/demo")] {
        let channel = channel(page);
        let atom = xml(|writer| atom(writer, &channel)).unwrap();
        let rss = xml(|writer| rss(writer, &channel)).unwrap();
        let json = json_feed(&channel);
        for feed in [&atom, &rss] {
            for address in feed.split("href=\"").skip(1).chain(feed.split("<link>").skip(1)) {
                assert!(
                    ["http", "urn:"].iter().any(|scheme| address.starts_with(scheme)),
                    "{page:?}: {feed}"
                );
            }
            assert_eq!(feed.matches("rel=\"self\"").count(), usize::from(page.is_some()), "{feed}");
            assert!(feed.contains("rel=\"hub\"") && !feed.contains("\"\""), "{feed}");
        }
        assert_eq!(atom.matches("rel=\"alternate\"").count(), if page.is_some() { 2 } else { 0 }, "{atom}");
        assert_eq!(rss.matches("<link>").count(), if page.is_some() { 2 } else { 1 }, "{rss}");
        assert!(atom.contains("<id>urn:candor:trailmark:incident:a:1</id>"), "{atom}");
        assert_eq!(json.get("home_page_url").is_some(), page.is_some());
        assert_eq!(json["items"][0].get("url").is_some(), page.is_some());
        assert!(!json.to_string().contains("null"), "{json}");
    }
}
