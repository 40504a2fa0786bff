//! The prerequisites: admit failure, sound like a human, have a channel, be authentic.

use super::admission::{Admission, admission};
use super::finding::Finding;
use super::vocabulary::FIRST_PERSON;
use crate::review::phrases::{self, EVASIVE};
use crate::review::words::{has, sentences, word_count, words};
use crate::state::{PostmortemText, Verdict};

/// With more words per sentence on average, the text is hard to read aloud.
const LONG_SENTENCE_WORDS: usize = 30;

/// Of the summary and the account of what went wrong.
pub(super) fn admit_failure(texts: &[String]) -> Finding {
    let advice = "Begin with it: \"We broke …\", \"We were down for …\". A sentence without \"we\" does not show that you take responsibility.";
    let hiding = phrases::find(texts.first().map_or("", String::as_str), &EVASIVE);
    let sentences = texts.iter().flat_map(|text| sentences(text));
    let strongest = sentences.map(|sentence| (admission(sentence), sentence)).reduce(|strongest, next| {
        // Of two that say the same, the first is quoted.
        if next.0 > strongest.0 { next } else { strongest }
    });
    match strongest {
        Some((Admission::Admitted, sentence)) if hiding.is_empty() => Finding::met(
            "in one clause it says \"we\" and a word for failing, and nothing is found that denies it",
            sentence,
        ),
        Some((Admission::Admitted, sentence)) => Finding::new(
            Verdict::Partial,
            "it admits the failure, and the summary hides behind a phrase all the same",
            sentence,
            advice,
        )
        .certain(true),
        Some((Admission::Reported, sentence)) => Finding::new(
            Verdict::Partial,
            "it says that something failed, not that you did",
            sentence,
            advice,
        ),
        Some((Admission::Denied, sentence)) => Finding::new(
            Verdict::Missing,
            "what it says of a failure is that there was none, or only may be",
            sentence,
            advice,
        ),
        Some((Admission::Nothing, _)) | None => {
            Finding::new(Verdict::Missing, "no sentence is found that says that anything failed", "", advice)
        }
    }
}

/// Of all prose, or of the part that was read.
pub(super) fn human_voice(texts: &[String], is_whole: bool) -> Finding {
    let found: Vec<_> = texts.iter().flat_map(|prose| phrases::find(prose, &EVASIVE)).collect();
    let mut all = texts.iter().flat_map(|text| sentences(text));
    let speaks = all.find(|sentence| words(sentence).any(|word| has(FIRST_PERSON, &word)));
    if let Some(first) = found.first() {
        let (verdict, reason) = match found.len() {
            _ if is_whole && speaks.is_none() => {
                (Verdict::Missing, "nobody speaks, and it has phrases that hide")
            }
            3.. => (Verdict::Missing, "it is full of phrases that hide"),
            _ => (Verdict::Partial, "it has phrases that hide"),
        };
        let advice: Vec<String> =
            found.iter().map(|p| format!("Instead of \"{}\", {}.", p.words, p.instead)).collect();
        return Finding::new(verdict, reason, &first.words, &advice.join(" ")).certain(true);
    }
    let all = || texts.iter().flat_map(|text| sentences(text));
    let count = all().count().max(1);
    let length = all().map(word_count).sum::<usize>().checked_div(count).unwrap_or(0);
    match speaks {
        None => Finding::new(
            Verdict::Missing,
            "nobody speaks: there is no \"we\" in it",
            "",
            "Write as you would tell a colleague: \"we\", short sentences.",
        ),
        Some(sentence) if length > LONG_SENTENCE_WORDS => Finding::new(
            Verdict::Partial,
            format!("its sentences have {length} words on average"),
            sentence,
            "Shorten the sentences to at most thirty words on average.",
        ),
        // That none of the phrases is in it is known only of what was read.
        Some(sentence) => Finding::met(
            "it says \"we\", hides behind none of the known phrases, and can be read aloud",
            sentence,
        )
        .certain(false),
    }
}

pub(super) fn channel(text: &PostmortemText) -> Finding {
    match &text.channel {
        Some(channel) => Finding::met("it says where people are kept informed", channel.as_str()),
        None => Finding::new(
            Verdict::Missing,
            "it does not say where people are kept informed",
            "",
            "Name where you kept people informed and where they can ask questions. If there was no such place, open one and name it.",
        ),
    }
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
