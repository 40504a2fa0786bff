//! How a text is split into sentences and words, and patterns of words.

use std::ops::Range;

/// The words of a text, in lower case, with straight apostrophes. `I/O`, `i.e.` and `US` are words of their own: neither
/// "I" nor "us" is in them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    written_words(text).map(lower)
}

/// The same words as they are written.
pub(super) fn written_words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(parts)
}

/// A word in lower case, with straight apostrophes.
pub(super) fn lower(word: &str) -> String {
    match word {
        "US" => "usa".to_owned(),
        word => word.to_lowercase().replace(is_apostrophe, "'"),
    }
}

/// The words of what stands between two spaces.
fn parts(chunk: &str) -> Vec<&str> {
    let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let is_abbreviation =
        chunk.contains(['/', '.']) && chunk.split(['/', '.']).all(|part| part.chars().count() == 1);
    if is_abbreviation {
        return vec![chunk];
    }
    chunk
        .split(|c: char| !(c.is_alphanumeric() || is_apostrophe(c)))
        .map(|part| part.trim_matches(is_apostrophe))
        .filter(|part| !part.is_empty())
        .collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

/// A word in lower case with its contraction written out: "we've" is "we have", "didn't" is "did not". A possessive "'s"
/// is left out.
pub(super) fn plain_words(word: &str) -> impl Iterator<Item = String> {
    const SUFFIXES: [(&str, &str); 7] = [
        ("n't", "not"),
        ("'ve", "have"),
        ("'re", "are"),
        ("'ll", "will"),
        ("'m", "am"),
        ("'d", "had"),
        ("'s", ""),
    ];
    let word = lower(word);
    let (stem, second) = match word.as_str() {
        "cannot" | "can't" => ("can", "not"),
        "won't" => ("will", "not"),
        "it's" | "that's" | "this's" | "there's" | "what's" | "who's" | "he's" | "she's" => {
            (word.trim_end_matches("'s"), "is")
        }
        word => SUFFIXES
            .iter()
            .find_map(|(suffix, second)| Some((word.strip_suffix(suffix)?, *second)))
            .unwrap_or((word, "")),
    };
    [stem.to_owned(), second.to_owned()].into_iter().filter(|word| !word.is_empty())
}

/// How many words a text has.
pub(crate) fn word_count(text: &str) -> usize {
    words(text).map(|word| length(&word)).fold(0, usize::saturating_add)
}

/// How many words of some texts differ from each other.
pub(super) fn different_words<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    let different: std::collections::BTreeSet<String> = texts.flat_map(words).collect();
    different.iter().map(|word| length(word)).fold(0, usize::saturating_add)
}

/// How many words stand without a space between them. Scripts that set no space between words have about two letters to a word.
fn length(word: &str) -> usize {
    let is_unspaced = |c: &char| {
        matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
            || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    };
    word.chars().filter(is_unspaced).count().div_ceil(2).max(1)
}

/// The blocks of a text, which line ends separate.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0_usize;
    text.split_inclusive('\n').map(move |line| {
        let start = end;
        end = end.saturating_add(line.len());
        start..end
    })
}

/// The sentences of a text. A full stop within a word or a number ends none, nor does one in a German date.
pub(super) fn sentence_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0_usize;
    let ends = text.char_indices().filter(|(at, c)| {
        let after = text.get(at.saturating_add(c.len_utf8())..).unwrap_or_default();
        let before = text.get(..*at).unwrap_or_default();
        let goes_on = after.starts_with(char::is_alphanumeric) && before.ends_with(char::is_alphanumeric);
        // "Am 20.11. war" has a date.
        let is_of_date = before.ends_with(|c: char| c.is_ascii_digit())
            && after.trim_start_matches(' ').starts_with(char::is_lowercase);
        let is_within = *c == '.' && (goes_on || is_ordinal(before) || is_of_date);
        matches!(c, '.' | '!' | '?' | '\n') && !is_within
    });
    let ends: Vec<usize> = ends.map(|(at, _)| at.saturating_add(1)).chain([text.len()]).collect();
    ends.into_iter().filter_map(move |end| {
        let part = text.get(start..end)?;
        let trimmed = part.trim();
        let from = start.saturating_add(part.len().saturating_sub(part.trim_start().len()));
        start = end;
        (!trimmed.is_empty()).then(|| from..from.saturating_add(trimmed.len()))
    })
}

