//! The post-mortem on the page of an incident: its text, its timeline, its grades by the gauntlet, and the follow-up tasks.

use candor_shared::published::article;
use candor_shared::review::{Gauntlet, gauntlet};
use candor_shared::state::{Followup, FollowupStatus, Postmortem};
use candor_shared::text::markdown;
use yew::prelude::*;

use super::part;
use super::written::Written;
use crate::render::words;

/// A post-mortem with its facts, its timeline and its grades.
pub(super) fn postmortem(postmortem: &Postmortem) -> Html {
    let text = &postmortem.text;
    // The page has an h1 and an h2 above, so the headings in the operator's text are one level lower.
    let html = markdown::to_html(&article(postmortem)).replace("<h2>", "<h3>").replace("</h2>", "</h3>");
    let names: Vec<String> = text.technologies.iter().map(ToString::to_string).collect();
    let lines = text.timeline.iter().map(|line| {
        html! {
            <tr>
                <th scope="row">{ part::moment(line.at) }</th>
                <td>{ words::stage(line.kind.as_str()) }</td>
                <td><Written>{ Html::from_html_unchecked(markdown::to_html(line.what.as_str()).into()) }</Written></td>
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
                    if !names.is_empty() { { part::fact("Involved", html! { <Written>{ names.join(", ") }</Written> }) } }
                </dl>
                <Written tag="div" class="prose">{ Html::from_html_unchecked(html.into()) }</Written>
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

/// The verdict of the gauntlet on each criterion, by group.
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

/// The follow-up tasks, the next due first. Their assignees are internal and are not shown.
pub(super) fn tasks(followups: &[Followup]) -> Html {
    if followups.is_empty() {
        return Html::default();
    }
    let mut followups: Vec<&Followup> = followups.iter().collect();
    followups.sort_by_key(|task| (task.due.is_none(), task.due, &task.id));
    let items = followups.into_iter().map(|task| {
        let (class, word) = match task.status {
            FollowupStatus::Open if task.overdue => ("critical", "Overdue"),
            FollowupStatus::Open => ("neutral", "Open"),
            FollowupStatus::Done => ("ok", "Done"),
            FollowupStatus::Dropped => ("neutral", "Dropped"),
        };
        let prevents = task.prevents.as_ref().map(|text| format!("Prevents: {text}"));
        let reason = task.reason.as_ref().filter(|_| task.status == FollowupStatus::Dropped);
        html! {
            <li>
                <p class={classes!("state", class)}>{ word }</p>
                <div>
                    <p>
                        { part::name(&task.name) }
                        if let Some(due) = task.due { <small>{ "Due " }{ part::moment(due) }</small> }
                        if let Some(prevents) = prevents { <Written tag="small">{ prevents }</Written> }
                        if let Some(reason) = reason { <Written tag="small">{ reason.to_string() }</Written> }
                    </p>
                </div>
            </li>
        }
    });
    part::section("What we do about it", html! { <ul class="log" role="list">{ for items }</ul> })
}
