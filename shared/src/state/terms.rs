//! The terms of the wire, as existing status clients know them. Where the order of values matters, the type says so.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! term {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in ascending order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The term on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

term! {
    /// Status of a component, best first.
    ComponentState {
        /// The component works.
        Operational = "operational",
        /// Planned work is active.
        UnderMaintenance = "under_maintenance",
        /// The component works, but slower or worse than it should.
        DegradedPerformance = "degraded_performance",
        /// The component fails for some users or some functions.
        PartialOutage = "partial_outage",
        /// The component fails for everybody.
        MajorOutage = "major_outage",
    }
}

impl ComponentState {
    /// The severity of this status as an indicator. Colours, badges and CSS classes of the pages derive from it.
    pub fn level(self) -> Indicator {
        match self {
            Self::Operational => Indicator::None,
            Self::UnderMaintenance => Indicator::Maintenance,
            Self::DegradedPerformance => Indicator::Minor,
            Self::PartialOutage => Indicator::Major,
            Self::MajorOutage => Indicator::Critical,
        }
    }
}

term! {
    /// Status of an incident.
    IncidentStatus {
        /// The cause is not known yet.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// A fix is in place, and the operator watches whether it holds.
        Monitoring = "monitoring",
        /// The incident has ended.
        Resolved = "resolved",
    }
}

term! {
    /// Severity of the impact of an incident, best first.
    Impact {
        /// Nobody is affected.
        None = "none",
        /// Some users are affected, or all of them slightly.
        Minor = "minor",
        /// Many users are affected.
        Major = "major",
        /// All users are affected.
        Critical = "critical",
    }
}

term! {
    /// Status of a maintenance, in chronological order.
    MaintenanceStatus {
        /// The work is announced and has not started.
        Scheduled = "scheduled",
        /// The work has started.
        InProgress = "in_progress",
        /// The work is done, and the operator checks the result.
        Verifying = "verifying",
        /// The maintenance has ended.
        Completed = "completed",
        /// Called off before it began.
        Cancelled = "cancelled",
    }
}

term! {
    /// Outcome of a change.
    Outcome {
        /// The change did what it was meant to do.
        Succeeded = "succeeded",
        /// The change was undone.
        RolledBack = "rolled_back",
        /// The change did harm, or had no effect.
        Failed = "failed",
    }
}

term! {
    /// Whether visitors see a maintenance.
    Visibility {
        /// Visitors see it.
        Public = "public",
        /// Visitors do not see it. It appears only in the counts of changes.
        Internal = "internal",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro gives every term the same derives")]
impl Default for Visibility {
    fn default() -> Self {
        Self::Public
    }
}

term! {
    /// Status of a follow-up task.
    FollowupStatus {
        /// The task is not done yet.
        Open = "open",
        /// The task is done.
        Done = "done",
        /// The task will not be done; `reason` states why.
        Dropped = "dropped",
    }
}

term! {
    /// Kind of an entry in a post-mortem's timeline.
    TimelineKind {
        /// The incident began for the people affected.
        Started = "started",
        /// A person or a monitor noticed.
        Detected = "detected",
        /// The operator declared the incident in public.
        Declared = "declared",
        /// The cause was found.
        Identified = "identified",
        /// The impact became smaller.
        Mitigated = "mitigated",
        /// The incident ended for the people affected.
        Resolved = "resolved",
        /// Anything else worth knowing.
        Note = "note",
    }
}

term! {
    /// The gauntlet's verdict on one criterion, worst first.
    Verdict {
        /// The post-mortem does not meet the criterion.
        Missing = "missing",
        /// The post-mortem meets the criterion in part.
        Partial = "partial",
        /// The post-mortem meets the criterion.
        Met = "met",
        /// No rule can tell by words alone, also because it may be in a language that the rules do not know.
        Unjudged = "unjudged",
    }
}

term! {
    /// Overall status of the page in one word, best first.
    Indicator {
        /// All systems are operational.
        None = "none",
        /// Planned work is active, and nothing fails.
        Maintenance = "maintenance",
        /// Something is degraded, or fails for some users.
        Minor = "minor",
        /// Something fails for many or all users.
        Major = "major",
        /// Everything fails, or an incident affects all users.
        Critical = "critical",
    }
}

impl Indicator {
    /// The sentence that goes with the indicator, in the wording of the Statuspage API.
    pub fn description(self) -> &'static str {
        match self {
            Self::None => "All Systems Operational",
            Self::Maintenance => "Service Under Maintenance",
            Self::Minor => "Partially Degraded Service",
            Self::Major => "Partial System Outage",
            Self::Critical => "Major Service Outage",
        }
    }
}

impl From<Impact> for Indicator {
    fn from(impact: Impact) -> Self {
        match impact {
            Impact::None => Self::None,
            Impact::Minor => Self::Minor,
            Impact::Major => Self::Major,
            Impact::Critical => Self::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_terms_are_pinned() {
        fn wire<T: Serialize>(all: &[T]) -> String {
            serde_json::to_string(all).unwrap()
        }
        insta::assert_snapshot!(wire(ComponentState::ALL), @r#"["operational","under_maintenance","degraded_performance","partial_outage","major_outage"]"#);
        insta::assert_snapshot!(wire(IncidentStatus::ALL), @r#"["investigating","identified","monitoring","resolved"]"#);
        insta::assert_snapshot!(wire(Impact::ALL), @r#"["none","minor","major","critical"]"#);
        insta::assert_snapshot!(wire(MaintenanceStatus::ALL), @r#"["scheduled","in_progress","verifying","completed","cancelled"]"#);
        insta::assert_snapshot!(wire(Outcome::ALL), @r#"["succeeded","rolled_back","failed"]"#);
        insta::assert_snapshot!(wire(Visibility::ALL), @r#"["public","internal"]"#);
        insta::assert_snapshot!(wire(FollowupStatus::ALL), @r#"["open","done","dropped"]"#);
        insta::assert_snapshot!(wire(TimelineKind::ALL), @r#"["started","detected","declared","identified","mitigated","resolved","note"]"#);
        insta::assert_snapshot!(wire(Verdict::ALL), @r#"["missing","partial","met","unjudged"]"#);
        insta::assert_snapshot!(wire(Indicator::ALL), @r#"["none","maintenance","minor","major","critical"]"#);
    }
}
