use super::*;

#[test]
fn each_document_has_one_name() {
    for url in [
        "/",
        "/status.json",
        "/metrics.json",
        "/notice.json",
        "/postmortems/a-1.json",
        "/badge.svg",
        "/badge.svg?component=checkins",
        "/history",
        "/history/2010-10",
        "/history/2010-10/12",
        "/incidents/a",
        "/maintenances/a",
        "/embed?variant=banner",
        "/embed?variant=inline",
        "/embed?variant=inline&lang=de",
        "/?lang=pt",
        "/?prefers=pt",
        "/embed?variant=inline&prefers=de",
        "/history/2010-10/12?lang=zh-Hant",
        "/feed.json?lang=ar",
        "/bulletin.json",
        "/bulletin.json?lang=en",
        "/panel.json",
        "/panel.json?lang=he",
        "/.well-known/candor.json",
        "/signed/status.json",
        "/signed/",
        "/signed/bulletin.json?components=a,b&lang=he",
        "/signed/history.atom?lang=de",
        "/signed/.well-known/candor.json",
    ]
    .into_iter()
    .chain(ENDPOINTS.map(|(path, _)| path))
    .chain(FEEDS.map(|(path, _)| path))
    {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let document = Document::at(path, query).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(document.path(), url);
    }
    assert_eq!(Document::at("/embed", "").unwrap().path(), "/embed?variant=banner");
    assert_eq!(Document::at("/signed/embed", "lang=tlh").unwrap().path(), "/signed/embed?variant=banner");
    assert_eq!(Document::at("/", "lang=de-CH").unwrap().path(), "/?lang=de");
    assert_eq!(Document::at("/", "lang=tlh").unwrap().path(), "/");
    assert_eq!(Document::at("/status.json", "lang=de").unwrap().path(), "/status.json");
    assert_eq!(Document::at("/status.json", "t=1").unwrap().path(), "/status.json");
    assert_eq!(
        Document::at("/badge.svg", "a=b&component=x&component=x").unwrap().path(),
        "/badge.svg?component=x"
    );
}

#[test]
fn other_paths_are_no_documents() {
    for (path, query) in [
        ("", ""),
        ("/status", ""),
        ("/postmortems/.json", ""),
        ("/postmortems/template.json", ""),
        ("/postmortems/A.json", ""),
        ("/postmortems/a/b.json", ""),
        ("/postmortems/../x.json", ""),
        ("/api/v2/", ""),
        ("/api/v2/summary.json/", ""),
        ("/history/", ""),
        ("/history/2010", ""),
        ("/history/2010-10/1", ""),
        ("/history/2010-10/02", ""),
        ("/history/2010-10/12345", ""),
        ("/history/2010-10/2/3", ""),
        ("/incidents/", ""),
        ("/incidents/%61", ""),
        ("/embed", "variant=huge"),
        ("/badge.svg", "component=A"),
        ("/badge.svg", "component="),
        ("/badge.svg", "component=api&component=checkins"),
        ("/embed", "variant=badge&components=a&components=b"),
        ("/embed", "variant=badge&variant=inline"),
        ("/bulletin.json", "components=a&x=1&components=b"),
        ("/signed", ""),
        ("/signedstatus.json", ""),
        ("/signed/signed/status.json", ""),
        ("/signed/nothing.json", ""),
    ] {
        assert_eq!(Document::at(path, query), None, "{path}?{query}");
    }
}

#[test]
fn a_signed_document_is_the_document_in_its_language() {
    let signed = Document::at("/signed/bulletin.json", "").unwrap();
    assert!(signed.is_negotiated() && signed.is_on_every_page() && signed.is_dated());
    let german = signed.in_language("de");
    assert_eq!(german.path(), "/signed/bulletin.json?lang=de");
    assert_eq!(german.parts(), (&Document::Bulletin(Components::default()), Some("de")));
    assert!(!german.has_kv_copy() && !german.is_negotiated());
    assert_eq!(german.media_type(), "application/jose");
    assert_eq!(Document::at("/signed/de/bulletin.json", "x=1"), Some(german.clone()));
    for path in [
        "/de/bulletin.json",
        "/signed/xx/bulletin.json",
        "/signed/de-AT/bulletin.json",
        "/signed/de/status.json",
    ] {
        assert_eq!(Document::at(path, ""), None, "{path}");
    }
    let feed = Document::at("/signed/feed.json", "").unwrap();
    assert!(feed.is_for_people() && !feed.is_negotiated());
    let status = Document::at("/signed/status.json", "lang=de").unwrap().in_language("de");
    assert_eq!(status, Document::Signed(Box::new(Document::Status)));
}

#[test]
fn a_language_is_chosen_or_negotiated() {
    for path in ["/", "/history/2026-11/2", "/incidents/a", "/embed"] {
        let document = Document::at(path, "").unwrap();
        let (chosen, negotiated) = (document.clone().in_language("de"), document.clone().negotiated("de"));
        assert_eq!((chosen.chosen(), negotiated.chosen()), (Some("de"), None), "{path}");
        assert_eq!(chosen.parts(), negotiated.parts(), "{path}");
        assert_ne!(chosen.path(), negotiated.path(), "{path}");
        assert_eq!(Document::at(path, "prefers=fr&lang=de"), Some(chosen), "{path}");
    }
    let signed = Document::at("/signed/", "").unwrap();
    assert_eq!(signed.clone().negotiated("de"), signed.in_language("de"));
    for path in ["/bulletin.json", "/panel.json", "/feed.json"] {
        let document = Document::at(path, "").unwrap();
        assert_eq!(document.clone().negotiated("de"), document.clone().in_language("de"), "{path}");
        assert_eq!(Document::at(path, "prefers=de"), Some(document), "{path}");
    }
}

#[test]
fn the_first_page_of_a_month_has_no_number() {
    for (path, first) in [
        ("/history/2026-11/1", Some("/history/2026-11")),
        ("/signed/history/2010-01/1", Some("/signed/history/2010-01")),
        ("/history/2026-11/2", None),
        ("/history/2026-11/2/1", None),
        ("/history/2026-13/1", None),
        ("/history/1", None),
        ("/incidents/1", None),
        ("/1", None),
    ] {
        assert_eq!(Document::first_page(path), first, "{path}");
    }
}

#[test]
fn only_a_badge_may_not_be_served_stale() {
    for (path, stale) in
        [("/badge.svg", false), ("/badge.svg?component=a", false), ("/", true), ("/feed.json", true)]
    {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let cache = Document::at(path, query).unwrap().cache_control();
        assert!(cache.contains("max-age=5"), "{path}: {cache}");
        assert_eq!(cache.contains("stale-if-error"), stale, "{path}: {cache}");
    }
}

proptest::proptest! {
    #[test]
    fn the_name_of_a_document_is_read_back(path in "/[a-z0-9/.-]{0,40}", query in "[a-z0-9=&%]{0,30}") {
        if let Some(document) = Document::at(&path, &query) {
            let name = document.path();
            proptest::prop_assert_eq!(Document::named(&name), Some(document));
        }
    }
}
