//! Follow-up tasks: work that prevents the next incident.

use serde::{Deserialize, Serialize};

use super::terms::FollowupStatus;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// A follow-up task of an incident: work that keeps a cause from leading to another incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followup {
    /// The task's id.
    pub id: Id,
    /// The incident that led to the task.
    pub incident: Id,
    /// What to do, in one line.
    pub name: Name,
    /// The cause that the task removes.
    pub prevents: Option<Body>,
    /// The role that is responsible. Internal, never published.
    pub owner: Option<Name>,
    /// When the task is due; `None` if it has no date.
    pub due: Option<Time>,
    /// Current status. Earlier versions stored it as `state`.
    #[serde(alias = "state")]
    pub status: FollowupStatus,
    /// Why the task was dropped.
    pub reason: Option<Body>,
    /// Whether `due` has passed while the task was open.
    pub overdue: bool,
    /// When the task was created.
    pub created_at: Time,
    /// When the task last changed.
    pub updated_at: Time,
}
