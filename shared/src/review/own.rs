//! What an author says himself: a text without code, quotations and addresses, split into sentences.

use std::ops::Range;

use super::words::{blocks, sentence_ranges};

/// A longer passage between single marks is none: the marks are apostrophes.
const PASSAGE_CHARS: usize = 400;

/// A sentence of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    /// What the author says himself. What was taken away is spaces.
    pub(super) own: String,
    /// The sentence as it was written.
    pub(super) written: &'a str,
    /// Whether a line that ends with a colon introduces it: the words may be somebody else's.
    pub(super) is_introduced: bool,
}

/// What a line that ends with a colon introduces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Introduces {
    Nothing,
    /// The next paragraph, or the list that begins there.
    Next,
    /// The list that has begun.
    List,
}

/// The sentences of a text in which the author says something himself, by paragraph.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<Sentence<'_>>> {
    let own = own_words(text);
    let sentence = |range: Range<usize>, is_introduced: bool| {
        let said = own.get(range.clone())?;
        let written = text.get(range)?;
        said.contains(char::is_alphanumeric).then(|| Sentence {
            own: said.to_owned(),
            written,
            is_introduced,
        })
    };
    let mut introduces = Introduces::Nothing;
    let paragraphs = blocks(&own).map(|block| {
        let source = text.get(block.clone()).unwrap_or_default();
        let is_introduced = next_introduced(&mut introduces, source);
        let from = introduced_from(source).saturating_add(block.start);
        let ranges = sentence_ranges(own.get(block.clone()).unwrap_or_default());
        let ranges = ranges
            .map(|range| range.start.saturating_add(block.start)..range.end.saturating_add(block.start));
        let sentences = ranges.filter_map(|range| {
            let is_introduced = is_introduced || range.start >= from;
            sentence(range, is_introduced)
        });
        sentences.collect::<Vec<_>>()
    });
    paragraphs.filter(|sentences| !sentences.is_empty()).collect()
}

/// Whether what came before introduces a paragraph, an item or a line of code, which may introduce the next one.
fn next_introduced(introduces: &mut Introduces, source: &str) -> bool {
    let start = source.trim_start();
    if start.is_empty() {
        return false;
    }
    let is_item = !start.starts_with('#') && marker(start) > 0;
    let is_in_list = is_item || source.starts_with([' ', '\t']);
    let is_introduced = match introduces {
        Introduces::Nothing => false,
        Introduces::Next => true,
        Introduces::List => is_in_list,
    };
    *introduces = match is_introduced {
        _ if ends_with_colon(source) => Introduces::Next,
        true if is_in_list => Introduces::List,
        _ => Introduces::Nothing,
    };
    is_introduced
}

/// Where in a paragraph a line begins that one with a colon at its end introduces; the end of the paragraph if there is none.
fn introduced_from(source: &str) -> usize {
    let line = blocks(source).find(|line| ends_with_colon(source.get(line.clone()).unwrap_or_default()));
    line.map_or(source.len(), |line| line.end)
}

/// What stands before the first colon of a sentence; none is within a time.
pub(super) fn before_colon(sentence: &str) -> &str {
    let mut colons = sentence.match_indices([':', '：']);
    let colon = colons.find(|(at, colon)| {
        let after = sentence.get(at.saturating_add(colon.len())..).unwrap_or_default();
        !after.starts_with(|c: char| c.is_ascii_digit())
    });
    colon.and_then(|(at, _)| sentence.get(..at)).unwrap_or(sentence)
}

fn ends_with_colon(line: &str) -> bool {
    line.trim_end_matches(|c: char| c.is_whitespace() || "*_\\".contains(c)).ends_with([':', '：'])
}

/// The same sentences in one list.
pub(super) fn sentences_of(text: &str) -> Vec<Sentence<'_>> {
    paragraphs(text).into_iter().flatten().collect()
}

/// The fence with which a line begins: what follows may be text (`text/fences.rs`), but no further fence, or the line has code in it and opens
/// none.
fn opening_fence(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = line.trim_start_matches(sign);
    let fence = line.get(..line.len().checked_sub(rest.len())?)?;
    (fence.len() >= 3 && !rest.contains(fence)).then_some(fence)
}

/// Whether a line of code ends with the fence that closes it.
fn closes(line: &str, fence: &str) -> bool {
    line.trim_end().ends_with(fence)
}

