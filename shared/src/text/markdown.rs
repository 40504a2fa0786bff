//! From Markdown to HTML that is safe to put into a page: it contains only tags that Markdown produces.
//!
//! CommonMark, except that raw HTML is escaped and shown as text, and an image is replaced by its alternative text. A
//! link to any other scheme than `https`, `http` or `mailto` becomes text. pulldown-cmark parses; this module
//! filters.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};

/// Renders Markdown as a safe HTML fragment.
///
/// ```
/// use candor_shared::text::markdown::to_html;
/// assert_eq!(to_html("We **broke** it <script>x</script>"), "<p>We <strong>broke</strong> it &lt;script&gt;x&lt;/script&gt;</p>\n");
/// ```
pub fn to_html(markdown: &str) -> String {
    let mut dropped_links = Vec::new();
    let events = Parser::new(markdown).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let safe = is_safe(dest_url);
            dropped_links.push(!safe);
            safe.then(|| without_title(event))
        }
        Event::End(TagEnd::Link) => (!dropped_links.pop().unwrap_or(false)).then_some(event),
        other => Some(other),
    });
    let mut output = String::new();
    html::push_html(&mut output, events);
    output
}

fn without_title(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            Event::Start(Tag::Link { link_type, dest_url, title: CowStr::Borrowed(""), id })
        }
        other => other,
    }
}

fn is_safe(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("https" | "http" | "mailto"))
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
            let html = to_html(hostile);
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

    proptest! {
        #[test]
        fn only_known_tags_are_rendered(markdown in r#"[\[\]()<>a-z:/"'*_`# \n!&;]{0,80}"#) {
            let html = to_html(&markdown);
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                let known = ["p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6"];
                prop_assert!(known.contains(&name.as_str()), "{} in {}", name, html);
            }
        }
    }
}
