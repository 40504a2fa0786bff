//! The words and classes of what only pages show: grades, tasks, measures.

use candor_shared::record::Spread;
use candor_shared::state::{ComponentState, FollowupStatus, Impact, Indicator, State, Verdict};
use candor_shared::words::{Word, Words};

/// The level of the page's colours and icon: that of the indicator, but not the green one beside an open incident.
pub(super) fn overall_level(state: &State) -> Indicator {
    if state.quiet_incident().is_some() { Indicator::Maintenance } else { state.indicator() }
}

/// The CSS class of an indicator. It sets the colour and the mark.
pub(super) fn level(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::None => "ok",
        Indicator::Maintenance => "maintenance",
        Indicator::Minor => "minor",
        Indicator::Major => "major",
        Indicator::Critical => "critical",
    }
}

/// The CSS class of an incident's impact.
pub(super) fn impact_class(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "neutral",
        other => level(other.into()),
    }
}

/// The CSS class of a component's status.
pub(super) fn state_class(state: ComponentState) -> &'static str {
    level(state.level())
}

/// The CSS class and the word for a verdict of the gauntlet.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, Word) {
    match verdict {
        Verdict::Met => ("ok", Word::VerdictMet),
        Verdict::Partial => ("minor", Word::VerdictPartial),
        Verdict::Missing => ("critical", Word::VerdictMissing),
        Verdict::Unjudged => ("neutral", Word::VerdictUnjudged),
    }
}

/// What a criterion of the gauntlet, or a group of criteria, asks for.
pub(super) fn criterion(id: &str) -> Option<Word> {
    Some(match id {
        "prerequisites" => Word::CriterionPrerequisites,
        "requirements" => Word::CriterionRequirements,
        "extras" => Word::CriterionExtras,
        "admit_failure" => Word::CriterionAdmitFailure,
        "human_voice" => Word::CriterionHumanVoice,
        "communication_channel" => Word::CriterionCommunicationChannel,
        "authenticity" => Word::CriterionAuthenticity,
        "start_end_time" => Word::CriterionStartEndTime,
        "impact" => Word::CriterionImpact,
        "what_went_wrong" => Word::CriterionWhatWentWrong,
        "lessons_learned" => Word::CriterionLessonsLearned,
        "technologies" => Word::CriterionTechnologies,
        "five_whys" => Word::CriterionFiveWhys,
        "human_elements" => Word::CriterionHumanElements,
        "learnings_for_others" => Word::CriterionLearningsForOthers,
        _ => return None,
    })
}

/// The CSS class and the word for a follow-up task.
pub(super) fn task(status: FollowupStatus, overdue: bool) -> (&'static str, Word) {
    match status {
        FollowupStatus::Open if overdue => ("critical", Word::TaskOverdue),
        FollowupStatus::Open => ("neutral", Word::TaskOpen),
        FollowupStatus::Done => ("ok", Word::TaskDone),
        FollowupStatus::Dropped => ("neutral", Word::TaskDropped),
    }
}

/// The median of a measure, as a duration.
#[expect(clippy::cast_possible_truncation, reason = "seconds of a year are far below 2^53")]
pub(super) fn median(words: &Words, spread: Spread) -> String {
    words.duration((spread.median as i64).saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_criterion_has_a_name() {
        let text = serde_json::from_str(r#"{"summary":"We broke it."}"#).unwrap();
        for criterion in candor_shared::review::gauntlet(&text, None).criteria {
            assert!(super::criterion(criterion.id).is_some(), "{}", criterion.id);
            assert!(super::criterion(criterion.group).is_some(), "{}", criterion.group);
        }
    }
}
