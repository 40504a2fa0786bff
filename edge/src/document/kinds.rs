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

/// What a document is for: as which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `status.json`
    Status,
    /// `bulletin.json`, which embeds poll.
    Bulletin,
    /// `/widget.js`, with a bulletin inside.
    Loader,
    /// `panel.json`
    Panel,
    /// The status page, the history, and pages about one thing.
    Page,
    /// `/embed`
    Embed,
    /// Statuspage's API.
    Api,
    /// A feed.
    Feed,
    /// A badge.
    Badge,
    /// Measures, notice, post-mortems.
    Record,
    /// Whatever is signed, and the keys.
    Signed,
}

impl Kind {
    /// All kinds with their names, in the order of their numbers.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Status, "status"),
        (Self::Bulletin, "bulletin"),
        (Self::Loader, "loader"),
        (Self::Panel, "panel"),
        (Self::Page, "page"),
        (Self::Embed, "embed"),
        (Self::Api, "api"),
        (Self::Feed, "feed"),
        (Self::Badge, "badge"),
        (Self::Record, "record"),
        (Self::Signed, "signed"),
    ];
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
