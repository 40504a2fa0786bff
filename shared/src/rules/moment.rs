//! When an update is applied.

use crate::time::Time;

/// When an update is applied, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time of the edge.
    pub now: Time,
    /// The version that the update makes. Made-up ids contain it, so that they are new.
    pub version: u64,
}
