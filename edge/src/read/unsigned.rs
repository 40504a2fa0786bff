//! Why a document is not there because of the settings: they sign nothing, or are wrong.

use candor_shared::time::Time;

use crate::document::Document;
use crate::http::Problem;
use crate::settings::{EDITION_KEY, Settings};

/// The problem with a signed document, or with the one that names the keys, if the settings are to blame.
pub(super) fn unsigned(document: &Document, settings: &Settings, now: Time) -> Option<Problem> {
    if !document.needs_editions() {
        return None;
    }
    let editions = match &settings.editions {
        Ok(editions) => editions,
        Err(wrong) => return Some(Problem::unavailable(wrong.detail())),
    };
    let why = match (document, editions.word(now)) {
        (Document::Signed(_), "unsigned") => "is not set",
        (Document::Signed(_), "expired") => "has no key that has not expired",
        _ => return None,
    };
    Some(Problem::not_found(format!(
        "Documents are not signed here, because the setting {EDITION_KEY} {why}. Read the document without /signed."
    )))
}
