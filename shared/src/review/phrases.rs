//! Phrases that hide who, what or how many, and phrases that blame a person, each with advice what to write instead.
//!
//! Matching ignores case, white space and punctuation, and compares whole words. A phrase that is not in the lists is
//! not found. Nor is one that is quoted, that its sentence negates ("it was not human error"), or that the specific follows at once
//! ("one of our providers, Mailgun").

use super::own::sentences_of;
use super::words::{has, lower, matched, plain_words, written_words};

/// A phrase to avoid, and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The phrase, in lower case; alternatives of a word stand between bars. Plurals and possessives are found as well.
    pub pattern: &'static str,
    /// What to do instead: an imperative without a full stop.
    pub instead: &'static str,
}

/// A phrase in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The words of the text, in lower case.
    pub words: String,
    /// What to do instead: an imperative without a full stop.
    pub instead: &'static str,
}

const fn phrase(pattern: &'static str, instead: &'static str) -> Phrase {
    Phrase { pattern, instead }
}

const WHAT: &str = "say what broke, and how";
const WHO: &str = "say which ones, and how many";
const HOW_MANY: &str = "say how many, or what share";
const WHOSE: &str = "say what you depended on, and why";
const SYMPTOM: &str = "say what people could not do";

/// Evasive phrases: they hide who, what or how many.
pub const EVASIVE: [Phrase; 46] = [
    // What.
    phrase(
        "unforeseen|unexpected|unanticipated|unspecified|transient|underlying issue|event|condition|circumstance|anomaly|problem|situation|occurrence|incident",
        WHAT,
    ),
    phrase(
        "unforeseen|unexpected|unanticipated technical|network issue|event|condition|anomaly|problem",
        WHAT,
    ),
    phrase("unexpected behavior|behaviour", "say what it did"),
    phrase("an anomaly in|within|with|at|affecting", WHAT),
    phrase("an issue with|affecting|impacting", WHAT),
    phrase("issues with|affecting|impacting", WHAT),
    phrase(
        "experienced|experiencing|encountered an|some|intermittent issue|event|anomaly|problem|difficulty",
        WHAT,
    ),
    phrase("intermittent issue|problem|difficulty", "say what failed, and how often"),
    phrase("technical issue|difficulty|problem", WHAT),
    phrase(
        "a|the network|connectivity|infrastructure|platform|availability|performance event|anomaly|issue",
        WHAT,
    ),
    phrase("service interruption|disruption|degradation", "say what did not work"),
    phrase("caused|causing disruption|impact|degradation", "say what did not work"),
    phrase("elevated|increased error|failure rate", SYMPTOM),
    phrase("affected|affecting|impacted|impacting availability|performance|functionality", SYMPTOM),
    phrase("an|some|minor|minimal|limited impact on|to", SYMPTOM),
    phrase("reduced|degraded service level|quality", SYMPTOM),
    phrase("underlying component|cause", WHAT),
    phrase("limited impact", "say what failed, and for whom"),
    phrase("degraded|suboptimal experience|result", "say what was slow or failed"),
    // Who, and how many.
    phrase("a portion|fraction|proportion|percentage|subset|segment|handful of", HOW_MANY),
    phrase("a small|limited|certain portion|fraction|proportion|percentage|subset|number of", HOW_MANY),
    phrase("a number of", HOW_MANY),
    phrase("some|certain|several|various customer|user|client|visitor|account|subscriber|tenant", WHO),
    phrase(
        "some|certain|several of our|your|the customer|user|client|visitor|account|subscriber|tenant",
        WHO,
    ),
    phrase("may|might have experienced|seen|noticed", "say who was affected and what they saw"),
    phrase("may|might have been affected|impacted", "say who was affected, or that you do not know yet"),
    phrase("may|might be experiencing|seeing", "say who is affected and what they see"),
    phrase("a brief|short|limited period", "say how long"),
    phrase("over|for a period of time", "say how long"),
    phrase("a brief|short amount|while", "say how long"),
    // Somebody else, without a name.
    phrase("third party vendor|provider|supplier|partner|service|dependency", WHOSE),
    phrase("a|another|external third party", WHOSE),
    phrase("upstream|downstream|external provider|vendor|supplier|partner|party|dependency", WHOSE),
    phrase("one of our|the provider|vendor|supplier|partner", WHOSE),
    phrase("at|by|in|of|within|with a|another provider|vendor|supplier|partner", WHOSE),
    phrase("a|another provider|vendor|supplier|partner had|has|was|went|failed", WHOSE),
    phrase("a|another provider|vendor|supplier|partner experienced|suffered|reported|encountered", WHOSE),
    phrase("provider|vendor|supplier|partner environment|network|infrastructure|system|side", WHOSE),
    phrase("outside|out of our control", "say what you control: that you depended on it"),
    phrase("outside our control", "say what you control: that you depended on it"),
    phrase("beyond our control", "say what you control: that you depended on it"),
    // Courtesies.
    phrase("any|the inconvenience", "name what it cost people"),
    phrase("very seriously", "say what you change, and let that show it"),
    phrase("abundance of caution", "say what you feared"),
    phrase("at this time", "say the time, or leave it out"),
    phrase("thank you for your patience", "say when the next update comes, or leave it out"),
];

