//! `page.set`.

use super::kind::Kind;
use super::nullable::nullable;
use serde::Deserialize;

use crate::text::{Color, Language, Link, Logo, Name, Url};
use crate::time::{Time, TimeZone};

/// Names the page. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSet {
    /// What the page is called.
    pub name: Option<Name>,
    /// The page's own public address, such as `https://status.example.com`: links to its incidents begin
    /// with it. `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub url: Option<Option<Url>>,
    /// Where its days begin and end, such as `Europe/Berlin`; UTC until it is set.
    pub time_zone: Option<TimeZone>,
    /// What it speaks, such as `en` (until it is set) or `pt-BR`: a text in one language is in this one.
    pub language: Option<Language>,
    /// Where people can ask: an address of the web or `mailto:`; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub support: Option<Option<Link>>,
    /// The colour of the brand, such as `#2266dd`; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub brand: Option<Option<Color>>,
    /// The picture of the brand: SVG, PNG or WebP as a `data:` URL in base64; `null` takes it away.
    #[serde(default, deserialize_with = "nullable")]
    pub logo: Option<Option<Logo>>,
    /// When it happened.
    pub at: Option<Time>,
}

impl Kind for PageSet {
    fn at(&self) -> Option<Time> {
        self.at
    }
}
