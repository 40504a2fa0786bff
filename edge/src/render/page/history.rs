//! `/history`: incidents and maintenances by month, in pages of limited size.

use candor_shared::time::Month;
use candor_shared::words::{Count, Word};
use worker::Result;
use yew::prelude::*;

use super::entry::entry;
use super::frame::{Draft, render};
use super::part;
use crate::document::Document;
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// The most entries on a page, so that it stays below 50 KB with the longest names.
pub const HISTORY_ENTRIES: u32 = 40;

/// Renders page `number` (from 1) of a month, or of the newest month with entries; none if there is no such page.
///
/// # Errors
/// If the storage cannot be read.
pub fn history(source: &Source<'_>, month: Option<Month>, number: u32) -> Result<Option<Rendered>> {
    let Source { state, ledger, words, now, .. } = *source;
    let zone = state.page.zone();
    let shown = match month {
        Some(month) => month,
        None => {
            let (newest, _) = ledger.around(now, now)?;
            zone.month_of(newest.unwrap_or(now))
        }
    };
    let Some((start, end)) = zone.bounds(shown) else { return Ok(None) };
    if start > now {
        return Ok(None);
    }
    let count = ledger.count_happened(start, end)?;
    let pages = count.div_ceil(HISTORY_ENTRIES).max(1);
    let ((earlier, _), (_, later)) = (ledger.around(start, now)?, ledger.around(end, now)?);
    // A month without entries has no page, except under /history itself.
    if number > pages || (count == 0 && month.is_some()) {
        return Ok(None);
    }
    let skip = number.saturating_sub(1).saturating_mul(HISTORY_ENTRIES);
    let happened = ledger.happened(start, end, HISTORY_ENTRIES, skip)?;
    let document = Document::History(month, number);
    let name = words.month(shown);
    let page_of = |number| Document::History(Some(shown), number).path();
    let month_of = |time| zone.month_of(time);
    let link = |href: String, rel: Option<&'static str>, text: String| html! { <>{ " " }<a {rel} {href}>{ text }</a></> };
    let items = happened.iter().map(|happening| {
        let began = happening.began();
        let day = zone.last_days(began, 1).first().map(|day| day.date.clone()).unwrap_or_default();
        html! { <li><p><time datetime={day.clone()}>{ words.day(&day) }</time></p><div>{ entry(words, state, happening, None) }</div></li> }
    });
    let entries = match count {
        0 => words.get(Word::LogNothing).to_owned(),
        count => words.count(Count::Entries, usize::try_from(count).unwrap_or(usize::MAX)),
    };
    let content = html! {
        <>
            <div class="hero neutral">
                <p class="dim">{ words.get(Word::PageHistory) }</p>
                <h1>{ name.clone() }</h1>
                <p class="dim">
                    { entries }
                    if pages > 1 { { format!(", {}", words.fill(Word::LogPageOf, &[("count", &number.to_string()), ("total", &pages.to_string())])) } }
                    { " " }{ part::zone(&zone) }
                </p>
            </div>
            <section>
                <h2>{ words.get(Word::LogWhatHappened) }</h2>
                <ol class="log" role="list">{ for items }</ol>
            </section>
            <section>
                <h2>{ words.get(Word::PageMore) }</h2>
                <nav aria-label={words.get(Word::LogMonths)}>
                    if number > 1 { { link(page_of(number.saturating_sub(1)), Some("prev"), words.get(Word::LogNewer).to_owned()) } }
                    if number < pages { { link(page_of(number.saturating_add(1)), Some("next"), words.get(Word::LogOlder).to_owned()) } }
                    if let Some(time) = later { { link(Document::History(Some(month_of(time)), 1).path(), None, words.month(month_of(time))) } }
                    if let Some(time) = earlier { { link(Document::History(Some(month_of(time)), 1).path(), None, words.month(month_of(time))) } }
                </nav>
            </section>
        </>
    };
    let title = state.page.title();
    let draft = Draft {
        path: &document.path(),
        title: format!("{name} · {title}"),
        description: words.fill(Word::LogDescription, &[("name", title), ("month", &name)]),
        level: Some(words::overall_level(state)),
        version: None,
        content,
    };
    render(&document, source, draft).map(Some)
}
