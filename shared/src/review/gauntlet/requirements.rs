//! The requirements: start and end time, who and what was affected, what went wrong, lessons learned.

use super::finding::Finding;
use super::words::{SUBSTANCE_WORDS, has_count, is_number, sentences};
use crate::review::phrases::{self, EVASIVE, word_count, words};
use crate::state::{Affected, PostmortemText, Verdict};
use crate::text::Body;

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
                    [number, unit] => {
                        is_number(number)
                            && ["hours", "hour", "minutes", "minute", "days", "day"].contains(&unit.as_str())
                    }
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
        Some(affected) if has_count(affected) => Finding::met("who, what and a number", affected),
        Some(affected) => Finding::new(
            Verdict::Partial,
            "it is vague: who and what, but not how many",
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
            Finding::met("who, what and how many", &format!("{}: {affected}", share_words(share)))
        }
        None => Finding::new(
            Verdict::Partial,
            "how many, but not what happened to them",
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
        Some(account) if word_count(account) >= SUBSTANCE_WORDS => {
            // A sentence that hides behind a phrase tells nothing of what happened.
            let plain = sentences(account).filter(|sentence| phrases::find(sentence, &EVASIVE).is_empty());
            if plain.map(word_count).sum::<usize>() >= SUBSTANCE_WORDS {
                Finding::met("it tells what happened inside", account)
            } else {
                Finding::new(Verdict::Partial, "it hides behind phrases", account, advice)
            }
        }
        Some(account) => Finding::new(Verdict::Partial, "it only touches it", account, advice),
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
            "what changes technically and what changes in process",
            &format!("{technical} / {process}"),
        ),
        (Some(only), None) => Finding::new(
            Verdict::Partial,
            "what changes technically, but not in how you work",
            only.as_str(),
            advice,
        ),
        (None, Some(only)) => Finding::new(
            Verdict::Partial,
            "what changes in how you work, but not technically",
            only.as_str(),
            advice,
        ),
        (None, None) => Finding::new(Verdict::Missing, "no lesson is named", "", advice),
    }
}
