//! Signed documents, and the document that names the keys.

use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
use candor_shared::time::Time;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};

use super::page::{OPEN, Page, SET_UP, settings_with, time};
use crate::document::Document;
use crate::object::failure::Failure;
use crate::settings::{Editions, Settings, WrongSetting, parse_edition_keys};

/// The private key of RFC 8037, appendix A, beside another one.
const KEYS: &str = r#"[{"id":"2027","secret":"whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","not_after":"2027-01-01T00:00:00Z"},
    {"id":"2028","secret":"whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]"#;

fn editions() -> Editions {
    let mirrors = vec!["https://mirror.example.net".to_owned().try_into().unwrap()];
    Editions { keys: parse_edition_keys(KEYS).unwrap(), mirrors }
}

fn page() -> Page {
    let mut page = Page::new();
    page.restart_with(Rc::new(settings_with(editions())));
    page
}

fn document(name: &str) -> Document {
    Document::named(name).unwrap()
}

/// The header, as it is, and the payload of a signed document whose signature holds.
fn read(page: &mut Page, name: &str) -> (String, String) {
    let jws = page.document(&document(name)).unwrap_or_else(|| panic!("no {name}"));
    let text = |part: &str| String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let kid = serde_json::from_str::<Value>(&text(header)).unwrap()["kid"].clone();
    let key = editions().keys.into_iter().find(|key| key.id.as_str() == kid).unwrap();
    let public = Base64UrlUnpadded::decode_vec(&key.public()).unwrap();
    let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
    let signature = Signature::from_slice(&Base64UrlUnpadded::decode_vec(signature).unwrap()).unwrap();
    public.verify_strict(signed.as_bytes(), &signature).unwrap();
    (text(header), text(payload))
}

fn later(page: &mut Page, millis: i64) {
    page.now = Time::from_millis(page.now.as_millis().saturating_add(millis)).unwrap();
}

#[test]
fn a_header_says_what_was_signed() {
    let mut page = page();
    page.send(SET_UP);
    let (header, payload) = read(&mut page, "/signed/bulletin.json?lang=de");
    let epoch = page.live.epoch();
    assert_eq!(
        header.replace(&*epoch, "EPOCH"),
        r#"{"alg":"EdDSA","kid":"2027","typ":"candor+jws","cty":"json","page":"https://status.example.com","path":"/bulletin.json?lang=de","version":2,"epoch":"EPOCH","published_at":"2026-03-01T12:00:00.000Z","signed_at":"2026-03-01T12:00:00.000Z"}"#
    );
    assert_eq!(Some(payload), page.document(&document("/bulletin.json?lang=de")));
}

#[test]
fn every_document_can_be_signed() {
    let mut page = page();
    page.send(SET_UP);
    page.send(OPEN);
    for (name, cty) in [
        ("/status.json", "json"),
        ("/metrics.json", "json"),
        ("/panel.json?lang=ar", "json"),
        ("/api/v2/summary.json", "json"),
        ("/history.atom?lang=de", "atom+xml; charset=utf-8"),
        ("/feed.json", "feed+json"),
        ("/", "text/html; charset=utf-8"),
        ("/incidents/down", "text/html; charset=utf-8"),
        ("/badge.svg?component=api", "image/svg+xml"),
        ("/.well-known/candor.json", "json"),
    ] {
        let (header, payload) = read(&mut page, &format!("/signed{name}"));
        let header: Value = serde_json::from_str(&header).unwrap();
        assert_eq!((&header["path"], &header["cty"]), (&json!(name), &json!(cty)));
        assert_eq!(Some(payload), page.document(&document(name)), "{name}");
    }
    assert_eq!(page.document(&document("/signed/incidents/none")), None);
}

/// A read finds what was signed; after a minute it is signed again, and at once when there is a new version.
#[test]
fn what_was_signed_is_kept_for_a_minute() {
    let mut page = page();
    page.send(SET_UP);
    let status = document("/signed/status.json");
    let first = page.document(&status);
    later(&mut page, 59_000);
    assert_eq!(page.document(&status), first);
    later(&mut page, 1_000);
    let (header, _) = read(&mut page, "/signed/status.json");
    assert!(
        header
            .contains(r#""published_at":"2026-03-01T12:00:00.000Z","signed_at":"2026-03-01T12:01:00.000Z""#)
    );
    page.send(OPEN);
    let (header, payload) = read(&mut page, "/signed/status.json");
    assert!(header.contains(r#""version":3,"#) && payload.contains(r#""version":3,"#), "{header}");
}

#[test]
fn the_keys_that_have_not_expired_are_named() {
    let mut page = page();
    assert_eq!(page.document(&document("/.well-known/candor.json")), None, "nothing is published");
    assert_eq!(page.document(&document("/signed/")), None, "nothing is published");
    page.send(SET_UP);
    let discovery = page.document(&document("/.well-known/candor.json")).unwrap();
    let named: Value = serde_json::from_str(&discovery).unwrap();
    assert_eq!(
        named,
        json!({
            "schema": 1,
            "page": {"name": "Trailmark", "url": "https://status.example.com"},
            "keys": [
                {"kid": "2027", "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                 "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
                {"kid": "2028", "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                 "x": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"},
            ],
            "signed": "https://status.example.com/signed{+path}",
            "mirrors": ["https://mirror.example.net"],
        })
    );
    page.now = time("2027-01-01T00:00:00Z");
    let (header, payload) = read(&mut page, "/signed/.well-known/candor.json");
    assert!(header.contains(r#""kid":"2028""#) && !payload.contains("2027"), "{header} {payload}");
}

#[test]
fn without_a_key_nothing_is_signed_and_a_wrong_one_stops_nothing_else() {
    let mut page = Page::new();
    page.send(SET_UP);
    assert_eq!(page.document(&document("/signed/status.json")), None);
    let named: Value =
        serde_json::from_str(&page.document(&document("/.well-known/candor.json")).unwrap()).unwrap();
    assert_eq!((&named["keys"], named.get("signed")), (&json!([]), None));

    let wrong = WrongSetting { name: "CANDOR_EDITION_KEY", problem: "it is not".to_owned() };
    page.restart_with(Rc::new(Settings { editions: Err(wrong), ..settings_with(Editions::default()) }));
    for name in ["/signed/status.json", "/.well-known/candor.json"] {
        let refused = page.live.document(&document(name), page.now);
        assert!(
            matches!(&refused, Err(Failure::Refused(problem)) if problem.detail.contains("CANDOR_EDITION_KEY")),
            "{refused:?}"
        );
    }
    assert!(page.document(&Document::Status).is_some());
}
