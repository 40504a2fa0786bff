//! The input of every renderer.

use candor_shared::bulletin::{Bulletin, Mirrors, Part, bulletin};
use candor_shared::state::State;
use candor_shared::text::Id;
use candor_shared::time::Time;
use candor_shared::words::Words;

use crate::document::in_language;
use crate::settings::Editions;
use crate::storage::Ledger;

/// The input of every renderer: the page in one version, the time, and the settings that documents show.
pub struct Source<'a> {
    /// The ledger, for what is not in the state: texts, history, closed entities.
    pub ledger: &'a Ledger,
    /// The live state.
    pub state: &'a State,
    /// The words of the language in which a document for people is rendered.
    pub words: &'a Words,
    /// The language that somebody chose in the address of a document, which its links keep; set where a document is rendered.
    pub chosen: Option<&'static str>,
    /// The version of the state.
    pub version: u64,
    /// When that version was published.
    pub published_at: Time,
    /// When the document is rendered: the time at which it is known to be true.
    pub now: Time,
    /// The epoch of the storage, within which versions count.
    pub epoch: &'a str,
    /// The keys that sign documents, and the mirrors; none if their setting is wrong.
    pub editions: Option<&'a Editions>,
    /// The name of the page in feeds and in Statuspage's API.
    pub page_id: &'a str,
    /// The sites that may show `/embed` in a frame: sources of the CSP directive `frame-ancestors`.
    pub frame_ancestors: &'a str,
    /// The WebSub hub that the feeds name.
    pub hub: Option<&'a str>,
}

impl Source<'_> {
    /// The address of a document in the language that was chosen, if one was.
    pub fn in_chosen(&self, address: &str) -> String {
        self.chosen.map_or_else(|| address.to_owned(), |language| in_language(address, language))
    }

    /// What is to be said about these components, with the part of the page that they are; or about the whole page, where none are
    /// named. None if the page has none of them.
    pub fn bulletin_about(&self, components: &[Id]) -> Option<(Bulletin, Option<Part>)> {
        let say = |state| bulletin(state, self.words, self.version, self.published_at, self.now);
        if components.is_empty() {
            return Some((say(self.state), None));
        }
        let part = Part::of(self.state, components)?;
        Some((part.honest(say(&part.state)), Some(part)))
    }

    /// Where signed copies are, and by whose keys; none if nothing is signed or nobody has copies.
    pub fn mirrors(&self) -> Option<Mirrors> {
        let editions = self.editions?;
        let urls: Vec<String> =
            editions.mirrors.iter().map(|url| url.as_str().trim_end_matches('/').to_owned()).collect();
        let keys = editions.valid(self.now).map(|key| (key.id.to_string(), key.public()));
        let mirrors = Mirrors { urls, keys: keys.collect() };
        (!mirrors.urls.is_empty() && !mirrors.keys.is_empty()).then_some(mirrors)
    }
}
