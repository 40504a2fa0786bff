//! `/`: the status page. States the overall status in words first, then the details.

use std::collections::BTreeMap;

use candor_shared::bulletin::{component_word, maintenance_word, overall};
use candor_shared::panel::UptimeWords;
use candor_shared::record::{MaintenanceRecord, MetricsDocument, Uptime, Window};
use candor_shared::state::{Component, Indicator, State};
use candor_shared::text::Id;
use candor_shared::words::{Count, Word, Words};
use worker::Result;
use yew::prelude::*;

use super::frame::{Draft, render};
use super::last_days::last_days;
use super::written::Written;
use super::{incident, part};
use crate::document::{Document, HOME};
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;

/// The days over which the shown measures are computed.
const MEASURED_DAYS: u16 = 90;

/// Renders the page.
///
/// # Errors
/// If the storage cannot be read.
pub fn home(source: &Source<'_>, measures: &MetricsDocument) -> Result<Rendered> {
    let Source { state, ledger, words, .. } = *source;
    let indicator = state.indicator();
    let title = state.page.title();
    let incidents = ledger.open_incidents(state, Some(words.tag()))?;
    let maintenances = ledger.open_maintenances(state, Some(words.tag()), |_| true)?;
    let overall = overall(state, words);
    let is_well = overall == words.get(Word::SummaryNone);
    // Neither green nor red beside an open incident without impact.
    let class = if state.quiet_incident().is_some() { "neutral" } else { words::level(indicator) };
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <h1 class={classes!("state", is_well.then_some("well"))}>{ overall.clone() }</h1>
                <p class="dim">{ part::sentence(words, Word::PageLastChange, &part::moment(words, source.published_at)) }</p>
            </div>
            { notice(words, state) }
            if !incidents.is_empty() {
                { part::section(words, Word::PageOpenIncidents, html! { <>{ for incidents.iter().map(|record| incident::card(words, state, record)) }</> }) }
            }
            if !maintenances.is_empty() {
                { part::section(words, Word::PageMaintenance, html! { <>{ for maintenances.iter().map(|record| maintenance(words, state, record)) }</> }) }
            }
            { components(words, state, measures) }
            { measures_section(words, measures) }
            { last_days(source, measures.as_of)? }
        </>
    };
    let draft = Draft {
        path: HOME,
        title: format!("{overall} · {title}"),
        description: format!("{overall} · {title}"),
        level: Some(words::overall_level(state)),
        version: Some(source.version),
        content,
    };
    render(&Document::Home, source, draft)
}

/// Renders the page before the first update. It states that the status is unknown.
///
/// # Errors
/// If yew renders nothing.
pub fn nothing_yet(source: &Source<'_>) -> Result<Rendered> {
    let words = source.words;
    let address = html! { <code>{ "/v1/updates" }</code> };
    let content = html! {
        <div class="hero neutral">
            <h1>{ words.get(Word::PageNothingYet) }</h1>
            <p>{ part::sentence(words, Word::PageNothingYetText, &address) }</p>
        </div>
    };
    let draft = Draft {
        path: HOME,
        title: words.get(Word::PageNothingYet).to_owned(),
        description: words.get(Word::RefusalNothingYetText).to_owned(),
        level: None,
        version: Some(0),
        content,
    };
    render(&Document::Home, source, draft)
}

fn notice(words: &Words, state: &State) -> Html {
    let Some(notice) = &state.notice else { return Html::default() };
    let details = notice.details.as_ref().map(|details| {
        let level = if notice.title.is_some() { 3 } else { 2 };
        let html = candor_shared::text::markdown::to_html_below(level, details.as_str());
        html! { <Written tag="div" class="prose">{ Html::from_html_unchecked(html.into()) }</Written> }
    });
    let link = notice
        .url
        .as_ref()
        .map(|url| html! { <p><a href={url.ascii()}>{ words.get(Word::PageReadMore) }</a></p> });
    let own = state.page.language.as_ref();
    let title = notice.title.as_ref();
    let title = title.map(|title| html! { <h3>{ part::name_in(words, title, own, &notice.titles) }</h3> });
    let body = part::prose(words, &notice.body, own, &notice.translations);
    part::section(words, Word::PageNotice, html! { <>{ title }{ body }{ details }{ link }</> })
}

