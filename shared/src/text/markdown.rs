//! From Markdown to HTML that is safe to put into a page: it contains only tags that Markdown produces.
//!
//! CommonMark, except that raw HTML is escaped and shown as text, and an image is replaced by its alternative text, or by a link to
//! it if it has none. A link to any other scheme than `https`, `http` or `mailto` stands as it was written. An address that stands in the text
//! becomes a link. pulldown-cmark parses; the module `events` filters.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd, html};
use pulldown_cmark_escape::escape_html;

use super::events::{is_shown, safe};
use super::pieces::{Piece, pieces};
use super::wrap::with_line_ends;

/// Renders Markdown as a safe HTML fragment.
///
/// ```
/// use candor_shared::text::markdown::to_html;
/// assert_eq!(to_html("We **broke** it <script>x</script>"), "<p>We <strong>broke</strong> it &lt;script&gt;x&lt;/script&gt;</p>\n");
/// ```
pub fn to_html(markdown: &str) -> String {
    to_html_below(0, markdown)
}

/// The same for a text that stands under a heading of this level: its own headings are below it. A line end is a line break, unless an
/// editor has wrapped the lines.
///
/// ```
/// use candor_shared::text::markdown::to_html_below;
/// assert_eq!(to_html_below(3, "# Why"), "<h4>Why</h4>\n");
/// ```
pub fn to_html_below(level: u8, markdown: &str) -> String {
    let below = |own: HeadingLevel| match (own as u8).saturating_add(level) {
        0 | 1 => HeadingLevel::H1,
        2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    push(with_line_ends(safe(markdown)).into_iter().map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    }))
}

/// Renders the text of an update as a safe HTML fragment: Markdown, but a line end is a line break, as in plain text, and a
/// heading is a bold line, because the page around it has headings of its own.
///
/// ```
/// use candor_shared::text::markdown::prose;
/// assert_eq!(prose("We are on it.\nMore: https://a.example."), "<p>We are on it.<br />\nMore: <a href=\"https://a.example\">https://a.example</a>.</p>");
/// ```
pub fn prose(text: &str) -> String {
    let mut in_code = false;
    let events = safe(text).into_iter().flat_map(|event| match event {
        Event::SoftBreak => vec![Event::HardBreak],
        Event::Start(Tag::Heading { .. }) => vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)],
        Event::End(TagEnd::Heading(_)) => vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)],
        Event::Start(Tag::CodeBlock(_)) => {
            in_code = true;
            vec![event]
        }
        Event::End(TagEnd::CodeBlock) => {
            in_code = false;
            vec![event]
        }
        // Only HTML, which is shown as text, has line ends in a text outside of code.
        Event::Text(text) if !in_code && text.contains('\n') => lines(&text),
        other => vec![other],
    });
    let mut html = push(events);
    html.truncate(html.trim_end().len());
    html
}

/// The first line of the text of an update without its markup, for previews. The number of an item and the `>` of a quotation are no
/// markup: they mean something.
///
/// ```
/// use candor_shared::text::markdown::first_line;
/// assert_eq!(first_line("**Down**: see [why](https://a.example).\nMore."), "Down: see why.");
/// ```
pub fn first_line(text: &str) -> String {
    let mut line = String::new();
    for piece in pieces(text) {
        let text = match &piece {
            Piece::Text(text)
            | Piece::Link { link: text, .. }
            | Piece::Strong { strong: text }
            | Piece::Emphasis { emphasis: text }
            | Piece::Code { code: text } => text,
            // The text of an item comes after its mark.
            Piece::Begin { .. } if line.is_empty() || is_mark(&line) => continue,
            Piece::Begin { .. } | Piece::Time { .. } => break,
        };
        let text = text.trim_start_matches('\n');
        let (first, more) = text.split_once('\n').map_or((text, false), |(first, _)| (first, true));
        line.push_str(first);
        if more && !line.is_empty() {
            break;
        }
    }
    line
}

