//! What happened on the last days, by day, for the status page.

use std::cmp::Reverse;

use candor_shared::time::{Day, Time};
use candor_shared::words::{Count, Word, Words};
use worker::Result;
use yew::prelude::*;

use super::entry::entry;
use super::part;
use crate::document::Document;
use crate::render::source::Source;
use crate::storage::Happening;

/// The days on the page.
const DAYS: u16 = 14;
/// The most entries of a day. What is open is named beyond that.
const ENTRIES: u32 = 10;

/// The incidents and maintenances of the last days. Consecutive days without any are one line. A day that is not shown whole says
/// how much is left out, and links to its month.
///
/// # Errors
/// If the storage cannot be read.
pub(super) fn last_days(source: &Source<'_>, now: Time) -> Result<Html> {
    let Source { state, words, .. } = *source;
    let zone = state.page.zone();
    let mut items = Vec::new();
    let mut quiet: Option<(String, String)> = None;
    for day in zone.last_days(now, DAYS).into_iter().rev() {
        let (happened, left_out) = on(source, &day, now)?;
        if happened.is_empty() {
            let last = quiet.map_or_else(|| day.date.clone(), |(_, last)| last);
            quiet = Some((day.date, last));
            continue;
        }
        items.extend(quiet.take().map(|days| quiet_days(words, &days)));
        let entries = happened.iter().map(|happening| entry(words, state, happening, Some(now)));
        let month = Document::History(Some(zone.month_of(day.start)), 1).path();
        items.push(html! {
            <li>
                <p><time datetime={day.date.clone()}>{ words.day(&day.date) }</time></p>
                <div>
                    { for entries }
                    if left_out > 0 { <p><a href={month}>{ words.count(Count::More, left_out) }</a></p> }
                </div>
            </li>
        });
    }
    items.extend(quiet.map(|days| quiet_days(words, &days)));
    Ok(part::section(
        words,
        Word::LogLast14Days,
        html! {
            <>
                <ol class="log" role="list">{ for items }</ol>
                <p><a href="/history">{ words.get(Word::LogAll) }</a>{ " " }{ part::zone(&zone) }</p>
            </>
        },
    ))
}

/// What happened on a day, the newest first, and how much of it is left out.
fn on(source: &Source<'_>, day: &Day, now: Time) -> Result<(Vec<Happening>, usize)> {
    let Source { state, ledger, .. } = *source;
    if day.start > now {
        return Ok((Vec::new(), 0));
    }
    let mut happened = ledger.happened(day.start, day.end, ENTRIES, 0)?;
    let is_whole = happened.len() < usize::try_from(ENTRIES).unwrap_or(usize::MAX);
    if is_whole {
        return Ok((happened, 0));
    }
    // What still goes on is named on each day, however much shorter has begun since.
    let incidents = state.open_incidents().cloned().map(Happening::Incident);
    let active = state.open_maintenances().filter(|of| of.is_active() && of.is_public());
    let open = incidents.chain(active.cloned().map(Happening::Maintenance));
    let open =
        open.filter(|of| of.touches(day.start, day.end) && !happened.iter().any(|listed| listed.is(of)));
    let open: Vec<Happening> = open.collect();
    happened.extend(open);
    happened.sort_by_key(|of| Reverse(of.began()));
    let all = usize::try_from(ledger.count_happened(day.start, day.end)?).unwrap_or(usize::MAX);
    let left_out = all.saturating_sub(happened.len());
    Ok((happened, left_out))
}

/// A line for one day or several days without entries.
fn quiet_days(words: &Words, (first, last): &(String, String)) -> Html {
    let days = if first == last {
        words.day(first)
    } else {
        format!("{} – {}", words.day(first), words.day(last))
    };
    html! { <li><p>{ days }</p><div><p class="dim">{ words.get(Word::LogNothing) }</p></div></li> }
}