const SYSTEM: &str = "ask why the system let one person do that";
const UNSEEN: &str = "say what was hard to see at that moment";
const UNFIT: &str = "ask why the procedure did not fit";
const PUNISHED: &str = "say what changes in the system: people who fear punishment report less";

/// Words for a person, because an alert can be dismissed as well.
macro_rules! person {
    () => {
        "engineer|operator|employee|intern|developer|admin|administrator|technician|contractor|colleague|he|she"
    };
}

/// What people are told to follow, unlike a redirect or a leader.
macro_rules! rule {
    () => {
        "procedure|process|runbook|playbook|instruction|policy|protocol|guideline|checklist|rule"
    };
}

/// Phrases that blame a person.
pub const BLAMING: [Phrase; 15] = [
    phrase("human error", SYSTEM),
    phrase("operator error", SYSTEM),
    phrase("user error", "ask what misled people"),
    phrase("careless|carelessly|carelessness", UNSEEN),
    phrase("negligent|negligently|negligence", UNSEEN),
    phrase("should have known", "say what would have shown it"),
    phrase(concat!(person!(), "|they|staff failed to follow ", rule!()), UNFIT),
    phrase(concat!(person!(), "|they|staff failed to follow a|an|the|our ", rule!()), UNFIT),
    phrase(
        concat!(
            person!(),
            "|they|staff failed to follow the|our|standard deployment|release|standard|documented|operating|change ",
            rule!()
        ),
        UNFIT,
    ),
    phrase(concat!(person!(), " was|were|is|are disciplined|punished|fired|sacked|dismissed"), PUNISHED),
    phrase(concat!(person!(), " will|should|must be disciplined|punished|sacked|dismissed"), PUNISHED),
    phrase(concat!(person!(), " has|have|had been disciplined|punished|sacked|dismissed"), PUNISHED),
    phrase("disciplined|punished|fired|sacked|dismissed him|her", PUNISHED),
    phrase(
        concat!("disciplined|punished|fired|sacked|dismissed the|an|our|one|that ", person!(), "|person"),
        PUNISHED,
    ),
    phrase("let him|her go", PUNISHED),
];

/// Words that negate what follows them.
const NEGATIONS: &str = "not no never nobody none neither nor nothing without";
/// How many words before a phrase negate it.
const NEGATION_WORDS: usize = 4;
/// How many words after a phrase can say which one is meant.
const SPECIFIC_WORDS: usize = 3;
const NUMBERS: &str = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred \
thousand million dozen half";
/// Nouns that are named after what stands before them.
const HEADS: &str = "account accounts portal portals bus buses stream streams log logs queue queues handler handlers report reports page \
pages message messages list lists table tables alert alerts metric metrics rate rates budget budgets code codes class classes type types \
tracker trackers form forms api apis team teams program programs programme contract contracts dashboard dashboards";
/// Capitalised words that name nothing by themselves.
const NO_NAMES: &str = "i i'm i've i'd i'll monday tuesday wednesday thursday friday saturday sunday january february march april may \
june july august september october november december api apis http https url urls utc";

/// The phrases of `list` that the author of a text uses, each once, in the order of the list. Of two that share words, the first.
pub fn find(text: &str, list: &[Phrase]) -> Vec<Found> {
    let sentences = sentences_of(text);
    find_in(sentences.iter().map(|sentence| sentence.own.as_str()), list)
}

