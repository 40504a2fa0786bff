//! `/`: the status page. States the overall status in words first, then the details.

use std::collections::BTreeMap;

use candor_shared::record::{MaintenanceRecord, MetricsDocument, Uptime, Window};
use candor_shared::state::{Component, Indicator, State};
use candor_shared::text::Id;
use candor_shared::time::{Day, Time, TimeZone};
use worker::Result;
use yew::prelude::*;

use super::entry::entry;
use super::frame::{Draft, render};
use super::written::Written;
use super::{incident, part};
use crate::document::{Document, HOME};
use crate::render::rendered::Rendered;
use crate::render::source::Source;
use crate::render::words;
use crate::storage::Happening;

/// The days of history on the page.
const DAYS: u16 = 14;
/// The most entries in these days.
const ENTRIES: u32 = 100;
/// The days over which the shown measures are computed.
const MEASURED_DAYS: u16 = 90;

/// Renders the page.
///
/// # Errors
/// If the storage cannot be read.
pub fn home(source: &Source<'_>, measures: &MetricsDocument) -> Result<Rendered> {
    let Source { state, ledger, .. } = *source;
    let indicator = state.indicator();
    let title = state.page.title();
    let now = measures.as_of;
    let incidents = ledger.open_incidents(state)?;
    let maintenances = ledger.open_maintenances(state, |_| true)?;
    let zone = state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
    let days = zone.last_days(now, DAYS);
    let mut happened = match days.first() {
        Some(first) => {
            ledger.happened(first.start, days.last().map_or(now, |today| today.end), ENTRIES, 0)?
        }
        None => Vec::new(),
    };
    // An open incident is named on each day, however many shorter ones have begun since.
    let listed: Vec<Id> = happened.iter().map(|happening| happening.id().clone()).collect();
    let open = state.open_incidents().filter(|incident| !listed.contains(&incident.id));
    happened.extend(open.cloned().map(Happening::Incident));
    let description = match incidents.len() {
        0 => format!("{} at {title}.", words::overall(state)),
        open => format!("{} at {title}: {} open.", words::overall(state), words::count(open, "incident")),
    };
    // Neither green nor red beside an open incident without impact.
    let quiet = indicator == Indicator::None && !incidents.is_empty();
    let class = if quiet { "neutral" } else { words::level(indicator) };
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <h1 class="state">{ words::overall(state) }</h1>
                <p class="dim">{ "Last change: " }{ part::moment(source.published_at) }</p>
            </div>
            { notice(state) }
            if !incidents.is_empty() {
                { part::section("Open incidents", html! { <>{ for incidents.iter().map(|record| incident::card(state, record)) }</> }) }
            }
            if !maintenances.is_empty() {
                { part::section("Maintenance", html! { <>{ for maintenances.iter().map(|record| maintenance(state, record, now)) }</> }) }
            }
            { components(state, measures) }
            { measures_section(measures) }
            { last_days(&days, &happened, now) }
        </>
    };
    let draft = Draft {
        path: HOME,
        title: format!("{} · {title}", words::overall(state)),
        description,
        level: words::overall_level(state),
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
    let content = html! {
        <div class="hero neutral">
            <h1>{ "Nothing has been published yet" }</h1>
            <p>{ "Whether the service works is not known here. The first signed update to " }<code>{ "/v1/updates" }</code>{ " makes this a status page." }</p>
        </div>
    };
    let draft = Draft {
        path: HOME,
        title: "Nothing has been published yet".to_owned(),
        description: "Whether the service works is not known here.".to_owned(),
        level: Indicator::Maintenance,
        version: Some(0),
        content,
    };
    render(&Document::Home, source, draft)
}

fn notice(state: &State) -> Html {
    let Some(notice) = &state.notice else { return Html::default() };
    let details = notice.details.as_ref().map(|details| {
        let html = candor_shared::text::markdown::to_html(details.as_str());
        html! { <Written tag="div" class="prose">{ Html::from_html_unchecked(html.into()) }</Written> }
    });
    let link = notice.url.as_ref().map(|url| html! { <p><a href={url.to_string()}>{ "Read more" }</a></p> });
    let title = notice.title.as_ref().map(|title| html! { <h3>{ part::name(title) }</h3> });
    part::section("Notice", html! { <>{ title }{ part::prose(&notice.body) }{ details }{ link }</> })
}

