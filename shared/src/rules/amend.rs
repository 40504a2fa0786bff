//! Corrections of the record of an incident.

use std::collections::BTreeMap;

use super::event::Event;
use super::incident::{check_beginning, is_news, pick_incident};
use super::rejection::Rejection;
use super::wording::{in_language, prose_in_language};
use crate::state::{Entry, IncidentStatus, State};
use crate::text::markdown::prose;
use crate::text::{Body, Language};
use crate::time::Time;
use crate::update::IncidentAmend;

pub(super) fn incident_amend(
    state: &mut State,
    update: &IncidentAmend,
    at: Time,
    now: Time,
) -> Result<Vec<Event>, Rejection> {
    let mut incident = pick_incident(state, update.incident.as_ref())?;
    let before = incident.clone();
    let started_at = update.started_at.unwrap_or(incident.started_at);
    let detected_at = update.detected_at.or(incident.detected_at);
    check_beginning((update.started_at, update.detected_at), started_at, detected_at, incident.created_at)?;
    if let Some(resolved) = update.resolved_at {
        if incident.is_open() {
            return Err(Rejection::conflict(
                "/resolved_at",
                format!("{} is open; resolve it with incident.update.", incident.id),
            ));
        }
        let earliest = incident.reopened_at.map_or(started_at, |reopened| reopened.max(started_at));
        if resolved < earliest || resolved > now {
            return Err(Rejection::invalid(
                "/resolved_at",
                format!(
                    "{resolved} is not between the (last) start of the incident ({earliest}) and now ({now})."
                ),
            ));
        }
        incident.resolved_at = Some(resolved);
        incident.news_until = incident.news_until.filter(|_| is_news(resolved, now));
    }
    if let Some(resolved) = incident.resolved_at.filter(|resolved| *resolved < started_at) {
        return Err(Rejection::invalid(
            "/started_at",
            format!("{started_at} is after the incident was resolved ({resolved})."),
        ));
    }
    let text = match (update.update, &update.body) {
        (None, None) => None,
        (Some(_), None) => {
            return Err(Rejection::invalid(
                "/body",
                "\"update\" selects the text to correct; add the corrected text as \"body\".",
            ));
        }
        (None, Some(_)) => {
            return Err(Rejection::invalid(
                "/update",
                format!(
                    "\"body\" corrects one text; say which by \"update\": 1 to {}, where {} is the newest.",
                    incident.latest.number, incident.latest.number
                ),
            ));
        }
        (Some(number), Some(body)) if (1..=incident.latest.number).contains(&number) => Some((number, body)),
        (Some(number), Some(_)) => {
            return Err(Rejection::not_found(
                "/update",
                format!("{} has the updates 1 to {}, not {number}.", incident.id, incident.latest.number),
            ));
        }
    };
    let own = incident.own_language();
    let text = match text {
        Some((number, body)) => {
            let (body, translations) = prose_in_language(body, &own, &state.page)?;
            Some((number, body, translations))
        }
        None => None,
    };
    let name = update.name.as_ref().map(|name| in_language(name, &own, &state.page, "/name")).transpose()?;
    if let Some((name, names)) = name {
        (incident.name, incident.names) = (name, names);
    }
    // The corrected impact is what the record shows: an impact that was reported too high is no worst one. Repeating what it shows
    // corrects nothing.
    if let Some(impact) = update.impact.filter(|impact| *impact != incident.recorded_impact()) {
        incident.impact = impact;
        incident.worst_impact = Some(impact);
    }
    incident.started_at = started_at;
    incident.detected_at = detected_at;
    let same_text = text.as_ref().is_none_or(|(number, body, translations)| {
        let latest = &incident.latest;
        *number == latest.number && is_read_alike((body, translations), (&latest.body, &latest.translations))
    });
    if incident == before && same_text {
        return Err(changes_nothing());
    }
    // A modification date only moves forward.
    let at = at.max(incident.modified_at());
    if incident != before {
        incident.restated.insert(incident.latest.number, at);
    }
    incident.amended_at = Some(at);
    if (incident.impact, incident.worst_impact) != (before.impact, before.worst_impact) {
        incident.impact_amended_at = Some(at);
        incident.impact_amended_after = Some(incident.latest.number);
    }
    if incident.name != before.name || incident.names != before.names {
        incident.renamed_at = Some(at);
    }
    if let Some((number, body, translations)) = &text
        && *number == incident.latest.number
    {
        incident.latest.body.clone_from(body);
        incident.latest.translations.clone_from(translations);
        incident.latest.amended_at = Some(at);
    }
    let id = incident.id.clone();
    let is_past = before.is_in_status() && !incident.is_in_status();
    state.incidents.insert(id.clone(), incident);
    let mut events = vec![Event::IncidentAmended { id: id.clone(), text, at }];
    events.extend(is_past.then_some(Event::IncidentPast { id }));
    Ok(events)
}

/// Whether everybody reads the same in both texts, in every language: white space that Markdown ignores corrects nothing.
fn is_read_alike(
    (one, in_languages): (&Body, &BTreeMap<Language, Body>),
    (other, in_same): (&Body, &BTreeMap<Language, Body>),
) -> bool {
    let alike = |one: &Body, other: &Body| one == other || seen(one) == seen(other);
    alike(one, other)
        && in_languages.len() == in_same.len()
        && in_languages.iter().all(|(tag, one)| in_same.get(tag).is_some_and(|other| alike(one, other)))
}

/// A text as it is seen: several spaces look like one, except in code.
fn seen(text: &Body) -> String {
    let html = prose(text.as_str());
    if html.contains("<code") {
        return html;
    }
    let mut seen = String::with_capacity(html.len());
    for char in html.chars().filter(|char| *char != '\n') {
        if char != ' ' || !seen.ends_with([' ', '>']) {
            seen.push(char);
        }
    }
    seen
}

fn changes_nothing() -> Rejection {
    Rejection::invalid(
        "",
        "The amendment changes nothing. Give a corrected value: name, impact, started_at, detected_at, resolved_at, or update with body.",
    )
}

/// Refuses an amendment that only repeats a text. The state has the newest text of an incident only, so the caller, who has the others,
/// checks this after [`super::apply`]. `known`: the text that `events` correct, as it was before.
///
/// # Errors
/// A [`Rejection`] if nothing else was corrected and the text is the same.
pub fn check_correction(
    before: &State,
    after: &State,
    events: &[Event],
    known: &Entry<IncidentStatus>,
) -> Result<(), Rejection> {
    let repeats = events.iter().any(|event| {
        let Event::IncidentAmended { id, text: Some((number, body, translations)), .. } = event else {
            return false;
        };
        let is_same = *number == known.number
            && is_read_alike((body, translations), (&known.body, &known.translations));
        let both = before.incidents.get(id).zip(after.incidents.get(id));
        is_same
            && both.is_some_and(|(before, after)| {
                let mut undated = after.clone();
                undated.amended_at = before.amended_at;
                undated.latest.amended_at = before.latest.amended_at;
                undated == *before
            })
    });
    if repeats { Err(changes_nothing()) } else { Ok(()) }
}
