//! The requirements: start and end time, who and what was affected, what went wrong, lessons learned.

use super::extras::SUBSTANCE_WORDS;
use super::finding::{ASK_A_PERSON, Finding};
use super::reading::Readable;
use crate::review::words::different_words;
use crate::state::{PostmortemText, Verdict};
use crate::text::Body;

pub(super) fn start_end(text: &PostmortemText) -> Finding {
    let advice = "Give \"started_at\" and \"ended_at\", to the minute.";
    let lacks = |reason: &str, verdict, evidence: &str| Finding::new(verdict, reason, evidence, advice);
    match (text.started_at, text.ended_at) {
        (Some(start), Some(end)) => Finding::met("both are given", &format!("{start} to {end}")),
        (Some(time), None) => lacks("\"ended_at\" is not given", Verdict::Partial, &time.to_string()),
        (None, Some(time)) => lacks("\"started_at\" is not given", Verdict::Partial, &time.to_string()),
        (None, None) => Finding::absent(text, "started_at", advice),
    }
}

const IMPACT_ADVICE: &str =
    "Write how many, of how many, and what they could not do; \"affected_share\" takes the share.";

/// Of who was affected. A number in a text may be of anything, so that only the share is judged.
pub(super) fn impact(text: &PostmortemText) -> Finding {
    match (&text.affected, &text.affected_share) {
        (Some(affected), Some(share)) => {
            Finding::met("the share is given, with a text", &format!("{share}: {affected}"))
        }
        (None, Some(share)) => Finding::new(
            Verdict::Partial,
            "the share is given, and \"affected\", which says what happened to them, is not",
            &share.to_string(),
            "Write in \"affected\" what they could not do and what they saw.",
        ),
        (Some(affected), None) => Finding::unjudged(
            "there is a text, and no rule can tell whether it says who and how many were affected",
            affected.as_str(),
            &format!("{IMPACT_ADVICE} Or have somebody who was there read it, and add \"attested_by\"."),
            text.attested_by.as_ref(),
        ),
        (None, None) => Finding::absent(text, "affected", IMPACT_ADVICE),
    }
}

/// Of the account of what went wrong, if there is one, and of the causes.
pub(super) fn what_went_wrong(read: &Readable<'_, '_>, text: &PostmortemText) -> Finding {
    let advice = "Describe it so that an engineer elsewhere can understand it.";
    let Some(account) = text.what_went_wrong.as_ref().map(Body::as_str) else {
        return match text.causes.first() {
            Some(cause) => Finding::new(
                Verdict::Partial,
                "there are causes but no account of what happened",
                cause.as_str(),
                advice,
            ),
            None => Finding::absent(text, "what_went_wrong", advice),
        };
    };
    if different_words(read.sentences().map(|sentence| sentence.own.as_str())) < SUBSTANCE_WORDS {
        let reason =
            format!("it has fewer than {SUBSTANCE_WORDS} different words outside of quotations and code");
        return Finding::new(Verdict::Partial, reason, account, advice);
    }
    Finding::unjudged(
        "there is an account, and no rule can tell whether it says what went wrong",
        account,
        ASK_A_PERSON,
        read.judge(),
    )
}

pub(super) fn lessons(text: &PostmortemText) -> Finding {
    let advice = "Write what changes in the systems (\"technical\") and in how you work (\"process\").";
    match (text.lessons.technical.first(), text.lessons.process.first()) {
        (Some(technical), Some(process)) => Finding::unjudged(
            "texts on the systems and on how you work are given, and no rule can tell whether they are lessons",
            &format!("{technical} / {process}"),
            ASK_A_PERSON,
            text.attested_by.as_ref(),
        ),
        (Some(only), None) => Finding::new(
            Verdict::Partial,
            "\"technical\" is given, and \"process\" is not",
            only.as_str(),
            advice,
        ),
        (None, Some(only)) => Finding::new(
            Verdict::Partial,
            "\"process\" is given, and \"technical\" is not",
            only.as_str(),
            advice,
        ),
        (None, None) => Finding::absent(text, "lessons", advice),
    }
}
