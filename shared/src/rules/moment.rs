//! The time and the version of a write.

use crate::time::Time;

/// The time at which an update is applied, and the version that it creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The current time of the edge.
    pub now: Time,
    /// The version that the update creates. Generated ids contain it, which makes them unique.
    pub version: u64,
}
