//! A public document. Converts a path and a query to a [`Document`], and a [`Document`] to its one name.

use std::str::FromStr;

use candor_shared::text::Id;
use candor_shared::time::Month;
use candor_shared::words::offered;

use super::address::{in_language, only, page_number, parameter, with};
use super::components::Components;
use super::kinds::{ENDPOINTS, Endpoint, FEEDS, Feed, Kind, VARIANTS, Variant};
use crate::target::target;

/// The path of the document that programs read.
pub const STATUS: &str = "/status.json";
/// The path of the status page.
pub const HOME: &str = "/";
/// The path of the document for those who show the status to people.
pub const BULLETIN: &str = "/bulletin.json";
/// The path of the document of a panel inside a product.
pub const PANEL: &str = "/panel.json";
/// The path of the document that names the keys of the page.
pub const DISCOVERY: &str = "/.well-known/candor.json";
/// The beginning of the path of a signed document. The name of the document follows.
pub const SIGNED: &str = "/signed";
/// The parameter with the language of a page that was negotiated. No link has it: it is for names.
const PREFERS: &str = "prefers";

/// A public document. Memory and caches hold it under its name, [`Document::path`].
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
    /// A feed of the newest texts and post-mortems.
    Feed(Feed),
    /// The badge of the page, or of a component.
    Badge(Option<Id>),
    /// The status page.
    Home,
    /// The history of a month, or of the newest month with entries if there is none. The number of the page, from 1.
    History(Option<Month>, u32),
    /// An incident's page.
    Incident(Id),
    /// A maintenance's page.
    Maintenance(Id),
    /// `/embed`, the small page for frames and webviews, about some components or all.
    Embed(Variant, Components),
    /// `bulletin.json`, about some components or all.
    Bulletin(Components),
    /// `panel.json`
    Panel,
    /// `.well-known/candor.json`: the keys that sign, and where to find what is signed.
    Discovery,
    /// Another document, signed. It may be in a language ([`Document::In`]), but is not signed twice.
    Signed(Box<Document>),
    /// A document for people in a certain language, by its tag, which is one that [`offered`] returns. Without this, it is in the
    /// page's own language.
    In(&'static str, Box<Document>),
    /// The same of a page, where `Accept-Language` chose the language: its links name none, so that the next request chooses again.
    Preferred(&'static str, Box<Document>),
}

/// How long browsers and caches may use a current document. `stale-while-revalidate` and `stale-if-error` are RFC 5861.
const CACHE: &str = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
/// The same for a picture, which cannot tell its age: never much longer than an update takes to arrive.
const PICTURE_CACHE: &str = "public, max-age=5, stale-while-revalidate=5";

impl Document {
    /// The document at a path with a query, both percent-encoded as in a URL, if there is one. Unknown parameters are
    /// ignored, because proxies and trackers add some.
    pub fn at(path: &str, query: &str) -> Option<Self> {
        match path.strip_prefix(SIGNED) {
            Some(path) => Some(Self::Signed(Box::new(
                Self::as_mirrors_have_it(path).or_else(|| Self::unsigned(path, query))?,
            ))),
            None => Self::unsigned(path, query),
        }
    }

    /// The bulletin in a language under the path that mirrors give it: static hosts know no query. So a deployment can be the mirror
    /// of another one.
    fn as_mirrors_have_it(path: &str) -> Option<Self> {
        let language = path.strip_prefix('/')?.strip_suffix(BULLETIN)?;
        let known = offered(language).filter(|known| *known == language)?;
        Some(Self::Bulletin(Components::default()).in_language(known))
    }

    fn unsigned(path: &str, query: &str) -> Option<Self> {
        let document = Self::without_language(path, query)?;
        // Of a language that is not offered, the page's own is the next best.
        let language = |name| parameter(query, name).and_then(offered);
        Some(match (language("lang"), language(PREFERS)) {
            (Some(language), _) => document.in_language(language),
            (None, Some(language)) if document.is_page() => document.negotiated(language),
            _ => document,
        })
    }

    /// The document in a language, if it is for people.
    pub fn in_language(self, language: &'static str) -> Self {
        match self {
            Self::Signed(document) => Self::Signed(Box::new(document.in_language(language))),
            document if document.is_for_people() => Self::In(language, Box::new(document)),
            document => document,
        }
    }

    /// The document in the language that a reader's `Accept-Language` prefers.
    pub fn negotiated(self, language: &'static str) -> Self {
        if self.is_page() { Self::Preferred(language, Box::new(self)) } else { self.in_language(language) }
    }

    /// Whether it is a page in HTML, with links to others.
    fn is_page(&self) -> bool {
        matches!(
            self,
            Self::Home | Self::History(..) | Self::Incident(_) | Self::Maintenance(_) | Self::Embed(..)
        )
    }

    /// Whether people read it, so that there is one in each language.
    pub fn is_for_people(&self) -> bool {
        match self {
            Self::Home
            | Self::History(..)
            | Self::Incident(_)
            | Self::Maintenance(_)
            | Self::Embed(..)
            | Self::Bulletin(_)
            | Self::Panel
            | Self::Feed(_) => true,
            Self::Signed(document) => document.is_for_people(),
            Self::Status
            | Self::Metrics
            | Self::Notice
            | Self::Postmortem(_)
            | Self::Statuspage(_)
            | Self::Badge(_)
            | Self::Discovery
            | Self::In(..)
            | Self::Preferred(..) => false,
        }
    }

    /// Whether a request without `?lang=` gets it in the language that `Accept-Language` prefers. A feed reader sends its own.
    pub fn is_negotiated(&self) -> bool {
        self.is_for_people() && !matches!(self.parts().0, Self::Feed(_))
    }

    /// The document without its language and without a signature, and the language, if it has one.
    pub fn parts(&self) -> (&Self, Option<&'static str>) {
        match self {
            Self::Signed(document) => document.parts(),
            Self::In(language, document) | Self::Preferred(language, document) => (document, Some(language)),
            document => (document, None),
        }
    }

    /// The language that somebody chose in the address; none where it was negotiated or is the page's own.
    pub fn chosen(&self) -> Option<&'static str> {
        match self {
            Self::Signed(document) => document.chosen(),
            Self::In(language, _) => Some(language),
            _ => None,
        }
    }

    /// The path of a month's first page without its number, if a path is that page with the number.
    pub fn first_page(path: &str) -> Option<&str> {
        path.strip_suffix("/1").filter(|month| {
            let document = Self::at(month, "");
            document.is_some_and(|document| matches!(document.parts().0, Self::History(Some(_), 1)))
        })
    }

    /// What it is for: as which it is counted.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Status => Kind::Status,
            Self::Bulletin(_) => Kind::Bulletin,
            Self::Panel => Kind::Panel,
            Self::Home | Self::History(..) | Self::Incident(_) | Self::Maintenance(_) => Kind::Page,
            Self::Embed(..) => Kind::Embed,
            Self::Statuspage(_) => Kind::Api,
            Self::Feed(_) => Kind::Feed,
            Self::Badge(_) => Kind::Badge,
            Self::Metrics | Self::Notice | Self::Postmortem(_) => Kind::Record,
            Self::Discovery | Self::Signed(_) => Kind::Signed,
            Self::In(_, document) | Self::Preferred(_, document) => document.kind(),
        }
    }

    fn without_language(path: &str, query: &str) -> Option<Self> {
        let id = |text: &str| Id::try_from(text.to_owned()).ok();
        match path {
            STATUS => return Some(Self::Status),
            "/metrics.json" => return Some(Self::Metrics),
            "/notice.json" => return Some(Self::Notice),
            HOME => return Some(Self::Home),
            BULLETIN => {
                return Components::read(only(query, "components")?.unwrap_or_default()).map(Self::Bulletin);
            }
            PANEL => return Some(Self::Panel),
            DISCOVERY => return Some(Self::Discovery),
            "/history" => return Some(Self::History(None, 1)),
            "/badge.svg" => {
                return match only(query, "component")? {
                    None => Some(Self::Badge(None)),
                    Some(component) => Some(Self::Badge(Some(id(component)?))),
                };
            }
            "/embed" => {
                let variant = only(query, "variant")?.unwrap_or("banner");
                let (_, variant) = VARIANTS.iter().find(|(name, _)| *name == variant)?;
                let components = Components::read(only(query, "components")?.unwrap_or_default())?;
                return Some(Self::Embed(*variant, components));
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
            // /postmortems/template.json is part of the program; no incident can have this id.
            return id(name).filter(|id| id.as_str() != "template").map(Self::Postmortem);
        }
        if let Some(name) = path.strip_prefix("/incidents/") {
            return id(name).map(Self::Incident);
        }
        if let Some(name) = path.strip_prefix("/maintenances/") {
            return id(name).map(Self::Maintenance);
        }
        let (month, page) = match path.strip_prefix("/history/")?.split_once('/') {
            Some((month, page)) => (month, page_number(page)?),
            None => (path.strip_prefix("/history/")?, 1),
        };
        Some(Self::History(Some(Month::from_str(month).ok()?), page))
    }

    /// The name of the document: its path, with its query if it has one. [`Document::at`] reads it back.
    pub fn path(&self) -> String {
        let endpoint_path = |wanted: Endpoint| {
            ENDPOINTS.iter().find(|(_, endpoint)| *endpoint == wanted).map_or(STATUS, |(path, _)| *path)
        };
        match self {
            Self::Status => STATUS.to_owned(),
            Self::Metrics => "/metrics.json".to_owned(),
            Self::Notice => "/notice.json".to_owned(),
            Self::Postmortem(id) => format!("/postmortems/{id}.json"),
            Self::Statuspage(endpoint) => endpoint_path(*endpoint).to_owned(),
            Self::Feed(feed) => feed.path().to_owned(),
            Self::Badge(None) => "/badge.svg".to_owned(),
            Self::Badge(Some(component)) => format!("/badge.svg?component={component}"),
            Self::Home => HOME.to_owned(),
            Self::History(None, _) => "/history".to_owned(),
            Self::History(Some(month), 1) => format!("/history/{month}"),
            Self::History(Some(month), page) => format!("/history/{month}/{page}"),
            Self::Incident(id) => format!("/incidents/{id}"),
            Self::Maintenance(id) => format!("/maintenances/{id}"),
            Self::Embed(variant, components) => {
                let name = VARIANTS.iter().find(|(_, known)| known == variant).map_or("banner", |(n, _)| n);
                let about = if components.is_all() { "" } else { "&components=" };
                format!("/embed?variant={name}{about}{components}")
            }
            Self::Bulletin(components) if components.is_all() => BULLETIN.to_owned(),
            Self::Bulletin(components) => format!("{BULLETIN}?components={components}"),
            Self::Panel => PANEL.to_owned(),
            Self::Discovery => DISCOVERY.to_owned(),
            Self::Signed(document) => format!("{SIGNED}{}", document.path()),
            Self::In(language, document) => in_language(&document.path(), language),
            Self::Preferred(language, document) => with(&document.path(), PREFERS, language),
        }
    }

    /// The document with this name ([`Self::path`]).
    pub fn named(name: &str) -> Option<Self> {
        let (path, query) = target(name);
        Self::at(path, query)
    }

    /// The media type, for `Content-Type`.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Status
            | Self::Metrics
            | Self::Notice
            | Self::Postmortem(_)
            | Self::Statuspage(_)
            | Self::Bulletin(_)
            | Self::Panel
            | Self::Discovery => "application/json",
            // RFC 7515, section 9.2.1.
            Self::Signed(_) => "application/jose",
            Self::In(_, document) | Self::Preferred(_, document) => document.media_type(),
            Self::Feed(Feed::Atom) => "application/atom+xml; charset=utf-8",
            Self::Feed(Feed::Rss) => "application/rss+xml; charset=utf-8",
            Self::Feed(Feed::Json) => "application/feed+json",
            Self::Badge(_) => "image/svg+xml",
            Self::Home | Self::History(..) | Self::Incident(_) | Self::Maintenance(_) | Self::Embed(..) => {
                "text/html; charset=utf-8"
            }
        }
    }

    /// `Cache-Control` of a current copy.
    pub fn cache_control(&self) -> &'static str {
        match self {
            Self::Badge(_) => PICTURE_CACHE,
            _ => CACHE,
        }
    }

    /// Whether it exists on every page to which an update was published. The others depend on what was published.
    pub fn is_on_every_page(&self) -> bool {
        match self {
            Self::Notice
            | Self::Postmortem(_)
            | Self::Badge(Some(_))
            | Self::History(Some(_), _)
            | Self::Incident(_)
            | Self::Maintenance(_) => false,
            Self::Embed(..) | Self::Bulletin(_) => !self.is_about_components(),
            Self::Status
            | Self::Metrics
            | Self::Statuspage(_)
            | Self::Feed(_)
            | Self::Badge(None)
            | Self::Home
            | Self::History(None, _)
            | Self::Panel
            | Self::Discovery => true,
            Self::In(_, document) | Self::Preferred(_, document) | Self::Signed(document) => {
                document.is_on_every_page()
            }
        }
    }

    /// Whether KV holds a copy of it, which is read when the object cannot be reached: of what is for people, in the page's own
    /// language.
    pub fn has_kv_copy(&self) -> bool {
        matches!(self.parts().0, Self::Status | Self::Bulletin(_) | Self::Home)
            && !self.is_about_components()
            && !matches!(self, Self::Signed(_))
    }

    /// Whether it states when it was rendered, as measures, signed documents and the pages that change do, or depends on the time
    /// otherwise, as keys do, which expire. The object renders such a document again each minute.
    pub fn is_dated(&self) -> bool {
        self.has_measures()
            || self.needs_editions()
            || matches!(
                self.parts().0,
                Self::Bulletin(_)
                    | Self::Embed(..)
                    | Self::Incident(_)
                    | Self::Maintenance(_)
                    | Self::History(..)
            )
    }

    /// Whether it depends on the settings for signed documents.
    pub fn needs_editions(&self) -> bool {
        matches!(self, Self::Signed(_) | Self::Discovery)
    }

    /// Whether it is about some components of the page.
    pub fn is_about_components(&self) -> bool {
        matches!(self.parts().0, Self::Embed(_, about) | Self::Bulletin(about) if !about.is_all())
    }

    /// Whether it holds measures: uptime, and times to detect and to resolve.
    pub fn has_measures(&self) -> bool {
        matches!(self.parts().0, Self::Metrics | Self::Home | Self::Panel)
    }
}

#[cfg(test)]
#[path = "public_tests.rs"]
mod tests;