fn maintenance(words: &Words, state: &State, record: &MaintenanceRecord) -> Html {
    let of = &record.maintenance;
    let own = of.language(&state.page);
    html! {
        <article class="maintenance">
            <p><b class="pill">{ words.title(maintenance_word(of.status)) }</b>{ part::late(words, of) }</p>
            <h3><a href={format!("/maintenances/{}", of.id)}>{ part::name_in(words, &of.name, own, &of.names) }</a></h3>
            <dl class="facts">
                { part::fact(words, Word::StoryPlannedFor, part::window(words, of.scheduled_for, of.scheduled_until)) }
                { part::components(words, &record.component_names(state)) }
            </dl>
            { part::log(words, &record.entries, own, None, maintenance_word, false) }
        </article>
    }
}

/// The components by group, each with a bar of its uptime, and the same as a table.
fn components(words: &Words, state: &State, measures: &MetricsDocument) -> Html {
    let all = state.components_in_order();
    if all.iter().all(|component| component.is_group) {
        return Html::default();
    }
    let uptimes: BTreeMap<&Id, &Uptime> =
        measures.uptime.iter().map(|uptime| (&uptime.component, uptime)).collect();
    // All components have the same days.
    let days = measures.uptime.first().map(|uptime| uptime.days.as_slice()).unwrap_or_default();
    let dates: Vec<String> = days.iter().map(|day| words.day(&day.date)).collect();
    let listed = |members: Vec<&Component>| {
        let items = members
            .into_iter()
            .map(|component| component_item(words, component, uptimes.get(&component.id).copied()));
        html! { <ul class="list" role="list">{ for items }</ul> }
    };
    let groups = state.components_by_group().into_iter().map(|(group, members)| {
        html! {
            <>
                if let Some(group) = group { <h3>{ part::name(&group.name) }</h3> }
                { listed(members) }
            </>
        }
    });
    part::section(
        words,
        Word::PageComponents,
        html! { <>{ for groups }{ table(words, &all, &uptimes, &dates) }</> },
    )
}

/// A component with its status, its description and its bar.
fn component_item(words: &Words, component: &Component, uptime: Option<&Uptime>) -> Html {
    let description = component.description.as_ref();
    html! {
        <li>
            <p class="part">
                <Written tag="b">{ component.name.to_string() }</Written>{ " " }
                <span class={classes!("state", words::state_class(component.shown))}>{ words.title(component_word(component.shown)) }</span>
            </p>
            if let Some(description) = description { <Written tag="p" class="dim">{ description.to_string() }</Written> }
            if let Some(uptime) = uptime { { bar(words, component, uptime) } }
        </li>
    }
}

/// The uptime of each day as an SVG. All days without an outage are one rectangle, those with one are a path for each colour;
/// the style sheet draws the gaps between days.
fn bar(words: &Words, component: &Component, uptime: &Uptime) -> Html {
    let all = uptime.days.len();
    let said = UptimeWords::of(words, component, Some(uptime), all);
    let unknown = all.saturating_sub(said.known);
    // One path for each colour: a page may have thousands of such days. The table names each of them.
    let mut paths = [("p1", 2, String::new()), ("p2", 1, String::new()), ("p3", 0, String::new())];
    for (index, day) in uptime.days.iter().enumerate() {
        let wanted = match day.level() {
            None => continue,
            Some(Indicator::Critical) => "p3",
            Some(Indicator::Major) => "p2",
            Some(_) => "p1",
        };
        // The worse, the higher.
        if let Some((_, top, path)) = paths.iter_mut().find(|(class, ..)| *class == wanted) {
            path.push_str(&format!("M{index} {top}h1V10h-1z"));
        }
    }
    let bad = paths.into_iter().filter(|(_, _, path)| !path.is_empty());
    let bad = bad.map(|(class, _, path)| html! { <path {class} d={path}></path> });
    let UptimeWords { known, span, share, description } = said;
    html! {
        <>
            <svg class="bar" viewBox={format!("0 0 {all} 10")} preserveAspectRatio="none" role="img" aria-label={description}>
                if unknown > 0 { <rect class="none" width={unknown.to_string()} height="10"></rect> }
                <rect x={unknown.to_string()} width={known.to_string()} height="10"></rect>
                { for bad }
            </svg>
            <p class="ends">
                <span>{ span }</span>{ " " }
                <span>{ share }</span>{ " " }
                <span>{ words.get(Word::UptimeToday) }</span>
            </p>
        </>
    }
}

