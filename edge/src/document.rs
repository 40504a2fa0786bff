//! Which public documents there are: a path, and for some a query, to a [`Document`] and back.

use std::str::FromStr;

use candor_shared::text::Id;
use candor_shared::time::Month;

/// The document that the widget reads.
pub const STATUS: &str = "/status.json";
/// The status page.
pub const HOME: &str = "/";
/// Digits in the number of a page of the history.
const PAGE_DIGITS: usize = 4;

/// A public document. Its name ([`Document::path`]) is the one under which it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// `status.json`
    Status,
    /// `metrics.json`
    Metrics,
    /// `notice.json`
    Notice,
    /// The post-mortem of an incident.
    Postmortem(Id),
    /// A document of Statuspage's API.
    Statuspage(Endpoint),
    /// A feed of every text.
    Feed(Feed),
    /// The badge of the page, or of a component.
    Badge(Option<Id>),
    /// The status page.
    Home,
    /// What happened in a month; the newest one if none is named. Pages count from 1.
    History(Option<Month>, u32),
    /// An incident's page.
    Incident(Id),
    /// A maintenance's page.
    Maintenance(Id),
    /// The page for frames and webviews.
    Embed(Variant),
}

/// The documents of Statuspage's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// What is open, and how everything is.
    Summary,
    /// The page's state.
    Status,
    /// The components.
    Components,
    /// The newest incidents.
    Incidents,
    /// The incidents that are not resolved.
    Unresolved,
    /// The newest maintenances.
    Maintenances,
    /// Those that have not begun.
    Upcoming,
    /// Those that go on.
    Active,
}

/// The formats of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

/// What a frame shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The worst, with its newest text.
    Banner,
    /// Everything that is open, with what is not operational.
    Inline,
    /// The state in a pill.
    Badge,
}

const ENDPOINTS: [(&str, Endpoint); 8] = [
    ("/api/v2/summary.json", Endpoint::Summary),
    ("/api/v2/status.json", Endpoint::Status),
    ("/api/v2/components.json", Endpoint::Components),
    ("/api/v2/incidents.json", Endpoint::Incidents),
    ("/api/v2/incidents/unresolved.json", Endpoint::Unresolved),
    ("/api/v2/scheduled-maintenances.json", Endpoint::Maintenances),
    ("/api/v2/scheduled-maintenances/upcoming.json", Endpoint::Upcoming),
    ("/api/v2/scheduled-maintenances/active.json", Endpoint::Active),
];
const FEEDS: [(&str, Feed); 3] =
    [("/history.atom", Feed::Atom), ("/history.rss", Feed::Rss), ("/feed.json", Feed::Json)];
const VARIANTS: [(&str, Variant); 3] =
    [("banner", Variant::Banner), ("inline", Variant::Inline), ("badge", Variant::Badge)];

impl Document {
    /// The document at a path with a query (both as they are in a URL), if there is one. What a query
    /// says that no document asks for is passed over, as everybody on the way does.
    pub fn at(path: &str, query: &str) -> Option<Self> {
        let id = |text: &str| Id::try_from(text.to_owned()).ok();
        match path {
            STATUS => return Some(Self::Status),
            "/metrics.json" => return Some(Self::Metrics),
            "/notice.json" => return Some(Self::Notice),
            HOME => return Some(Self::Home),
            "/history" => return Some(Self::History(None, 1)),
            "/badge.svg" => {
                return match parameter(query, "component") {
                    None => Some(Self::Badge(None)),
                    Some(component) => Some(Self::Badge(Some(id(component)?))),
                };
            }
            "/embed" => {
                let wanted = parameter(query, "variant").unwrap_or("banner");
                return VARIANTS.iter().find(|(name, _)| *name == wanted).map(|(_, v)| Self::Embed(*v));
            }
            _ => {}
        }
        if let Some((_, endpoint)) = ENDPOINTS.iter().find(|(known, _)| *known == path) {
            return Some(Self::Statuspage(*endpoint));
        }
        if let Some((_, feed)) = FEEDS.iter().find(|(known, _)| *known == path) {
            return Some(Self::Feed(*feed));
        }
        if let Some(name) = path.strip_prefix("/postmortems/").and_then(|name| name.strip_suffix(".json")) {
            // The empty one to fill in is part of the program, and no incident has this id.
            return id(name).filter(|id| id.as_str() != "template").map(Self::Postmortem);
        }
        if let Some(name) = path.strip_prefix("/incidents/") {
            return id(name).map(Self::Incident);
        }
        if let Some(name) = path.strip_prefix("/maintenances/") {
            return id(name).map(Self::Maintenance);
        }
        let (month, page) = match path.strip_prefix("/history/")?.split_once('/') {
            Some((month, page)) => (month, number(page)?),
            None => (path.strip_prefix("/history/")?, 1),
        };
        Some(Self::History(Some(Month::from_str(month).ok()?), page))
    }

