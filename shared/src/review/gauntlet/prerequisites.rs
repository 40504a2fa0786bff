//! The prerequisites: admit failure, sound like a human, have a channel, be authentic.

use super::finding::Finding;
use super::words::{FAILURE, FIRST_PERSON, has_any, sentences};
use crate::review::phrases;
use crate::review::phrases::{EVASIVE, word_count};
use crate::state::{PostmortemText, Verdict};

/// With more words per sentence on average, the text is hard to read aloud.
const LONG_SENTENCE_WORDS: usize = 30;

/// Of the summary and the account of what went wrong.
pub(super) fn admit_failure(texts: &[String]) -> Finding {
    let advice = "Begin with it: \"We broke …\", \"We were down for …\". A sentence without \"we\" does not show that you take responsibility.";
    let candidates = || texts.iter().flat_map(|text| sentences(text));
    let hiding = phrases::find(texts.first().map_or("", String::as_str), &EVASIVE);
    match candidates().find(|s| has_any(s, &FIRST_PERSON) && has_any(s, &FAILURE)) {
        Some(sentence) if hiding.is_empty() => {
            Finding::met("it says \"we\" and that it failed in one sentence", sentence)
        }
        Some(sentence) => Finding::new(
            Verdict::Partial,
            "it admits the failure, and the summary hides behind a phrase all the same",
            sentence,
            advice,
        ),
        None => match candidates().find(|s| has_any(s, &FAILURE)) {
            Some(sentence) => Finding::new(
                Verdict::Partial,
                "it says that something failed, not that you did",
                sentence,
                advice,
            ),
            None => Finding::new(Verdict::Missing, "no sentence says that anything failed", "", advice),
        },
    }
}

/// Of all prose.
pub(super) fn human_voice(texts: &[String]) -> Finding {
    let found: Vec<_> = texts.iter().flat_map(|prose| phrases::find(prose, &EVASIVE)).collect();
    let advice: Vec<String> =
        found.iter().map(|p| format!("Instead of \"{}\", {}.", p.phrase, p.instead)).collect();
    let advice = if advice.is_empty() {
        "Write as you would tell a colleague: \"we\", short sentences.".to_owned()
    } else {
        advice.join(" ")
    };
    let all = || texts.iter().flat_map(|text| sentences(text));
    let count = all().count().max(1);
    let length = all().map(word_count).sum::<usize>().checked_div(count).unwrap_or(0);
    let speaks = all().find(|sentence| has_any(sentence, &FIRST_PERSON));
    let evidence = found.first().map_or("", |phrase| phrase.phrase);
    match (speaks, found.len()) {
        (None, _) => {
            Finding::new(Verdict::Missing, "nobody speaks: there is no \"we\" in it", evidence, &advice)
        }
        (Some(_), 3..) => {
            Finding::new(Verdict::Missing, "it is full of phrases that hide", evidence, &advice)
        }
        (Some(_), 1..) => Finding::new(Verdict::Partial, "it has phrases that hide", evidence, &advice),
        (Some(sentence), 0) if length > LONG_SENTENCE_WORDS => Finding::new(
            Verdict::Partial,
            format!("its sentences have {length} words on average"),
            sentence,
            "Shorten the sentences to at most thirty words on average.",
        ),
        (Some(sentence), 0) => Finding::met(
            "it says \"we\", hides behind none of the known phrases, and can be read aloud",
            sentence,
        ),
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