/// A text of the same length in which code, quotations, addresses and the marks of lists are spaces. Line ends are left
/// where Markdown has a new block; within a paragraph they are spaces.
pub(super) fn own_words(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let (mut fence, mut is_quoted, mut paragraph) = (None, false, String::new());
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let is_blank = start.is_empty();
        let opened = fence;
        fence = match fence {
            None => opening_fence(start),
            Some(open) if closes(start, open) => None,
            open => open,
        };
        let is_code = opened.or(fence).is_some();
        // Markdown shows the lines that follow a quotation without a blank one as a part of it.
        is_quoted = is_quotation(start) || (is_quoted && !is_blank && !is_code);
        let marker = marker(start);
        if is_blank || is_code || is_quoted || marker > 0 {
            own.push_str(&without_quotations(&paragraph));
            paragraph.clear();
        }
        if is_code || is_quoted {
            own.push_str(&blanked(line.trim_end_matches('\n')));
            own.push_str(if line.ends_with('\n') { "\n" } else { "" });
            continue;
        }
        let indent = line.len().saturating_sub(start.len());
        let (before, after) = line.split_at_checked(indent.saturating_add(marker)).unwrap_or(("", line));
        // A marker ends what was before it: the line end in front of it stays.
        if marker > 0 && own.ends_with(' ') {
            own.pop();
            own.push('\n');
        }
        if is_blank {
            if own.ends_with(' ') {
                own.pop();
                own.push('\n');
            }
            own.push_str(line);
            continue;
        }
        paragraph.push_str(&blanked(before));
        let is_broken = after.ends_with("  \n") || after.ends_with("\\\n") || start.starts_with('#');
        match after.strip_suffix('\n') {
            Some(after) => {
                paragraph.push_str(after);
                paragraph.push(if is_broken { '\n' } else { ' ' });
            }
            None => paragraph.push_str(after),
        }
    }
    own.push_str(&without_quotations(&paragraph));
    own
}

/// Spaces of the same length.
fn blanked(text: &str) -> String {
    " ".repeat(text.len())
}

