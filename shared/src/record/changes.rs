//! How planned changes went, counted.

use serde::Serialize;

use crate::state::Outcome;

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
    /// So many completed changes with this outcome.
    pub fn completed(outcome: Option<Outcome>, total: u32) -> Self {
        let mut counts = Self { total, ..Self::default() };
        match outcome {
            Some(Outcome::Succeeded) => counts.succeeded = total,
            Some(Outcome::RolledBack) => counts.rolled_back = total,
            Some(Outcome::Failed) => counts.failed = total,
            None => {}
        }
        counts
    }

    /// Adds other changes.
    pub fn add(&mut self, other: &Self) {
        self.total = self.total.saturating_add(other.total);
        self.succeeded = self.succeeded.saturating_add(other.succeeded);
        self.rolled_back = self.rolled_back.saturating_add(other.rolled_back);
        self.failed = self.failed.saturating_add(other.failed);
    }
}
