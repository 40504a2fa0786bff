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
use super::reading::Reader;
use super::requirements::{how_many, impact, lessons, start_end, what_went_wrong};
use crate::state::{PostmortemText, Verdict};
use crate::text::Body;

/// The grades of a post-mortem. The four counts add up to twelve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gauntlet {
    /// How many criteria are met in full.
    pub met: usize,
    /// How many criteria are met in part.
    pub partial: usize,
    /// How many criteria are not met.
    pub missing: usize,
    /// How many criteria no rule could judge, because the text is not in English.
    pub unjudged: usize,
    /// The twelve criteria: prerequisites, requirements, extras.
    pub criteria: Vec<Criterion>,
}

/// Grades a post-mortem.
pub fn gauntlet(text: &PostmortemText) -> Gauntlet {
    let (before, needs, extra) = ("prerequisites", "requirements", "extras");
    let reader = Reader::new(text);
    let summary = text.summary.as_str();
    let account = text.what_went_wrong.as_ref().map(Body::as_str);
    let affected = text.affected.as_ref().map(Body::as_str);
    let voice = reader.read(text.prose());
    let criteria = vec![
        reader
            .read([summary].into_iter().chain(account))
            .judged(admit_failure)
            .named("admit_failure", before),
        voice.judged(|read| human_voice(read, voice.is_whole())).named("human_voice", before),
        channel(text).named("communication_channel", before),
        authenticity(text).named("authenticity", before),
        start_end(text).named("start_end_time", needs),
        match &text.affected_share {
            // With the share, the words need no reading.
            Some(share) => how_many(affected, share),
            None => reader.read(affected).judged(impact),
        }
        .named("impact", needs),
        reader
            .read(account)
            .judged(|read| what_went_wrong(read, &text.causes))
            .named("what_went_wrong", needs),
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
        unjudged: count(Verdict::Unjudged),
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
    fn a_text_in_another_language_is_not_judged_by_english_words() {
        let german = serde_json::json!({
            "summary": "Wir haben die Zahlungen kaputt gemacht, und es war unsere Schuld.",
            "what_went_wrong": "Eine Migration hat die Tabelle gesperrt, und wir haben es zwanzig Minuten lang nicht gesehen.",
            "affected": "Alle 20 000 Kunden.", "started_at": "2026-03-01T12:00:00Z", "ended_at": "2026-03-01T13:00:00Z"
        });
        let report = gauntlet(&text(german.clone()));
        assert_eq!((report.unjudged, report.met), (4, 1));
        assert_eq!(report.met + report.partial + report.missing + report.unjudged, 12);
        let first = &report.criteria[0];
        assert_eq!(
            (first.id, first.verdict, first.judged_by.as_str()),
            ("admit_failure", Verdict::Unjudged, "rule")
        );
        assert!(first.advice.contains("attested_by"));
        let mut attested = german;
        attested["attested_by"] = "on-call".into();
        let first = &gauntlet(&text(attested)).criteria[0];
        assert_eq!((first.judged_by.as_str(), first.advice.as_str()), ("human: on-call", ""));
    }

    #[test]
    fn of_a_text_in_several_languages_only_the_english_part_is_judged() {
        const GERMAN: &str = "Wir haben die Zahlungen kaputt gemacht, und es war unsere Schuld.";
        const ACCOUNT: &str = "A migration locked the table, and we did not see it for twenty minutes because the alert was off.";
        let with = |summary: &str, account: &str, affected: &str| {
            let report = gauntlet(&text(serde_json::json!({
                "summary": summary, "what_went_wrong": account, "affected": affected
            })));
            let of = |id: &str| report.criteria.iter().find(|c| c.id == id).unwrap().verdict;
            (of("admit_failure"), of("human_voice"), of("what_went_wrong"), of("impact"))
        };
        use Verdict::{Met, Missing, Partial, Unjudged};
        let german_account =
            format!("{GERMAN} Eine Migration hat die Tabelle gesperrt, und niemand hat es gesehen.");
        for (summary, account, affected, wanted) in [
            // All in English: as before.
            ("Payments stopped.", ACCOUNT, "Everyone.", (Partial, Met, Met, Partial)),
            (
                "The platform was restored.",
                "A disk was full.",
                "Everyone.",
                (Missing, Missing, Partial, Partial),
            ),
            // One field in another language.
            (
                "We broke payments for you.",
                &german_account,
                "20 % of the checkouts.",
                (Met, Unjudged, Unjudged, Met),
            ),
            (
                "The platform was restored.",
                &german_account,
                "20 % of the checkouts.",
                (Unjudged, Unjudged, Unjudged, Met),
            ),
            (GERMAN, ACCOUNT, "Alle Kunden.", (Unjudged, Unjudged, Met, Unjudged)),
            // Paragraphs and sentences in another language.
            (
                &format!("We broke payments for you.\n\n{GERMAN}"),
                ACCOUNT,
                "All of you.",
                (Met, Unjudged, Met, Partial),
            ),
            (
                &format!("{GERMAN} We broke payments for you."),
                ACCOUNT,
                "Alle 20 von uns.",
                (Met, Unjudged, Met, Unjudged),
            ),
            (
                "The platform was restored.",
                &format!("{ACCOUNT}\n{GERMAN}"),
                "All 300 of you.",
                (Unjudged, Unjudged, Met, Met),
            ),
            (
                "Sorry!",
                &format!("A disk was full. {GERMAN}"),
                "Sorry!",
                (Unjudged, Unjudged, Unjudged, Unjudged),
            ),
            (
                "The database was down. データベースが停止していました。",
                ACCOUNT,
                "お客様の半数です。",
                (Unjudged, Unjudged, Met, Unjudged),
            ),
            (
                "Nous avons cassé les paiements. We were sorry to have been down.",
                "Le disque était plein, et nous ne l’avons pas vu.",
                "Tous.",
                (Met, Unjudged, Unjudged, Unjudged),
            ),
        ] {
            assert_eq!(with(summary, account, affected), wanted, "{summary} / {account} / {affected}");
        }
        let mixed = text(serde_json::json!({ "summary": format!("The platform was restored. {GERMAN}") }));
        let first = &gauntlet(&mixed).criteria[0];
        assert_eq!(
            (first.reason.as_str(), first.evidence.as_str()),
            ("the rules for it know English only, and a part of the text is in another language", GERMAN)
        );
    }

    #[test]
    fn an_evasive_account_is_no_account() {
        let check = |account: &str| {
            verdict(serde_json::json!({ "summary": "s", "what_went_wrong": account }), "what_went_wrong")
        };
        for evasive in [
            "An unforeseen issue with a third-party vendor impacted a subset of customers.",
            "Due to circumstances outside of our control, some users may have experienced intermittent issues for a brief period.",
            "We experienced an issue with an upstream provider that caused elevated error rates in a limited number of regions.",
        ] {
            assert_eq!(check(evasive), Verdict::Partial, "{evasive}");
        }
        assert_eq!(
            check(
                "A shard grew past its memory because posts of one user all go to one shard, and we moved data off it too late."
            ),
            Verdict::Met
        );
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
            let mut json = serde_json::json!({ "summary": "It was slow." });
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
