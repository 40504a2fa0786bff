//! Whether a sentence certainly counts those who were affected.
//!
//! A number alone may be a time, a version or a status. It counts if it stands right before what it counts, at the beginning of a
//! clause or right after a word such as "affected".

use crate::review::words::{has, lower, written_words};

const ONES: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety";
const MULTIPLES: &str = "hundred thousand million billion dozen";
const FRACTIONS: &str = "half third thirds quarter quarters fifth fifths sixth tenth tenths percent pct";
/// Words that are no plurals of things: units, numbered things, words that end alike.
const UNITS: &str = "milliseconds seconds secs minutes mins hours hrs days weeks months years times degrees bytes kilobytes \
megabytes gigabytes errors failures timeouts outages incidents versions attempts retries tries points statuses codes series \
responses answers pages thirds quarters fifths tenths always perhaps less unless besides towards across plus thus various previous \
serious numerous status access process business address parties was has does this \
dollars euros pounds francs cents characters letters digits alerts tickets";
/// People and things, in the plural or as a whole.
const PEOPLE: &str = "people persons men women children users customers clients accounts visitors shops merchants sellers tenants teams \
orders payments checkouts companies members subscribers requests e-mails emails messages sites stores readers traffic revenue mail";
/// What stands before a count at the beginning of a clause.
const LEADS: &str = "about around all roughly exactly at least over nearly approximately the almost only another these those \
more than just";
/// What stands before a count that begins no clause.
const STRUCK: &str = "affected hit impacted exposed monday tuesday wednesday thursday friday saturday sunday";
/// With one of these words anywhere in the text, the number may be of others, or none at all.
const DOUBTS: &str = "employees engineers staff colleagues team unknown know unclear unsure may might perhaps maybe possibly succeeded \
worked fine unaffected normal apologise apologize use uses using trust rely sell sells serve serves served none nobody zero usual total \
back kept spared recovered each have has own owns nothing noticed available exist exists operational untouched intact";

/// Whether words of a text leave it open whom a number is of.
pub(super) fn is_doubtful(text: &str) -> bool {
    let words: Vec<String> = written_words(text).map(lower).collect();
    let is_month = |word: &str| word == "may" && text.contains(" May");
    let of_us = words.windows(2).any(|pair| match pair {
        [our, number] => {
            our == "our" && (has(ONES, number) || number.starts_with(|c: char| c.is_ascii_digit()))
        }
        _ => false,
    });
    let unharmed = words.windows(2).any(|pair| match pair {
        [not, word] => not == "not" && has("affected hit touched lost impacted", word),
        _ => false,
    });
    of_us || unharmed || words.iter().any(|word| has(DOUBTS, word) && !is_month(word))
}

