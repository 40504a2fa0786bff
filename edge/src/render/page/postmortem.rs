//! The post-mortem on the page of an incident: its text, its timeline, its grades by the gauntlet, and the follow-up tasks.

use candor_shared::bulletin::timeline_word;
use candor_shared::published::article_html;
use candor_shared::review::{Gauntlet, gauntlet};
use candor_shared::state::{Followup, FollowupStatus, Postmortem};
use candor_shared::text::{Language, markdown};
use candor_shared::words::{Word, Words};
use yew::prelude::*;

use super::part;
use super::written::Written;
use crate::render::words;

/// A post-mortem with its facts, its timeline and its grades. `own` is the language of the incident's texts.
pub(super) fn postmortem(words: &Words, postmortem: &Postmortem, own: Option<&Language>) -> Html {
    let text = &postmortem.text;
    // The page has an h1 and an h2 above.
    let html = article_html(3, postmortem, words);
    let names: Vec<String> = text.technologies.iter().map(ToString::to_string).collect();
    let lines = text.timeline.iter().map(|line| {
        html! {
            <tr>
                <th scope="row">{ part::moment(words, line.at) }</th>
                <td>{ words.title(timeline_word(line.kind)) }</td>
                <td><Written>{ Html::from_html_unchecked(markdown::to_html_below(3, line.what.as_str()).into()) }</Written></td>
            </tr>
        }
    });
    html! {
        <>
            <section id="postmortem">
                <h2>{ words.get(Word::PostmortemTitle) }</h2>
                <dl class="facts">
                    { part::when(words, Word::PostmortemPublished, postmortem.published_at) }
                    if postmortem.updated_at != postmortem.published_at { { part::when(words, Word::PostmortemChanged, postmortem.updated_at) } }
                    if let Some(at) = text.started_at { { part::when(words, Word::PostmortemFrom, at) } }
                    if let Some(at) = text.ended_at { { part::when(words, Word::PostmortemTo, at) } }
                    if let Some(who) = &text.attested_by { { part::fact(words, Word::PostmortemAttestedBy, part::name(who)) } }
                    if !names.is_empty() { { part::fact(words, Word::PostmortemInvolved, html! { <Written>{ words.list(&names) }</Written> }) } }
                </dl>
                <Written tag="div" class="prose">{ Html::from_html_unchecked(html.into()) }</Written>
            </section>
            if !text.timeline.is_empty() {
                { part::section(words, Word::PostmortemTimeline, html! {
                    <table>
                        <caption>{ words.get(Word::PostmortemCourse) }</caption>
                        <thead><tr><th scope="col">{ words.get(Word::PostmortemTime) }</th><th scope="col">{ words.get(Word::PostmortemMoment) }</th><th scope="col">{ words.get(Word::PostmortemEvent) }</th></tr></thead>
                        <tbody>{ for lines }</tbody>
                    </table>
                }) }
            }
            { report(words, &gauntlet(text, own)) }
        </>
    }
}

/// The verdict of the gauntlet on each criterion, by group.
fn report(words: &Words, gauntlet: &Gauntlet) -> Html {
    let named = |id| words::criterion(id).map(|word| words.get(word)).unwrap_or_default();
    // The reasons are in English, as the rules are.
    let lang = (words.tag() != "en").then_some("en");
    let mut groups: Vec<(&str, Vec<Html>)> = Vec::new();
    for criterion in &gauntlet.criteria {
        let (class, word) = words::verdict(criterion.verdict);
        let item = html! {
            <li>
                <p class={classes!("state", class)}>{ words.get(word) }</p>
                <div><p><b>{ named(criterion.id) }</b>{ " " }<small {lang}>{ criterion.reason.clone() }</small></p></div>
            </li>
        };
        match groups.last_mut() {
            Some((group, items)) if *group == criterion.group => items.push(item),
            _ => groups.push((criterion.group, vec![item])),
        }
    }
    part::section(
        words,
        Word::PostmortemGauntlet,
        html! {
            <>
                <p>{ words.fill(Word::PostmortemMet, &[("count", &gauntlet.met.to_string()), ("total", &gauntlet.criteria.len().to_string())]) }</p>
                { for groups.into_iter().map(|(group, items)| html! { <><h3>{ named(group) }</h3><ul class="log" role="list">{ for items }</ul></> }) }
            </>
        },
    )
}

/// The follow-up tasks, the next due first. Their assignees are internal and are not shown.
pub(super) fn tasks(words: &Words, followups: &[Followup]) -> Html {
    if followups.is_empty() {
        return Html::default();
    }
    let mut followups: Vec<&Followup> = followups.iter().collect();
    followups.sort_by_key(|task| (task.due.is_none(), task.due, &task.id));
    let items = followups.into_iter().map(|task| {
        let (class, word) = words::task(task.status, task.overdue);
        let prevents =
            task.prevents.as_ref().map(|text| words.fill(Word::TaskPrevents, &[("text", text.as_str())]));
        let reason = task.reason.as_ref().filter(|_| task.status == FollowupStatus::Dropped);
        html! {
            <li>
                <p class={classes!("state", class)}>{ words.get(word) }</p>
                <div>
                    <p>
                        { part::name(&task.name) }
                        if let Some(due) = task.due { <small>{ part::sentence(words, Word::TaskDue, &part::moment(words, due)) }</small> }
                        if let Some(prevents) = prevents { <Written tag="small">{ prevents }</Written> }
                        if let Some(reason) = reason { <Written tag="small">{ reason.to_string() }</Written> }
                    </p>
                </div>
            </li>
        }
    });
    part::section(words, Word::TaskTitle, html! { <ul class="log" role="list">{ for items }</ul> })
}
