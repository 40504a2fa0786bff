//! How planned changes went, counted.

use serde::Serialize;

use crate::state::{Maintenance, Outcome};
use crate::text::Id;
use crate::time::Time;

/// How many changes were completed, and with which outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeCounts {
    /// Completed changes, with or without an outcome.
    pub total: u32,
    /// Changes with the outcome `succeeded`.
    pub succeeded: u32,
    /// Changes with the outcome `rolled_back`.
    pub rolled_back: u32,
    /// Changes with the outcome `failed`.
    pub failed: u32,
}

impl ChangeCounts {
    /// Counts one more completed change.
    pub fn add(&mut self, outcome: Option<Outcome>) {
        self.total = self.total.saturating_add(1);
        let counter = match outcome {
            Some(Outcome::Succeeded) => &mut self.succeeded,
            Some(Outcome::RolledBack) => &mut self.rolled_back,
            Some(Outcome::Failed) => &mut self.failed,
            None => return,
        };
        *counter = counter.saturating_add(1);
    }

    /// Counts the changes of this kind that were completed at or after `since`.
    pub fn of_kind<'a>(kind: &Id, since: Time, history: impl IntoIterator<Item = &'a Maintenance>) -> Self {
        let mut counts = Self::default();
        for maintenance in history {
            let same = maintenance.change.as_ref().is_some_and(|change| change.kind.as_ref() == Some(kind));
            if same && maintenance.completed_at.is_some_and(|at| at >= since) {
                counts.add(maintenance.outcome);
            }
        }
        counts
    }
}
