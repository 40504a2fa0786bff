//! Whether a text counts people or things.
//!
//! A number alone may be a time, a date, a version, a port or a status. It counts if it stands before what it counts: a
//! word in the plural that is no unit of time, or "of" and whom it is of. Where that leaves a doubt, there is no count.

use crate::review::words::{has, words};

const ONES: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety";
/// Words that make a greater number of the one before, or stand alone after "a".
const MULTIPLES: &str = "hundred thousand million billion dozen";
const FRACTIONS: &str = "half third thirds quarter quarters fifth fifths sixth tenth tenths";
const PERCENT: &str = "percent pct";

/// What is numbered rather than counted: no count follows these.
const NUMBERED: &str = "http https status code codes error version versions v api ipv port release build step phase section \
chapter level tier plan grade windows ios android chrome firefox safari java php python node rfc room ticket issue \
incident pull request pr id number no region zone shard server iphone january february march april may june july august \
september october november december";
/// What is counted, but is neither people nor things.
const MEASURED: &str = "millisecond milliseconds ms second seconds sec secs s minute minutes min mins m hour hours h hrs day \
days week weeks month months year years times time o'clock utc gmt cet am pm degrees bytes kilobytes megabytes gigabytes \
errors failures timeouts outages incidents versions attempts retries tries points percent statuses codes series january \
february march april may june july august september october november december";
/// People and things with a plural of another form, one of them, and shares of what is not counted.
const COUNTED: &str = "people persons person men women children staff you us them traffic revenue mail base customer user \
client account visitor shop merchant seller tenant team order payment checkout company member subscriber";
/// Words that end as a plural does.
const NO_PLURALS: &str = "was is has does its this as us ours yours theirs his always perhaps less unless besides towards \
across plus thus various previous serious numerous status access process business address https dns tls css";
/// Words before a noun that no whole number has before it.
const DETERMINERS: &str = "the a an our your their some any many most certain several few";
/// Where what is counted should have come.
const ENDS: &str = "and or but to until till in on at for from with by when while because since who which that were are had \
have saw got could would did than then more fewer less higher lower slower faster only later earlier ago between after \
before during per";

/// Whether a text has a number of people or things.
pub(super) fn has_count(text: &str) -> bool {
    text.split(is_end).any(|part| {
        let tokens: Vec<&str> = part.split_whitespace().collect();
        (0..tokens.len()).any(|at| number(&tokens, at).is_some_and(|number| is_counting(&tokens, at, number)))
    })
}

/// Marks that nothing is counted across. Full stops and commas stay with numbers, and are looked at there.
fn is_end(c: char) -> bool {
    matches!(c, '\n' | ';' | ':' | '!' | '?' | '(' | ')')
}

/// A number in a text.
#[derive(Clone, Copy)]
struct Number {
    /// How many tokens it takes.
    tokens: usize,
    /// Whether it is a part of something, as in "half our customers".
    is_share: bool,
    /// Whether it is a quantity, whatever follows.
    is_quantity: bool,
}

fn token(tokens: &[&str], at: usize) -> String {
    words(tokens.get(at).copied().unwrap_or_default()).next().unwrap_or_default()
}

fn number(tokens: &[&str], at: usize) -> Option<Number> {
    let raw = tokens.get(at)?;
    let word = token(tokens, at);
    let next = token(tokens, at.saturating_add(1));
    let percent =
        tokens.get(at.saturating_add(1)).is_some_and(|next| next.starts_with('%')) || has(PERCENT, &next);
    let one_of = |word: &str| has(ONES, word) || word == "one" || word == "a";
    let of = |tokens, is_share| Some(Number { tokens, is_share, is_quantity: false });
    match Figure::of(raw) {
        Some(Figure::Percent) => return of(1, true),
        Some(_) if percent => return of(2, true),
        Some(_) if has(MULTIPLES, &next) => return of(2, false),
        Some(Figure::Grouped) => return Some(Number { tokens: 1, is_share: false, is_quantity: true }),
        Some(Figure::Whole) => return of(1, false),
        Some(Figure::Decimal) => return None,
        None => {}
    }
    match word.as_str() {
        "half" => of(1, true),
        word if one_of(word) && has(FRACTIONS, &next) => of(2, true),
        word if one_of(word) && (percent || has(MULTIPLES, &next)) => of(2, percent),
        // "Twenty-five shops": two words in one token.
        word if has(ONES, word) || word == "one" => of(1, false),
        _ => None,
    }
}

/// What a token of figures is.
enum Figure {
    Whole,
    /// With separators of thousands, as no time, version or code has them.
    Grouped,
    Decimal,
    Percent,
}