/// Whether a line begins with ">", and not "> 5 %".
fn is_quotation(line: &str) -> bool {
    line.strip_prefix('>').is_some_and(|rest| !rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// How long the marker is with which a line of a list, a heading or a table begins; 0 if it has none.
fn marker(line: &str) -> usize {
    let mark = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len().saturating_sub(mark.len());
    let is_numbered = (1..4).contains(&digits) && (mark.starts_with(". ") || mark.starts_with(") "));
    let heading = line.len().saturating_sub(line.trim_start_matches('#').len());
    match line {
        _ if is_numbered => digits.saturating_add(1),
        _ if digits == 0 && ["- ", "* ", "+ ", "|"].iter().any(|mark| line.starts_with(mark)) => 1,
        _ => heading,
    }
}

/// A paragraph in which code, quotations and addresses are spaces.
fn without_quotations(paragraph: &str) -> String {
    let mut own = String::with_capacity(paragraph.len());
    let mut rest = paragraph;
    let mut previous = ' ';
    while let Some(c) = rest.chars().next() {
        let end = taken(previous, rest);
        let (taken, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if taken.is_empty() {
            own.push(c);
            previous = c;
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        // A quotation that ends a sentence still ends it.
        let inner = taken.trim_end_matches(['"', '”', '“', '»', '\'', '’']);
        let ends = inner.ends_with(['.', '!', '?']) && inner.len() < taken.len();
        own.push_str(&" ".repeat(taken.len().saturating_sub(usize::from(ends))));
        own.push_str(if ends { "." } else { "" });
        previous = ' ';
        rest = after;
    }
    own
}

/// How many bytes of code, quotation or address a text begins with; 0 if it begins with none.
fn taken(previous: char, text: &str) -> usize {
    let Some(open) = text.chars().next() else { return 0 };
    let body = text.get(open.len_utf8()..).unwrap_or_default();
    let opens = previous.is_whitespace() || matches!(previous, '(' | '[' | '*' | '_' | '—' | '–');
    let until = |marks: &[char]| body.find(marks).map(|at| end_of(open, body, at));
    let whole = || until(&['”', '“', '"']).unwrap_or(text.len());
    match open {
        '`' => until(&['`']).unwrap_or(0),
        '“' | '„' => whole(),
        '«' => until(&['»']).unwrap_or(text.len()),
        '"' if opens || !previous.is_alphanumeric() => until(&['"', '”']).unwrap_or(0),
        '\'' | '‘' if opens => closing(body).map_or(0, |at| end_of(open, body, at)),
        'h' | 'w' | 'H' | 'W' if !previous.is_alphanumeric() => {
            let is_address = ["http://", "https://", "www."].iter().any(|scheme| {
                text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            });
            let end = text.find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | ']'));
            let address = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
            if is_address { address.trim_end_matches(['.', ',', ';', ':', '!', '?']).len() } else { 0 }
        }
        _ => 0,
    }
}

/// Where a passage ends whose closing mark stands at `at` in what follows the opening one.
fn end_of(open: char, body: &str, at: usize) -> usize {
    let close = body.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    open.len_utf8().saturating_add(at).saturating_add(close)
}

/// Where a passage between single marks ends: at the first one that no letter follows, and that is not one after a plural,
/// as in "our customers' shops", if there is another.
fn closing(body: &str) -> Option<usize> {
    let body =
        body.char_indices().nth(PASSAGE_CHARS).map_or(body, |(end, _)| body.get(..end).unwrap_or(body));
    let marks = body.char_indices().filter(|(at, c)| {
        let following = body.get(at.saturating_add(c.len_utf8())..).and_then(|rest| rest.chars().next());
        matches!(c, '\'' | '’') && *at > 0 && !following.is_some_and(char::is_alphanumeric)
    });
    let is_plural = |at: usize| {
        let rest = body.get(at..).unwrap_or_default().chars().nth(1);
        body.get(..at).is_some_and(|before| before.ends_with('s')) && rest == Some(' ')
    };
    let marks: Vec<usize> = marks.map(|(at, _)| at).collect();
    marks.iter().copied().find(|at| !is_plural(*at)).or(marks.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let plain = |said: &str| said.split_whitespace().collect::<Vec<_>>().join(" ");
        sentences_of(text).iter().map(|sentence| plain(&sentence.own)).collect()
    }

    #[test]
    fn what_is_quoted_is_not_said() {
        for (text, wanted) in [
            ("A shop said \"we lost it\". Not so.", &["A shop said .", "Not so."][..]),
            ("They wrote: \"We broke it.\" We add nothing.", &["They wrote: .", "We add nothing."]),
            ("Er sagte „we failed“, so so.", &["Er sagte , so so."]),
            ("« We failed », dit-il. “We fell", &[", dit-il."]),
            ("He said, 'our customers' switch failed'. Over.", &["He said, .", "Over."]),
            ("Our customers' shops weren't up.", &["Our customers' shops weren't up."]),
            ("It printed `we failed`, twice.", &["It printed , twice."]),
            ("```\nwe failed\n```\nIt ran.", &["It ran."]),
            ("> We lost it,\nsaid a shop.\n\nNot so.", &["Not so."]),
            ("> 5 % of you saw it.", &["> 5 % of you saw it."]),
            ("See https://example.com/we/failed, or www.example.com.", &["See , or ."]),
            ("A 19\" rack and a 21\" one.", &["A 19\" rack and a 21\" one."]),
        ] {
            assert_eq!(said(text), wanted, "{text}");
            assert_eq!(own_words(text).len(), text.len(), "{text}");
        }
    }

    #[test]
    fn a_line_end_within_a_paragraph_ends_no_sentence() {
        assert_eq!(
            said("There is no sign that\nwe broke it.\n\nIt ran"),
            ["There is no sign that we broke it.", "It ran"]
        );
        assert_eq!(
            said("Two things\n- It broke\n- We slept\n1. One\n# Why\nA disk"),
            ["Two things", "It broke", "We slept", "One", "Why", "A disk"]
        );
        assert_eq!(said("Sorry  \nWe slept"), ["Sorry", "We slept"]);
    }

    #[test]
    fn a_line_with_a_colon_at_its_end_introduces_what_follows() {
        for (text, wanted) in [
            ("Acme writes:\n\nWe lost it. We slept.\n\nSorry.", &["We lost it.", "We slept."][..]),
            ("**Acme writes:**\nWe lost it. We slept.\n\nSorry.", &["We slept."]),
            ("Acme: \n- we fell\n- we slept\n\n  long\n\nSorry.", &["we fell", "we slept", "long"]),
            ("Acme writes:\n\n> We fell\n\nSorry.", &[]),
            ("Acme writes:\n```\nwe fell\n```\nSorry.", &[]),
            ("At 14:02 it fell: all.\n\nSorry.", &[]),
        ] {
            let sentences = sentences_of(text);
            let introduced: Vec<&str> =
                sentences.iter().filter(|of| of.is_introduced).map(|of| of.written).collect();
            assert_eq!(introduced, wanted, "{text}");
        }
    }

    #[test]
    fn a_sentence_is_known_as_it_was_written() {
        let sentences = sentences_of("It ran. We broke `x`, the \"index\", twice.");
        assert_eq!(sentences[1].written, "We broke `x`, the \"index\", twice.");
    }
}
