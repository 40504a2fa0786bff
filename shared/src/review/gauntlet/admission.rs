//! Whether a sentence admits a failure: who fails in which of its clauses, and whether that is denied.
//!
//! The rule knows words, not meaning. In each clause it looks for the first word of failing, for the subject before it,
//! and for what denies it or makes a possibility of it. Where that leaves a doubt, the sentence admits nothing.

use super::clauses::{Clause, clauses};
use super::vocabulary::{
    ABLE, ABSENCES, ACTS, ASIDES, BEING, BELIEFS, CONDITIONS, DEEDS, ENDS, FINITE, IDIOMS, INABILITIES,
    LIGHT, MEASURES, MOVES, NAMES, NAUGHT, NEGATIONS, NO_DENIALS, OBSERVING, ORIGINS, PEOPLE, POSSIBILITIES,
    PREPOSITIONS, REFERRING, REGRETS, REPAIRING, RUMOURS, STATES, SUPPLIERS, THINGS, WISHES,
};
use crate::review::words::{has, matched};

/// What a sentence says of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Admission {
    /// Nothing that the rule knows.
    Nothing,
    /// That there was none, or that there may be one.
    Denied,
    /// That something failed.
    Reported,
    /// That those who speak failed.
    Admitted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Unknown,
    Us,
    /// Us, looking on.
    Onlookers,
    Others,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Act,
    State,
    Thing,
    /// What was not done, or could not be: its "not" is no denial.
    Lack,
}

#[derive(Clone, Copy, Debug)]
struct Failure {
    at: usize,
    kind: Kind,
}

/// What a sentence says of a failure: the most that one of its clauses says.
pub(super) fn admission(sentence: &str) -> Admission {
    let is_question = sentence.trim_end().ends_with('?');
    let mut subject = Subject::Unknown;
    let (mut is_denied, mut is_doubted, mut ends_with_others) = (false, false, false);
    let mut most = Admission::Nothing;
    for clause in clauses(sentence) {
        let words = &clause.words;
        let refers = |word: &str| ends_with_others && has(REFERRING, word);
        if refers(&clause.opener) || words.first().is_some_and(|word| refers(word)) {
            subject = Subject::Others;
        }
        let own = own_subject(words);
        let carried = subject;
        subject = own.map_or(carried, |(_, own)| own);
        let failure = failure(words);
        if let Some(failure) = failure {
            let has_predicate = failure.kind == Kind::Act
                || failure.kind == Kind::Lack
                || words.iter().any(|word| has(FINITE, word));
            let follows_denial = is_doubted || (is_denied && own.is_none() && !has_predicate);
            let found = if is_question
                || follows_denial
                || has(CONDITIONS, &clause.opener)
                || denies(words, failure, own.map_or(0, |(at, _)| at))
            {
                Admission::Denied
            } else if fails(&clause, failure, own.is_some(), subject) && (own.is_some() || has_predicate) {
                Admission::Admitted
            } else {
                Admission::Reported
            };
            most = most.max(found);
        }
        is_denied = is_negated(words);
        let any_of = |list: &str| words.iter().any(|word| has(list, word));
        let is_hearsay = subject != Subject::Us && any_of(RUMOURS);
        is_doubted = is_hearsay || ((is_denied || has(CONDITIONS, &clause.opener)) && any_of(BELIEFS));
        ends_with_others = words.last().is_some_and(|word| is_supplier(word));
        subject = if subject == Subject::Us && any_of(OBSERVING) { Subject::Onlookers } else { subject };
    }
    most
}

/// The first subject of a clause, and where it is.
fn own_subject(words: &[String]) -> Option<(usize, Subject)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let previous = at.checked_sub(1).and_then(|before| words.get(before)).map_or("", String::as_str);
        let next = words.get(at.saturating_add(1)).map_or("", String::as_str);
        let subject = match word.as_str() {
            "we" | "i" | "ours" | "mine" => Some(Subject::Us),
            "us" | "me" if has("by on was is were with of", previous) => Some(Subject::Us),
            "us" | "me" if has("down offline", next) => Some(Subject::Us),
            "our" | "my" => possession(words, at),
            other if is_other(other) && !is_after_preposition(words, at) => Some(Subject::Others),
            _ => None,
        };
        subject.map(|subject| (at, subject))
    })
}

/// Whose "our" with what follows is: "our provider" is somebody else. None if it is no subject.
fn possession(words: &[String], at: usize) -> Option<Subject> {
    let mut noun =
        words.iter().skip(at).skip(1).take(4).take_while(|word| !has(ENDS, word) && !has(ACTS, word));
    let is_aside = words.get(at.saturating_add(1)).is_some_and(|word| has(ASIDES, word));
    match noun.any(|word| has(SUPPLIERS, word) || has(PEOPLE, word)) {
        _ if is_aside => None,
        true if is_after_preposition(words, at) => None,
        true => Some(Subject::Others),
        false => Some(Subject::Us),
    }
}

fn is_supplier(word: &str) -> bool {
    has(SUPPLIERS, word) || has(NAMES, word)
}

fn is_other(word: &str) -> bool {
    is_supplier(word) || has(PEOPLE, word)
}

/// Whether one of the three words before is a preposition.
fn is_after_preposition(words: &[String], at: usize) -> bool {
    words.iter().take(at).rev().take(3).any(|word| has(PREPOSITIONS, word))
}

