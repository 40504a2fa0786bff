//! What a line means to the operator who wrote it, where Markdown would take its beginning for a mark and not show it, or draw it into
//! what stands above it.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// Stands where a mark would begin that is none. Not a character, so that it is removed with those that no text has.
pub(super) const GUARD: char = '\u{FFFF}';

/// The text with a guard before whatever an operator wants to be read: what Markdown would take for the definition of a link
/// (`[UPDATE]: We are on it`), a sign before a number (`> 90 % fail`, `+ 900 ms`), the signs of a diff, the day of a date (`14. 3. 2027`), a number with a zero
/// before it (`01. December`), and the times of a crontab (`* * * * * backup`).
pub(super) fn literal(markdown: &str) -> String {
    let lines: Vec<&str> = markdown.split('\n').collect();
    let mut guards: Vec<Option<usize>> = lines
        .iter()
        .map(|line| {
            definition(line).or_else(|| date(line)).or_else(|| padded(line)).or_else(|| crontab(line))
        })
        .collect();
    let quotations = runs(&lines, |line| mark(line, '>'), |line| line.trim_start().starts_with('>'));
    let signs = runs(&lines, |line| mark(line, '+').or_else(|| mark(line, '-')), |_| true);
    // A quotation may have a line that begins with a number. Signs stand beside each other, or it is a list.
    let is_text = |run: &[Mark]| run.iter().all(|mark| mark.before_number);
    // What a diff takes away and adds.
    let is_diff = |run: &[Mark]| {
        let stands = |sign, at| run.iter().any(|mark| mark.sign == sign && mark.at == at);
        run.iter().any(|mark| mark.sign == '+' && stands('-', mark.at))
    };
    let is_sign = |run: &[Mark]| is_diff(run) || is_text(run) && run.iter().any(|mark| mark.sign == '+');
    let literal = quotations.iter().filter(|run| is_text(run)).chain(signs.iter().filter(|run| is_sign(run)));
    for mark in literal.flatten() {
        if let Some(guard) = guards.get_mut(mark.line) {
            *guard = Some(guard.map_or(mark.at, |at| at.min(mark.at)));
        }
    }
    let guarded =
        lines.iter().zip(guards).map(|(line, guard)| match guard.and_then(|at| line.split_at_checked(at)) {
            Some((before, after)) => format!("{before}{GUARD}{after}"),
            None => (*line).to_owned(),
        });
    guarded.collect::<Vec<_>>().join("\n")
}

/// Whether a line stands for itself although no mark of Markdown begins it: it begins with a guard or with a number, as in a list.
pub(super) fn stands_alone(line: &str) -> bool {
    line.starts_with(GUARD) || number(line).is_some()
}

/// The number with which an item of a list begins, and what follows it: a text, or nothing.
pub(super) fn number(item: &str) -> Option<(u64, &str)> {
    let digits = item.find(|c: char| !c.is_ascii_digit()).unwrap_or(item.len());
    let (number, rest) = item.split_at_checked(digits)?;
    let rest = rest.strip_prefix(['.', ')'])?;
    let is_marker = number.len() <= 9 && (rest.is_empty() || rest.starts_with([' ', '\t', '\n']));
    Some((number.parse().ok().filter(|_| is_marker)?, rest))
}

/// Where the definition of a link would begin.
fn definition(line: &str) -> Option<usize> {
    let inside =
        line.trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || ">*+-.)".contains(c));
    let (_, after) = inside.strip_prefix('[')?.split_once(']')?;
    after.starts_with(':').then(|| line.len().saturating_sub(inside.len()))
}

/// Where the day of a date begins that would be a list in a list: a number that another one follows.
fn date(line: &str) -> Option<usize> {
    let mut places = marks(line);
    places.find_map(|(at, rest)| {
        let (_, after) = number(rest)?;
        number(after.trim_start()).map(|_| at)
    })
}

/// Where a number begins with a zero that a list would not show.
fn padded(line: &str) -> Option<usize> {
    let is_padded = |rest: &str| {
        number(rest).is_some()
            && rest.starts_with('0')
            && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    };
    marks(line).find(|(_, rest)| is_padded(rest)).map(|(at, _)| at)
}

/// Where a line of a crontab begins: five times, such as `*` or `*/5` (POSIX, crontab).
fn crontab(line: &str) -> Option<usize> {
    let times = line.split_whitespace().take(5);
    let is_time = |word: &str| word.bytes().all(|b| b.is_ascii_digit() || b"*/,-".contains(&b));
    let is_crontab = times.clone().count() == 5 && times.clone().all(is_time) && line.contains("* ");
    (is_crontab && !line.contains("- - -")).then(|| line.len().saturating_sub(line.trim_start().len()))
}

/// A mark at the beginning of a line.
struct Mark {
    line: usize,
    at: usize,
    sign: char,
    before_number: bool,
}

/// Where a line begins with a sign that Markdown knows, and whether a number follows it.
fn mark(line: &str, sign: char) -> Option<(usize, char, bool)> {
    let (at, after) = marks(line).find_map(|(at, rest)| Some((at, rest.strip_prefix(sign)?)))?;
    // "At least", an amount, a part of one.
    let number = if sign == '>' { after.strip_prefix('=').unwrap_or(after) } else { after };
    let number = number.trim_start().trim_start_matches(|c| "~≈±−-+$€£¥₹.".contains(c));
    Some((at, sign, number.starts_with(char::is_numeric)))
}

