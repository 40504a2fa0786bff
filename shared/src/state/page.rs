//! The page's own data.

use serde::{Deserialize, Serialize};

use crate::text::{Color, Id, Language, Link, Logo, Name, Url};
use crate::time::TimeZone;

/// The page's own data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Display name; see [`Page::title`] for the default.
    pub name: Option<Name>,
    /// Public address of the page. Links to incidents and maintenances begin with it.
    pub url: Option<Url>,
    /// Time zone of the page's days and months; UTC if it is not set.
    #[serde(default)]
    pub time_zone: Option<TimeZone>,
    /// Language of the page and of texts without a language; English if it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where visitors can get help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Link>,
    /// Brand colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Color>,
    /// Brand logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Addresses that a visitor's device can try, to tell its own connection from the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// An address that a visitor's device can try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What is there.
    pub name: Name,
    /// An `https:` URL without user name and password. It is published.
    pub url: Url,
    /// The id of the component that is behind it; absent for the page as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Id>,
}

impl Page {
    /// The time zone of its days: UTC if none was set.
    pub fn zone(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or_else(TimeZone::utc)
    }

    /// The page's name, or `Status` if it has none.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("Status", Name::as_str)
    }

    /// The page's language, or English if it is not set.
    pub fn language(&self) -> Language {
        self.language.clone().unwrap_or_else(Language::english)
    }

    /// The full URL, in ASCII, of a path such as `/incidents/a`; `None` if the page has no address.
    pub fn address(&self, path: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{}{path}", url.ascii().trim_end_matches('/')))
    }

    /// The full URL of a path, or the path alone if the page has no address.
    pub fn address_or_path(&self, path: &str) -> String {
        self.address(path).unwrap_or_else(|| path.to_owned())
    }
}