impl Figure {
    fn of(token: &str) -> Option<Self> {
        let token = token
            .trim_start_matches(['~', '≈', '"', '“', '*', '_'])
            .trim_end_matches(['.', ',', '*', '_', '+']);
        if let Some((from, to)) = token.split_once(['-', '–']) {
            // More than a range, such as a date.
            if to.contains(['-', '–']) {
                return None;
            }
            let is_range = matches!(
                (Self::of(from)?, Self::of(to)?),
                (Self::Whole | Self::Grouped, Self::Whole | Self::Grouped)
            );
            return (is_range && !to.starts_with('0')).then_some(Self::Whole);
        }
        let (digits, is_percent) = token.strip_suffix('%').map_or((token, false), |digits| (digits, true));
        let digits = digits.strip_suffix(['k', 'K', 'M']).unwrap_or(digits);
        let groups: Vec<&str> = digits.split(['.', ',', '\'', '’', '\u{a0}', '\u{202f}']).collect();
        let is_figures =
            groups.iter().all(|group| !group.is_empty() && group.chars().all(|c| c.is_ascii_digit()));
        let is_grouped = groups.iter().skip(1).all(|group| group.len() == 3);
        match groups.len() {
            _ if !is_figures => None,
            1.. if is_percent && groups.len() <= 2 => Some(Self::Percent),
            1 => Some(Self::Whole),
            _ if is_grouped && !digits.contains('.') => Some(Self::Grouped),
            _ if is_grouped => Some(Self::Whole),
            2 => Some(Self::Decimal),
            _ => None,
        }
    }
}

/// Whether what comes before and after a number makes it a count.
fn is_counting(tokens: &[&str], at: usize, number: Number) -> bool {
    let previous = at.checked_sub(1).and_then(|before| tokens.get(before)).copied().unwrap_or_default();
    let word = words(previous).last().unwrap_or_default();
    let raw = tokens.get(at).copied().unwrap_or_default();
    let is_last = |token: &str| token.ends_with(['.', ',']);
    let is_name =
        previous.chars().skip(1).any(char::is_uppercase) || previous.starts_with(['#', '$', '€', '£']);
    if !is_last(previous) && (has(NUMBERED, &word) || is_name || is_year(raw, &word)) {
        return false;
    }
    let last = at.saturating_add(number.tokens).saturating_sub(1);
    if tokens.get(last).is_some_and(|token| is_last(token)) {
        return number.is_quantity;
    }
    let status = raw.len() == 3 && raw.starts_with(['4', '5']);
    let mut following = tokens.iter().enumerate().skip(last.saturating_add(1)).take(6);
    let mut is_of = false;
    following
        .find_map(|(at, raw)| {
            let word = token(tokens, at);
            is_of |= word == "of";
            let is_plural = word.len() > 2 && word.ends_with('s') && !has(NO_PLURALS, &word);
            let has_determiner = !number.is_share && !is_of && has(DETERMINERS, &word);
            let is_status = status && has("responses pages answers", &word);
            if has_determiner || is_status || has(MEASURED, &word) || has(ENDS, &word) {
                Some(false)
            } else if has(COUNTED, &word) || is_plural {
                Some(true)
            } else {
                is_last(raw).then_some(number.is_quantity)
            }
        })
        .unwrap_or(number.is_quantity)
}

/// Whether four figures after such a word are a year.
fn is_year(raw: &str, previous: &str) -> bool {
    raw.len() == 4
        && (raw.starts_with("19") || raw.starts_with("20"))
        && has("in since during until from year", previous)
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
            "Half our customers saw an error.",
            "A third of the shops.",
            "Two thirds of all orders were late.",
            "One in five checkouts failed.",
            "One of our customers could not pay.",
            "One customer lost a payment.",
            "1 user.",
            "About 4,312 accounts",
            "20 000 customers.",
            "12k shops and their buyers",
            "Twenty-five teams could not deploy.",
            "On Monday 300 registered users could not pay.",
            "In version 12, 40 shops lost orders.",
            "From 5pm to 6pm, 1 200 people could not log in.",
            "A dozen merchants, from 17:40 to 18:00 UTC",
            "Payments of 2000 people.",
            "40 % of traffic",
            "300-400 customers.",
            "5,000+ users could not log in.",
            "Every customer (about 12,000).",
            "Customers affected: 4,312",
        ] {
            assert!(has_count(text), "{text}");
        }
    }

    #[test]
    fn times_versions_and_codes_are_no_counts() {
        for text in [
            "Some users saw HTTP 500.",
            "Some users saw HTTP 500 errors.",
            "Some users saw 503 responses.",
            "Some users saw 500 errors.",
            "Users of API v2.",
            "Users of version 2 clients.",
            "Some customers on IPv6.",
            "Customers on port 443.",
            "Customers on iOS 17 phones.",
            "A few people, from 5pm to 6pm.",
            "A few people, from 5 to 6.",
            "Everybody on 7.10.2026.",
            "Everybody on 2026-10-07.",
            "On 2026-10-12 users saw errors.",
            &"1-".repeat(5_000),
            "Everybody on 7 October, users and guests.",
            "Everybody in 2026, users and guests.",
            "Customers between 17h40 and 18h.",
            "Customers between 17 and 18 h.",
            "Certain users for 20min.",
            "Some users, for 20 long minutes.",
            "Some users for half an hour.",
            "Some users for a third of the day.",
            "Some users, three times.",
            "Everybody who tried at 17:40 UTC on 7 October, for 20 minutes.",
            "Everyone.",
            "No one at all.",
            "From 9 to 10 some users saw errors.",
            "Some users, on 3 out of 5 tries.",
            "Users with a latency of 1,500 ms.",
            "Everybody from 10-07 users and guests.",
            "Third parties.",
            "Users in region 2 of 10.0.0.0/8.",
            "CPU was at 100 % for users",
            "",
        ] {
            assert!(!has_count(text), "{text}");
        }
    }
}