fn maintenance(state: &State, record: &MaintenanceRecord, now: Time) -> Html {
    let of = &record.maintenance;
    html! {
        <article class="maintenance">
            <p><b class="pill">{ words::stage(of.status.as_str()) }</b>{ part::late(of, now) }</p>
            <h3><a href={format!("/maintenances/{}", of.id)}>{ part::name(&of.name) }</a></h3>
            { part::prose(&of.latest.body) }
            <dl class="facts">
                { part::fact("Planned for", part::window(of.scheduled_for, of.scheduled_until)) }
                { part::components(state, &record.removed, of.components.iter()) }
            </dl>
        </article>
    }
}

/// The components by group, each with a bar of its uptime, and the same as a table.
fn components(state: &State, measures: &MetricsDocument) -> Html {
    let all = state.components_in_order();
    if all.iter().all(|component| component.is_group) {
        return Html::default();
    }
    let uptimes: BTreeMap<&Id, &Uptime> =
        measures.uptime.iter().map(|uptime| (&uptime.component, uptime)).collect();
    // All components have the same days.
    let days = measures.uptime.first().map(|uptime| uptime.days.as_slice()).unwrap_or_default();
    let dates: Vec<String> = days.iter().map(|day| words::date(&day.date)).collect();
    let listed = |members: Vec<&Component>| {
        let items = members
            .into_iter()
            .map(|component| component_item(component, uptimes.get(&component.id).copied()));
        html! { <ul class="list" role="list">{ for items }</ul> }
    };
    // Groups, and components without a group, in the page's order. Components between two groups are one list.
    let mut lists: Vec<(Option<&Component>, Vec<&Component>)> = Vec::new();
    for component in all.iter().filter(|component| component.group.is_none()) {
        match (component.is_group, lists.last_mut()) {
            (true, _) => {
                let members = all.iter().filter(|c| c.group.as_ref() == Some(&component.id));
                lists.push((Some(component), members.copied().collect()));
            }
            (false, Some((None, list))) => list.push(component),
            (false, _) => lists.push((None, vec![component])),
        }
    }
    let groups = lists.into_iter().filter(|(_, members)| !members.is_empty()).map(|(group, members)| {
        html! {
            <>
                if let Some(group) = group { <h3>{ part::name(&group.name) }</h3> }
                { listed(members) }
            </>
        }
    });
    part::section("Components", html! { <>{ for groups }{ table(&all, &uptimes, &dates) }</> })
}

/// A component with its status, its description and its bar.
fn component_item(component: &Component, uptime: Option<&Uptime>) -> Html {
    let description = component.description.as_ref();
    html! {
        <li>
            <p class="part">
                <Written tag="b">{ component.name.to_string() }</Written>{ " " }
                <span class={classes!("state", words::state_class(component.shown))}>{ words::state(component.shown) }</span>
            </p>
            if let Some(description) = description { <Written tag="p" class="dim">{ description.to_string() }</Written> }
            if let Some(uptime) = uptime { { bar(component, uptime) } }
        </li>
    }
}

/// The uptime of each day as an SVG. All days without an outage are one rectangle, those with one are a path for each colour;
/// the style sheet draws the gaps between days.
fn bar(component: &Component, uptime: &Uptime) -> Html {
    let known = uptime.days.iter().filter(|day| day.ratio.is_some()).count();
    let all = uptime.days.len();
    let unknown = all.saturating_sub(known);
    let whole = uptime.over(all);
    // One path for each colour: a page may have thousands of such days. The table names each of them.
    let mut paths = [("p1", 2, String::new()), ("p2", 1, String::new()), ("p3", 0, String::new())];
    for (index, day) in uptime.days.iter().enumerate() {
        let Some(ratio) = day.ratio.filter(|ratio| *ratio < 1.0) else { continue };
        let wanted = if ratio < 0.95 {
            "p3"
        } else if ratio < 0.99 {
            "p2"
        } else {
            "p1"
        };
        // The worse, the higher.
        if let Some((_, top, path)) = paths.iter_mut().find(|(class, ..)| *class == wanted) {
            path.push_str(&format!("M{index} {top}h1V10h-1z"));
        }
    }
    let bad = paths.into_iter().filter(|(_, _, path)| !path.is_empty());
    let bad = bad.map(|(class, _, path)| html! { <path {class} d={path}></path> });
    let share = whole.map_or_else(|| "no data yet".to_owned(), words::percent);
    let label = format!("{}: {share} over {}", component.name, words::count(known, "day"));
    html! {
        <>
            <svg class="bar" viewBox={format!("0 0 {all} 10")} preserveAspectRatio="none" role="img" aria-label={label}>
                if unknown > 0 { <rect class="none" width={unknown.to_string()} height="10"></rect> }
                <rect x={unknown.to_string()} width={known.to_string()} height="10"></rect>
                { for bad }
            </svg>
            <p class="ends">
                <span>{ if unknown == 0 { format!("{all} days ago") } else { format!("{} of data", words::count(known, "day")) } }</span>{ " " }
                <span>{ share }</span>{ " " }
                <span>{ "today" }</span>
            </p>
        </>
    }
}

