//! The page's language.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod common;

use candor_shared::rules::advice;
use candor_shared::update::parse;
use common::Page;

/// An operator learns at once that the words around the texts are in another language.
#[test]
fn a_language_without_words_is_advised_on() {
    for (language, is_spoken) in
        [("sr-Latn", false), ("eu", false), ("tlh", false), ("pt-BR", true), ("zh-TW", true), ("no", true)]
    {
        let mut page = Page::new("2026-03-01T12:00:00Z");
        let update =
            format!(r#"{{"type":"page.set","url":"https://status.example.com","language":"{language}"}}"#);
        let events = page.send(&update);
        let all = advice(&page.state, &parse(update.as_bytes()).unwrap().remove(0), &events, page.now);
        let said =
            all.iter().any(|advice| advice.starts_with(&format!("Candor has no words in {language}:")));
        assert_eq!((said, all.len()), (!is_spoken, usize::from(!is_spoken)), "{language}: {all:?}");
    }
}