    /// The path, and the query if it has one: one name for each document.
    pub fn path(&self) -> String {
        let name = |list: &[(&'static str, Endpoint)], wanted: Endpoint| {
            list.iter().find(|(_, endpoint)| *endpoint == wanted).map_or(STATUS, |(path, _)| *path)
        };
        match self {
            Self::Status => STATUS.to_owned(),
            Self::Metrics => "/metrics.json".to_owned(),
            Self::Notice => "/notice.json".to_owned(),
            Self::Postmortem(id) => format!("/postmortems/{id}.json"),
            Self::Statuspage(endpoint) => name(&ENDPOINTS, *endpoint).to_owned(),
            Self::Feed(feed) => feed.path().to_owned(),
            Self::Badge(None) => "/badge.svg".to_owned(),
            Self::Badge(Some(component)) => format!("/badge.svg?component={component}"),
            Self::Home => HOME.to_owned(),
            Self::History(None, _) => "/history".to_owned(),
            Self::History(Some(month), 1) => format!("/history/{month}"),
            Self::History(Some(month), page) => format!("/history/{month}/{page}"),
            Self::Incident(id) => format!("/incidents/{id}"),
            Self::Maintenance(id) => format!("/maintenances/{id}"),
            Self::Embed(variant) => {
                let name = VARIANTS.iter().find(|(_, known)| known == variant).map_or("banner", |(n, _)| n);
                format!("/embed?variant={name}")
            }
        }
    }

    /// Its media type.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Status | Self::Metrics | Self::Notice | Self::Postmortem(_) | Self::Statuspage(_) => {
                "application/json"
            }
            Self::Feed(Feed::Atom) => "application/atom+xml; charset=utf-8",
            Self::Feed(Feed::Rss) => "application/rss+xml; charset=utf-8",
            Self::Feed(Feed::Json) => "application/feed+json",
            Self::Badge(_) => "image/svg+xml",
            Self::Home | Self::History(..) | Self::Incident(_) | Self::Maintenance(_) | Self::Embed(_) => {
                "text/html; charset=utf-8"
            }
        }
    }

    /// Whether KV has a copy of it, for when the object cannot be reached.
    pub fn is_copied(&self) -> bool {
        matches!(self, Self::Status | Self::Home)
    }

    /// Whether it says when it was true, as measures and the pages that change do: it is then rendered again
    /// as time goes on.
    pub fn is_dated(&self) -> bool {
        self.has_measures() || matches!(self, Self::Embed(_) | Self::Incident(_) | Self::Maintenance(_))
    }

    /// Whether it holds measures.
    pub fn has_measures(&self) -> bool {
        matches!(self, Self::Metrics | Self::Home)
    }
}

impl Feed {
    /// Where it is.
    pub fn path(self) -> &'static str {
        FEEDS.iter().find(|(_, feed)| *feed == self).map_or("", |(path, _)| path)
    }
}

/// The first value of a parameter, as it was sent: the values that documents know need no escapes.
fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// A page's number, from 2: the first one has a shorter name.
fn number(text: &str) -> Option<u32> {
    let plain = (1..=PAGE_DIGITS).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|page| *page > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_has_one_name() {
        for url in [
            "/",
            "/status.json",
            "/metrics.json",
            "/notice.json",
            "/postmortems/a-1.json",
            "/badge.svg",
            "/badge.svg?component=checkins",
            "/history",
            "/history/2010-10",
            "/history/2010-10/12",
            "/incidents/a",
            "/maintenances/a",
            "/embed?variant=banner",
            "/embed?variant=inline",
        ]
        .into_iter()
        .chain(ENDPOINTS.map(|(path, _)| path))
        .chain(FEEDS.map(|(path, _)| path))
        {
            let (path, query) = url.split_once('?').unwrap_or((url, ""));
            let document = Document::at(path, query).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(document.path(), url);
        }
        assert_eq!(Document::at("/embed", "").unwrap().path(), "/embed?variant=banner");
        assert_eq!(Document::at("/status.json", "t=1").unwrap().path(), "/status.json");
        assert_eq!(
            Document::at("/badge.svg", "a=b&component=x&component=y").unwrap().path(),
            "/badge.svg?component=x"
        );
    }

    #[test]
    fn anything_else_is_not_there() {
        for (path, query) in [
            ("", ""),
            ("/status", ""),
            ("/postmortems/.json", ""),
            ("/postmortems/template.json", ""),
            ("/postmortems/A.json", ""),
            ("/postmortems/a/b.json", ""),
            ("/postmortems/../x.json", ""),
            ("/api/v2/", ""),
            ("/api/v2/summary.json/", ""),
            ("/history/", ""),
            ("/history/2010", ""),
            ("/history/2010-10/1", ""),
            ("/history/2010-10/02", ""),
            ("/history/2010-10/12345", ""),
            ("/history/2010-10/2/3", ""),
            ("/incidents/", ""),
            ("/incidents/%61", ""),
            ("/embed", "variant=huge"),
            ("/badge.svg", "component=A"),
            ("/badge.svg", "component="),
        ] {
            assert_eq!(Document::at(path, query), None, "{path}?{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_asked_for_has_a_name_that_leads_back(path in "/[a-z0-9/.-]{0,40}", query in "[a-z0-9=&%]{0,30}") {
            if let Some(document) = Document::at(&path, &query) {
                let name = document.path();
                let (path, query) = name.split_once('?').unwrap_or((&name, ""));
                proptest::prop_assert_eq!(Document::at(path, query), Some(document));
            }
        }
    }
}
