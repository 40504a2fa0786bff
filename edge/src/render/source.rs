//! What documents are rendered from.

use candor_shared::state::State;
use candor_shared::time::Time;

use crate::storage::Ledger;

/// What everything is rendered from.
pub struct Source<'a> {
    /// The storage.
    pub ledger: &'a Ledger,
    /// What is live.
    pub state: &'a State,
    /// Its version.
    pub version: u64,
    /// When that was published.
    pub published_at: Time,
    /// When this is rendered: until then it was true.
    pub now: Time,
    /// Names the page.
    pub page_id: &'a str,
    /// Who may show `/embed` in a frame.
    pub frame_ancestors: &'a str,
    /// The WebSub hub of the feeds.
    pub hub: Option<&'a str>,
}