/// The same in sentences of what an author says himself.
pub(super) fn find_in<'a>(sentences: impl Iterator<Item = &'a str>, list: &[Phrase]) -> Vec<Found> {
    let mut found: Vec<(usize, Found)> = Vec::new();
    for sentence in sentences {
        for (at, phrase) in of_sentence(sentence, list) {
            if found.iter().all(|(other, _)| *other != at) {
                found.push((at, phrase));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The phrases of one sentence, with their places in the list.
fn of_sentence(sentence: &str, list: &[Phrase]) -> Vec<(usize, Found)> {
    let written: Vec<&str> = written_words(sentence).collect();
    let words: Vec<String> = written.iter().map(|word| lower(word)).collect();
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    let mut found = Vec::new();
    for (at, known) in list.iter().enumerate() {
        let first = (0..words.len()).find_map(|start| {
            let count = matched(words.get(start..)?, known.pattern)?;
            let range = start..start.saturating_add(count);
            let is_free = taken.iter().all(|other| range.end <= other.start || other.end <= range.start);
            let is_meant = !is_negated(&words, &range)
                && !is_specific(&written, range.end)
                && !is_other(&words, range.end)
                && !is_part_of_name(sentence, &written, range.end);
            (is_free && is_meant).then_some(range)
        });
        if let Some(range) = first {
            let phrase = words.get(range.clone()).unwrap_or_default().join(" ");
            found.push((at, Found { words: phrase, instead: known.instead }));
            taken.push(range);
        }
    }
    found
}

/// Whether a sentence negates its words in a range: shortly before them, right behind them, or by "it is not true".
fn is_negated(words: &[String], range: &std::ops::Range<usize>) -> bool {
    let is_negation = |word: &String| plain_words(word).any(|word| has(NEGATIONS, &word));
    let any = |from: usize, to: usize| words.get(from..to).is_some_and(|words| words.iter().any(is_negation));
    let is_untrue = words.windows(2).any(|pair| match pair {
        [not, word] => {
            is_negation(not) && has("true correct right say think believe claim mean accurate", word)
        }
        _ => false,
    });
    // "Some users were not told" negates nothing of "some users": a phrase of a person or a cause stands alone.
    let follows = words.get(range.end).is_some_and(|word| {
        let is_plain = has("was is", word) && any(range.end, range.end.saturating_add(2).min(words.len()));
        is_plain || has("wasn't isn't", word)
    });
    is_untrue || follows || any(range.start.saturating_sub(NEGATION_WORDS), range.start)
}

/// Whether a noun follows that the phrase is a part of, as in "a partner account" and "user error reports": then it is about that one.
fn is_part_of_name(sentence: &str, written: &[&str], end: usize) -> bool {
    let both = end.checked_sub(1).and_then(|last| written.get(last).zip(written.get(end)));
    both.is_some_and(|(last, next)| has(HEADS, &lower(next)) && sentence.contains(&format!("{last} {next}")))
}

/// Whether "time" is one of day, or of a zone.
fn is_other(words: &[String], end: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", String::as_str);
    word(end.checked_sub(1)) == "time" && has("of zone zones zone's", word(Some(end)))
}

/// Whether a figure, a number word or a name follows, which makes the phrase specific.
fn is_specific(written: &[&str], end: usize) -> bool {
    // "312 of 9,000" is as specific as can be, wherever it stands.
    let is_figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let behind = written.get(end..).unwrap_or_default();
    let is_share = behind
        .windows(3)
        .any(|three| matches!(three, [some, "of", all] if is_figure(some) && is_figure(all)));
    is_share
        || written.iter().skip(end).take(SPECIFIC_WORDS).any(|word| {
            let plain = lower(word);
            let is_shouted = word.chars().count() > 4 && !word.chars().any(char::is_lowercase);
            // "iOS" is a name, too.
            let is_name = word.contains(char::is_uppercase) && !is_shouted && !has(NO_NAMES, &plain);
            is_name || word.contains(|c: char| c.is_ascii_digit()) || has(NUMBERS, &plain)
        })
}

#[cfg(test)]
#[path = "phrases_tests.rs"]
mod tests;
