//! Characters that Markdown would take for marks where nobody means any: in addresses, paths, names of programs, numbers and formulas.

use std::ops::Range;

use super::autolink::{next_run, without_end};
use super::lines::GUARD;
use super::places::Places;

/// The text with a backslash before each character that is to be read and not to act.
pub(super) fn literal_marks(markdown: &str) -> String {
    let places = Places::of(markdown);
    let whole = whole(markdown, &places);
    let (mut closed, mut whole) = (places.closed.iter().peekable(), whole.iter().peekable());
    let mut writer = Writer { written: String::with_capacity(markdown.len()), ..Writer::default() };
    let mut at = 0;
    while let Some(rest) = markdown.get(at..).filter(|rest| !rest.is_empty()) {
        while closed.next_if(|range| range.end <= at).is_some() {}
        while whole.next_if(|run| run.range.end <= at).is_some() {}
        let length = if let Some(range) = closed.peek().filter(|range| range.start <= at) {
            let length = range.end.saturating_sub(at);
            writer.push(rest.get(..length).unwrap_or(rest));
            length
        } else if let Some(run) = whole.peek().filter(|run| run.range.start <= at) {
            let length = run.range.end.saturating_sub(at);
            writer.escape(rest.get(..length).unwrap_or(rest), run.marks);
            // What emphasises all of it stands around it, whatever its last sign is.
            writer.before = (None, Some(GUARD));
            writer.in_windows |= run.is_windows;
            length
        } else {
            writer.next(rest)
        };
        at = at.saturating_add(length.max(1));
    }
    writer.written
}

/// The marks that could begin something in an address, and in a path of Unix, where a backslash is none.
const ALL: &[char] = &['*', '_', '[', ']', '`', '\\'];
const STARS: &[char] = &['*', '_'];

/// An address or a path, in which nothing is a mark.
struct Run {
    range: Range<usize>,
    marks: &'static [char],
    /// Whether it is a path of Windows. One with a space goes on after it.
    is_windows: bool,
}

/// The addresses and paths that stand in plain text. Each runs to white space or `<`, as addresses do in GitHub's Markdown (Autolinks, an
/// extension).
fn whole(markdown: &str, places: &Places) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut add = |at: usize, run: &str, marks, is_windows| {
        // A backslash before another one is no text yet.
        let Some(place) = places.at(at).or_else(|| places.at(at.saturating_add(1))) else { return false };
        let run = place.limit.checked_sub(at).and_then(|length| run.get(..length)).unwrap_or(run);
        // What emphasises it may end right after it.
        let run = if place.is_emphasised { without_end(run, false) } else { run };
        found.push(Run { range: at..at.saturating_add(run.len()), marks, is_windows });
        true
    };
    let mut from = 0;
    while let Some((at, run)) = next_run(markdown, from) {
        let length = if add(at, run, ALL, false) { run.len() } else { "http".len() };
        from = at.saturating_add(length);
    }
    // The character before, and the last one that is no mark: after a word, marks end what they emphasise, and begin no path.
    let (mut before, mut inner) = (None::<char>, None::<char>);
    for (at, c) in markdown.char_indices() {
        let is_end = before.is_some_and(|c| STARS.contains(&c)) && inner.is_some_and(char::is_alphanumeric);
        let begins = before.is_none_or(|c| c.is_whitespace() || "([{\"'*_=„“‚‘«»>".contains(c) || c == GUARD)
            && !is_end;
        before = Some(c);
        inner = if STARS.contains(&c) { inner } else { before };
        if let Some((rest, marks)) = markdown.get(at..).filter(|_| begins).and_then(path) {
            add(at, rest, marks, marks == ALL);
        }
    }
    found.sort_by_key(|run| run.range.start);
    found
}

