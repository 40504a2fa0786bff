//! `/incidents/ID`: the whole story, and what was learned from it.

use candor_shared::published::article;
use candor_shared::record::IncidentRecord;
use candor_shared::review::{Gauntlet, gauntlet};
use candor_shared::state::{Followup, FollowupStatus, IncidentStatus, Indicator, Postmortem, State};
use candor_shared::text::{Id, markdown};
use candor_shared::time::TimeZone;
use yew::prelude::*;

use super::{Draft, part, render, words};
use crate::document::Document;
use crate::edition::Rendered;
use crate::publish::Source;

/// Renders the page, if there is such an incident.
///
/// # Errors
/// If the storage cannot be read.
pub fn incident(source: &Source<'_>, id: &Id) -> worker::Result<Option<Rendered>> {
    let Source { state, ledger, .. } = *source;
    let Some(record) = ledger.incident(id)? else { return Ok(None) };
    let followups = ledger.followups_of(id)?;
    let of = &record.incident;
    let open = of.is_open();
    let level = if open { of.impact.into() } else { Indicator::None };
    let zone = state.page.time_zone.clone().unwrap_or_else(TimeZone::utc);
    let month = zone.month_of(of.started_at);
    let class = if open { words::impact_class(of.impact) } else { "ok" };
    let lasted = of.resolved_at.map(|until| words::duration(until.millis_since(of.started_at)));
    let content = html! {
        <>
            <div class={classes!("hero", class)}>
                <p><a href={Document::History(Some(month), 1).path()}>{ month.in_words() }</a></p>
                <h1 dir="auto">{ of.name.to_string() }</h1>
                <p class="state">{ words::stage(of.status.as_str()) }</p>
            </div>
            { part::section("In short", html! {
                <dl class="facts">
                    { part::fact("Impact", part::impact(of.impact)) }
                    { promise(&record) }
                    { part::fact("Began", part::moment(of.started_at)) }
                    if let Some(at) = of.detected_at { { part::fact("Detected", part::moment(at)) } }
                    { part::fact("Declared", part::moment(of.created_at)) }
                    if let Some(at) = of.resolved_at { { part::fact("Resolved", part::moment(at)) } }
                    if let Some(lasted) = lasted { { part::fact("Lasted", lasted.into()) } }
                    if let Some(at) = of.reopened_at { { part::fact("Reopened", part::moment(at)) } }
                    { part::components(state, of.components.keys()) }
                    { part::affected(of.impact_note.as_ref(), of.affected.as_ref()) }
                </dl>
            }) }
            { part::section("Updates", html! { <>{ part::log(&record.entries, IncidentStatus::as_str) }{ part::left_out(&record.entries) }</> }) }
            if let Some(known) = record.postmortem.as_ref().filter(|_| !open) {
                { postmortem(known) }
                { tasks(&followups) }
            }
        </>
    };
    let document = Document::Incident(id.clone());
    let newest = record.entries.last().map(|entry| entry.body.to_string()).unwrap_or_default();
    let draft = Draft {
        path: &document.path(),
        title: format!("{} · {}", of.name, state.page.title()),
        description: format!("{}: {}", words::stage(of.status.as_str()), first_line(&newest)),
        level,
        version: open.then_some(source.version),
        content,
    };
    render(&document, source, draft).map(Some)
}

/// As much of a text as a preview shows.
pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

/// An open incident with all that was told of it.
pub(super) fn card(state: &State, record: &IncidentRecord) -> Html {
    let of = &record.incident;
    html! {
        <article class={words::impact_class(of.impact)}>
            <p>{ part::impact(of.impact) }</p>
            <h3><a href={format!("/incidents/{}", of.id)}>{ part::name(&of.name) }</a></h3>
            <dl class="facts">
                { promise(record) }
                { part::fact("Began", part::moment(of.started_at)) }
                if let Some(at) = of.reopened_at { { part::fact("Reopened", part::moment(at)) } }
                { part::components(state, of.components.keys()) }
                { part::affected(of.impact_note.as_ref(), of.affected.as_ref()) }
            </dl>
            { part::log(&record.entries, IncidentStatus::as_str) }
            { part::left_out(&record.entries) }
        </article>
    }
}

/// When the next update was promised for, and whether that has passed.
fn promise(record: &IncidentRecord) -> Html {
    let of = &record.incident;
    let Some(at) = of.next_update_at.filter(|_| of.is_open()) else { return Html::default() };
    let late = of.overdue.then(|| html! { <>{ " " }<b class="pill critical">{ "overdue" }</b></> });
    part::fact("Next update by", html! { <>{ part::moment(at) }{ late }</> })
}