/// Whether a sentence counts people or things that were affected.
pub(super) fn has_count(sentence: &str) -> bool {
    // "14:02" is one word.
    let ends = |at: usize, c: char| {
        matches!(c, ';' | '(' | ')' | '\n')
            || (c == ':'
                && !sentence
                    .get(at.saturating_add(1)..)
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
    };
    let marks: Vec<usize> =
        sentence.char_indices().filter(|(at, c)| ends(*at, *c)).map(|(at, _)| at).collect();
    let starts = std::iter::once(0).chain(marks.iter().map(|at| at.saturating_add(1)));
    let stops = marks.iter().copied().chain(std::iter::once(sentence.len()));
    starts.zip(stops).filter_map(|(start, stop)| sentence.get(start..stop)).any(|part| {
        let tokens: Vec<&str> = part.split_whitespace().collect();
        (0..tokens.len()).any(|at| is_count(&tokens, at) && is_placed(&tokens, at))
    }) || is_labelled(sentence)
}

/// "Customers: 4312".
fn is_labelled(sentence: &str) -> bool {
    sentence.split_once(':').is_some_and(|(label, number)| {
        let label: Vec<String> = written_words(label).map(lower).collect();
        let is_short = label.len() < 4 && label.iter().any(|word| has(PEOPLE, word));
        let mut rest = number.split_whitespace();
        is_short && rest.next().is_some_and(is_figure) && rest.next().is_none()
    })
}

/// A word without its marks, in lower case.
fn word(tokens: &[&str], at: usize) -> String {
    let token = tokens.get(at).copied().unwrap_or_default();
    lower(token.trim_matches(|c: char| !(c.is_alphanumeric() || c == '%')))
}

/// Whether a mark ends the clause at a word.
fn ends(tokens: &[&str], at: usize) -> bool {
    tokens.get(at).is_none_or(|token| token.ends_with([',', '.', '!', '?']))
}

/// Whether a number begins its clause, or is of those who were hit.
fn is_placed(tokens: &[&str], at: usize) -> bool {
    let before = (0..at).rev().find(|before| ends(tokens, *before) || !has(LEADS, &word(tokens, *before)));
    before.is_none_or(|before| ends(tokens, before) || has(STRUCK, &word(tokens, before)))
}

/// Whether a token is a figure: digits, perhaps in groups, with "k" or "m", as a range, or a percentage.
fn is_figure(token: &str) -> bool {
    let token =
        token.trim_start_matches(['~', '≈', '*', '_']).trim_end_matches(['.', ',', '*', '_', '+', '!']);
    if let Some((from, to)) = token.split_once(['-', '–']) {
        return !from.contains('.')
            && !to.contains(['-', '–'])
            && !to.starts_with('0')
            && is_figure(from)
            && is_figure(to);
    }
    let digits = token.strip_suffix(['k', 'K', 'm', 'M', '%']).unwrap_or(token);
    let groups: Vec<&str> = digits.split(['.', ',', '\'', '’', '\u{a0}', '\u{202f}']).collect();
    let are_digits =
        groups.iter().all(|group| !group.is_empty() && group.chars().all(|c| c.is_ascii_digit()));
    let is_grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    are_digits && (is_grouped || (groups.len() == 2 && digits != token))
}

/// Whether a number stands at a word, right before what it counts.
fn is_count(tokens: &[&str], at: usize) -> bool {
    let figure = tokens.get(at).copied().unwrap_or_default();
    let following = word(tokens, at.saturating_add(1));
    let is_decimal =
        has("% percent pct million billion thousand", &following) && is_figure(&format!("{figure}%"));
    let is_number =
        is_figure(figure) || is_decimal || has(ONES, &word(tokens, at)) || has("half a", &word(tokens, at));
    // "Twenty-five shops."
    let is_compound = word(tokens, at).split('-').all(|part| has(ONES, part) || has(MULTIPLES, part));
    if !(is_number || is_compound) || is_named(tokens, at) || (ends(tokens, at) && !figure.ends_with('%')) {
        return false;
    }
    let next = at.saturating_add(1);
    let (first, second) = (word(tokens, next), word(tokens, next.saturating_add(1)));
    let is_share = figure.ends_with('%')
        || has("% percent pct", &first)
        || has(FRACTIONS, &first)
        || word(tokens, at) == "half";
    if is_share {
        let of = (next..next.saturating_add(2)).find(|at| word(tokens, *at) == "of");
        return of.is_some_and(|of| !ends(tokens, of) && is_of_things(tokens, of.saturating_add(1)));
    }
    if word(tokens, at) == "a" {
        return has(MULTIPLES, &first) && is_thing(tokens, next.saturating_add(1));
    }
    let is_ratio = first == "in" || (first == "out" && second == "of");
    if is_ratio {
        let number = next.saturating_add(if first == "in" { 1 } else { 2 });
        let is_number =
            has(ONES, &word(tokens, number)) || tokens.get(number).copied().is_some_and(is_figure);
        return has(ONES, &word(tokens, at))
            && is_number
            && !ends(tokens, number)
            && is_thing(tokens, number.saturating_add(1));
    }
    let noun = (next..next.saturating_add(4)).find(|at| !has(MULTIPLES, &word(tokens, *at))).unwrap_or(next);
    let of_you = word(tokens, noun) == "of" && has("you them us our", &word(tokens, noun.saturating_add(1)));
    of_you
        || is_thing(tokens, noun)
        || (word(tokens, at) == "one" && first == "of" && is_of_things(tokens, next.saturating_add(1)))
        || (has("1 one", &word(tokens, at)) && has(PEOPLE, &format!("{first}s")))
}

/// Whether a plural of people or things stands at a word, perhaps behind an adjective.
fn is_thing(tokens: &[&str], at: usize) -> bool {
    let noun = word(tokens, at);
    let is_plural =
        noun.len() > 3 && noun.ends_with('s') && noun.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let is_upper = tokens.get(at).is_some_and(|token| token.starts_with(char::is_uppercase));
    let is_adjective = noun.len() > 3
        && !is_upper
        && !ends(tokens, at)
        && !is_plural
        && noun.chars().all(|c| c.is_ascii_lowercase());
    has(PEOPLE, &noun)
        || (is_plural && !has(UNITS, &noun))
        || (is_adjective
            && !has("from with when into that", &noun)
            && has(PEOPLE, &word(tokens, at.saturating_add(1))))
}

/// The same behind "of", perhaps with "the", "our" or "all".
fn is_of_things(tokens: &[&str], at: usize) -> bool {
    let noun =
        (at..at.saturating_add(4)).find(|at| !has("the our all your its", &word(tokens, *at))).unwrap_or(at);
    is_thing(tokens, noun) || has("you them us", &word(tokens, noun))
}

/// Whether the word before makes a version, a time or a name of a number.
fn is_named(tokens: &[&str], at: usize) -> bool {
    const NUMBERED: &str = "http https status code codes error version versions v api ipv port release build step phase section \
chapter level tier plan grade node rfc room ticket issue incident pull request pr id number no region zone shard server day week";
    let Some(previous) = at.checked_sub(1) else { return false };
    let raw = tokens.get(previous).copied().unwrap_or_default();
    if ends(tokens, previous) {
        return false;
    }
    let before = word(tokens, previous);
    let is_day = has("monday tuesday wednesday thursday friday saturday sunday", &before);
    let is_name = raw.chars().skip(1).any(char::is_uppercase)
        || (raw.starts_with(char::is_uppercase) && !is_day && !(previous == 0 && has(LEADS, &before)));
    let figure = tokens.get(at).copied().unwrap_or_default();
    let is_year = figure.len() == 4
        && (figure.starts_with("19") || figure.starts_with("20"))
        && has("in since during until from year", &before);
    has(NUMBERED, &before)
        || is_name
        || is_year
        || raw.starts_with(['#', '$', '€', '£'])
        || figure.starts_with(['#', '$', '€', '£'])
        || has("from to until till between", &before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_things_are_counted() {
        for text in [
            "All 3 million of you.",
            "20 % of checkouts.",
            "20% of our users",
            "0.5 percent of all requests.",
            "Eleven thousand shops.",
            "Half of our customers.",
            "Two thirds of all orders were late.",
            "One in five checkouts failed.",
            "Two out of three e-mails.",
            "One of our customers could not pay.",
            "1 user.",
            "1.2m users.",
            "2.5k shops",
            "About 4,312 accounts",
            "12k shops and their buyers",
            "Twenty-five teams could not deploy.",
            "On Monday 300 registered users could not pay.",
            "In version 12, 40 shops lost orders.",
            "A dozen merchants, at noon",
            "40 % of traffic",
            "300-400 customers.",
            "5,000+ users could not log in.",
            "Customers affected: 4,312",
            "It affected about 312 customers.",
            "More than 300 customers could not pay.",
            "Customers: 4312.",
            "Affected: 312 customers.",
        ] {
            assert!(has_count(text) && !is_doubtful(text), "{text}");
        }
    }

    #[test]
    fn times_versions_codes_and_others_are_no_counts() {
        for text in [
            "Some users saw HTTP 500.",
            "Some users saw 503 responses.",
            "Some users saw 500 errors.",
            "Users of API v2.",
            "Some got version 2 clients.",
            "Customers on iOS 17 phones got errors.",
            "Windows 11 users got errors.",
            "Customers on port 443.",
            "A few people, from 5 to 6.",
            "Everybody on 7.10.2026.",
            "On 2026-10-12 users saw errors.",
            &"1-".repeat(5_000),
            "Everybody on 7 October, users and guests.",
            "Everybody in 2026, users and guests.",
            "Some users, for 20 long minutes.",
            "Some users for a third of the day.",
            "From 9 to 10 users saw errors.",
            "Users with a latency of 1,500 ms.",
            "At 14:02 customers saw errors.",
            "From 14:02 to 15:00 users could not log in.",
            "Until 15:00 requests were slow.",
            "Third parties.",
            "Our 200 employees apologise.",
            "99.99 % of requests succeeded.",
            "We sell to 70,000 companies.",
            "We do not know how many of our 12,000 shops.",
            "Our team of 12 engineers saw it.",
            "300 users may have seen it.",
            "300 users were not affected.",
            "Customers with 2 accounts were affected.",
            "Users who own 3 devices were affected.",
            "Affected: accounts with more than 500 contacts.",
            "Passwords longer than 72 characters failed.",
            "Anyone who opened more than two tabs got errors.",
            "Users got 4 emails each.",
            "Users were charged 20 dollars too much.",
            "About 40 tickets were received by support.",
            "12 alerts were received.",
            "90 % of users were back after ten minutes.",
            "3,000 users kept their sessions; others lost theirs.",
            "The 12 largest customers were spared; the rest got errors.",
            "",
        ] {
            assert!(!has_count(text) || is_doubtful(text), "{text}");
            assert!(!has_count(text) || !text.contains("2026"), "{text}");
        }
    }
}
