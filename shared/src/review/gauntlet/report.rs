//! The gauntlet: grades a post-mortem on twelve criteria.
//!
//! Three groups: prerequisites (admit failure, sound like a human, have a channel, be authentic), requirements (start
//! and end time, who and what was affected, what went wrong, lessons learned) and extras (technologies, the five
//! whys, human elements, what others can learn). The criteria are those of the transparent-uptime movement of 2010.
//! The rules are mechanical, so that the same text always gets the same verdict: they look for fields, phrases and a few forms of
//! sentences, and say only what is certain from words. Everything else is unjudged. Only a person can judge whether a text is true,
//! so a person confirms authenticity.

use serde::Serialize;

use super::extras::{five_whys, prose, technologies};
use super::finding::Criterion;
use super::prerequisites::{admit_failure, authenticity, channel, human_voice};
use super::reading::Reader;
use super::requirements::{impact, lessons, start_end, what_went_wrong};
use crate::review::placeholder::{are_template_times, is_placeholder, is_somebody, is_unfilled};
use crate::state::{Lessons, PostmortemText, Verdict};
use crate::text::{Body, Language};

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
    /// How many criteria no rule could judge, because words alone leave it open.
    pub unjudged: usize,
    /// The twelve criteria: prerequisites, requirements, extras.
    pub criteria: Vec<Criterion>,
}

/// A post-mortem without what says nothing, such as "n/a" or a question of the template.
fn filled(text: &PostmortemText) -> PostmortemText {
    let is_filled = |text: &str| !is_placeholder(text);
    let body = |body: &Option<Body>| body.clone().filter(|body| is_filled(body.as_str()));
    let list = |bodies: &[Body]| bodies.iter().filter(|body| is_filled(body.as_str())).cloned().collect();
    let is_example = are_template_times(text.started_at, text.ended_at);
    PostmortemText {
        started_at: text.started_at.filter(|_| !is_example),
        ended_at: text.ended_at.filter(|_| !is_example),
        timeline: text.timeline.iter().filter(|entry| is_filled(entry.what.as_str())).cloned().collect(),
        affected: text.affected.clone().filter(|text| !is_unfilled(text.as_str())),
        what_went_wrong: body(&text.what_went_wrong),
        causes: list(&text.causes),
        five_whys: list(&text.five_whys),
        lessons: Lessons { technical: list(&text.lessons.technical), process: list(&text.lessons.process) },
        technologies: text.technologies.iter().filter(|name| is_filled(name.as_str())).cloned().collect(),
        human_elements: body(&text.human_elements),
        learnings_for_others: body(&text.learnings_for_others),
        channel: body(&text.channel),
        attested_by: text.attested_by.clone().filter(|who| is_somebody(who.as_str())),
        ..text.clone()
    }
}

