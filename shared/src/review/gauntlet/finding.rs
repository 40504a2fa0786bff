//! The finding of a rule: a verdict with the reason and the evidence.

use serde::Serialize;

use crate::review::words::word_count;
use crate::state::{PostmortemText, Verdict};
use crate::text::{Body, Name};

/// The most characters of evidence that a criterion quotes.
const EVIDENCE_CHARS: usize = 160;

/// With so many words in the summary and the account, they may say what a field of its own does not.
const LONG_WORDS: usize = 40;

/// What to do where no rule can judge.
pub(super) const ASK_A_PERSON: &str =
    "A person has to judge it: have somebody who was there read it, and add \"attested_by\".";

/// The verdict on one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Criterion {
    /// The name of the criterion, such as `admit_failure`.
    pub id: &'static str,
    /// `prerequisites`, `requirements` or `extras`.
    pub group: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the verdict is what it is.
    pub reason: String,
    /// A quotation that the verdict rests on, of at most 160 characters; empty if there is none.
    pub evidence: String,
    /// How to meet the criterion; empty if it is met.
    pub advice: String,
    /// `rule`, or `human: ` and who confirmed it.
    pub judged_by: String,
}

pub(super) struct Finding {
    verdict: Verdict,
    reason: String,
    evidence: String,
    advice: String,
    human: Option<String>,
    /// Whether it holds whatever else the text says: it rests on something that is there, not on what is nowhere.
    is_certain: bool,
}

impl Finding {
    pub(super) fn new(verdict: Verdict, reason: impl Into<String>, evidence: &str, advice: &str) -> Self {
        Self {
            verdict,
            reason: reason.into(),
            evidence: quote(evidence),
            advice: advice.to_owned(),
            human: None,
            is_certain: verdict == Verdict::Met,
        }
    }

    pub(super) fn met(reason: impl Into<String>, evidence: &str) -> Self {
        Self::new(Verdict::Met, reason, evidence, "")
    }

    /// A met criterion that a person confirmed.
    pub(super) fn attested(reason: impl Into<String>, who: &str) -> Self {
        Self { human: Some(who.to_owned()), ..Self::met(reason, who) }
    }

    /// The same finding, which rests on something that is there, or else on what is nowhere in the text.
    pub(super) fn certain(self, is_certain: bool) -> Self {
        Self { is_certain, ..self }
    }

    pub(super) fn is_certain(&self) -> bool {
        self.is_certain
    }

    /// What is not certain from words; a person judges it, if one attests the post-mortem.
    pub(super) fn unjudged(reason: &str, evidence: &str, advice: &str, judge: Option<&Name>) -> Self {
        let advice = if judge.is_some() { "" } else { advice };
        Self {
            human: judge.map(ToString::to_string),
            ..Self::new(Verdict::Unjudged, reason, evidence, advice)
        }
    }

    /// Of a field that is not given. Where much is written elsewhere, it may be said there.
    pub(super) fn absent(text: &PostmortemText, field: &str, advice: &str) -> Self {
        let account = text.what_went_wrong.as_ref().map_or("", Body::as_str);
        if word_count(text.summary.as_str()).saturating_add(word_count(account)) < LONG_WORDS {
            return Self::new(Verdict::Missing, format!("\"{field}\" is not given"), "", advice);
        }
        let reason =
            format!("\"{field}\" is not given, and no rule can tell whether the rest of the text says it");
        Self::unjudged(&reason, "", advice, text.attested_by.as_ref())
    }

    /// A text of which it is not certain that it is in English.
    pub(super) fn unread(is_whole: bool, evidence: &str, judge: Option<&Name>) -> Self {
        let reason = if is_whole {
            "the rules for it know English only, and are not certain that this text is English"
        } else {
            "the rules for it know English only, and are not certain that all of it is English"
        };
        Self::unjudged(reason, evidence, ASK_A_PERSON, judge)
    }

    pub(super) fn named(self, id: &'static str, group: &'static str) -> Criterion {
        let judged_by = self.human.map_or("rule".to_owned(), |who| format!("human: {who}"));
        Criterion {
            id,
            group,
            verdict: self.verdict,
            reason: self.reason,
            evidence: self.evidence,
            advice: self.advice,
            judged_by,
        }
    }
}

pub(super) fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EVIDENCE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}
