//! The requirements: start and end time, who and what was affected, what went wrong, lessons learned.

use super::counts::has_count;
use super::extras::SUBSTANCE_WORDS;
use super::finding::Finding;
use crate::review::phrases::{self, EVASIVE};
use crate::review::words::{different_words, has, sentences, words};
use crate::state::{Affected, PostmortemText, Verdict};
use crate::text::Body;

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
        || has("one two three four five six seven eight nine ten eleven twelve several", word)
}

pub(super) fn start_end(text: &PostmortemText) -> Finding {
    let advice = "Give \"started_at\" and \"ended_at\", to the minute.";
    match (text.started_at, text.ended_at) {
        (Some(start), Some(end)) => Finding::met("both are given", &format!("{start} to {end}")),
        (Some(time), None) | (None, Some(time)) => {
            Finding::new(Verdict::Partial, "only one of the two is given", &time.to_string(), advice)
        }
        (None, None) => {
            let duration = text.prose().flat_map(sentences).find(|sentence| {
                let list: Vec<String> = words(sentence).collect();
                list.windows(2).any(|pair| match pair {
                    [number, unit] => is_number(number) && has("hours hour minutes minute days day", unit),
                    _ => false,
                })
            });
            match duration {
                Some(sentence) => Finding::new(
                    Verdict::Missing,
                    "only how long it took is said, not when it began and ended",
                    sentence,
                    advice,
                ),
                None => Finding::new(Verdict::Missing, "neither is given", "", advice),
            }
        }
    }
}

const IMPACT_ADVICE: &str =
    "Write how many, of how many, and what they could not do; \"affected_share\" takes the share.";

/// Of who was affected, if that is said, where the share is not given.
pub(super) fn impact(affected: &[String]) -> Finding {
    match affected.first() {
        Some(affected) if has_count(affected) => {
            Finding::met("it has a number of people or things", affected)
        }
        Some(affected) => Finding::new(
            Verdict::Partial,
            "no number of people or things is found in it",
            affected,
            IMPACT_ADVICE,
        ),
        None => Finding::new(Verdict::Missing, "it does not say who was affected", "", IMPACT_ADVICE),
    }
}

/// The same where the share is given.
pub(super) fn how_many(affected: Option<&str>, share: &Affected) -> Finding {
    match affected {
        Some(affected) => {
            Finding::met("the share is given, with a text", &format!("{}: {affected}", share_words(share)))
        }
        None => Finding::new(
            Verdict::Partial,
            "the share is given, but not what happened to them",
            &share_words(share),
            "Write in \"affected\" what they could not do and what they saw.",
        ),
    }
}

pub(super) fn share_words(affected: &Affected) -> String {
    format!("{} {}", affected.share, affected.basis)
}

/// Of the account of what went wrong, if there is one, and of the causes.
pub(super) fn what_went_wrong(account: &[String], causes: &[Body]) -> Finding {
    let advice = "Describe it so that an engineer elsewhere can understand it.";
    match account.first() {
        Some(account) => {
            // A sentence that hides behind a phrase tells nothing of what happened.
            let plain = sentences(account).filter(|sentence| phrases::find(sentence, &EVASIVE).is_empty());
            if different_words(plain) >= SUBSTANCE_WORDS {
                Finding::met(
                    format!(
                        "it has an account of at least {SUBSTANCE_WORDS} different words without a known evasive phrase"
                    ),
                    account,
                )
            } else if different_words(std::iter::once(account.as_str())) >= SUBSTANCE_WORDS {
                Finding::new(Verdict::Partial, "it hides behind phrases", account, advice)
            } else {
                Finding::new(
                    Verdict::Partial,
                    format!("it has fewer than {SUBSTANCE_WORDS} different words"),
                    account,
                    advice,
                )
            }
        }
        None => match causes.first() {
            Some(cause) => Finding::new(
                Verdict::Partial,
                "there are causes but no account of what happened",
                cause.as_str(),
                advice,
            ),
            None => Finding::new(Verdict::Missing, "it does not say what went wrong", "", advice),
        },
    }
}

pub(super) fn lessons(text: &PostmortemText) -> Finding {
    let advice = "Write what changes in the systems (\"technical\") and in how you work (\"process\").";
    match (text.lessons.technical.first(), text.lessons.process.first()) {
        (Some(technical), Some(process)) => Finding::met(
            "lessons on the systems and on how you work are given",
            &format!("{technical} / {process}"),
        ),
        (Some(only), None) => Finding::new(
            Verdict::Partial,
            "a lesson on the systems is given, but none on how you work",
            only.as_str(),
            advice,
        ),
        (None, Some(only)) => Finding::new(
            Verdict::Partial,
            "a lesson on how you work is given, but none on the systems",
            only.as_str(),
            advice,
        ),
        (None, None) => Finding::new(Verdict::Missing, "no lesson is named", "", advice),
    }
}
