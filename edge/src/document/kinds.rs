//! The kinds of documents of which there are several, and their names.

/// The documents of Statuspage's public API, version 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The indicator, the components, the open incidents and maintenance.
    Summary,
    /// The indicator alone.
    Status,
    /// The components.
    Components,
    /// The newest incidents.
    Incidents,
    /// The incidents that are not resolved.
    Unresolved,
    /// The newest maintenances.
    Maintenances,
    /// The maintenances that have not begun.
    Upcoming,
    /// The maintenances that are in progress.
    Active,
}

/// The formats of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Atom (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

/// How much `/embed` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The worst open incident or maintenance, with its newest text.
    Banner,
    /// Everything that is open, and the components that are not operational.
    Inline,
    /// The indicator in a pill.
    Badge,
}

pub(super) const ENDPOINTS: [(&str, Endpoint); 8] = [
    ("/api/v2/summary.json", Endpoint::Summary),
    ("/api/v2/status.json", Endpoint::Status),
    ("/api/v2/components.json", Endpoint::Components),
    ("/api/v2/incidents.json", Endpoint::Incidents),
    ("/api/v2/incidents/unresolved.json", Endpoint::Unresolved),
    ("/api/v2/scheduled-maintenances.json", Endpoint::Maintenances),
    ("/api/v2/scheduled-maintenances/upcoming.json", Endpoint::Upcoming),
    ("/api/v2/scheduled-maintenances/active.json", Endpoint::Active),
];
pub const FEEDS: [(&str, Feed); 3] =
    [("/history.atom", Feed::Atom), ("/history.rss", Feed::Rss), ("/feed.json", Feed::Json)];
pub(super) const VARIANTS: [(&str, Variant); 3] =
    [("banner", Variant::Banner), ("inline", Variant::Inline), ("badge", Variant::Badge)];

impl Feed {
    /// The path of the feed.
    pub fn path(self) -> &'static str {
        FEEDS.iter().find(|(_, feed)| *feed == self).map_or("", |(path, _)| path)
    }
}
