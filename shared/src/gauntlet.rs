//! The gauntlet: twelve criteria that a published post-mortem runs.
//!
//! Three groups: prerequisites (admit failure, sound like a human, have a channel, be authentic),
//! requirements (start and end time, who and what was affected, what went wrong, lessons learned) and
//! extras (technologies, the five whys, human elements, what others can learn). The criteria are those
//! of the transparent-uptime movement of 2010; the rules below are written so that two readers come to
//! the same verdict. A rule counts words and looks for what is there; whether it is true, only a
//! person can say, so authenticity takes an attestation.

use serde::Serialize;

use crate::phrases::{self, EVASIVE, words};
use crate::{Body, PostmortemText, Verdict};

/// Characters of evidence that are quoted.
const EVIDENCE_CHARS: usize = 160;
/// Words below which a text on what went wrong, or on people, only touches it.
const SUBSTANCE_WORDS: usize = 12;
/// Words in a sentence, on average, above which nobody reads it aloud.
const LONG_SENTENCE_WORDS: usize = 30;
/// The fewest whys that reach below the surface.
const WHYS: usize = 3;

const FIRST_PERSON: [&str; 8] = ["we", "our", "us", "i", "my", "we're", "we've", "we’re"];
const FAILURE: [&str; 30] = [
    "fail",
    "failed",
    "failing",
    "failure",
    "fails",
    "broke",
    "broken",
    "down",
    "outage",
    "wrong",
    "mistake",
    "mistakes",
    "error",
    "errors",
    "fault",
    "sorry",
    "apologise",
    "apologize",
    "apologies",
    "lost",
    "unavailable",
    "unreachable",
    "crashed",
    "stopped",
    "missed",
    "underestimated",
    "overloaded",
    "couldn't",
    "misjudged",
    "offline",
];

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gauntlet {
    /// How many criteria are met.
    pub met: usize,
    /// How many are met in part.
    pub partial: usize,
    /// How many are not.
    pub missing: usize,
    /// Each of the twelve.
    pub criteria: Vec<Criterion>,
}

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

/// Grades a post-mortem.
pub fn gauntlet(text: &PostmortemText) -> Gauntlet {
    let (before, needs, extra) = ("prerequisites", "requirements", "extras");
    let criteria = vec![
        admit_failure(text).named("admit_failure", before),
        human_voice(text).named("human_voice", before),
        channel(text).named("communication_channel", before),
        authenticity(text).named("authenticity", before),
        start_end(text).named("start_end_time", needs),
        impact(text).named("impact", needs),
        what_went_wrong(text).named("what_went_wrong", needs),
        lessons(text).named("lessons_learned", needs),
        technologies(text).named("technologies", extra),
        five_whys(text).named("five_whys", extra),
        prose(
            &text.human_elements,
            "how it was for the people who were there",
            "Say what was hard to see and what helped.",
        )
        .named("human_elements", extra),
        prose(
            &text.learnings_for_others,
            "what others can learn",
            "Say what you would tell a friend who runs something else.",
        )
        .named("learnings_for_others", extra),
    ];
    let count = |verdict| criteria.iter().filter(|c| c.verdict == verdict).count();
    Gauntlet {
        met: count(Verdict::Met),
        partial: count(Verdict::Partial),
        missing: count(Verdict::Missing),
        criteria,
    }
}

struct Finding {
    verdict: Verdict,
    reason: String,
    evidence: String,
    advice: String,
    human: Option<String>,
}

impl Finding {
    fn new(verdict: Verdict, reason: impl Into<String>, evidence: &str, advice: &str) -> Self {
        Self {
            verdict,
            reason: reason.into(),
            evidence: quote(evidence),
            advice: advice.to_owned(),
            human: None,
        }
    }

    fn met(reason: impl Into<String>, evidence: &str) -> Self {
        Self::new(Verdict::Met, reason, evidence, "")
    }

