//! The words for states and terms.

use crate::state::{
    ComponentState, Impact, IncidentStatus, Indicator, MaintenanceStatus, State, TimelineKind,
};
use crate::words::{Word, Words};

/// A component's status.
pub fn component_word(state: ComponentState) -> Word {
    match state {
        ComponentState::Operational => Word::ComponentOperational,
        ComponentState::UnderMaintenance => Word::ComponentUnderMaintenance,
        ComponentState::DegradedPerformance => Word::ComponentDegradedPerformance,
        ComponentState::PartialOutage => Word::ComponentPartialOutage,
        ComponentState::MajorOutage => Word::ComponentMajorOutage,
    }
}

/// Where an incident stands.
pub fn incident_word(status: IncidentStatus) -> Word {
    match status {
        IncidentStatus::Investigating => Word::StatusInvestigating,
        IncidentStatus::Identified => Word::StatusIdentified,
        IncidentStatus::Monitoring => Word::StatusMonitoring,
        IncidentStatus::Resolved => Word::StatusResolved,
    }
}

/// Where a maintenance stands.
pub fn maintenance_word(status: MaintenanceStatus) -> Word {
    match status {
        MaintenanceStatus::Scheduled => Word::StatusScheduled,
        MaintenanceStatus::InProgress => Word::StatusInProgress,
        MaintenanceStatus::Verifying => Word::StatusVerifying,
        MaintenanceStatus::Completed => Word::StatusCompleted,
        MaintenanceStatus::Cancelled => Word::StatusCancelled,
    }
}

/// An incident's impact.
pub fn impact_word(impact: Impact) -> Word {
    match impact {
        Impact::None => Word::ImpactNone,
        Impact::Minor => Word::ImpactMinor,
        Impact::Major => Word::ImpactMajor,
        Impact::Critical => Word::ImpactCritical,
    }
}

/// How bad something is, in a word or two.
pub fn level_word(indicator: Indicator) -> Word {
    match indicator {
        Indicator::None => Word::LevelNone,
        Indicator::Maintenance => Word::LevelMaintenance,
        Indicator::Minor => Word::LevelMinor,
        Indicator::Major => Word::LevelMajor,
        Indicator::Critical => Word::LevelCritical,
    }
}

/// A kind of event in a timeline.
pub fn timeline_word(kind: TimelineKind) -> Word {
    match kind {
        TimelineKind::Started => Word::TimelineStarted,
        TimelineKind::Detected => Word::TimelineDetected,
        TimelineKind::Declared => Word::TimelineDeclared,
        TimelineKind::Identified => Word::TimelineIdentified,
        TimelineKind::Mitigated => Word::TimelineMitigated,
        TimelineKind::Resolved => Word::TimelineResolved,
        TimelineKind::Note => Word::TimelineNote,
    }
}

/// The state of the whole page in a sentence.
pub fn summary_word(indicator: Indicator) -> Word {
    match indicator {
        Indicator::None => Word::SummaryNone,
        Indicator::Maintenance => Word::SummaryMaintenance,
        Indicator::Minor => Word::SummaryMinor,
        Indicator::Major => Word::SummaryMajor,
        Indicator::Critical => Word::SummaryCritical,
    }
}

/// Whether a component is shown in this state.
pub fn some_are(state: &State, shown: ComponentState) -> bool {
    state.components.values().any(|component| !component.is_group && component.shown == shown)
}

/// The state of the whole page in words: an outage is not called partial while a component is wholly down, and beside an open
/// incident without impact stands its name.
pub fn overall(state: &State, words: &Words) -> String {
    match state.indicator() {
        Indicator::Major if some_are(state, ComponentState::MajorOutage) => {
            words.get(Word::SummarySomeDown).to_owned()
        }
        Indicator::None => match state.quiet_incident() {
            Some(incident) => translated_name(incident, words),
            None => words.get(Word::SummaryNone).to_owned(),
        },
        indicator => words.get(summary_word(indicator)).to_owned(),
    }
}

fn translated_name(incident: &crate::state::Incident, words: &Words) -> String {
    words.translation(&incident.name, incident.language.as_ref(), &incident.names).0.to_string()
}