/// Whether the line so far is what an item or a quotation begins with.
fn is_mark(line: &str) -> bool {
    let mark = line.trim();
    let number = mark.strip_suffix(['.', ')']).unwrap_or_default();
    matches!(mark, "-" | ">" | "•" | "◦")
        || (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether nothing of a text is to be seen once it is rendered, as of a heading without words.
///
/// ```
/// use candor_shared::text::markdown::is_blank;
/// assert!(is_blank("#") && !is_blank("# Down"));
/// ```
pub fn is_blank(text: &str) -> bool {
    !safe(text).iter().any(is_shown)
}

/// The lines of a text, with a line break between them.
fn lines<'a>(text: &str) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    for (index, line) in text.trim_end_matches('\n').split('\n').enumerate() {
        if index > 0 {
            events.push(Event::HardBreak);
        }
        events.push(Event::Text(line.to_owned().into()));
    }
    events
}

/// The HTML of the events. The parser's own writer of links is left out: an address is as all other surfaces have it.
fn push<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let events = events.map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            Event::InlineHtml(format!("<a href=\"{}\">", escaped(&dest_url)).into())
        }
        other => other,
    });
    let mut output = String::new();
    html::push_html(&mut output, events);
    output
}

/// The value of an attribute, escaped.
fn escaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    // A string takes whatever is written to it.
    let _ = escape_html(&mut output, text);
    output
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_markdown_renders() {
        insta::assert_snapshot!(to_html("# Why\n\n- one\n- *two*\n\n[more](https://example.com/a?b=1&c=2 \"t\") `code`"), @r#"
        <h1>Why</h1>
        <ul>
        <li>one</li>
        <li><em>two</em></li>
        </ul>
        <p><a href="https://example.com/a?b=1&amp;c=2">more</a> <code>code</code></p>
        "#);
    }

    #[test]
    fn hostile_markdown_renders_harmless() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\nscript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "![x](javascript:alert(1))",
            "[x](//evil.example)",
            "<a href='javascript:alert(1)'>x</a>",
            "[x]: javascript:alert(1)\n\n[x]",
            "<javascript:alert(1)>",
            "<div>\n\n**x**\n\n<style>*{display:none}</style>",
            "[a [b](https://example.com) c](javascript:x)",
        ] {
            for html in [to_html(hostile), prose(hostile), to_html(&format!("https://a.example/{hostile}"))] {
                assert!(
                    !html.contains("<script")
                        && !html.contains("<img")
                        && !html.contains("<style")
                        && !html.contains("<div"),
                    "{hostile} -> {html}"
                );
                assert!(
                    !html.to_lowercase().contains("href=\"javascript")
                        && !html.contains("href=\"data")
                        && !html.contains("href=\"//"),
                    "{hostile} -> {html}"
                );
            }
        }
    }

    #[test]
    fn the_text_of_an_update_keeps_its_line_ends_and_gets_links_and_lists() {
        for (text, html) in [
            ("One.\nTwo.", "<p>One.<br />\nTwo.</p>"),
            ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
            ("We:\n- look\n- fix", "<p>We:</p>\n<ul>\n<li>look</li>\n<li>fix</li>\n</ul>"),
            ("# Down\nWe look.", "<p><strong>Down</strong></p>\n<p>We look.</p>"),
            (
                "a_b https://a.example/x_y_z?a=1&b=2!",
                "<p>a_b <a href=\"https://a.example/x_y_z?a=1&amp;b=2\">https://a.example/x_y_z?a=1&amp;b=2</a>!</p>",
            ),
            (
                "[a https://b.example](https://c.example)",
                "<p><a href=\"https://c.example\">a https://b.example</a></p>",
            ),
            (
                "[a <https://a.example> b](https://b.example)",
                "<p><a href=\"https://b.example\">a https://a.example b</a></p>",
            ),
            (
                "http://[2001:db8::1]:8080/path?x=[1]",
                "<p><a href=\"http://[2001:db8::1]:8080/path?x=%5B1%5D\">http://[2001:db8::1]:8080/path?x=[1]</a></p>",
            ),
            (
                "[x](https://u@[::1]/a[b]?c#[d])",
                "<p><a href=\"https://u@[::1]/a%5Bb%5D?c#%5Bd%5D\">x</a></p>",
            ),
            ("[x](<https://a.example/a b|c>)", "<p><a href=\"https://a.example/a%20b%7Cc\">x</a></p>"),
            (
                "[x](https://a.example/é?a=1&b='2')",
                "<p><a href=\"https://a.example/é?a=1&amp;b=&#39;2&#39;\">x</a></p>",
            ),
            ("[UPDATE]: Down", "<p>[UPDATE]: Down</p>"),
            ("[10:32]: Fixed\n[10:40]: Watching", "<p>[10:32]: Fixed<br />\n[10:40]: Watching</p>"),
            ("We look.\n\n[EU]: down (since 10:00)", "<p>We look.</p>\n<p>[EU]: down (since 10:00)</p>"),
            (
                "[Status](https://x.example) and [EU]: down",
                "<p><a href=\"https://x.example\">Status</a> and [EU]: down</p>",
            ),
            ("- [EU]: down", "<ul>\n<li>[EU]: down</li>\n</ul>"),
            ("> [^1]: note", "<blockquote>\n<p>[^1]: note</p>\n</blockquote>"),
            (
                "[Help]: https://a.example",
                "<p>[Help]: <a href=\"https://a.example\">https://a.example</a></p>",
            ),
            ("```\n[a]: b\n```", "<pre><code>[a]: b\n</code></pre>"),
            ("`https://a.example`", "<p><code>https://a.example</code></p>"),
            ("<https://a.example>", "<p><a href=\"https://a.example\">https://a.example</a></p>"),
            ("<b>\nx\n</b>", "<p>&lt;b&gt;<br />\nx<br />\n&lt;/b&gt;</p>"),
            ("<ops@a.example>", "<p><a href=\"mailto:ops@a.example\">ops@a.example</a></p>"),
            (
                "![](https://cdn.example/g.png)",
                "<p><a href=\"https://cdn.example/g.png\">https://cdn.example/g.png</a></p>",
            ),
            ("[x](https:a.example)", "<p>[x](https:a.example)</p>"),
            ("```a&#1;\nx\n```", "<pre><code>a&amp;#1;\nx\n</code></pre>"),
            ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
            (
                "https://a.example/\"onclick=x",
                "<p><a href=\"https://a.example/\">https://a.example/</a>\"onclick=x</p>",
            ),
        ] {
            assert_eq!(prose(text), html, "{text}");
        }
    }

    #[test]
    fn a_preview_has_no_markup() {
        for (text, line) in [
            ("One.\nTwo.", "One."),
            ("- **one**\n- two", "one"),
            ("# Down\nWe look.", "Down"),
            ("See https://a.example.", "See https://a.example."),
            ("<b>\nx", "<b>"),
            ("```\na\nb\n```", "a"),
            ("![](https://a.example/_x_.png) shows it", "https://a.example/_x_.png shows it"),
            ("A&#7;B", "AB"),
            ("[UPDATE]: Down", "[UPDATE]: Down"),
            ("28. November: Ausfall.\n30. November: behoben.", "28. November: Ausfall."),
            ("14. 3. 2027 odstávka\nx", "14. 3. 2027 odstávka"),
            ("- a\n  > q", "a"),
            ("1. - a\n   - b", "1. a"),
            ("> 90 % of payments fail.\nWe look.", "> 90 % of payments fail."),
            ("> They look.\n> Soon.", "> They look."),
            ("```\n\na\nb\n```", "a"),
            ("", ""),
        ] {
            assert_eq!(first_line(text), line, "{text}");
        }
    }

    #[test]
    fn a_text_may_show_nothing() {
        for blank in [
            "#",
            "-",
            "***",
            "---\n\n>",
            "1.",
            "![]()",
            "&#1;",
            "&nbsp;",
            "&#x200b;\n\n# &zwnj;",
            "```\n```",
            "\u{3164}",
            "**\u{2066}\u{2069}**",
            "# \u{61C}\u{FE0F}",
            "&#x2800;\u{115F}",
            "\u{E0041}\n\n\u{1D173}",
        ] {
            assert!(is_blank(blank), "{blank}");
        }
        for shown in ["# a", "`x`", "<br>", "![](x)", "\\#", "- 1", "<!-- x -->"] {
            assert!(!is_blank(shown), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn only_known_tags_are_rendered(markdown in r#"[\[\]()<>a-z:/"'*_`# \n!&;]{0,80}"#) {
            let html = to_html(&markdown) + &prose(&markdown) + &prose(&format!("https://a.example{markdown}"));
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                let known = ["p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6"];
                prop_assert!(known.contains(&name.as_str()), "{} in {}", name, html);
            }
        }
    }
}
