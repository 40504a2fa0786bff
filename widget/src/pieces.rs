//! The texts of a bulletin as elements. Text only ever becomes text nodes: nothing is parsed as HTML.

use candor_shared::bulletin::LocalizedText;
use candor_shared::text::{Block, Piece};
use yew::prelude::*;

use crate::clock::{Clock, iso};
use crate::node::{node, text};

/// The nodes of a text, one for each piece.
pub(crate) fn painted(text: &[Piece], clock: &Clock) -> Html {
    text.iter().enumerate().map(|(index, piece)| paint(piece, index == 0, clock)).collect()
}

/// An element around an operator's words, in their own language and direction.
pub(crate) fn localized(tag: &'static str, key: &'static str, its: &LocalizedText, clock: &Clock) -> Html {
    let lang = its.language.as_deref().unwrap_or_default();
    node(tag, key, &["dir", "lang"], &["auto", lang], vec![painted(&its.text, clock)])
}

fn paint(piece: &Piece, is_first: bool, clock: &Clock) -> Html {
    match piece {
        Piece::Text(words) => text(words),
        Piece::Link { link, to } => node("a", "", &["href", "rel"], &[to, "noopener"], vec![text(link)]),
        Piece::Strong { strong } => node("strong", "", &[], &[], vec![text(strong)]),
        Piece::Emphasis { emphasis } => node("em", "", &[], &[], vec![text(emphasis)]),
        Piece::Code { code } => node("code", "", &[], &[], vec![text(code)]),
        // The style sheet keeps line breaks: `white-space: pre-line`.
        Piece::Begin { begin } => text(match begin {
            Block::Line => "\n",
            Block::Paragraph => "\n\n",
            Block::Item if is_first => "• ",
            Block::Item => "\n• ",
        }),
        Piece::Time { time, until } => {
            node("time", "", &["datetime"], &[&iso(*time)], vec![text(&clock.emit((*time, *until)))])
        }
    }
}

/// A text without elements, for a screen reader.
#[cfg(feature = "csr")]
pub(crate) fn plain(its: &LocalizedText) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text)
        | Piece::Link { link: text, .. }
        | Piece::Strong { strong: text }
        | Piece::Emphasis { emphasis: text }
        | Piece::Code { code: text } => text.clone(),
        Piece::Begin { .. } => "\n".to_owned(),
        Piece::Time { time, .. } => iso(*time),
    };
    its.text.iter().map(text).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::clock;
    use crate::drawn::drawn;
    use candor_shared::text::pieces;

    fn html(text: &[Piece]) -> String {
        drawn(painted(text, &clock::clock("en")))
    }

    #[test]
    fn each_kind_of_piece_has_its_node() {
        for (markdown, expected) in [
            ("One.\nTwo.\n\nThree.", "One.\nTwo.\n\nThree."),
            ("- one\n- two", "• one\n• two"),
            ("We:\n- look", "We:\n• look"),
            ("**a** *b* `c`", "<strong>a</strong> <em>b</em> <code>c</code>"),
            ("[x](https://a.example)", r#"<a href="https://a.example" rel="noopener">x</a>"#),
            ("<img src=x>", "&lt;img src=x&gt;"),
        ] {
            assert_eq!(html(&pieces(markdown)), expected, "{markdown}");
        }
    }

    #[test]
    fn a_time_is_written_for_people_and_for_machines() {
        let time = "2026-01-01T10:12:00Z".parse().unwrap();
        let until = Some("2026-01-01T11:00:00Z".parse().unwrap());
        let datetime = r#"<time datetime="2026-01-01T10:12:00.000Z">"#;
        assert_eq!(
            html(&[Piece::Time { time, until: None }]),
            format!("{datetime}1 Jan 2026, 10:12 UTC</time>")
        );
        assert_eq!(
            html(&[Piece::Time { time, until }]),
            format!("{datetime}1 Jan 2026, 10:12 – 11:00 UTC</time>")
        );
    }

    #[test]
    fn another_language_is_named() {
        let text = |language: Option<&str>| LocalizedText {
            text: vec![Piece::text("Störung")],
            language: language.map(str::to_owned),
        };
        let html = |its: &LocalizedText| drawn(localized("strong", "name", its, &clock::clock("en")));
        assert_eq!(html(&text(None)), r#"<strong dir="auto">Störung</strong>"#);
        assert_eq!(html(&text(Some("de"))), r#"<strong dir="auto" lang="de">Störung</strong>"#);
    }
}
