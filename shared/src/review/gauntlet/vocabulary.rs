//! The word lists of the rules, and how a text is split into sentences and words.

use crate::review::phrases::words;

/// With fewer words, a text on what went wrong or on people meets the criterion only in part.
pub(super) const SUBSTANCE_WORDS: usize = 12;
pub(super) const FIRST_PERSON: [&str; 8] = ["we", "our", "us", "i", "my", "we're", "we've", "we’re"];

pub(super) const FAILURE: [&str; 36] = [
    "fail",
    "failed",
    "failing",
    "failure",
    "fails",
    "broke",
    "broken",
    "down",
    "outage",
    "wrong",
    "mistake",
    "mistakes",
    "error",
    "errors",
    "fault",
    "sorry",
    "apologise",
    "apologize",
    "apologies",
    "lost",
    "unavailable",
    "unreachable",
    "crashed",
    "stopped",
    "missed",
    "underestimated",
    "overloaded",
    "couldn't",
    "misjudged",
    "offline",
    "interrupted",
    "interruption",
    "disrupted",
    "disruption",
    "degraded",
    "degradation",
];

pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

pub(super) fn has_any(sentence: &str, list: &[&str]) -> bool {
    words(sentence).any(|word| list.contains(&word.as_str()))
}

pub(super) fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 13] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "several",
    ];
    word.chars().any(|c| c.is_ascii_digit()) || NUMBERS.contains(&word)
}

/// Whether a text has a count: a number that is not a time of day, a date or a duration.
pub(super) fn has_count(text: &str) -> bool {
    const TIME: [&str; 26] = [
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "utc",
        "am",
        "pm",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "o'clock",
    ];
    let tokens: Vec<&str> = text.split_whitespace().collect();
    tokens.iter().enumerate().any(|(index, token)| {
        let near = |at: Option<usize>| {
            let token = at.and_then(|at| tokens.get(at)).copied().unwrap_or_default();
            words(token).any(|word| TIME.contains(&word.as_str()))
        };
        let number = token.chars().any(|c| c.is_ascii_digit())
            && !token.contains(':')
            && token.matches('-').count() < 2;
        number && !near(index.checked_add(1)) && !near(index.checked_sub(1))
    })
}
