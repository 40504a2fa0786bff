//! Whatever operators write, it is text: the banner names it and never takes it for markup.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "common/drawn.rs"]
mod drawn;
#[path = "common/sample.rs"]
mod sample;

use std::rc::Rc;

use candor_shared::bulletin::{Bulletin, LocalizedText};
use candor_shared::text::{Piece, pieces};
use candor_widget::Banner;
use proptest::prelude::*;
use yew::prelude::*;

fn drawn(bulletin: Bulletin) -> String {
    drawn::drawn(html! { <Banner bulletin={Rc::new(bulletin)} /> })
}

const TAGS: [&str; 12] =
    ["section", "b", "div", "span", "p", "strong", "em", "code", "small", "time", "a", "button"];
const ATTRIBUTES: [&str; 9] =
    ["class", "part", "aria-label", "aria-hidden", "dir", "lang", "href", "rel", "datetime"];

/// The text of an HTML document, whose tags and attributes are all known.
fn text_of(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').ok_or("an open tag")?;
        let mut parts = tag.trim_start_matches('/').splitn(2, ' ');
        let name = parts.next().unwrap_or_default();
        if !TAGS.contains(&name) {
            return Err(format!("<{tag}>"));
        }
        let mut attributes = parts.next().unwrap_or_default();
        while !attributes.is_empty() {
            let (name, value) = attributes.split_once("=\"").ok_or(tag)?;
            let (_, next) = value.split_once('"').ok_or(tag)?;
            if !ATTRIBUTES.contains(&name) {
                return Err(format!("<{tag}>"));
            }
            attributes = next.trim_start();
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(unescaped(&text))
}

fn unescaped(text: &str) -> String {
    let known =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")];
    known.into_iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

fn localized(text: Vec<Piece>, language: &str) -> Option<LocalizedText> {
    Some(LocalizedText { text, language: Some(language.to_owned()) })
}

/// Any text, and texts that look like markup.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,40}",
        r#"[<>/a-c"'=&;! \[\]()*`_-]{1,40}"#,
        Just("</strong><script>alert(1)</script>".to_owned()),
        Just(r#"" onload="alert(1)"#.to_owned()),
        Just("<img src=x onerror=alert(1)> &lt;b&gt;".to_owned()),
        Just("[x](javascript:alert(1)) <https://a.example/\">".to_owned()),
    ]
}

proptest! {
    #[test]
    fn no_text_becomes_markup_and_the_first_line_is_named(
        name in any_text(), body in any_text(), note in any_text(), label in any_text(), language in any_text(),
    ) {
        let mut bulletin = sample::bulletin("en");
        let line = &mut bulletin.lines[0];
        line.name = localized(vec![Piece::text(&*name)], &language);
        line.body = localized(pieces(&body), &language);
        line.note = localized(vec![Piece::Strong { strong: note.clone() }, Piece::Code { code: note.clone() }], &language);
        line.label.clone_from(&label);
        let html = drawn(bulletin);
        let text = text_of(&html).map_err(TestCaseError::fail)?;
        prop_assert!(text.starts_with(&format!("!{label} {name}")), "{}", text);
        prop_assert!(text.contains(&format!("{note}{note}")), "{}", text);
        prop_assert!(!html.contains("javascript:alert(1)\""), "{}", html);
    }
}

#[test]
fn what_the_edge_makes_of_an_attack_is_text() {
    let attack = "<img src=x onerror=alert(1)>";
    let update = format!(
        r#"[{{"type":"incident.open","name":"{attack}","impact":"major","body":"{attack} [x](javascript:alert(1))"}}]"#
    );
    let html = drawn(sample::after(&update, "en"));
    assert!(text_of(&html).unwrap().contains(attack), "{html}");
    assert!(!html.contains("href"), "{html}");
}
