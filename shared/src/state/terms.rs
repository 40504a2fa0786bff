//! The field's terms, as every status client knows them. Each order is from best to worst.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! term {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the type's order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The term as it is on the wire.
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
    /// How a component is, best first.
    ComponentState {
        /// It works.
        Operational = "operational",
        /// Planned work is going on.
        UnderMaintenance = "under_maintenance",
        /// It works, worse than it should.
        DegradedPerformance = "degraded_performance",
        /// It fails for some.
        PartialOutage = "partial_outage",
        /// It fails.
        MajorOutage = "major_outage",
    }
}

impl ComponentState {
    /// How bad this state is, in the terms of the page's indicator. The one place that knows: colours, badges and
    /// classes follow from it.
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
    /// Where an incident stands.
    IncidentStatus {
        /// The cause is being looked for.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// A fix is in and being watched.
        Monitoring = "monitoring",
        /// It is over.
        Resolved = "resolved",
    }
}

term! {
    /// How bad an incident is, best first.
    Impact {
        /// Nobody is affected.
        None = "none",
        /// Some are affected, or a little.
        Minor = "minor",
        /// Many are affected.
        Major = "major",
        /// Everybody is affected.
        Critical = "critical",
    }
}

term! {
    /// Where a maintenance stands, in the order in which it goes on.
    MaintenanceStatus {
        /// Announced, not started.
        Scheduled = "scheduled",
        /// Work is going on.
        InProgress = "in_progress",
        /// The work is done and being checked.
        Verifying = "verifying",
        /// It is over.
        Completed = "completed",
    }
}

term! {
    /// How a change went.
    Outcome {
        /// It did what it was meant to.
        Succeeded = "succeeded",
        /// It was taken back.
        RolledBack = "rolled_back",
        /// It did harm, or nothing.
        Failed = "failed",
    }
}

term! {
    /// Whether visitors are told of a maintenance.
    Visibility {
        /// They are.
        Public = "public",
        /// They are not; it is in the counts alone.
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
    /// Where a follow-up task stands.
    FollowupStatus {
        /// It is to be done.
        Open = "open",
        /// It is done.
        Done = "done",
        /// It will not be done, and the reason is known.
        Dropped = "dropped",
    }
}

term! {
    /// What kind of moment a line of a post-mortem's timeline is.
    TimelineKind {
        /// It began for those affected.
        Started = "started",
        /// Somebody or something noticed.
        Detected = "detected",
        /// It was said in public.
        Declared = "declared",
        /// The cause was found.
        Identified = "identified",
        /// The harm became less.
        Mitigated = "mitigated",
        /// It was over.
        Resolved = "resolved",
        /// Anything else worth knowing.
        Note = "note",
    }
}

term! {
    /// What the gauntlet says of one criterion, worst first.
    Verdict {
        /// It is not there.
        Missing = "missing",
        /// It is there in part.
        Partial = "partial",
        /// It is there.
        Met = "met",
    }
}

term! {
    /// The page's state in one word, best first.
    Indicator {
        /// All systems are operational.
        None = "none",
        /// Nothing but planned work.
        Maintenance = "maintenance",
        /// Something works worse, or fails for some.
        Minor = "minor",
        /// Something fails.
        Major = "major",
        /// Everything fails.
        Critical = "critical",
    }
}

impl Indicator {
    /// The sentence that goes with the indicator; the field's own wording.
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
        insta::assert_snapshot!(wire(MaintenanceStatus::ALL), @r#"["scheduled","in_progress","verifying","completed"]"#);
        insta::assert_snapshot!(wire(Outcome::ALL), @r#"["succeeded","rolled_back","failed"]"#);
        insta::assert_snapshot!(wire(Visibility::ALL), @r#"["public","internal"]"#);
        insta::assert_snapshot!(wire(FollowupStatus::ALL), @r#"["open","done","dropped"]"#);
        insta::assert_snapshot!(wire(TimelineKind::ALL), @r#"["started","detected","declared","identified","mitigated","resolved","note"]"#);
        insta::assert_snapshot!(wire(Verdict::ALL), @r#"["missing","partial","met"]"#);
        insta::assert_snapshot!(wire(Indicator::ALL), @r#"["none","maintenance","minor","major","critical"]"#);
    }
}
