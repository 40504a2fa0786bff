//! Texts as pieces, for whoever paints them: nobody parses Markdown or HTML in a browser.

use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::events::safe;
use crate::time::Time;

/// A piece of a text. A list of pieces is read from left to right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Piece {
    /// Text.
    Text(String),
    /// Text that leads to an address.
    Link {
        /// The text.
        link: String,
        /// The address: https, http or mailto.
        to: String,
    },
    /// Text that somebody should look at twice.
    Strong {
        /// The text.
        strong: String,
    },
    /// Text that is stressed.
    Emphasis {
        /// The text.
        emphasis: String,
    },
    /// Text of a program.
    Code {
        /// The text; may have several lines.
        code: String,
    },
    /// The beginning of a line, a paragraph or a list item.
    Begin {
        /// What begins.
        begin: Block,
    },
    /// A time, which the painter writes as its reader is used to.
    Time {
        /// The time.
        time: Time,
        /// The end of a span of time that begins with `time`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Time>,
    },
}

/// What begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A line.
    Line,
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
}

impl Piece {
    /// A piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// The pieces of the text of an update: Markdown's safe subset. Each line end is a line, as in plain text.
///
/// ```
/// use candor_shared::text::{Piece, pieces};
/// let all = pieces("We are **on it**.\n- look\n- fix: https://a.example");
/// assert_eq!(
///     serde_json::to_string(&all).unwrap(),
///     r#"["We are ",{"strong":"on it"},".",{"begin":"item"},"look",{"begin":"item"},"fix: ",{"link":"https://a.example","to":"https://a.example"}]"#
/// );
/// ```
pub fn pieces(markdown: &str) -> Vec<Piece> {
    let mut writer = Writer::default();
    for event in safe(markdown) {
        writer.event(event);
    }
    writer.pieces
}

/// With how many marks a line of a quotation in quotations begins, at most.
const MARKS: usize = 4;
/// How deep an item is indented, at most.
const MAX_INDENT: usize = 8;

#[derive(Default)]
struct Writer {
    pieces: Vec<Piece>,
    /// What begins before the next text, if anything does.
    begins: Option<Block>,
    /// Whether the mark of an item is the last text, such as its number: what comes next stands on the same line.
    numbered: bool,
    /// How many elements of this kind are open.
    strong: usize,
    emphasis: usize,
    code: bool,
    items: usize,
    /// How many quotations are open, and whether the next text needs their marks: each line of a quotation begins with `> `.
    quotations: usize,
    unmarked: bool,
    /// The next number of each open list; `None` for one without numbers.
    lists: Vec<Option<u64>>,
    link: Option<(String, String)>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.text(text.trim_end_matches('\n'), text.ends_with('\n')),
            Event::Code(code) => match &mut self.link {
                Some((text, _)) => text.push_str(&code),
                None => self.push(Piece::Code { code: code.to_string() }),
            },
            Event::SoftBreak | Event::HardBreak => match &mut self.link {
                Some((text, _)) => text.push(' '),
                None => self.begin(Block::Line),
            },
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin(if self.items > 0 { Block::Line } else { Block::Paragraph }),
            Tag::Heading { .. } => {
                self.begin(Block::Paragraph);
                self.strong = self.strong.saturating_add(1);
            }
            Tag::CodeBlock(_) => {
                self.begin(Block::Paragraph);
                self.code = true;
            }
            Tag::BlockQuote(_) => {
                self.quotations = self.quotations.saturating_add(1);
                self.unmarked = true;
            }
            Tag::List(first) => self.lists.push(first),
            Tag::Item => {
                // The number of a list in an item stands after the mark of that item.
                let is_first = self.begins.take() == Some(Block::Item);
                let is_marked = std::mem::take(&mut self.numbered);
                // An item in an item is a line of it, indented, unless it stands right behind the mark of that one.
                let depth = if is_first || is_marked { 0 } else { self.items };
                let indent = "\u{a0}\u{a0}".repeat(depth.min(MAX_INDENT));
                self.items = self.items.saturating_add(1);
                match self.lists.last_mut() {
                    // A number that an operator wrote means something: "step 2 failed".
                    Some(Some(number)) => {
                        let text = format!("{indent}{number}. ");
                        *number = number.saturating_add(1);
                        self.begin(if is_first { Block::Item } else { Block::Line });
                        self.push(Piece::text(text));
                        self.numbered = true;
                    }
                    // The mark of a quotation stands before the one of its item.
                    _ if self.quotations > 0 => {
                        self.begin(Block::Line);
                        self.push(Piece::text(format!("{indent}- ")));
                        self.numbered = true;
                    }
                    _ if depth > 0 => {
                        self.begin(Block::Line);
                        self.push(Piece::text(format!("{indent}◦ ")));
                        self.numbered = true;
                    }
                    _ => self.begin(Block::Item),
                }
            }
            Tag::Strong => self.strong = self.strong.saturating_add(1),
            Tag::Emphasis => self.emphasis = self.emphasis.saturating_add(1),
            Tag::Link { dest_url, .. } => self.link = Some((String::new(), dest_url.to_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::CodeBlock => self.code = false,
            TagEnd::BlockQuote(_) => {
                self.quotations = self.quotations.saturating_sub(1);
                self.unmarked = false;
                self.begin(Block::Paragraph);
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => {
                self.items = self.items.saturating_sub(1);
                self.numbered = false;
                self.begins = None;
                self.begin(Block::Paragraph);
            }
            TagEnd::Link => {
                if let Some((link, to)) = self.link.take() {
                    self.push(Piece::Link { link, to });
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, ends_line: bool) {
        let text_of = |text: &str| text.to_owned();
        match &mut self.link {
            Some((link, _)) => link.push_str(&text.replace('\n', " ")),
            None if text.is_empty() => {}
            None if self.code => self.push(Piece::Code { code: text_of(text) }),
            // Only HTML, which is shown as text, has line ends in a text outside of code.
            None => {
                for (index, line) in text.split('\n').enumerate() {
                    if index > 0 {
                        self.begin(Block::Line);
                    }
                    match (self.strong, self.emphasis) {
                        _ if line.is_empty() => {}
                        (0, 0) => self.push(Piece::text(line)),
                        (0, _) => self.push(Piece::Emphasis { emphasis: text_of(line) }),
                        _ => self.push(Piece::Strong { strong: text_of(line) }),
                    }
                }
            }
        }
        if ends_line && self.link.is_none() && !self.code {
            self.begin(Block::Line);
        }
    }

    /// Notes what begins. An item contains its own first line and first paragraph.
    fn begin(&mut self, block: Block) {
        match (self.begins, block) {
            _ if self.numbered => {}
            (Some(Block::Item), _) | (Some(Block::Paragraph), Block::Line) => {}
            _ => self.begins = Some(block),
        }
        self.unmarked |= self.quotations > 0 && !self.numbered;
    }

    fn push(&mut self, piece: Piece) {
        self.numbered = false;
        if std::mem::take(&mut self.unmarked) {
            self.push(Piece::text("> ".repeat(self.quotations.min(MARKS))));
        }
        match self.begins.take() {
            // A text begins by itself; a list does not.
            Some(Block::Line | Block::Paragraph) if self.pieces.is_empty() => {}
            Some(begin) => self.pieces.push(Piece::Begin { begin }),
            None => {}
        }
        match (self.pieces.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => self.pieces.push(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_update_becomes_pieces() {
        for (text, expected) in [
            ("One.\nTwo.", r#"["One.",{"begin":"line"},"Two."]"#),
            ("One.\n\nTwo.", r#"["One.",{"begin":"paragraph"},"Two."]"#),
            (
                "We:\n- look\n- fix\n\nThen.",
                r#"["We:",{"begin":"item"},"look",{"begin":"item"},"fix",{"begin":"paragraph"},"Then."]"#,
            ),
            (
                "- one\n\n  more\n- two",
                r#"[{"begin":"item"},"one",{"begin":"line"},"more",{"begin":"item"},"two"]"#,
            ),
            ("1. one", r#"["1. one"]"#),
            (
                "Steps:\n\n7. stop\n8. start\n   - look",
                r#"["Steps:",{"begin":"line"},"7. stop",{"begin":"line"},"8. start",{"begin":"line"},"  ◦ look"]"#,
            ),
            (
                "What to do:\n\n1. Log out.\n\n2. Log in again.",
                r#"["What to do:",{"begin":"line"},"1. Log out.",{"begin":"line"},"2. Log in again."]"#,
            ),
            ("1. ```code```", r#"["1. ",{"code":"code"}]"#),
            ("1. # H", r#"["1. ",{"strong":"H"}]"#),
            ("3. > q", r#"["3. > q"]"#),
            ("> a\n> b", r#"["> a",{"begin":"line"},"> b"]"#),
            ("> **a**", r#"["> ",{"strong":"a"}]"#),
            ("- 5. a\n- 3. b", r#"[{"begin":"item"},"5. a",{"begin":"item"},"3. b"]"#),
            ("1. a\n\n   b", r#"["1. a",{"begin":"line"},"b"]"#),
            ("1. ~~~\n   x\n   ~~~\n\n   y", r#"["1. ",{"code":"x"},{"begin":"line"},"y"]"#),
            ("1. > # H\n   > t", r#"["1. > ",{"strong":"H"},{"begin":"line"},"> t"]"#),
            ("1. - a\n\n     b", r#"["1. ",{"begin":"item"},"a",{"begin":"line"},"b"]"#),
            ("1. 2. a", r#"["1. 2. a"]"#),
            (
                "1.\n\n2. [x](https://a.example)",
                r#"["1. ",{"begin":"line"},"2. ",{"link":"x","to":"https://a.example"}]"#,
            ),
            ("<ops@a.example>", r#"[{"link":"ops@a.example","to":"mailto:ops@a.example"}]"#),
            ("[](https://a.example)", r#"[{"link":"https://a.example","to":"https://a.example"}]"#),
            (
                "<div>\n[UPDATE]: Down\n</div>",
                r#"["<div>",{"begin":"line"},"[UPDATE]: Down",{"begin":"line"},"</div>"]"#,
            ),
            (
                "HTTPS://A.example is down",
                r#"[{"link":"HTTPS://A.example","to":"HTTPS://A.example"}," is down"]"#,
            ),
            ("# Down\nWe look.", r#"[{"strong":"Down"},{"begin":"paragraph"},"We look."]"#),
            ("[**x** `y`](https://a.example)", r#"[{"link":"x y","to":"https://a.example"}]"#),
            ("[x](javascript:alert(1))", r#"["[x](javascript:alert(1))"]"#),
            (
                "[a <https://a.example> b](https://b.example)",
                r#"[{"link":"a https://a.example b","to":"https://b.example"}]"#,
            ),
            (
                "See [<ops@c.example>](https://e.example/i.png).",
                r#"["See ",{"link":"ops@c.example","to":"https://e.example/i.png"},"."]"#,
            ),
            (
                "http://[2001:db8::1]:8080/path?x=[1]",
                r#"[{"link":"http://[2001:db8::1]:8080/path?x=[1]","to":"http://[2001:db8::1]:8080/path?x=%5B1%5D"}]"#,
            ),
            ("*a* `b`", r#"[{"emphasis":"a"}," ",{"code":"b"}]"#),
            ("```\na\nb\n```", r#"[{"code":"a\nb"}]"#),
            ("<b>\nx\n</b>", r#"["<b>",{"begin":"line"},"x",{"begin":"line"},"</b>"]"#),
            ("[a](mailto:a@b.example)", r#"[{"link":"a","to":"mailto:a@b.example"}]"#),
            ("[UPDATE]: Down", r#"["[UPDATE]: Down"]"#),
            ("", "[]"),
        ] {
            let all = pieces(text);
            assert_eq!(serde_json::to_string(&all).unwrap(), expected, "{text}");
            assert_eq!(serde_json::from_str::<Vec<Piece>>(expected).unwrap(), all, "{text}");
        }
    }

    proptest! {
        #[test]
        fn links_lead_to_the_web_or_to_mail(text in r#"[\[\]()<>a-z:/"'*_`# \n!&;-]{0,80}"#) {
            for piece in pieces(&format!("{text} [x](https://a.example)")) {
                if let Piece::Link { to, .. } = piece {
                    prop_assert!(["https:", "http:", "mailto:"].iter().any(|scheme| to.to_lowercase().starts_with(scheme)), "{}", to);
                }
            }
        }
    }
}
