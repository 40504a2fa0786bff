//! Planned changes: six questions before, an outcome after.

use serde::{Deserialize, Serialize};

use crate::text::{Body, Id};

/// A planned change: the answers to six questions. Internal: only the counts of changes and of their outcomes are
/// published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The kind of change, such as `database-upgrade`. Outcomes are counted per kind.
    pub kind: Option<Id>,
    /// 1. Which problem does it solve?
    pub problem: Option<Body>,
    /// 2. Was it done before, and how did that go?
    pub done_before: Option<Body>,
    // 3. When does it start, and when is it expected to end? `scheduled_for` and `scheduled_until` answer that.
    /// 4. What will users notice?
    pub effect: Option<Body>,
    /// 4. Is downtime needed?
    pub downtime: Option<bool>,
    /// 5. How is it rolled back?
    pub rollback: Option<Body>,
    /// 6. Which test shows that it worked?
    pub success_test: Option<Body>,
}

impl Change {
    /// The questions without an answer: the name of the field, and the question in words.
    pub fn open_questions(&self) -> Vec<(&'static str, &'static str)> {
        let open = |answered: bool, field, words| (!answered).then_some((field, words));
        [
            open(self.problem.is_some(), "problem", "Which problem does it solve?"),
            open(self.done_before.is_some(), "done_before", "Was it done before, and how did that go?"),
            open(self.effect.is_some(), "effect", "What will users notice?"),
            open(self.downtime.is_some(), "downtime", "Is downtime needed?"),
            open(self.rollback.is_some(), "rollback", "How is it rolled back?"),
            open(self.success_test.is_some(), "success_test", "Which test shows that it worked?"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
