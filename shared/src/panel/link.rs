//! Links of a panel.

use super::document::PanelLink;
use crate::words::{Word, Words};

/// A link, if there is an address.
pub(super) fn link(words: &Words, label: Word, url: Option<String>) -> Option<PanelLink> {
    url.map(|url| PanelLink { label: words.get(label).to_owned(), url })
}
