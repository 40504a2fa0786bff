//! The clauses of a sentence.

use super::vocabulary::{NOMINATIVES, OPENERS};
use crate::review::words::{has, plain_words};

/// A part of a sentence with a predicate of its own, as far as its words tell.
#[derive(Debug)]
pub(super) struct Clause {
    /// The conjunction with which it begins, which is not one of its words; empty if there is none.
    pub(super) opener: String,
    /// Its words, with contractions written out.
    pub(super) words: Vec<String>,
}

/// Where a clause ends whatever its words are.
fn is_boundary(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '(' | ')' | '–' | '—' | '"' | '“' | '”' | '.' | '!' | '?')
}

/// The clauses of a sentence: they end at a comma and the like, at a conjunction, and before "we".
pub(super) fn clauses(sentence: &str) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for part in sentence.replace(" - ", " – ").split(is_boundary) {
        let mut clause = Clause { opener: String::new(), words: Vec::new() };
        let mut previous = String::new();
        for word in plain_words(part) {
            // "Anything but" is one word.
            let opens = has(OPENERS, &word) && !(word == "but" && previous == "anything");
            let begins = has(NOMINATIVES, &word) && !clause.words.is_empty();
            previous.clone_from(&word);
            if opens || begins {
                let next = Clause { opener: String::new(), words: Vec::new() };
                clauses.push(std::mem::replace(&mut clause, next));
            }
            if opens {
                clause.opener = word;
            } else {
                clause.words.push(word);
            }
        }
        clauses.push(clause);
    }
    // A conjunction before another one, as in "and when", leaves nothing behind.
    clauses.retain(|clause| !clause.words.is_empty());
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_marks_and_conjunctions_and_before_we() {
        let split = |text: &str| {
            clauses(text)
                .iter()
                .map(|clause| format!("{}|{}", clause.opener, clause.words.join(" ")))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            split("We've no outage; nothing failed, and when I'm back we know that it broke."),
            ["|we have no outage", "|nothing failed", "when|i am back", "|we know", "that|it broke"]
        );
        assert_eq!(split("It was anything but our fault."), ["|it was anything but our fault"]);
    }
}
