//! The gauntlet: grades a post-mortem on twelve criteria.
//!
//! Three groups: prerequisites (admit failure, sound like a human, have a channel, be authentic), requirements (start
//! and end time, who and what was affected, what went wrong, lessons learned) and extras (technologies, the five
//! whys, human elements, what others can learn). The criteria are those of the transparent-uptime movement of 2010.
//! The rules are mechanical, so that the same text always gets the same verdict: they count words and look for
//! phrases. Only a person can judge whether a text is true, so a person confirms authenticity.

use serde::Serialize;

use super::extras::{five_whys, prose, technologies};
use super::finding::Criterion;
use super::prerequisites::{admit_failure, authenticity, channel, human_voice};
use super::requirements::{impact, lessons, start_end, what_went_wrong};
use crate::state::{PostmortemText, Verdict};

/// The grades of a post-mortem. The three counts add up to twelve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gauntlet {
    /// How many criteria are met in full.
    pub met: usize,
    /// How many criteria are met in part.
    pub partial: usize,
    /// How many criteria are not met.
    pub missing: usize,
    /// The twelve criteria: prerequisites, requirements, extras.
    pub criteria: Vec<Criterion>,
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
            "Describe what was hard to see and what helped.",
        )
        .named("human_elements", extra),
        prose(
            &text.learnings_for_others,
            "what others can learn",
            "Write what you would tell a friend who runs something else.",
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
    fn admit_failure_needs_we_and_a_failure_in_one_sentence() {
        let check = |summary: &str| verdict(serde_json::json!({ "summary": summary }), "admit_failure");
        assert_eq!(check("We broke check-ins for eleven hours."), Verdict::Met);
        assert_eq!(check("The database failed."), Verdict::Partial);
        assert_eq!(check("We failed; some users may have experienced errors."), Verdict::Partial);
        assert_eq!(check("We are proud of our growth."), Verdict::Missing);
    }

    #[test]
    fn human_voice_needs_we_and_no_evasive_phrases() {
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
    fn the_other_criteria_depend_on_their_fields() {
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
                "Everybody who tried at 17:40 UTC on 7 October, for 20 minutes.".into(),
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
    fn every_criterion_that_is_not_met_has_advice() {
        let report = gauntlet(&text(serde_json::json!({ "summary": "s" })));
        assert_eq!((report.met, report.criteria.len()), (0, 12));
        for criterion in report.criteria {
            assert!(!criterion.advice.is_empty(), "{}", criterion.id);
        }
    }
}