/// Grades a post-mortem whose incident is in `language`, or in none that is declared.
pub fn gauntlet(text: &PostmortemText, language: Option<&Language>) -> Gauntlet {
    let (before, needs, extra) = ("prerequisites", "requirements", "extras");
    let text = &filled(text);
    let reader = Reader::new(text, language);
    let summary = Some(text.summary.as_str()).filter(|summary| !is_placeholder(summary));
    let account = text.what_went_wrong.as_ref().map(Body::as_str);
    let written = || text.written().filter(|text| !is_placeholder(text));
    let criteria = vec![
        reader
            .read([summary, account].into_iter().flatten())
            .judged(admit_failure)
            .named("admit_failure", before),
        reader.read(written()).judged(human_voice).named("human_voice", before),
        channel(text).named("communication_channel", before),
        authenticity(text).named("authenticity", before),
        start_end(text).named("start_end_time", needs),
        impact(text).named("impact", needs),
        reader.read(account).judged(|read| what_went_wrong(read, text)).named("what_went_wrong", needs),
        lessons(text).named("lessons_learned", needs),
        technologies(text).named("technologies", extra),
        five_whys(text).named("five_whys", extra),
        prose(
            text,
            ("human_elements", text.human_elements.as_ref()),
            "how it was for the people who were there",
            "Describe what was hard to see and what helped.",
        )
        .named("human_elements", extra),
        prose(
            text,
            ("learnings_for_others", text.learnings_for_others.as_ref()),
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
        gauntlet(&text(json), None).criteria.into_iter().find(|c| c.id == id).unwrap().verdict
    }

    #[test]
    fn a_long_sentence_is_hard_to_read() {
        let summary = format!("We {} it.", "really ".repeat(40));
        assert_eq!(
            verdict(
                serde_json::json!({ "summary": format!("{summary} The vendor did not, and they were slow.") }),
                "human_voice"
            ),
            Verdict::Unjudged
        );
        let summary = format!("We {} broke it.", "and they ".repeat(20));
        assert_eq!(verdict(serde_json::json!({ "summary": summary }), "human_voice"), Verdict::Partial);
    }

    #[test]
    fn the_other_criteria_depend_on_their_fields() {
        let with = |field: &str, value: serde_json::Value| {
            let mut json = serde_json::json!({ "summary": "It was slow, and the vendor fixed it." });
            json[field] = value;
            json
        };
        let long = "a long account of it that has at least the twelve words that substance needs";
        for (field, value, id, wanted) in [
            ("channel", "On https://status.example.com.".into(), "communication_channel", Verdict::Met),
            ("channel", "status.example.com".into(), "communication_channel", Verdict::Met),
            ("channel", "@trailmark_ops and ops@example.com".into(), "communication_channel", Verdict::Met),
            ("channel", "#status in our Slack".into(), "communication_channel", Verdict::Met),
            (
                "channel",
                "Room # 7, v. 2.5, i.e. nowhere @ all".into(),
                "communication_channel",
                Verdict::Unjudged,
            ),
            (
                "channel",
                "We had no status page at the time and told nobody.".into(),
                "communication_channel",
                Verdict::Unjudged,
            ),
            (
                "channel",
                "We ran Node.js and told nobody.We wrote a README.md".into(),
                "communication_channel",
                Verdict::Unjudged,
            ),
            (
                "channel",
                "We had none: https://status.example.com was down, too.".into(),
                "communication_channel",
                Verdict::Unjudged,
            ),
            (
                "channel",
                "Nobody was told; @example was silent.".into(),
                "communication_channel",
                Verdict::Unjudged,
            ),
            ("channel", "example.com/status".into(), "communication_channel", Verdict::Met),
            ("channel", "Geen".into(), "communication_channel", Verdict::Missing),
            ("attested_by", "pending review".into(), "authenticity", Verdict::Missing),
            ("attested_by", "on-call lead".into(), "authenticity", Verdict::Met),
            ("started_at", "2010-10-04T15:00:00Z".into(), "start_end_time", Verdict::Partial),
            ("affected", "Everyone, it seems.".into(), "impact", Verdict::Unjudged),
            ("affected", "Zero customers affected.".into(), "impact", Verdict::Unjudged),
            ("affected", "No customers were affected, no data was lost.".into(), "impact", Verdict::Unjudged),
            ("affected", "All 3 million of you.".into(), "impact", Verdict::Unjudged),
            ("what_went_wrong", long.into(), "what_went_wrong", Verdict::Unjudged),
            ("what_went_wrong", "A disk.".into(), "what_went_wrong", Verdict::Partial),
            ("causes", vec!["A disk."].into(), "what_went_wrong", Verdict::Partial),
            ("lessons", serde_json::json!({"technical": ["x"]}), "lessons_learned", Verdict::Partial),
            (
                "lessons",
                serde_json::json!({"technical": ["No change needed."], "process": ["We plan none."]}),
                "lessons_learned",
                Verdict::Unjudged,
            ),
            (
                "lessons",
                serde_json::json!({"technical": ["Keine"], "process": ["n.v.t."]}),
                "lessons_learned",
                Verdict::Missing,
            ),
            ("technologies", vec!["a database"].into(), "technologies", Verdict::Unjudged),
            (
                "technologies",
                vec!["PostgreSQL 16.2", "Links with 10.2 Gbit/s"].into(),
                "technologies",
                Verdict::Unjudged,
            ),
            (
                "technologies",
                vec!["S3", "k8s", "3 servers", "Route 53", "IPv6", "27 November 2026"].into(),
                "technologies",
                Verdict::Unjudged,
            ),
            ("technologies", vec!["NIC"].into(), "technologies", Verdict::Unjudged),
            ("technologies", vec!["keine"].into(), "technologies", Verdict::Missing),
            ("five_whys", vec!["a", "b"].into(), "five_whys", Verdict::Partial),
            ("five_whys", vec!["a", "b", "c"].into(), "five_whys", Verdict::Unjudged),
            ("five_whys", vec!["a", "b", "A."].into(), "five_whys", Verdict::Partial),
            ("human_elements", long.into(), "human_elements", Verdict::Unjudged),
            ("learnings_for_others", "Test.".into(), "learnings_for_others", Verdict::Unjudged),
        ] {
            assert_eq!(verdict(serde_json::json!({ "summary": "s" }), id), Verdict::Missing, "{id}");
            assert_eq!(verdict(with(field, value), id), wanted, "{field}");
        }
    }

    #[test]
    fn every_criterion_that_is_not_met_has_advice() {
        let report = gauntlet(&text(serde_json::json!({ "summary": "s" })), None);
        assert_eq!((report.met, report.criteria.len()), (0, 12));
        for criterion in report.criteria {
            assert!(!criterion.advice.is_empty(), "{}", criterion.id);
        }
    }
}