/// The uptime as a table, for visitors who cannot see the bars.
fn table(
    words: &Words,
    components: &[&Component],
    uptimes: &BTreeMap<&Id, &Uptime>,
    dates: &[String],
) -> Html {
    let rows = components.iter().filter_map(|component| {
        let uptime = uptimes.get(&component.id)?;
        let over = |days| uptime.over(days).map_or_else(|| "–".to_owned(), |ratio| words.percent(ratio));
        let bad = uptime.days.iter().zip(dates).filter_map(|(day, date)| {
            let ratio = day.ratio.filter(|ratio| *ratio < 1.0)?;
            Some(words.labelled(date, &words.percent(ratio)))
        });
        let bad: Vec<String> = bad.collect();
        let bad = if bad.is_empty() { words.get(Word::UptimeNone).to_owned() } else { bad.join("; ") };
        Some(html! {
            <tr>
                <th scope="row"><Written>{ component.name.to_string() }</Written></th>
                <td>{ over(90) }</td><td>{ over(30) }</td><td>{ over(1) }</td><td>{ bad }</td>
            </tr>
        })
    });
    html! {
        <details id="uptime">
            <summary>{ words.get(Word::UptimeAsTable) }</summary>
            <table class="uptime">
                <caption>{ words.get(Word::UptimeCaption) }</caption>
                <thead><tr>
                    <th scope="col">{ words.get(Word::UptimeComponent) }</th><th scope="col">{ words.count(Count::Days, 90) }</th><th scope="col">{ words.count(Count::Days, 30) }</th>
                    <th scope="col">{ words.title(Word::UptimeToday) }</th><th scope="col">{ words.get(Word::UptimeImperfect) }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}

/// The measures of the last 90 days; nothing if there are none.
fn measures_section(words: &Words, measures: &MetricsDocument) -> Html {
    let Some(window) = measures.windows.iter().find(|window| window.days == MEASURED_DAYS) else {
        return Html::default();
    };
    let Window { time_to_detect, time_to_resolve, promises, changes, .. } = window;
    let of = |good: u32, all: u32| {
        words.fill(Word::MeasuresOf, &[("count", &good.to_string()), ("total", &all.to_string())])
    };
    let promised = promises.kept.saturating_add(promises.broken);
    let facts = [
        time_to_detect.map(|spread| (Word::MeasuresDetect, words::median(words, spread))),
        time_to_resolve.map(|spread| (Word::MeasuresResolve, words::median(words, spread))),
        (promised > 0).then(|| (Word::MeasuresPromises, of(promises.kept, promised))),
        (changes.all.total > 0)
            .then(|| (Word::MeasuresChanges, of(changes.all.succeeded, changes.all.total))),
    ];
    if facts.iter().all(Option::is_none) {
        return Html::default();
    }
    let facts = facts.into_iter().flatten().map(|(name, value)| part::fact(words, name, value.into()));
    part::section(
        words,
        Word::MeasuresTitle,
        html! {
            <>
                <dl class="facts big">{ for facts }</dl>
                <p class="dim">{ words.get(Word::MeasuresAbout) }</p>
            </>
        },
    )
}