    fn named(self, id: &'static str, group: &'static str) -> Criterion {
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

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EVIDENCE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn has_any(sentence: &str, list: &[&str]) -> bool {
    words(sentence).any(|word| list.contains(&word.as_str()))
}

fn admit_failure(text: &PostmortemText) -> Finding {
    let advice = "Begin with it: \"We broke …\", \"We were down for …\". A failure without a \"we\" happened to nobody.";
    let told = [Some(&text.summary), text.what_went_wrong.as_ref()];
    let told = || told.into_iter().flatten().flat_map(|body| sentences(body.as_str()));
    let hiding = phrases::find(text.summary.as_str(), &EVASIVE);
    match told().find(|s| has_any(s, &FIRST_PERSON) && has_any(s, &FAILURE)) {
        Some(sentence) if hiding.is_empty() => {
            Finding::met("it says \"we\" and that it failed in one sentence", sentence)
        }
        Some(sentence) => Finding::new(
            Verdict::Partial,
            "it admits the failure, and the summary hides behind a phrase all the same",
            sentence,
            advice,
        ),
        None => match told().find(|s| has_any(s, &FAILURE)) {
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

fn human_voice(text: &PostmortemText) -> Finding {
    let found: Vec<_> = text.prose().flat_map(|prose| phrases::find(prose, &EVASIVE)).collect();
    let advice: Vec<String> =
        found.iter().map(|p| format!("Instead of \"{}\", {}.", p.phrase, p.instead)).collect();
    let advice = match advice.is_empty() {
        true => "Write as you would tell a colleague: \"we\", short sentences.".to_owned(),
        false => advice.join(" "),
    };
    let all = || text.prose().flat_map(sentences);
    let count = all().count().max(1);
    let length = all().map(|sentence| words(sentence).count()).sum::<usize>().checked_div(count).unwrap_or(0);
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
            "Cut the sentences: at most thirty words.",
        ),
        (Some(sentence), 0) => Finding::met(
            "it says \"we\", hides behind none of the known phrases, and can be read aloud",
            sentence,
        ),
    }
}

fn channel(text: &PostmortemText) -> Finding {
    match &text.channel {
        Some(channel) => Finding::met("it says where people are kept informed", channel.as_str()),
        None => Finding::new(
            Verdict::Missing,
            "it does not say where people are kept informed",
            "",
            "Say where you kept people informed and where they can ask; if there was no such place, open one and say so.",
        ),
    }
}

fn authenticity(text: &PostmortemText) -> Finding {
    match &text.attested_by {
        Some(who) => Finding {
            human: Some(who.to_string()),
            ..Finding::met("somebody who was there says that this is how it was", who.as_str())
        },
        None => Finding::new(
            Verdict::Missing,
            "no rule can tell, and nobody has attested it",
            "",
            "Have somebody who was there read it, and add \"attested_by\" with their role or initials.",
        ),
    }
}

fn start_end(text: &PostmortemText) -> Finding {
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

fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 13] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "several",
    ];
    word.chars().any(|c| c.is_ascii_digit()) || NUMBERS.contains(&word)
}

fn impact(text: &PostmortemText) -> Finding {
    let advice =
        "Say how many, of how many, and what they could not do; \"affected_share\" has a place for it.";
    match (&text.affected, &text.affected_share) {
        (Some(affected), Some(share)) => {
            Finding::met("who, what and how many", &format!("{}: {affected}", share_words(share)))
        }
        (Some(affected), None) if has_count(affected.as_str()) => {
            Finding::met("who, what and a number", affected.as_str())
        }
        (Some(affected), None) => Finding::new(
            Verdict::Partial,
            "it is vague: who and what, but not how many",
            affected.as_str(),
            advice,
        ),
        (None, Some(share)) => Finding::new(
            Verdict::Partial,
            "how many, but not what happened to them",
            &share_words(share),
            "Say in \"affected\" what they could not do and what they saw.",
        ),
        (None, None) => Finding::new(Verdict::Missing, "it does not say who was affected", "", advice),
    }
}

/// Whether a text counts something: a number that is neither a time of day, nor a date, nor how long.
fn has_count(text: &str) -> bool {
    const TIME: [&str; 26] = [
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "utc",
        "am",
        "pm",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "o'clock",
    ];
    let tokens: Vec<&str> = text.split_whitespace().collect();
    tokens.iter().enumerate().any(|(index, token)| {
        let near = |at: Option<usize>| {
            let token = at.and_then(|at| tokens.get(at)).copied().unwrap_or_default();
            words(token).any(|word| TIME.contains(&word.as_str()))
        };
        let number = token.chars().any(|c| c.is_ascii_digit())
            && !token.contains(':')
            && token.matches('-').count() < 2;
        number && !near(index.checked_add(1)) && !near(index.checked_sub(1))
    })
}

fn share_words(affected: &crate::Affected) -> String {
    format!("{} {}", affected.share, affected.basis)
}

fn what_went_wrong(text: &PostmortemText) -> Finding {
    let advice = "Tell it so that an engineer elsewhere would understand it.";
    match &text.what_went_wrong {
        Some(body) if words(body.as_str()).count() >= SUBSTANCE_WORDS => {
            Finding::met("it tells what happened inside", body.as_str())
        }
        Some(body) => Finding::new(Verdict::Partial, "it only touches it", body.as_str(), advice),
        None => match text.causes.first() {
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

fn lessons(text: &PostmortemText) -> Finding {
    let advice = "Say what changes in the machines (\"technical\") and in how you work (\"process\").";
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

fn technologies(text: &PostmortemText) -> Finding {
    let names: Vec<&str> = text.technologies.iter().map(crate::Name::as_str).collect();
    match names.is_empty() {
        false => Finding::met("they are named", &names.join(", ")),
        true => Finding::new(
            Verdict::Missing,
            "none is named",
            "",
            "Name what was involved, with its version: somebody else runs it too.",
        ),
    }
}

fn five_whys(text: &PostmortemText) -> Finding {
    let advice = "Ask why of each answer, three to seven times.";
    match text.five_whys.as_slice() {
        [] => Finding::new(Verdict::Missing, "nobody asked why", "", advice),
        [.., last] if text.five_whys.len() >= WHYS => {
            Finding::met(format!("it asks {} times", text.five_whys.len()), last.as_str())
        }
        [.., last] => Finding::new(Verdict::Partial, "it stops near the surface", last.as_str(), advice),
    }
}

fn prose(body: &Option<Body>, what: &str, advice: &str) -> Finding {
    match body {
        Some(body) if words(body.as_str()).count() >= SUBSTANCE_WORDS => {
            Finding::met(format!("it tells {what}"), body.as_str())
        }
        Some(body) => {
            Finding::new(Verdict::Partial, format!("it only touches {what}"), body.as_str(), advice)
        }
        None => Finding::new(Verdict::Missing, format!("it does not say {what}"), "", advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: serde_json::Value) -> PostmortemText {
        serde_json::from_value(json).unwrap()
    }

    fn verdict(json: serde_json::Value, id: &str) -> Verdict {
        gauntlet(&text(json)).criteria.into_iter().find(|c| c.id == id).unwrap().verdict
    }

    #[test]
    fn admitting() {
        let check = |summary: &str| verdict(serde_json::json!({ "summary": summary }), "admit_failure");
        assert_eq!(check("We broke check-ins for eleven hours."), Verdict::Met);
        assert_eq!(check("The database failed."), Verdict::Partial);
        assert_eq!(check("We failed; some users may have experienced errors."), Verdict::Partial);
        assert_eq!(check("We are proud of our growth."), Verdict::Missing);
    }

    #[test]
    fn sounding_human() {
        let check = |summary: &str| verdict(serde_json::json!({ "summary": summary }), "human_voice");
        assert_eq!(check("We broke it. We are sorry."), Verdict::Met);
        assert_eq!(check("We regret any inconvenience."), Verdict::Partial);
        assert_eq!(
            check("We saw a service disruption with limited impact for a subset of accounts."),
            Verdict::Missing
        );
        assert_eq!(check("The platform was restored."), Verdict::Missing);
        assert_eq!(check(&format!("We {} it.", "really ".repeat(40))), Verdict::Partial);
    }

    #[test]
    fn the_rest_by_what_is_there() {
        let with = |field: &str, value: serde_json::Value| {
            let mut json = serde_json::json!({ "summary": "s" });
            json[field] = value;
            json
        };
        let long = "a long account of it that has at least the twelve words that substance needs";
        for (field, value, id, wanted) in [
            ("channel", "On the status page.".into(), "communication_channel", Verdict::Met),
            ("attested_by", "on-call lead".into(), "authenticity", Verdict::Met),
            ("started_at", "2010-10-04T15:00:00Z".into(), "start_end_time", Verdict::Partial),
            ("affected", "Everyone, it seems.".into(), "impact", Verdict::Partial),
            ("affected", "All 3 million of you.".into(), "impact", Verdict::Met),
            ("affected", "20 % of checkouts.".into(), "impact", Verdict::Met),
            (
                "affected",
                "Whoever tried at 17:40 UTC on 7 October, for 20 minutes.".into(),
                "impact",
                Verdict::Partial,
            ),
            ("what_went_wrong", long.into(), "what_went_wrong", Verdict::Met),
            ("what_went_wrong", "A disk.".into(), "what_went_wrong", Verdict::Partial),
            ("causes", vec!["A disk."].into(), "what_went_wrong", Verdict::Partial),
            ("lessons", serde_json::json!({"technical": ["x"]}), "lessons_learned", Verdict::Partial),
            ("technologies", vec!["a database"].into(), "technologies", Verdict::Met),
            ("five_whys", vec!["a", "b"].into(), "five_whys", Verdict::Partial),
            ("five_whys", vec!["a", "b", "c"].into(), "five_whys", Verdict::Met),
            ("human_elements", long.into(), "human_elements", Verdict::Met),
            ("learnings_for_others", "Test.".into(), "learnings_for_others", Verdict::Partial),
        ] {
            assert_eq!(verdict(serde_json::json!({ "summary": "s" }), id), Verdict::Missing, "{id}");
            assert_eq!(verdict(with(field, value), id), wanted, "{field}");
        }
        let only_long = gauntlet(&text(serde_json::json!({ "summary": "We were down for 11 hours." })));
        assert_eq!(
            only_long.criteria[4].reason,
            "only how long it took is said, not when it began and ended"
        );
    }

    #[test]
    fn everything_that_is_not_met_comes_with_advice() {
        let report = gauntlet(&text(serde_json::json!({ "summary": "s" })));
        assert_eq!((report.met, report.criteria.len()), (0, 12));
        for criterion in report.criteria {
            assert!(!criterion.advice.is_empty(), "{}", criterion.id);
        }
    }
}
