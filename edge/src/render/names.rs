//! Lists the documents that depend on what was published.

use candor_shared::time::Time;
use worker::Result;

use super::page::HISTORY_ENTRIES;
use super::source::Source;
use crate::document::Document;
use crate::names::{MAX_NAMES, Names};

/// How long isolates may use a list: two minutes, in milliseconds. The object makes it again after a minute, and they keep it
/// for another one.
const LIST_MILLIS: i64 = 2 * 60 * 1000;

/// The documents that the page can have; none if there are too many to list.
///
/// # Errors
/// If the storage cannot be read.
pub fn names(source: &Source<'_>) -> Result<Option<Names>> {
    let Source { ledger, state, now, .. } = *source;
    let Some((mut documents, first)) = ledger.documents(MAX_NAMES)? else { return Ok(None) };
    let pages = u32::try_from(documents.len()).unwrap_or(u32::MAX).div_ceil(HISTORY_ENTRIES);
    let zone = state.page.zone();
    // A month may begin while the list is used.
    let last = Time::from_millis(now.as_millis().saturating_add(LIST_MILLIS)).unwrap_or(now);
    let months = first.map(|first| (zone.month_of(first), zone.month_of(last)));
    documents.extend(state.components.keys().map(|id| Document::Badge(Some(id.clone()))));
    documents.extend(state.notice.iter().map(|_| Document::Notice));
    Ok(Some(Names::new(documents, months, pages)))
}