/// The path with which a text begins, up to white space or `<`, and what could be a mark in it.
fn path(text: &str) -> Option<(&str, &'static [char])> {
    let is_name = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || "._".contains(c));
    let (_, drive) = text.split_at_checked(1)?;
    let is_windows = text.strip_prefix("\\\\").is_some_and(is_name)
        || text.starts_with(|c: char| c.is_ascii_alphabetic()) && drive.starts_with(":\\")
        || ["..\\", ".\\"]
            .into_iter()
            .find_map(|root| text.strip_prefix(root))
            .is_some_and(|rest| is_name(rest) || rest.starts_with('*'));
    let relative = ["../", "./", "~/"].into_iter().find_map(|root| text.strip_prefix(root));
    let is_unix = relative.is_some_and(|rest| is_name(rest) || rest.starts_with('*'))
        || text.strip_prefix('/').is_some_and(is_name);
    let marks = if is_windows { ALL } else { is_unix.then_some(STARS)? };
    let end = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
    Some((text.get(..end)?, marks))
}

#[derive(Default)]
struct Writer {
    written: String,
    /// The last two characters that were read.
    before: (Option<char>, Option<char>),
    /// Whether there is text on this line: more than what may be the mark of an item or a quotation.
    in_text: bool,
    /// Whether a path of Windows began on this line: a backslash is one to read, up to its end.
    in_windows: bool,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.written.push_str(text);
        for c in text.chars() {
            self.before = (self.before.1, Some(c));
            self.in_windows &= c != '\n';
            self.in_text = c != '\n'
                && (self.in_text
                    || !(c.is_whitespace() || c.is_ascii_digit() || ">*+-.)".contains(c) || c == GUARD));
        }
    }

    /// Adds a text in which these characters are no marks.
    fn escape(&mut self, text: &str, marks: &[char]) {
        for c in text.chars() {
            if marks.contains(&c) {
                self.written.push('\\');
            }
            self.push(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Adds what the rest begins with: a character, or several that belong together. Returns how long they are.
    fn next(&mut self, rest: &str) -> usize {
        let first = rest.chars().next().unwrap_or_default();
        if let Some(name) = self.identifier(rest) {
            self.escape(name, STARS);
            return name.len();
        }
        let run = match first {
            '\\' => return self.backslash(rest),
            '*' | '_' => rest
                .get(..rest.len().saturating_sub(rest.trim_start_matches(first).len()))
                .unwrap_or_default(),
            _ => rest.get(..first.len_utf8()).unwrap_or_default(),
        };
        let mut after = rest.get(run.len()..).unwrap_or_default().chars();
        let around = Around { before: self.before, after: (after.next(), after.next()) };
        match first {
            '*' | '_' => match around.meaning(first, run.len()) {
                Meaning::Text => self.escape(run, STARS),
                Meaning::Mark => self.push(run),
                Meaning::Beginning => {
                    self.push(run);
                    self.written.push(GUARD);
                }
                Meaning::End => {
                    self.written.push(GUARD);
                    self.push(run);
                }
            },
            _ => self.push(run),
        }
        run.len()
    }

    /// The name of a program with which the rest begins, such as `__init__`, or `_x_` in `foo._x_`.
    fn identifier<'a>(&self, rest: &'a str) -> Option<&'a str> {
        let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let word = rest.get(..rest.find(|c| !known(c)).unwrap_or(rest.len()))?;
        let name = word.trim_matches('_');
        let marks = word.len().checked_sub(word.trim_start_matches('_').len())?;
        let is_whole = marks > 0 && word.ends_with('_') && !name.is_empty();
        let mut after = rest.get(word.len()..)?.chars();
        let around = Around { before: self.before, after: (name.chars().next(), None) };
        let end = Around { before: (None, name.chars().next_back()), after: (after.next(), after.next()) };
        let is_special =
            marks == 2 && word.ends_with("__") && !name.contains(|c: char| c.is_ascii_uppercase());
        let is_meant = is_special || around.adjoins_before('_', marks) || end.adjoins_after('_', marks);
        (is_whole && is_meant).then_some(word)
    }

    /// Whether a backslash before these characters is one of a name, as in `%TEMP%\*.tmp` and `ACME\_backup`. Markdown's own is in
    /// `foo\_bar` and `MAX\_SIZE`.
    fn is_of_name(&self, next: char, then: char) -> bool {
        let (first, before) = self.before;
        match (before, next) {
            // A pattern of SQL, as in `LIKE 'a\_%'`.
            (_, '_') if then == '%' => true,
            (Some('%'), '*' | '_') => {
                first.is_some_and(|c| c.is_ascii_uppercase()) && (then == '.' || then.is_alphanumeric())
            }
            (Some(before), '_') => {
                before.is_ascii_uppercase()
                    && first.is_some_and(|c| c.is_ascii_uppercase())
                    && then.is_ascii_lowercase()
            }
            _ => false,
        }
    }

    /// Adds a backslash, and the mark after it if it is there to keep that from acting. Else it is to be read.
    fn backslash(&mut self, rest: &str) -> usize {
        let mut after = rest.chars().skip(1);
        let (next, then) = (after.next().unwrap_or('\n'), after.next());
        if self.in_windows || self.is_of_name(next, then.unwrap_or_default()) {
            let mark = Some(next).filter(|c| c.is_ascii_punctuation() && *c != '\\');
            self.escape("\\", ALL);
            mark.into_iter().for_each(|c| {
                self.written.push('\\');
                self.push(c.encode_utf8(&mut [0; 4]));
            });
            return mark.map_or(1, |c| c.len_utf8().saturating_add(1));
        }
        let begins = !self.in_text;
        let acts = match next {
            '*' | '_' | '`' | '[' | ']' | '<' | '>' => true,
            // A backslash acts on what comes after it.
            '\\' => rest.trim_start_matches('\\').chars().next().is_none_or(|c| "*_`[]<>\n".contains(c)),
            '#' | '+' | '-' | '=' | '~' => begins,
            '.' | ')' => begins && self.before.1.is_some_and(|c| c.is_ascii_digit()),
            '(' | ':' => self.before.1 == Some(']'),
            '!' => then == Some('['),
            '&' => then.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
            _ => false,
        };
        if acts {
            let both = rest.get(..2).unwrap_or(rest);
            self.push(both);
            return both.len();
        }
        if next.is_ascii_punctuation() {
            self.written.push('\\');
        }
        self.push("\\");
        1
    }
}

