//! What a rule finds: a verdict with its reason and evidence.

use serde::Serialize;

use crate::state::Verdict;

/// Characters of evidence that are quoted.
const EVIDENCE_CHARS: usize = 160;

/// The verdict on one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Criterion {
    /// Its name.
    pub id: &'static str,
    /// `prerequisites`, `requirements` or `extras`.
    pub group: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// The words that it rests on; empty if there are none.
    pub evidence: String,
    /// What would lift it; empty if it is met.
    pub advice: String,
    /// `rule`, or `human` with who attested.
    pub judged_by: String,
}

pub(super) struct Finding {
    verdict: Verdict,
    reason: String,
    evidence: String,
    advice: String,
    human: Option<String>,
}

impl Finding {
    pub(super) fn new(verdict: Verdict, reason: impl Into<String>, evidence: &str, advice: &str) -> Self {
        Self {
            verdict,
            reason: reason.into(),
            evidence: quote(evidence),
            advice: advice.to_owned(),
            human: None,
        }
    }

    pub(super) fn met(reason: impl Into<String>, evidence: &str) -> Self {
        Self::new(Verdict::Met, reason, evidence, "")
    }

    /// Judged by a person, who attests it.
    pub(super) fn attested(reason: impl Into<String>, who: &str) -> Self {
        Self { human: Some(who.to_owned()), ..Self::met(reason, who) }
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
