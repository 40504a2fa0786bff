//! What is known of a deployment that stands by for another one.

use candor_shared::time::Time;

/// A standby that holds a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standby {
    /// When the deployment that it follows last confirmed that this is its page, by the clock of that deployment; when this was heard, if that
    /// clock is ahead of the one here.
    pub confirmed_at: Time,
    /// Whether it took that one's place.
    pub promoted: Option<Promoted>,
}

/// When a standby took the place of the deployment that it followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promoted {
    /// The time.
    pub at: Time,
    /// The newest version that it had from the other one.
    pub version: u64,
    /// The epoch of the other one's storage. A program of an earlier version did not keep it.
    pub epoch: Option<String>,
}

impl Standby {
    /// Whether it follows, and so takes no updates.
    pub fn is_following(&self) -> bool {
        self.promoted.is_none()
    }
}
