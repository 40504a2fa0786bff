//! Which documents a page can have: what the object knows and each isolate holds, so that names which nobody published are
//! answered without asking the object.

use std::str::FromStr;

use candor_shared::time::Month;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::Document;

/// The most documents that are listed. A page with more has no list, and isolates remember single names only.
pub const MAX_NAMES: usize = 10_000;

/// The names of the documents that depend on what was published, in one version. It may name some that do not exist, but
/// leaves out none that does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The first four bytes of the SHA-256 of each name, in order. Two names may share one; then the object is asked.
    hashes: Vec<u32>,
    /// The months of the history, from the first to the present one.
    months: Option<(String, String)>,
    /// The most pages that a month has.
    pages: u32,
}

impl Names {
    /// Lists these documents, the months from the first to the last, and their pages.
    pub fn new(
        documents: impl IntoIterator<Item = Document>,
        months: Option<(Month, Month)>,
        pages: u32,
    ) -> Self {
        let mut hashes: Vec<u32> = documents.into_iter().map(|document| hash(&document.path())).collect();
        hashes.sort_unstable();
        let months = months.map(|(first, last)| (first.to_string(), last.to_string()));
        Self { hashes, months, pages }
    }

    /// Whether the page can have a document of this name ([`Document::path`]).
    pub fn may_have(&self, name: &str) -> bool {
        let Some(document) = Document::named(name) else { return false };
        match document.parts().0 {
            document if document.is_on_every_page() => true,
            Document::History(Some(month), page) => {
                let month_of = |text: &str| Month::from_str(text).ok();
                let within = self.months.as_ref().is_some_and(|(first, last)| {
                    month_of(first).is_none_or(|first| first <= *month)
                        && month_of(last).is_none_or(|last| *month <= last)
                });
                within && *page <= self.pages
            }
            // A component that exists has a badge.
            Document::Embed(_, components) | Document::Bulletin(components) => {
                components.ids().iter().any(|id| self.lists(&Document::Badge(Some(id.clone()))))
            }
            document => self.lists(document),
        }
    }

    fn lists(&self, document: &Document) -> bool {
        self.hashes.binary_search(&hash(&document.path())).is_ok()
    }
}

fn hash(name: &str) -> u32 {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name));
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_listed_may_exist_and_nothing_else_does() {
        let id = |text: &str| candor_shared::text::Id::try_from(text.to_owned()).unwrap();
        let documents = [Document::Incident(id("down")), Document::Notice, Document::Badge(Some(id("api")))];
        let names = Names::new(documents, Some((month("2025-11"), month("2026-02"))), 3);
        let names: Names = serde_json::from_str(&serde_json::to_string(&names).unwrap()).unwrap();
        for name in [
            "/",
            "/status.json",
            "/embed?variant=badge",
            "/badge.svg",
            "/history",
            "/incidents/down",
            "/notice.json",
            "/badge.svg?component=api",
            "/history/2025-11",
            "/history/2026-02/3",
            "/incidents/down?lang=de",
            "/?lang=ar",
            "/embed?variant=badge&components=api,web",
        ] {
            assert!(names.may_have(name), "{name}");
        }
        for name in [
            "/incidents/up",
            "/incidents/up?lang=de",
            "/maintenances/down",
            "/postmortems/down.json",
            "/badge.svg?component=web",
            "/embed?variant=badge&components=mail,web",
            "/history/2025-10",
            "/history/2026-03",
            "/history/2026-01/4",
        ] {
            assert!(!names.may_have(name), "{name}");
        }
        let empty = Names::new([], None, 0);
        assert!(
            empty.may_have("/") && !empty.may_have("/history/2026-01") && !empty.may_have("/notice.json")
        );
    }
}