/// Whether a text ends as in "am 3", where a full stop makes an ordinal of the number.
fn is_ordinal(before: &str) -> bool {
    let rest = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = before.len().saturating_sub(rest.len());
    let word = rest.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    (1..3).contains(&digits) && rest.ends_with(' ') && has("am vom bis zum den der dem seit ab", &word)
}

/// Whether a list of words, separated by spaces, has one.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// How many of the first words are those of a pattern: words separated by spaces, each with its alternatives between bars,
/// such as `a|some portion of`. A word may be in the plural or the possessive.
pub(super) fn matched(words: &[String], pattern: &str) -> Option<usize> {
    let mut following = words.iter();
    pattern.split(' ').try_fold(0_usize, |count, choices| {
        let word = following.next()?;
        choices.split('|').any(|known| is_form(word, known)).then(|| count.saturating_add(1))
    })
}

/// Whether a word is another one, its plural or its possessive.
fn is_form(word: &str, of: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    match word.strip_prefix(of) {
        Some(rest) => matches!(rest, "" | "s" | "es"),
        None => of.strip_suffix('y').is_some_and(|stem| word.strip_prefix(stem) == Some("ies")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        words(text).collect()
    }

    #[test]
    fn apostrophes_are_straight_and_quotation_marks_are_none() {
        assert_eq!(all("We’ve ‘broken’ customers’ I'd"), ["we've", "broken", "customers", "i'd"]);
        assert_eq!(all("third-party I/O, i.e. the US"), ["third", "party", "i/o", "i.e", "the", "usa"]);
    }

    #[test]
    fn contractions_are_written_out() {
        let plain = |text: &str| written_words(text).flat_map(plain_words).collect::<Vec<_>>().join(" ");
        assert_eq!(plain("We've, I'm, we’ll, we'd"), "we have i am we will we had");
        assert_eq!(plain("didn't, can’t, won't"), "did not can not will not");
        assert_eq!(plain("It's our provider's"), "it is our provider");
    }

    #[test]
    fn words_are_counted_in_scripts_without_spaces() {
        assert_eq!(word_count("We are on it, all of us."), 7);
        assert_eq!(word_count("当番の技術者は疲れていました。"), 7);
        assert_eq!(word_count("磁盘已满。"), 2);
        assert_eq!(word_count("디스크가 가득 찼습니다."), 3);
        assert_eq!(word_count(""), 0);
        assert_eq!(different_words(["The the THE.", "The disk."].into_iter()), 2);
    }

    #[test]
    fn sentences_end_at_their_marks_and_not_within_a_number() {
        let split = |text: &'static str| sentence_ranges(text).map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(split("Version 1.5 broke. Sorry!\nÜber.\n"), ["Version 1.5 broke.", "Sorry!", "Über."]);
        assert_eq!(split("Am 3. Oktober war es aus. Es lief"), ["Am 3. Oktober war es aus.", "Es lief"]);
        assert_eq!(
            split("Am 20.11. war es aus. Version 2. Es lief"),
            ["Am 20.11. war es aus.", "Version 2.", "Es lief"]
        );
    }

    #[test]
    fn patterns_know_alternatives_plurals_and_possessives() {
        let found = |text: &str, pattern| matched(&all(text), pattern);
        assert_eq!(found("a partner's networks were", "a partner|vendor network"), Some(3));
        assert_eq!(found("technical difficulties", "technical issue|difficulty"), Some(2));
        assert_eq!(found("a partnership", "a partner"), None);
        assert_eq!(found("a", "a partner"), None);
    }
}
