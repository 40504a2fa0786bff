//! Code between fences with text on the lines of the fences. Markdown takes what stands behind the first fence for the name of a language,
//! which nobody reads, and does not see a fence at the end of a line.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// The most line ends that are added. Each takes another reading, and nobody writes as many fences as this in one text.
const MAX_ADDED: usize = 100;
/// The most characters in the name of a language.
const MAX_NAME: usize = 20;

/// The text with each fence on a line of its own: what stands behind the first one is the first line of the code, unless it is the name
/// of a language, and a fence at the end of a line of the code ends it.
pub(super) fn on_own_lines(markdown: &str) -> String {
    let mut text = behind_text(markdown);
    let mut from = 0;
    for _ in 0..MAX_ADDED {
        let Some((at, line)) = next(&text, from) else { break };
        text.insert_str(at, &line);
        from = at;
    }
    text
}

/// The fence of those who write in chats.
const FENCE: &str = "```";

/// The text with a line end before the first fence where a text stands before it on its line, and behind the last one where a text stands
/// behind it, as one writes in a chat. In a quotation or a list it stays as it is.
fn behind_text(markdown: &str) -> String {
    // Longer fences are of one who knows them.
    if markdown.contains("````") || markdown.contains("~~~") {
        return markdown.to_owned();
    }
    let lines: Vec<&str> = markdown.split('\n').collect();
    let mut written: Vec<String> = Vec::with_capacity(lines.len());
    // Whether a block is open, and whether it was opened behind a text.
    let (mut is_open, mut is_behind) = (false, false);
    for (at, line) in lines.iter().enumerate() {
        let parts: Vec<&str> = line.splitn(3, FENCE).collect();
        let is_plain = !line.starts_with(['>', '-', '*', '+', ' ', '\t']);
        match *parts.as_slice() {
            [before, after] if is_open => {
                is_open = false;
                let ends = is_behind && !after.trim().is_empty();
                let before = if is_behind && !before.trim().is_empty() {
                    format!("{before}\n")
                } else {
                    before.to_owned()
                };
                let after = if ends { format!("\n{}", after.trim_start()) } else { after.to_owned() };
                written.push(format!("{before}{FENCE}{after}"));
                continue;
            }
            [before, after] => {
                let has_end = || lines.iter().skip(at.saturating_add(1)).any(|line| line.contains(FENCE));
                is_behind = is_plain && !before.trim().is_empty();
                is_open = before.trim().is_empty() || (is_behind && has_end());
                if is_open && is_behind {
                    written.push(format!("{}\n{FENCE}{after}", before.trim_end()));
                    continue;
                }
            }
            _ => {}
        }
        written.push((*line).to_owned());
    }
    written.join("\n")
}

/// Where the next line end is missing, and what to write there.
fn next(text: &str, from: usize) -> Option<(usize, String)> {
    let blocks = Parser::new(text).into_offset_iter().filter_map(|(event, range)| {
        matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))).then_some(range)
    });
    // A block that begins before this place may end after it.
    blocks.filter(|range| range.end >= from).find_map(|range| within(text, range))
}

/// The same for one block.
fn within(text: &str, block: Range<usize>) -> Option<(usize, String)> {
    let code = text.get(block.clone())?;
    let sign = code.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let behind = first.trim_start_matches(sign);
    let fence = first.get(..first.len().checked_sub(behind.len())?)?;
    let line_end = || {
        let before = text.get(..block.start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        // As far inside as the fence: the marks of quotations stand on each line, the one of an item on the first.
        let inside = before.chars().map(|c| if c == '>' || c == '\t' { c } else { ' ' });
        format!("\n{}", inside.collect::<String>())
    };
    let info = behind.trim();
    if !info.is_empty() && !is_language(info) {
        let space = behind.len().checked_sub(behind.trim_start().len())?;
        return Some((block.start.checked_add(fence.len())?.checked_add(space)?, line_end()));
    }
    let mut at = block.end.checked_sub(rest.len())?;
    for line in rest.split('\n') {
        if is_fence(line, fence) {
            return None;
        }
        if let Some(before) = before_end(line, fence) {
            let after = text.get(at.checked_add(line.len())?..).unwrap_or_default();
            // Where the fences after it say that it is no end, it is a part of the code.
            let ends = !stays_open(after, fence, false) || stays_open(after, fence, true);
            return ends.then(|| Some((at.checked_add(before.len())?, line_end()))).flatten();
        }
        at = at.checked_add(line.len())?.checked_add(1)?;
    }
    None
}

/// Whether this may be the name of a language, as programs that colour code know them, and no text.
fn is_language(info: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "+#.-_".contains(c);
    info.len() <= MAX_NAME
        && info.chars().all(known)
        && info.contains(|c: char| c.is_ascii_alphabetic())
        && info.ends_with(|c: char| c.is_ascii_alphanumeric() || "+#".contains(c))
}

/// Whether a line is a fence and nothing else.
fn is_fence(line: &str, fence: &str) -> bool {
    let mark = inside(line).trim_end();
    mark.starts_with(fence) && mark.chars().all(|c| fence.starts_with(c))
}

/// What stands before the fence with which a line ends. None does if it was opened on the same line.
fn before_end<'a>(line: &'a str, fence: &str) -> Option<&'a str> {
    let sign = fence.chars().next()?;
    let line = line.trim_end();
    let before = line.trim_end_matches(sign);
    let is_end = line.get(before.len()..)?.len() >= fence.len();
    (is_end && !inside(before).is_empty() && !before.contains(fence)).then_some(before)
}

