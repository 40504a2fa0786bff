//! Line ends in an article, which may come from an editor that wraps lines.

use pulldown_cmark::{Event, Tag, TagEnd};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The narrowest lines, in columns, that an editor is taken to have wrapped. Shorter ones end where somebody ended them.
const WRAPPED_COLUMNS: usize = 60;

/// The events with a line break at each line end, as in the text of an update, except in a paragraph whose lines are wrapped: each is as
/// long as it could be, so that the first word of the next one had no room.
pub(super) fn with_line_ends(mut events: Vec<Event<'static>>) -> Vec<Event<'static>> {
    let mut paragraph = Paragraph::default();
    for at in 0..events.len() {
        match events.get(at) {
            Some(Event::SoftBreak) => paragraph.end_line(at),
            Some(event) if paragraph.reads(event) => {}
            _ => {
                let ends = std::mem::take(&mut paragraph).meant_ends();
                break_lines(&mut events, &ends);
            }
        }
    }
    break_lines(&mut events, &paragraph.meant_ends());
    events
}

fn break_lines(events: &mut [Event<'static>], ends: &[usize]) {
    for end in ends {
        if let Some(event) = events.get_mut(*end) {
            *event = Event::HardBreak;
        }
    }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    /// The lines that have ended: the text, how much wider their source is, and where they end.
    lines: Vec<(String, usize, usize)>,
    text: String,
    /// The columns of marks and addresses, which are not seen.
    unseen: usize,
    /// The address of the open link.
    address: usize,
}

impl Paragraph {
    /// Reads what stands in a line; false for what ends a paragraph.
    fn reads(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Text(text) => self.text.push_str(text),
            Event::Code(text) => {
                self.text.push_str(text);
                self.unseen = self.unseen.saturating_add("``".len());
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.address = dest_url.len(),
            Event::End(TagEnd::Link) => {
                // Where the text is the address, it stands there once.
                let is_seen = self.text.len() >= self.address && self.text.contains("://");
                self.unseen = self.unseen.saturating_add(if is_seen {
                    0
                } else {
                    self.address.saturating_add("[]()".len())
                });
            }
            Event::End(TagEnd::Emphasis) => self.unseen = self.unseen.saturating_add("**".len()),
            Event::End(TagEnd::Strong) => self.unseen = self.unseen.saturating_add("****".len()),
            Event::Start(Tag::Emphasis | Tag::Strong) => {}
            _ => return false,
        }
        true
    }

    fn end_line(&mut self, at: usize) {
        self.lines.push((std::mem::take(&mut self.text), std::mem::take(&mut self.unseen), at));
    }

    /// Where lines end that nobody wrapped.
    fn meant_ends(self) -> Vec<usize> {
        let width = |line: &(String, usize, usize)| line.0.width().saturating_add(line.1);
        let last = self.text.width().saturating_add(self.unseen);
        let widest = self.lines.iter().map(width).chain([last]).max().unwrap_or_default();
        let next = self.lines.iter().skip(1).map(|line| line.0.as_str()).chain([self.text.as_str()]);
        let is_wrapped = widest >= WRAPPED_COLUMNS
            && self.lines.iter().zip(next).all(|(line, next)| {
                let first = next.chars().next().unwrap_or_default();
                let word = next.split(' ').next().unwrap_or_default();
                // Where words have no spaces between them, an editor wraps at any character.
                let room = if is_wide(first) { 2 } else { word.width().saturating_add(1) };
                first.is_alphabetic() && width(line).saturating_add(room) > widest
            });
        if is_wrapped { Vec::new() } else { self.lines.iter().map(|line| line.2).collect() }
    }
}

/// Whether the character is of a script whose letters take two columns.
fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use crate::text::markdown::to_html;

    #[test]
    fn a_line_ends_where_somebody_ended_it() {
        for text in [
            "Alt: 10.0.0.1\nNeu: 10.0.0.2",
            "09:02 deploy started\n09:04 errors\n09:15 rollback done",
            "09:02 The deploy of the new index started, and nobody looked at the graphs\n09:04 errors",
            "[1] The change, in the repository of the shop, with all that was said about it\n[2] The alert",
            "▼経緯\n09:02 障害発生\n09:15 復旧",
            "Root cause: the certificate of the load balancer had expired.\nWhat we do: we watch its end, renew it a month before, and let the balancer say which one it has.",
            "障害の経緯は次のとおりです。\n午前九時に新しい索引の配備が始まり、誰もグラフを見ていなかったため、気づくのが遅れました。\n復旧しました。",
            "A short one\nand a long line that goes on and on until it is as wide as an editor is",
        ] {
            assert_eq!(to_html(text), format!("<p>{}</p>\n", text.replace('\n', "<br />\n")), "{text}");
        }
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        for text in [
            "The deploy of the new index started at nine, and nobody looked at the\ngraphs until customers called, which they did within a minute or two of\nthe first error. We took it back.",
            "Wir haben das Zertifikat nicht erneuert, obwohl wir drei Wochen vorher\neine Warnung bekamen, die in einem Postfach landete, das niemand las.",
        ] {
            assert_eq!(to_html(text), format!("<p>{text}</p>\n"));
        }
        let link = "We tell more of it in [the account](https://a.example/x), which has all\ngraphs and the whole timeline with every command that was typed that day\nand by whom.";
        assert!(!to_html(link).contains("<br />"), "{}", to_html(link));
        assert_eq!(to_html("- a\n  b\n\nc"), "<ul>\n<li>a<br />\nb</li>\n</ul>\n<p>c</p>\n");
    }
}