/// What stands around marks, nearest to them last before and first after them.
struct Around {
    before: (Option<char>, Option<char>),
    after: (Option<char>, Option<char>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// What Markdown takes it for.
    Mark,
    /// Characters to be read.
    Text,
    /// It can begin emphasis, and ends none.
    Beginning,
    /// It can end emphasis, and begins none.
    End,
}

/// What can stand beside a mark.
enum Beside {
    Space,
    /// Punctuation of ASCII, which formulas, paths and programs are made of.
    Sign(char),
    Other,
}

impl Around {
    /// What so many marks mean here: emphasis begins and ends at the outer side of words.
    fn meaning(&self, mark: char, count: usize) -> Meaning {
        let ((_, before), (after, then)) = (self.before, self.after);
        let mark_if = |is_mark: bool| if is_mark { Meaning::Mark } else { Meaning::Text };
        match (beside(before), beside(after)) {
            (Beside::Space, Beside::Space) => Meaning::Mark,
            _ if count > 3 => Meaning::Text,
            _ if is_of_word(before) && is_of_word(after) => Meaning::Text,
            (Beside::Sign(_), Beside::Other) => {
                mark_if(!self.adjoins_before(mark, count) && !self.begins_comment(mark, count))
            }
            // After a quotation mark that is none of ASCII.
            (Beside::Other, Beside::Sign(_)) if !before.is_some_and(char::is_alphanumeric) => Meaning::End,
            (Beside::Other, Beside::Sign(_)) => mark_if(!self.adjoins_after(mark, count)),
            (Beside::Space, Beside::Sign(sign)) => mark_if(match sign {
                // An ellipsis, a name such as .NET, or a path; `*.js` and `**/x` are patterns.
                '.' => then == Some('.') || count > 1 && then.is_some_and(char::is_alphanumeric),
                '/' => count > 1 && then.is_some_and(char::is_alphanumeric),
                sign => !")]},;?=%>|".contains(sign),
            }),
            (Beside::Sign(sign), Beside::Space) => mark_if(may_end(sign)),
            (Beside::Sign(_), Beside::Sign(_)) if self.begins_comment(mark, count) => Meaning::Text,
            (Beside::Sign(left), Beside::Sign(right)) => {
                let quotes = |sign| matches!(sign, '"' | '\'');
                // A quotation begins before a word.
                let is_closing = quotes(right) && !then.is_some_and(char::is_alphanumeric);
                let begins = "\"'([{<#@$&_`*+-~\\".contains(right) && !")]}.".contains(left) && !is_closing;
                let ends = may_end(left) && !"([{<#@$".contains(right);
                // `"*"` is the character.
                let is_quoted = quotes(left) && quotes(right);
                match (begins && !is_quoted, ends && !is_quoted) {
                    (true, true) => Meaning::Mark,
                    (true, false) => Meaning::Beginning,
                    (false, true) => Meaning::End,
                    (false, false) => Meaning::Text,
                }
            }
            _ => Meaning::Mark,
        }
    }