/// A line without what stands before its text.
fn inside(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// Whether code is open after these lines.
fn stays_open(lines: &str, fence: &str, mut open: bool) -> bool {
    for line in lines.split('\n') {
        let behind = inside(line).strip_prefix(fence);
        open = match open {
            true => !is_fence(line, fence) && before_end(line, fence).is_none(),
            false => behind.is_some_and(|behind| is_fence(line, fence) || !behind.contains(fence)),
        };
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::markdown::{first_line, prose};
    use proptest::prelude::*;

    #[test]
    fn the_words_on_the_line_of_a_fence_are_read() {
        for (text, expected) in [
            (
                "Log:\n```ERROR 1040: Too many connections\nat pool.get()```\nWe restart the pool now.",
                "<p>Log:</p>\n<pre><code>ERROR 1040: Too many connections\nat pool.get()\n</code></pre>\n<p>We restart the pool now.</p>",
            ),
            (
                "```2026-11-28 14:00 pool exhausted\n2026-11-28 14:05 restarted\n```\nMore soon.",
                "<pre><code>2026-11-28 14:00 pool exhausted\n2026-11-28 14:05 restarted\n</code></pre>\n<p>More soon.</p>",
            ),
            (
                "```Wir haben die Zahlungen kaputt gemacht\nund arbeiten daran",
                "<pre><code>Wir haben die Zahlungen kaputt gemacht\nund arbeiten daran</code></pre>",
            ),
            (
                "~~~ 3 servers down ~~~\nWe replace them.",
                "<pre><code>3 servers down \n</code></pre>\n<p>We replace them.</p>",
            ),
            (
                "``` ERROR 1040: Too many connections\n```\nText.",
                "<pre><code>ERROR 1040: Too many connections\n</code></pre>\n<p>Text.</p>",
            ),
            (
                "Protokoll: ```FEHLER a\n``` behoben",
                "<p>Protokoll:</p>\n<pre><code>FEHLER a\n</code></pre>\n<p>behoben</p>",
            ),
            (
                "Log: ```\nERROR a\n```\nDetails: x",
                "<p>Log:</p>\n<pre><code>ERROR a\n</code></pre>\n<p>Details: x</p>",
            ),
            (
                "Log: ```ERROR a\nERROR b``` investigating\n\nNext: `x`",
                "<p>Log:</p>\n<pre><code>ERROR a\nERROR b\n</code></pre>\n<p>investigating</p>\n<p>Next: <code>x</code></p>",
            ),
            ("One ``` alone", "<p>One ``` alone</p>"),
            ("See ```a``` and ```b```.", "<p>See <code>a</code> and <code>b</code>.</p>"),
            ("```2026-11-28\nx\n```", "<pre><code>2026-11-28\nx\n</code></pre>"),
            ("```Restarting.\n```\nx", "<pre><code>Restarting.\n</code></pre>\n<p>x</p>"),
            ("```{.sh title=\"x\"}\ny\n```", "<pre><code>{.sh title=\"x\"}\ny\n</code></pre>"),
            (
                "```\na```\nb\n```\nc```\nd",
                "<pre><code>a\n</code></pre>\n<p>b</p>\n<pre><code>c\n</code></pre>\n<p>d</p>",
            ),
            (
                "- ```ERROR 1: a\n  b```\n- c",
                "<ul>\n<li>\n<pre><code>ERROR 1: a\nb\n</code></pre>\n</li>\n<li>c</li>\n</ul>",
            ),
            (
                "> ```ERROR 1: a\n> b```\n> c",
                "<blockquote>\n<pre><code>ERROR 1: a\nb\n</code></pre>\n<p>c</p>\n</blockquote>",
            ),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
        assert_eq!(first_line("```ERROR 1040: Too many\nx```"), "ERROR 1040: Too many");
    }

    #[test]
    fn fences_on_their_own_lines_stay_as_they_are() {
        for text in [
            "```sql\nSELECT 1\n```",
            "``` c++\nx\n```",
            "~~~objective-c\nx\n~~~~",
            "```\nuse ```x```\n```\ny",
            "````\n```x y\nz```\n````",
            "~~~\nx```\n~~~",
            "```\nfoo```\nbar\n```",
            "```inline code```\nx",
            "    ```x y\nz",
            "``` \nx\n``` \ny",
        ] {
            assert_eq!(on_own_lines(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_letter_is_lost(text in "(```|~~~|````|> |- |1\\. |    | |\n|[a-c5]|a b){0,24}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            prop_assert_eq!(letters(&on_own_lines(&text)), letters(&text));
        }
    }
}
