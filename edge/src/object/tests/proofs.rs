//! An export of a page that signs proves itself: its last line is signed, and says only what the page read itself.

use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

use super::backup::{empty, export, exported, restore};
use super::page::{OPEN, Page, SET_UP, refused, settings_with};
use crate::object::parts::PartOf;
use crate::settings::{Editions, Settings, parse_edition_keys};
use crate::storage::{CHUNK_BYTES, END_BYTES};

const KEYS: &str = r#"[{"id":"2027","secret":"whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]"#;
const OTHER: &str = r#"[{"id":"2027","secret":"whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]"#;

fn signs(keys: &str) -> Rc<Settings> {
    Rc::new(settings_with(Editions { keys: parse_edition_keys(keys).unwrap(), mirrors: Vec::new() }))
}

fn page() -> Page {
    let mut page = Page::new();
    page.restart_with(signs(KEYS));
    page.send(SET_UP);
    page.send(OPEN);
    page
}

fn text(part: &str) -> String {
    String::from_utf8(Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
}

/// The cursor after a part of one line, as JSON and as its text.
fn cursor(page: &Page) -> (Value, String) {
    let next = page.live.export(PartOf::Whole, 1, page.now).unwrap().next.unwrap().to_string();
    (serde_json::from_str(&text(&next)).unwrap(), next)
}

#[test]
fn the_last_line_is_signed_with_what_identifies_the_export() {
    let mut page = page();
    let whole = exported(&mut page);
    let parts = export(&mut page, 300, |_| {});
    assert_eq!(whole, parts);
    let (lines, last) = whole.trim_end().rsplit_once('\n').unwrap();
    let mut end: Value = serde_json::from_str(last).unwrap();
    let end = end["end"].as_object_mut().unwrap();
    let jws = end.remove("signature").unwrap();
    let jws = jws.as_str().unwrap();
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    assert!(parse_edition_keys(KEYS).unwrap()[0].has_signed(signed, signature));
    assert!(!parse_edition_keys(OTHER).unwrap()[0].has_signed(signed, signature));
    let (header, payload) = signed.split_once('.').unwrap();
    let header: Value = serde_json::from_str(&text(header)).unwrap();
    assert_eq!(
        header,
        json!({"alg":"EdDSA","kid":"2027","typ":"candor+jws","cty":"json","page":"https://status.example.com","path":"/v1/export",
            "version":3,"epoch":&*page.live.epoch(),"published_at":"2026-03-01T12:00:00.000Z","signed_at":"2026-03-01T12:00:00.000Z"})
    );
    // It is the line itself but for the signature: scripts compare the two as texts.
    assert_eq!(
        last,
        format!("{{\"end\":{},\"signature\":\"{jws}\"}}}}", text(payload).trim_end_matches('}'))
    );
    assert_eq!(end["lines"], lines.lines().count());
    // It is read and confirmed as one without a signature.
    assert!(restore(&mut empty(page.now), &whole, CHUNK_BYTES).unwrap().done);
    assert_eq!(page.live.confirm(last.as_bytes(), page.now).unwrap().version, 3);
    page.restart();
    assert!(!exported(&mut page).contains("signature\""));
}

/// The signature names the page's address, and with the longest one the last line can still be sent to confirm the export.
#[test]
fn the_last_line_can_be_confirmed_whatever_the_address() {
    let mut page = page();
    let url = format!("https://status.example.com/{}", "😀".repeat(2_048 - 27));
    page.send(&json!({"type":"page.set","url":url}).to_string());
    let whole = exported(&mut page);
    let end = whole.lines().last().unwrap();
    assert!((20_000..END_BYTES).contains(&end.len()), "{}", end.len());
    assert_eq!(page.live.confirm(end.as_bytes(), page.now).unwrap().version, 4);
}

/// Somebody between the two edges can change the cursor of the next part, so the page accepts only cursors that it has signed.
#[test]
fn the_page_signs_no_hash_of_lines_that_are_not_its_own() {
    let mut page = page();
    let (genuine, taken) = cursor(&page);
    let mut running = genuine.clone();
    let mut other = Page::of_object("0000000000000000");
    other.send(SET_UP);
    running["running"] = cursor(&other).0["running"].clone();
    let mut section = genuine.clone();
    section["section"] = json!("request");
    let mut unsealed = genuine.clone();
    unsealed["seal"] = json!("");
    let mut bent = genuine.clone();
    bent["seal"] = json!("AAAA");
    for (what, forged) in [("running", running), ("section", section), ("unsealed", unsealed), ("bent", bent)]
    {
        let forged = Base64UrlUnpadded::encode_string(forged.to_string().as_bytes());
        let refusal = page.live.export(PartOf::Rest(&forged), CHUNK_BYTES, page.now).map(|_| ());
        assert_eq!(refused(refusal).status, 404, "{what}");
    }
    assert!(page.live.export(PartOf::Rest(&taken), CHUNK_BYTES, page.now).is_ok());
    // Another key begins anew; without one, nothing is signed and nothing sealed.
    page.restart_with(signs(OTHER));
    let refusal = page.live.export(PartOf::Rest(&taken), CHUNK_BYTES, page.now).map(|_| ());
    assert_eq!(refused(refusal).status, 404);
    page.restart();
    assert_eq!(cursor(&page).0.get("seal"), None);
}
