//! The prerequisites: admit failure, sound like a human, have a channel, be authentic.

use super::admission::admits;
use super::finding::{ASK_A_PERSON, Finding};
use super::reading::Readable;
use super::voice::{Voice, voice};
use crate::review::phrases::{EVASIVE, Found, find_in};
use crate::review::words::{has, lower, word_count, written_words};
use crate::state::{PostmortemText, Verdict};

/// With more words per sentence on average, the text is hard to read aloud.
const LONG_SENTENCE_WORDS: usize = 30;

/// Of the summary and the account of what went wrong.
pub(super) fn admit_failure(read: &Readable<'_, '_>) -> Finding {
    let advice = "Begin with it: \"We broke …\", \"We were down for …\".";
    // "It was not our fault" beside it takes it back.
    let denies = |own: &str| {
        let words = written_words(own).map(lower).collect::<Vec<_>>().join(" ");
        ["not our fault", "not at fault", "nothing we did", "no fault of ours", "wasn't our fault"]
            .iter()
            .any(|denial| words.contains(denial))
    };
    let is_denied = read.sentences().any(|sentence| denies(&sentence.own));
    let admission =
        read.sentences().find(|sentence| !is_denied && !sentence.is_introduced && admits(&sentence.own));
    match admission {
        Some(sentence) => Finding::met(
            "a sentence says that you failed, in one of the forms that the rule knows",
            sentence.written,
        ),
        None => Finding::unjudged(
            "no sentence is in one of the forms by which the rule recognises an admission",
            "",
            &format!("{advice} Or have somebody who was there read it, and add \"attested_by\"."),
            read.judge(),
        ),
    }
}

fn instead(found: &[&Found]) -> String {
    found.iter().map(|p| format!("Instead of \"{}\", {}.", p.words, p.instead)).collect::<Vec<_>>().join(" ")
}

/// Of all prose, or of the part that was read.
pub(super) fn human_voice(read: &Readable<'_, '_>) -> Finding {
    let found = find_in(read.sentences().map(|sentence| sentence.own.as_str()), &EVASIVE);
    let loudest = read.sentences().map(|sentence| (voice(sentence), sentence.written));
    // Of two that say the same, the first is quoted.
    let loudest = loudest.reduce(|loudest, next| if next.0 > loudest.0 { next } else { loudest });
    let silent = "no \"we\", \"our\" or \"I\" is in it outside of quotations and code";
    let count = read.sentences().count().max(1);
    let length = read.sentences().map(|sentence| word_count(&sentence.own)).sum::<usize>().div_ceil(count);
    match loudest {
        None => Finding::unjudged("it has no sentence of its own", "", ASK_A_PERSON, read.judge()),
        Some((Voice::None, _)) => Finding::new(
            Verdict::Missing,
            silent,
            "",
            "Write as you would tell a colleague: \"we\", short sentences.",
        ),
        Some((Voice::Weak, sentence)) => Finding::unjudged(
            "it is not certain that those who write speak in it: a word such as \"us\" or \"I\" may be of somebody else, or a number",
            sentence,
            "Write as you would tell a colleague: \"we\", short sentences. Or have somebody who was there read it, and add \"attested_by\".",
            read.judge(),
        ),
        // Whether a phrase hides anything, what stands around it says.
        Some((Voice::Speaks, _)) if !found.is_empty() => Finding::unjudged(
            "it says \"we\", \"our\" or \"I\", and has phrases that often hide who, what or how many",
            found.first().map_or("", |first| &first.words),
            &format!(
                "{} Or have somebody who was there read it, and add \"attested_by\".",
                instead(&found.iter().collect::<Vec<_>>())
            ),
            read.judge(),
        ),
        Some((Voice::Speaks, sentence)) if length > LONG_SENTENCE_WORDS => Finding::new(
            Verdict::Partial,
            format!("its sentences have {length} words on average"),
            sentence,
            "Shorten the sentences to at most thirty words on average.",
        ),
        // That none of the phrases is in it is known only of what was read.
        Some((Voice::Speaks, sentence)) => Finding::met(
            format!(
                "it says \"we\", \"our\" or \"I\", none of the known phrases that hide is found in it, and its sentences have at most {LONG_SENTENCE_WORDS} words on average"
            ),
            sentence,
        )
        .certain(false),
    }
}

pub(super) fn channel(text: &PostmortemText) -> Finding {
    match &text.channel {
        Some(channel) if is_place(channel.as_str()) => {
            Finding::met("it gives an address where people are kept informed", channel.as_str())
        }
        Some(channel) => Finding::unjudged(
            "it is not an address alone, with plain words around it at most, and no rule can tell whether it names a place",
            channel.as_str(),
            "Give the address alone, such as https://status.example.com. Or have somebody who was there read it, and add \"attested_by\".",
            text.attested_by.as_ref(),
        ),
        None => Finding::absent(
            text,
            "channel",
            "Name where you kept people informed and where they can ask questions. If there was no such place, open one and name it.",
        ),
    }
}

/// What may stand around an address without saying anything against it.
const AROUND: &str = "on at via our the and or in by with here under to status page pages site website web blog forum feed account accounts twitter \
mastodon bluesky linkedin slack discord teams matrix e-mail email mail support contact help see follow us updates news community channel room also";

/// Whether a text is one address or several, with nothing else than plain words around it. "We had none: https://…" is none.
fn is_place(text: &str) -> bool {
    let (addresses, words): (Vec<&str>, Vec<&str>) =
        text.split_whitespace().partition(|word| is_address(word));
    !addresses.is_empty()
        && words.iter().flat_map(|word| written_words(word)).all(|word| has(AROUND, &lower(word)))
}

/// Whether a word is an address: of a page, of a mailbox or an account ("ops@example.com", "@example"), or of a room ("#status"). A name with
/// one point and no path may be one of a program ("Node.js").
fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '#' | '/'));
    let (host, path) = word.split_once('/').map_or((word, false), |(host, _)| (host, true));
    let labels = || host.split('.');
    let is_host = labels().all(|label| !label.is_empty())
        && labels().next_back().is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic))
        && labels().count() > if path { 1 } else { 2 };
    let is_named = |rest: &str| rest.starts_with(char::is_alphabetic);
    word.contains("://") || is_host || word.split_once(['@', '#']).is_some_and(|(_, rest)| is_named(rest))
}

pub(super) fn authenticity(text: &PostmortemText) -> Finding {
    match &text.attested_by {
        Some(who) => Finding::attested("somebody who was there says that this is how it was", who.as_str()),
        None => Finding::new(
            Verdict::Missing,
            "no rule can tell, and nobody has attested it",
            "",
            "Have somebody who was there read it, and add \"attested_by\" with their role or initials.",
        ),
    }
}