/// The first failure of a clause.
fn failure(words: &[String]) -> Option<Failure> {
    let any = |at: usize, patterns: &[&str]| {
        let following = words.get(at..).unwrap_or_default();
        patterns.iter().find_map(|pattern| matched(following, pattern))
    };
    let word_at = |at: usize| words.get(at).map_or("", String::as_str);
    let mut at = 0;
    let mut lack = None;
    while let Some(word) = words.get(at) {
        if let Some(count) = any(at, &IDIOMS) {
            at = at.saturating_add(count);
            continue;
        }
        let kind = match word.as_str() {
            "down" | "offline" => {
                let before = words.iter().take(at);
                if let Some(moved) = before.clone().position(|word| has(MOVES, word)) {
                    return Some(Failure { at: moved, kind: Kind::Act });
                }
                let is_state = word == "offline"
                    || before.clone().rev().take(4).any(|word| has(BEING, word))
                    || has("for from", word_at(at.saturating_add(1)));
                let is_measure = words.iter().any(|word| has(MEASURES, word));
                (is_state && !is_measure).then_some(Kind::State)
            }
            word if has(ACTS, word) => Some(Kind::Act),
            word if has(STATES, word) => Some(Kind::State),
            word if has(THINGS, word) => Some(Kind::Thing),
            _ if any(at, &DEEDS).is_some() => Some(Kind::Act),
            _ => any(at, &REGRETS)
                .filter(|count| !has(WISHES, word_at(at.saturating_add(*count))))
                .map(|_| Kind::Lack),
        };
        if let Some(kind) = kind {
            return Some(Failure { at, kind });
        }
        if lack.is_none()
            && let Some(count) = any(at, &INABILITIES)
            && !has(ABLE, word_at(at.saturating_add(count)))
        {
            lack = Some(Failure { at, kind: Kind::Lack });
        }
        at = at.saturating_add(1);
    }
    lack
}

/// Whether the subject is us, and the failure is ours.
fn fails(clause: &Clause, failure: Failure, has_own: bool, subject: Subject) -> bool {
    let words = &clause.words;
    let before = || words.iter().take(failure.at);
    // "We saw it too late and lost orders": with a comma or an "and" between, the verb is still ours.
    let goes_on = !has_own
        && has("and but", &clause.opener)
        && failure.kind == Kind::Act
        && before().all(|word| has(LIGHT, word));
    let is_us = subject == Subject::Us || (subject == Subject::Onlookers && goes_on);
    let looks_on = before().any(|word| has(OBSERVING, word));
    let repairs =
        matches!(failure.kind, Kind::State | Kind::Thing) && before().any(|word| has(REPAIRING, word));
    is_us && !looks_on && !repairs && !is_of_others(words, failure)
}

/// Whether others stand right before the failure, or are named as its origin.
fn is_of_others(words: &[String], failure: Failure) -> bool {
    let directly = words.iter().enumerate().take(failure.at).rev().find(|(_, word)| !has(LIGHT, word));
    let stand_before = directly.is_some_and(|(at, word)| is_other(word) && !is_after_preposition(words, at));
    let is_passive =
        words.iter().take(failure.at).rev().take(2).any(|word| has("is are was were been being got", word));
    let has_origin = failure.kind == Kind::Thing || (failure.kind == Kind::Act && is_passive);
    let after: Vec<&String> = words.iter().skip(failure.at).skip(1).collect();
    let is_origin = |at: usize| after.iter().take(at).rev().take(4).any(|word| has(ORIGINS, word));
    let are_origin = after.iter().enumerate().any(|(at, word)| is_supplier(word) && is_origin(at));
    stand_before || (has_origin && are_origin)
}

/// Where a clause has words that deny.
fn negations(words: &[String]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().filter(|(_, word)| has(NEGATIONS, word)).map(|(at, _)| at).filter(|at| {
        let following = words.get(*at..).unwrap_or_default();
        !NO_DENIALS.iter().any(|pattern| matched(following, pattern).is_some())
    })
}

fn is_negated(words: &[String]) -> bool {
    negations(words).next().is_some()
}

/// Whether a clause denies its failure, or tells it as a possibility.
fn denies(words: &[String], failure: Failure, subject: usize) -> bool {
    if failure.kind == Kind::Lack {
        return false;
    }
    let last = failure.at.max(subject);
    let word_at = |at: usize| words.get(at).map_or("", String::as_str);
    let is_denied = negations(words).any(|at| {
        let distance = last.saturating_sub(at);
        let previous = at.checked_sub(1).map_or("", word_at);
        // "With no warning" and "without one" deny what comes next, and not the rest.
        let is_aside = word_at(at) == "without" || (word_at(at) == "no" && has("with for", previous));
        let next = failure.at.saturating_add(1);
        let at_once =
            has(NAUGHT, word_at(at)) && (at == next || (at == next.saturating_add(1) && word_at(at) != "no"));
        (at < last && (!is_aside || distance < 3)) || at_once
    }) || words.iter().any(|word| has(ABSENCES, word));
    let is_possible = words.iter().enumerate().take(failure.at).any(|(at, word)| {
        let next = word_at(at.saturating_add(1));
        has(POSSIBILITIES, word) || (word == "may" && has("have be not fail break crash lose", next))
    });
    is_denied || is_possible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_its_strongest_clause_says() {
        for (sentence, wanted) in [
            ("The weather was fine.", Admission::Nothing),
            ("We broke down the numbers.", Admission::Nothing),
            ("We had no outage; nothing failed.", Admission::Denied),
            ("If we fail, we say so.", Admission::Denied),
            ("Did we break it?", Admission::Denied),
            ("The database failed.", Admission::Reported),
            ("We saw that the database failed.", Admission::Reported),
            ("Nothing worked.", Admission::Reported),
            ("Nothing worked, and it was our fault.", Admission::Admitted),
        ] {
            assert_eq!(admission(sentence), wanted, "{sentence}");
        }
    }
}
