//! What is done so that it does not happen again.

use serde::{Deserialize, Serialize};

use super::terms::FollowupStatus;
use crate::text::{Body, Id, Name};
use crate::time::Time;

/// A remediation task: it prevents a cause from breaking things again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followup {
    /// Its id.
    pub id: Id,
    /// The incident that it follows from.
    pub incident: Id,
    /// What is to be done.
    pub name: Name,
    /// The cause that it prevents.
    pub prevents: Option<Body>,
    /// The role that does it. Internal.
    pub owner: Option<Name>,
    /// When it is to be done.
    pub due: Option<Time>,
    /// Where it stands. Was stored as `state`.
    #[serde(alias = "state")]
    pub status: FollowupStatus,
    /// Why it was dropped.
    pub reason: Option<Body>,
    /// Whether its time has passed while it is open.
    pub overdue: bool,
    /// When it was first set.
    pub created_at: Time,
    /// When it was last set.
    pub updated_at: Time,
}
