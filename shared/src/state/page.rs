//! The page's own data.

use serde::{Deserialize, Serialize};

use crate::text::{Color, Language, Link, Logo, Name, Url};
use crate::time::TimeZone;

/// The page's own data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What it is called.
    pub name: Option<Name>,
    /// Its own public address: links to its incidents begin with it.
    pub url: Option<Url>,
    /// Where its days begin and end; UTC if nobody said.
    #[serde(default)]
    pub time_zone: Option<TimeZone>,
    /// What it speaks; English if nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where people can ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<Link>,
    /// The colour of its brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Color>,
    /// The picture of its brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Page {
    /// What the page is called.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("Status", Name::as_str)
    }

    /// What it speaks.
    pub fn language(&self) -> Language {
        self.language.clone().unwrap_or_else(Language::english)
    }

    /// The address of a path on the page, such as `/incidents/a`; none until the page has an address.
    pub fn address(&self, path: &str) -> Option<String> {
        self.url.as_ref().map(|url| format!("{}{path}", url.as_str().trim_end_matches('/')))
    }

    /// The same; the path alone while the page has no address.
    pub fn address_or_path(&self, path: &str) -> String {
        self.address(path).unwrap_or_else(|| path.to_owned())
    }
}
