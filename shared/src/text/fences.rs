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

/// The longest margin in front of code that is moved. Nobody writes lists in lists as deep as this, and each line gets it.
const MAX_MARGIN: usize = 40;

/// The text with a line end before the first fence where a text stands before it on its line, and behind the last one where a text stands
/// behind it, as one writes in a chat. The code between them is moved into the quotation or item in which it was begun.
fn behind_text(markdown: &str) -> String {
    // Longer fences are of one who knows them.
    if markdown.contains("````") || markdown.contains("~~~") {
        return markdown.to_owned();
    }
    let mut written: Vec<String> = Vec::new();
    let mut rest = markdown.split('\n').collect::<Vec<_>>();
    rest.reverse();
    let mut is_open = false;
    while let Some(line) = rest.pop() {
        if is_open {
            is_open = line.matches(FENCE).count() != 1;
            written.push(line.to_owned());
        } else {
            is_open = read_text(line.to_owned(), &mut rest, &mut written);
        }
    }
    written.join("\n")
}

/// Reads a line outside code, and the code that it opens behind a text. `rest`: the lines that follow, the last one first. Whether a block
/// is open then whose fence stands on a line of its own.
fn read_text(mut line: String, rest: &mut Vec<&str>, written: &mut Vec<String>) -> bool {
    loop {
        let margin = margin(&line);
        // Fences in pairs on one line are of code within it.
        let fence = line.rsplit_once(FENCE).filter(|_| is_odd(&line));
        let Some((before, after)) = fence else {
            written.push(line);
            return false;
        };
        let text = before.get(margin.len()..).unwrap_or_default();
        if text.trim().is_empty() {
            written.push(line);
            return true;
        }
        // Four spaces are code by themselves.
        let is_moved = margin.len() <= MAX_MARGIN && !text.starts_with("    ");
        let end = rest.iter().rposition(|line| is_odd(line)).filter(|_| is_moved);
        let Some(end) = end else {
            written.push(line);
            return false;
        };
        written.push(before.trim_end().to_owned());
        written.push(format!("{margin}{FENCE}{after}"));
        let mut code = rest.split_off(end);
        code.reverse();
        let last = code.pop().unwrap_or_default();
        let (end, after) = last.split_once(FENCE).unwrap_or((last, ""));
        if !inside(end).is_empty() {
            code.push(end);
        }
        written.extend(moved(&code, &margin));
        written.push(format!("{margin}{FENCE}"));
        if after.trim().is_empty() {
            return false;
        }
        line = format!("{margin}{}", after.trim_start());
    }
}

fn is_odd(line: &str) -> bool {
    line.matches(FENCE).count() % 2 == 1
}

/// The lines of a block of code, each behind this margin: where all of them are as far inside as the block, without what they have of it.
fn moved(code: &[&str], margin: &str) -> Vec<String> {
    let quotations = margin.matches('>').count();
    let code: Vec<&str> = code.iter().map(|line| without_marks(line, quotations)).collect();
    let item = margin.rsplit('>').next().unwrap_or_default();
    let item = if quotations > 0 { item.strip_prefix(' ').unwrap_or(item) } else { item };
    let is_inside = code.iter().all(|line| line.trim().is_empty() || line.starts_with(item));
    let line = |line: &&str| {
        let line = if is_inside { line.strip_prefix(item).unwrap_or_default() } else { line };
        format!("{margin}{line}").trim_end().to_owned()
    };
    code.iter().map(line).collect()
}

/// A line without its marks of quotations, as many as these.
fn without_marks(line: &str, quotations: usize) -> &str {
    (0..quotations).fold(line, |line, _| {
        let marked = line.trim_start_matches(' ').strip_prefix('>');
        marked.map_or(line, |inside| inside.strip_prefix(' ').unwrap_or(inside))
    })
}

/// What stands before the text of a line, as it stands before the next lines of the same quotation or item: each mark of an item is
/// spaces there.
fn margin(line: &str) -> String {
    let mut margin = String::new();
    loop {
        let rest = line.get(margin.len()..).unwrap_or_default();
        let spaces = rest.len().saturating_sub(rest.trim_start_matches(' ').len());
        let rest = rest.trim_start_matches(' ');
        let digits = rest.len().saturating_sub(rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let is_number = (1..10).contains(&digits)
            && rest.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "));
        let mark = match rest.get(..2) {
            _ if spaces > 3 => return margin,
            Some("> ") => "> ".to_owned(),
            Some("- " | "* " | "+ ") => "  ".to_owned(),
            _ if rest.starts_with('>') => ">".to_owned(),
            _ if is_number => " ".repeat(digits.saturating_add(2)),
            // The second line of an item has the spaces of its first.
            _ => {
                margin.push_str(&" ".repeat(spaces));
                return margin;
            }
        };
        margin.push_str(&" ".repeat(spaces));
        margin.push_str(&mark);
    }
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
                "* EU: ```\n502 from lb-1\n```\n* US: ok",
                "<ul>\n<li>EU:\n<pre><code>502 from lb-1\n</code></pre>\n</li>\n<li>US: ok</li>\n</ul>",
            ),
            (
                "- The job printed ```\n  ERROR 1\n\n  ERROR 2\n  ```\n- We restart it",
                "<ul>\n<li>The job printed\n<pre><code>ERROR 1\n\nERROR 2\n</code></pre>\n</li>\n<li>We restart it</li>\n</ul>",
            ),
            (
                "1. Log: ```a 1\nb``` mended\n2. Next",
                "<ol>\n<li>Log:\n<pre><code>a 1\nb\n</code></pre>\nmended</li>\n<li>Next</li>\n</ol>",
            ),
            (
                "> Provider log: ```\n> line one\nline two\n> ```\n\nWe wait.",
                "<blockquote>\n<p>Provider log:</p>\n<pre><code>line one\nline two\n</code></pre>\n</blockquote>\n<p>We wait.</p>",
            ),
            (
                "> - Log: ```\n> ERROR 1\n> ```\n>\n> Next",
                "<blockquote>\n<ul>\n<li>Log:\n<pre><code>ERROR 1\n</code></pre>\n</li>\n</ul>\n<p>Next</p>\n</blockquote>",
            ),
            (
                "* Config: ```\nlimits:\n  cpu: 1\n```",
                "<ul>\n<li>Config:\n<pre><code>limits:\n  cpu: 1\n</code></pre>\n</li>\n</ul>",
            ),
            (
                "Log: ```ERROR a\nb``` and run ```x``` again.\nDone.",
                "<p>Log:</p>\n<pre><code>ERROR a\nb\n</code></pre>\n<p>and run <code>x</code> again.<br />\nDone.</p>",
            ),
            (
                "We ran ```kubectl get pods``` and saw ```\nNAME READY\napi 0/1```\nSo we restarted.\n\n```\nok\n```\nAll well.",
                "<p>We ran <code>kubectl get pods</code> and saw</p>\n<pre><code>NAME READY\napi 0/1\n</code></pre>\n<p>So we restarted.</p>\n<pre><code>ok\n</code></pre>\n<p>All well.</p>",
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

    #[test]
    fn a_margin_is_bounded() {
        for mark in ["> ", "- "] {
            let text = format!("{}x ```\n{}```", mark.repeat(2_000), "\n".repeat(5_990));
            assert!(on_own_lines(&text).len() < 20_000);
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
