//! `page.set`.

use serde::Deserialize;

use super::kind::Kind;
use super::nullable::nullable;
#[cfg(feature = "schema")]
use crate::limits;
use crate::state::Check;
use crate::text::{Color, Language, Link, Logo, Name, Url};
use crate::time::{Time, TimeZone};

/// Sets the page's own data. An absent field stays unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSet {
    /// Display name of the page.
    pub name: Option<Name>,
    /// Public address of the page, such as `https://status.example.com`. Links to incidents begin with it. `null`
    /// removes it.
    #[serde(default, deserialize_with = "nullable")]
    pub url: Option<Option<Url>>,
    /// Time zone of the page's days and months, such as `Europe/Berlin`; UTC until it is set.
    pub time_zone: Option<TimeZone>,
    /// Language of the page and of every text that names no language, such as `pt-BR`; `en` until it is set.
    pub language: Option<Language>,
    /// Where visitors can get help: an `https:`, `http:` or `mailto:` URL; `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    pub support: Option<Option<Link>>,
    /// Brand colour, such as `#2266dd`; `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    pub brand: Option<Option<Color>>,
    /// Brand logo: SVG, PNG or WebP as a `data:` URL in base64; `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    pub logo: Option<Option<Logo>>,
    /// Addresses that a visitor's device can try, to tell its own connection from the service: at most 8. A list replaces all
    /// of them; `null` or an empty one removes them.
    #[serde(default, deserialize_with = "nullable")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::CHECKS)))]
    pub checks: Option<Option<Vec<Check>>>,
    /// When this happened, if earlier than now; now if absent.
    pub at: Option<Time>,
}

impl Kind for PageSet {
    fn at(&self) -> Option<Time> {
        self.at
    }
}