    /// Whether it begins a comment of a program, as in `/*+ INDEX */`.
    fn begins_comment(&self, mark: char, count: usize) -> bool {
        let (first, before) = self.before;
        mark == '*' && count < 3 && before == Some('/') && first.is_none_or(char::is_whitespace)
    }

    /// Whether a sign before marks and the word after them belong together, as in `(a+b)*2` and `foo._x`.
    fn adjoins_before(&self, mark: char, count: usize) -> bool {
        let ((first, before), (after, _)) = (self.before, self.after);
        match before {
            Some('/') => {
                (mark == '_' || count == 1) && first.is_some_and(|c| c.is_alphanumeric() || c == '.')
            }
            Some('.' | '%' | '$' | '@' | '#' | '}' | ']' | '+') if mark == '_' => true,
            Some('\\' | '=') => mark == '_' || count == 1,
            Some('.' | ')' | ']' | '}') if mark == '*' => {
                count == 1 || after.is_some_and(|c| c.is_ascii_digit())
            }
            _ => false,
        }
    }

    /// Whether a word before marks and the sign after them belong together, as in `5*(a+b)` and `lib*.so`.
    fn adjoins_after(&self, mark: char, count: usize) -> bool {
        let ((_, before), (after, then)) = (self.before, self.after);
        let goes_on = then.is_some_and(|c| c.is_ascii_alphanumeric());
        match after {
            Some('/' | '.') => (mark == '_' || count == 1) && goes_on,
            Some('\\' | '=') => mark == '_' || count == 1,
            Some('(' | '[' | '{') => mark == '_' || count == 1 || before.is_some_and(|c| c.is_ascii_digit()),
            _ => false,
        }
    }
}

/// Whether a text that is emphasised may end with this sign.
fn may_end(sign: char) -> bool {
    !"/\\([{<=$@#&+-^|".contains(sign)
}

fn beside(c: Option<char>) -> Beside {
    match c {
        None => Beside::Space,
        Some(c) if c.is_whitespace() => Beside::Space,
        Some(c) if c.is_ascii_punctuation() => Beside::Sign(c),
        Some(_) => Beside::Other,
    }
}

/// Whether the character is a letter or a digit of a script that sets spaces between words.
fn is_of_word(c: Option<char>) -> bool {
    let without_spaces = |c: char| {
        // Thai to Burmese, Hangul, Khmer, Chinese and Japanese. Korean sets spaces, but particles follow a word directly.
        matches!(c, '\u{E00}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{A4CF}'
            | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
    };
    c.is_some_and(|c| c.is_alphanumeric() && !without_spaces(c))
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