/// The uptime as a table, for visitors who cannot see the bars.
fn table(components: &[&Component], uptimes: &BTreeMap<&Id, &Uptime>, dates: &[String]) -> Html {
    let rows = components.iter().filter_map(|component| {
        let uptime = uptimes.get(&component.id)?;
        let over = |days| uptime.over(days).map_or_else(|| "–".to_owned(), words::percent);
        let bad = uptime.days.iter().zip(dates).filter_map(|(day, date)| {
            let ratio = day.ratio.filter(|ratio| *ratio < 1.0)?;
            Some(format!("{date}: {}", words::percent(ratio)))
        });
        let bad: Vec<String> = bad.collect();
        let bad = if bad.is_empty() { "none".to_owned() } else { bad.join("; ") };
        Some(html! {
            <tr>
                <th scope="row"><Written>{ component.name.to_string() }</Written></th>
                <td>{ over(90) }</td><td>{ over(30) }</td><td>{ over(1) }</td><td>{ bad }</td>
            </tr>
        })
    });
    html! {
        <details id="uptime">
            <summary>{ "Uptime as a table" }</summary>
            <table class="uptime">
                <caption>{ "Uptime of each component, in per cent of the time" }</caption>
                <thead><tr>
                    <th scope="col">{ "Component" }</th><th scope="col">{ "90 days" }</th><th scope="col">{ "30 days" }</th>
                    <th scope="col">{ "Today" }</th><th scope="col">{ "Days that were not perfect" }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}

/// The measures of the last 90 days; nothing if there are none.
fn measures_section(measures: &MetricsDocument) -> Html {
    let Some(window) = measures.windows.iter().find(|window| window.days == MEASURED_DAYS) else {
        return Html::default();
    };
    let Window { time_to_detect, time_to_resolve, promises, changes, .. } = window;
    let of = |good: u32, all: u32| format!("{good} of {all}");
    let promised = promises.kept.saturating_add(promises.broken);
    let facts = [
        time_to_detect.map(|spread| ("Time to detect", words::median(spread))),
        time_to_resolve.map(|spread| ("Time to resolve", words::median(spread))),
        (promised > 0).then(|| ("Promises kept", of(promises.kept, promised))),
        (changes.all.total > 0)
            .then(|| ("Changes that succeeded", of(changes.all.succeeded, changes.all.total))),
    ];
    if facts.iter().all(Option::is_none) {
        return Html::default();
    }
    let facts = facts.into_iter().flatten().map(|(name, value)| part::fact(name, value.into()));
    part::section(
        "How we do",
        html! {
            <>
                <dl class="facts big">{ for facts }</dl>
                <p class="dim">{ "The last 90 days; times are medians. A promise is a time that we named for the next update." }</p>
            </>
        },
    )
}

/// The incidents and maintenances of the last days, by day. Consecutive days without any are one line.
fn last_days(days: &[Day], happened: &[Happening], now: Time) -> Html {
    let mut items = Vec::new();
    let mut quiet: Option<(&str, &str)> = None;
    for day in days.iter().rev() {
        let entries: Vec<Html> = happened
            .iter()
            .filter(|happening| day.start <= now && happening.touches(day.start, day.end))
            .map(|happening| entry(happening, Some(now)))
            .collect();
        if entries.is_empty() {
            quiet = Some((&day.date, quiet.map_or(&day.date, |(_, last)| last)));
            continue;
        }
        items.extend(quiet.take().map(quiet_days));
        items.push(html! {
            <li><p><time datetime={day.date.clone()}>{ words::date(&day.date) }</time></p><div>{ for entries }</div></li>
        });
    }
    items.extend(quiet.map(quiet_days));
    part::section(
        "Last 14 days",
        html! {
            <>
                <ol class="log" role="list">{ for items }</ol>
                <p><a href="/history">{ "All of the history" }</a></p>
            </>
        },
    )
}

/// A line for one day or several days without entries.
fn quiet_days((first, last): (&str, &str)) -> Html {
    let days = if first == last {
        words::date(first)
    } else {
        format!("{} – {}", words::date(first), words::date(last))
    };
    html! { <li><p>{ days }</p><div><p class="dim">{ "Nothing to report" }</p></div></li> }
}