/// The marks of lines that stand below each other: those with a mark, each but the first with one that may continue.
fn runs(
    lines: &[&str],
    mark: impl Fn(&str) -> Option<(usize, char, bool)>,
    continues: impl Fn(&str) -> bool,
) -> Vec<Vec<Mark>> {
    let mut runs: Vec<Vec<Mark>> = Vec::new();
    let mut is_open = false;
    for (line, text) in lines.iter().enumerate() {
        let Some((at, sign, before_number)) = mark(text) else {
            is_open = false;
            continue;
        };
        let mark = Mark { line, at, sign, before_number };
        match runs.last_mut().filter(|_| is_open && continues(text)) {
            Some(run) => run.push(mark),
            None => runs.push(vec![mark]),
        }
        is_open = true;
    }
    runs
}

/// The places at the beginning of a line where Markdown looks for a mark, each with what stands there: after white space, and after
/// each mark of a list.
fn marks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let places = std::iter::successors(Some(line.trim_start()), |rest| after_mark(rest));
    places.map(|rest| (line.len().saturating_sub(rest.len()), rest))
}

/// What follows the mark of an item, if the text begins with one.
fn after_mark(text: &str) -> Option<&str> {
    let bullet = text.strip_prefix(['*', '+', '-']).filter(|after| after.starts_with([' ', '\t']));
    Some(bullet.or_else(|| number(text).map(|(_, after)| after))?.trim_start())
}

/// How deep lists may be for the indentation of their items to count.
const MAX_DEPTH: usize = 32;

/// What is open around a line.
enum Container {
    Quotation,
    /// An item of a list, and how far its mark is indented.
    Item(usize),
}

/// The text with a blank line before each line that is no part of the item or the quotation above it, as it is not indented, or has no
/// `>`. CommonMark would draw it in (section 5.1, "laziness").
pub(super) fn without_continuations(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len());
    let mut done = 0;
    let mut around: Vec<Container> = Vec::new();
    // How many of these a line of this paragraph is still in, and how much of its text is open: emphasis or a link.
    let (mut still, mut open) = (0, 0_usize);
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }) => {
                open = open.saturating_add(1)
            }
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image) => {
                open = open.saturating_sub(1)
            }
            Event::Start(tag) => {
                match tag {
                    // Nobody writes a list as deep as this, and to measure each item of one would take time as the square of it.
                    Tag::Item if around.len() >= MAX_DEPTH => around.push(Container::Item(0)),
                    Tag::Item => around.push(Container::Item(column(markdown, range.start))),
                    Tag::BlockQuote(_) => around.push(Container::Quotation),
                    _ => {}
                }
                still = around.len();
            }
            Event::End(tag) => {
                if matches!(tag, TagEnd::Item | TagEnd::BlockQuote(_)) {
                    around.pop();
                }
                still = around.len();
            }
            Event::SoftBreak | Event::HardBreak if open == 0 => {
                let Some((start, line)) = next_line(markdown, range.start) else { continue };
                let (inside, prefix) = inside(around.get(..still).unwrap_or_default(), line);
                if inside < still {
                    written.push_str(markdown.get(done..start).unwrap_or_default());
                    written.push_str(line.get(..prefix).unwrap_or_default());
                    written.push('\n');
                    (done, still) = (start, inside);
                }
            }
            _ => {}
        }
    }
    written.push_str(markdown.get(done..).unwrap_or_default());
    written
}

/// Where the next line begins, and its text.
fn next_line(markdown: &str, from: usize) -> Option<(usize, &str)> {
    let start = markdown.get(from..)?.find('\n')?.checked_add(from)?.checked_add(1)?;
    Some((start, markdown.get(start..)?.split('\n').next()?))
}

/// How far the mark of an item is indented, which begins there or after white space, in its quotation.
fn column(markdown: &str, item: usize) -> usize {
    let (before, after) = markdown.split_at_checked(item).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let quoted = line.rfind('>').and_then(|at| line.get(at.saturating_add(1)..));
    // The space after a mark of a quotation belongs to the mark.
    let line = quoted.map_or(line, |inside| inside.strip_prefix(' ').unwrap_or(inside));
    line.chars().count().saturating_add(indentation(after))
}

/// How far a text is indented. A tab counts for four.
fn indentation(text: &str) -> usize {
    text.chars()
        .map_while(|c| match c {
            ' ' => Some(1),
            '\t' => Some(4),
            _ => None,
        })
        .sum()
}

/// How many of the containers a line is in, and how long its marks of quotations are.
fn inside(around: &[Container], line: &str) -> (usize, usize) {
    let mut rest = line;
    let mut prefix = 0;
    for (index, container) in around.iter().enumerate() {
        match container {
            Container::Item(column) if indentation(rest) > *column => {}
            Container::Quotation if rest.trim_start().starts_with('>') => {
                let marked = rest.trim_start().strip_prefix('>').unwrap_or_default();
                prefix = line.len().saturating_sub(marked.len());
                rest = marked.strip_prefix(' ').unwrap_or(marked);
            }
            _ => return (index, prefix),
        }
    }
    (around.len(), prefix)
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
