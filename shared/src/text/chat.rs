//! `<ADDRESS|LABEL>`, as chats write a link.

use std::ops::Range;

use super::lines::GUARD;
use super::link::leads_on;
use super::places::Places;

/// The text with each of these links as Markdown writes it. A label may have marks, as in any link.
pub(super) fn labelled(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len());
    let mut places = None;
    let mut rest = markdown;
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        written.push_str(before);
        let start = markdown.len().saturating_sub(after.len());
        let backslashes = before.len().saturating_sub(before.trim_end_matches('\\').len());
        let link = parts(after).filter(|_| {
            backslashes % 2 == 0 && is_read(places.get_or_insert_with(|| Places::of(markdown)), start)
        });
        match link {
            Some((address, label, behind)) => {
                let (address, label) = (address.replace('\\', "\\\\"), label.trim_end_matches('\\'));
                let label = label.replace('[', "\\[").replace(']', "\\]");
                // Behind "!" it would be an image.
                written.push_str(&format!("{GUARD}[{label}](<{address}>)"));
                rest = behind;
            }
            None => {
                written.push('<');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    written.push_str(rest);
    written
}

/// The address and the label of a link with which a text begins, and what follows it.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let inside = text.strip_prefix('<')?;
    let end = inside.find(['<', '>', '\n'])?;
    let (link, behind) = inside.split_at(end);
    let (address, label) = link.split_once('|')?;
    let is_link = leads_on(address) && !address.contains(char::is_whitespace) && !label.trim().is_empty();
    Some((address, label, behind.strip_prefix('>')?)).filter(|_| is_link)
}

/// Whether what begins here is read as text: it stands in no code, and in no other link.
fn is_read(places: &Places, at: usize) -> bool {
    let around = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.start < at && at < range.end);
    let is_code = places.code.iter().any(|range| range.contains(&at));
    !is_code && !around(&places.closed) && !around(&places.named)
}

#[cfg(test)]
mod tests {
    use super::labelled;
    use crate::text::markdown::prose;

    #[test]
    fn a_label_is_read_as_that_of_any_link() {
        let link = |label: &str| format!("<a href=\"https://a.example/x_y\">{label}</a>");
        for (text, expected) in [
            ("<https://a.example/x_y|the _new_ page>.", format!("<p>{}.</p>", link("the <em>new</em> page"))),
            ("<https://a.example/x_y|`api-gw` logs>", format!("<p>{}</p>", link("<code>api-gw</code> logs"))),
            ("<https://a.example/x_y|x>", format!("<p>{}</p>", link("x"))),
            ("<https://a.example/x_y|a|b [c] 5 * 3>", format!("<p>{}</p>", link("a|b [c] 5 * 3"))),
            (
                "*<https://a.example/x_y|api_latency_p99>*",
                format!("<p><em>{}</em></p>", link("api_latency_p99")),
            ),
            ("- <https://a.example/x_y|#12>", format!("<ul>\n<li>{}</li>\n</ul>", link("#12"))),
            ("`<https://a.example/x_y|z>`", "<p><code>&lt;https://a.example/x_y|z&gt;</code></p>".to_owned()),
            ("Fixed!<https://a.example/x_y|b>", format!("<p>Fixed!{}</p>", link("b"))),
            (
                "\\<https://a.example/x_y|b>",
                "<p>&lt;<a href=\"https://a.example/x_y\">https://a.example/x_y</a>|b&gt;</p>".to_owned(),
            ),
            (
                "Run:\n\n    <https://a.example|b>",
                "<p>Run:</p>\n<pre><code>&lt;https://a.example|b&gt;</code></pre>".to_owned(),
            ),
            ("<tel:+4930|call>", "<p>&lt;tel:+4930|call&gt;</p>".to_owned()),
            ("a < b | c > d", "<p>a &lt; b | c &gt; d</p>".to_owned()),
            (
                "<mailto:ops@a.example|write to us>",
                "<p><a href=\"mailto:ops@a.example\">write to us</a></p>".to_owned(),
            ),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_such_link_stays_as_it_is() {
        for text in [
            "<https://a.example>",
            "<https://a.example|>",
            "<https://a.example|b",
            "[x](<https://a.example/a|b>)",
            "```\n<https://a.example|b>\n```",
            "[see <https://a.example|b> c](https://b.example)",
        ] {
            assert_eq!(labelled(text), text);
        }
    }
}