fn postmortem(postmortem: &Postmortem) -> Html {
    let text = &postmortem.text;
    // The page has an h1 and an h2 above these: an operator's headings are texts of its own.
    let html = markdown::to_html(&article(postmortem)).replace("<h2>", "<h3>").replace("</h2>", "</h3>");
    let names: Vec<String> = text.technologies.iter().map(ToString::to_string).collect();
    let lines = text.timeline.iter().map(|line| {
        html! {
            <tr>
                <th scope="row">{ part::moment(line.at) }</th>
                <td>{ words::stage(line.kind.as_str()) }</td>
                <td dir="auto">{ Html::from_html_unchecked(markdown::to_html(line.what.as_str()).into()) }</td>
            </tr>
        }
    });
    html! {
        <>
            <section id="postmortem">
                <h2>{ "What happened" }</h2>
                <dl class="facts">
                    { part::fact("Published", part::moment(postmortem.published_at)) }
                    if postmortem.updated_at != postmortem.published_at { { part::fact("Changed", part::moment(postmortem.updated_at)) } }
                    if let Some(at) = text.started_at { { part::fact("From", part::moment(at)) } }
                    if let Some(at) = text.ended_at { { part::fact("To", part::moment(at)) } }
                    if let Some(who) = &text.attested_by { { part::fact("Attested by", part::name(who)) } }
                    if !names.is_empty() { { part::fact("Involved", html! { <span dir="auto">{ names.join(", ") }</span> }) } }
                </dl>
                <div class="prose" dir="auto">{ Html::from_html_unchecked(html.into()) }</div>
            </section>
            if !text.timeline.is_empty() {
                { part::section("What happened when", html! {
                    <table>
                        <caption>{ "The course of events" }</caption>
                        <thead><tr><th scope="col">{ "Time" }</th><th scope="col">{ "Moment" }</th><th scope="col">{ "Event" }</th></tr></thead>
                        <tbody>{ for lines }</tbody>
                    </table>
                }) }
            }
            { report(&gauntlet(text)) }
        </>
    }
}

/// How the post-mortem runs the gauntlet.
fn report(gauntlet: &Gauntlet) -> Html {
    let mut groups: Vec<(&str, Vec<Html>)> = Vec::new();
    for criterion in &gauntlet.criteria {
        let (class, word) = words::verdict(criterion.verdict);
        let item = html! {
            <li>
                <p class={classes!("state", class)}>{ word }</p>
                <div><p><b>{ words::stage(criterion.id) }</b>{ " " }<small>{ criterion.reason.clone() }</small></p></div>
            </li>
        };
        match groups.last_mut() {
            Some((group, items)) if *group == criterion.group => items.push(item),
            _ => groups.push((criterion.group, vec![item])),
        }
    }
    part::section(
        "How it runs the gauntlet",
        html! {
            <>
                <p>{ format!("{} of {} criteria of a good post-mortem are met.", gauntlet.met, gauntlet.criteria.len()) }</p>
                { for groups.into_iter().map(|(group, items)| html! { <><h3>{ words::stage(group) }</h3><ul class="log" role="list">{ for items }</ul></> }) }
            </>
        },
    )
}

/// What is done about it. Who does it stays inside.
fn tasks(followups: &[Followup]) -> Html {
    if followups.is_empty() {
        return Html::default();
    }
    let mut followups: Vec<&Followup> = followups.iter().collect();
    followups.sort_by_key(|task| (task.due.is_none(), task.due, &task.id));
    let items = followups.into_iter().map(|task| {
        let (class, word) = match task.state {
            FollowupStatus::Open if task.overdue => ("critical", "Overdue"),
            FollowupStatus::Open => ("neutral", "Open"),
            FollowupStatus::Done => ("ok", "Done"),
            FollowupStatus::Dropped => ("neutral", "Dropped"),
        };
        let prevents = task.prevents.as_ref().map(|text| format!("Prevents: {text}"));
        let reason = task.reason.as_ref().filter(|_| task.state == FollowupStatus::Dropped);
        html! {
            <li>
                <p class={classes!("state", class)}>{ word }</p>
                <div>
                    <p>
                        { part::name(&task.name) }
                        if let Some(due) = task.due { <small>{ "Due " }{ part::moment(due) }</small> }
                        if let Some(prevents) = prevents { <small dir="auto">{ prevents }</small> }
                        if let Some(reason) = reason { <small dir="auto">{ reason.to_string() }</small> }
                    </p>
                </div>
            </li>
        }
    });
    part::section("What we do about it", html! { <ul class="log" role="list">{ for items }</ul> })
}
