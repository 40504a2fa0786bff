//! Lists the documents that depend on what was published.

use candor_shared::time::TimeZone;
use worker::Result;

use super::page::HISTORY_ENTRIES;
use super::source::Source;
use crate::document::Document;
use crate::names::{MAX_NAMES, Names};

/// The documents that the page can have; none if there are too many to list.
///
/// # Errors
/// If the storage cannot be read.
pub fn names(source: &Source<'_>) -> Result<Option<Names>> {
    let Source { ledger, state, now, .. } = *source;
    let Some((mut documents, first)) = ledger.documents(MAX_NAMES)? else { return Ok(None) };
    let pages = u32::try_from(documents.len()).unwrap_or(u32::MAX).div_ceil(HISTORY_ENTRIES);
    let zone = state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
    let months = first.map(|first| (zone.month_of(first), zone.month_of(now)));
    documents.extend(state.components.keys().map(|id| Document::Badge(Some(id.clone()))));
    documents.extend(state.notice.iter().map(|_| Document::Notice));
    Ok(Some(Names::new(documents, months, pages)))
}
