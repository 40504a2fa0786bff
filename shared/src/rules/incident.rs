//! Incidents: open, update, resolve, reopen.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{check_chosen, check_newest, pick};
use super::component::check_held;
use super::event::Event;
use super::order::{Named, Order, check_order};
use super::rejection::Rejection;
use super::wording::{body_of, in_language, note_of};
use crate::limits;
use crate::state::{ComponentState, Entry, Incident, IncidentStatus, Pause, Promises, Roles, State};
use crate::text::Id;
use crate::time::{Span, Time};
use crate::update::{IncidentOpen, IncidentUpdate};

/// Not allowed as an id: the post-mortem of that incident would have the address of the template.
const RESERVED: &str = "template";

fn check_open_incidents(state: &State) -> Result<(), Rejection> {
    let limit = limits::OPEN_INCIDENTS;
    if state.open_incidents().count() < limit {
        return Ok(());
    }
    Err(Rejection::conflict(
        "",
        format!("{limit} incidents are open, which is the limit. Resolve one first, or update one of them."),
    ))
}

/// The promised time of the next update.
fn promise(within: Option<Span>, by: Option<Time>, at: Time) -> Result<Option<Time>, Rejection> {
    match (within, by) {
        (Some(_), Some(_)) => {
            Err(Rejection::invalid("/next_update_at", "Give next_update_in or next_update_at, not both."))
        }
        (Some(span), None) => Ok(Some(at.after(span))),
        (None, Some(by)) if by <= at => {
            Err(Rejection::invalid("/next_update_at", format!("{by} is not after this update ({at}).")))
        }
        (None, by) => Ok(by),
    }
}

/// Checks that an incident begins, is detected and is declared in this order. `sent`: when it began and was detected, as far as the
/// update says so; `started` and `detected`: what holds with it.
pub(super) fn check_beginning(
    sent: (Option<Time>, Option<Time>),
    started: Time,
    detected: Option<Time>,
    created: Time,
) -> Result<(), Rejection> {
    for (field, time) in [("started_at", Some(started)), ("detected_at", detected)] {
        if let Some(time) = time.filter(|time| *time > created) {
            return Err(Rejection::invalid(
                &format!("/{field}"),
                format!("{time} is after the incident was declared ({created})."),
            ));
        }
    }
    let Some(detected) = detected else { return Ok(()) };
    check_order(
        Named::new("detected_at", sent.1, detected),
        Order::NotBefore,
        Named::new("started_at", sent.0, started),
    )
}

pub(super) fn incident_open(
    state: &mut State,
    update: &IncidentOpen,
    id: Id,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    if let Some(existing) = state.incidents.get(&id) {
        return Err(Rejection::conflict(
            "/id",
            format!("The incident {id} exists ({}); update it, or choose another id.", existing.status),
        ));
    }
    if id.as_str() == RESERVED {
        return Err(Rejection::invalid(
            "/id",
            format!(
                "The id {RESERVED} is reserved: /postmortems/{RESERVED}.json is the template. Choose another."
            ),
        ));
    }
    let status = update.status.unwrap_or(IncidentStatus::Investigating);
    if status == IncidentStatus::Resolved {
        return Err(Rejection::invalid(
            "/status",
            "An incident opens as investigating, identified or monitoring; resolve it with incident.update.",
        ));
    }
    check_chosen(update.id.as_ref(), "incident")?;
    check_open_incidents(state)?;
    check_held(state, &update.components)?;
    // A sender's clock may be ahead.
    let not_after = |time: Time| {
        let is_now = time.millis_since(at) <= limits::CLOCK_SKEW_MILLIS;
        if is_now { time.min(at) } else { time }
    };
    let detected_at = update.detected_at.map(not_after);
    let started_at =
        update.started_at.map_or_else(|| detected_at.map_or(at, |detected| detected.min(at)), not_after);
    check_beginning((update.started_at, update.detected_at), started_at, detected_at, at)?;
    let next_update_at = promise(update.next_update_in, update.next_update_at, at)?;
    let own = state.page.language();
    let (body, translations) =
        body_of(state, update.body.as_ref(), update.template.as_ref(), &update.values, &own)?;
    let (name, names) = in_language(&update.name, &own, &state.page, "/name")?;
    let (impact_note, impact_notes) = note_of(state, update.impact_note.as_ref(), &own)?;
    let roles = update.roles.clone().unwrap_or_default();
    check_roles(&roles)?;
    let entry = Entry {
        number: 1,
        status,
        body,
        translations,
        components: update.components.clone(),
        impact: Some(update.impact),
        at,
        amended_at: None,
    };
    let mut incident = Incident {
        id: id.clone(),
        name,
        names,
        language: state.page.language.clone(),
        impact: update.impact,
        worst_impact: Some(update.impact),
        impact_amended_at: None,
        impact_amended_after: None,
        status,
        components: update.components.clone(),
        gone: BTreeSet::new(),
        started_at,
        detected_at,
        created_at: at,
        identified_at: None,
        monitoring_at: None,
        resolved_at: None,
        reopened_at: None,
        pauses: Vec::new(),
        updated_at: at,
        amended_at: None,
        touched_at: None,
        renamed_at: None,
        restated: BTreeMap::new(),
        next_update_at,
        latest: entry.clone(),
        news_until: None,
        overdue: false,
        promises: Promises::default(),
        roles,
        impact_note,
        impact_notes,
        affected: update.affected.clone(),
    };
    set_status(&mut incident, status, at);
    state.incidents.insert(id.clone(), incident);
    Ok(vec![Event::IncidentOpened { id, entry }])
}

fn check_roles(roles: &Roles) -> Result<(), Rejection> {
    let limit = limits::RESPONDERS;
    let got = roles.responders.len();
    if got > limit {
        return Err(Rejection::invalid(
            "/roles/responders",
            format!("has {got} items; the limit is {limit}"),
        ));
    }
    Ok(())
}

/// Sets the status and the times that depend on it.
fn set_status(incident: &mut Incident, status: IncidentStatus, at: Time) {
    if incident.status == IncidentStatus::Resolved && status != IncidentStatus::Resolved {
        incident.reopened_at = Some(at);
        incident.pauses.extend(incident.resolved_at.map(|from| Pause { from: from.min(at), until: at }));
    }
    match status {
        IncidentStatus::Investigating => {}
        IncidentStatus::Identified => {
            incident.identified_at.get_or_insert(at);
        }
        IncidentStatus::Monitoring => incident.monitoring_at = Some(at),
        IncidentStatus::Resolved => {}
    }
    incident.resolved_at = (status == IncidentStatus::Resolved).then_some(at);
    incident.news_until = None;
    incident.status = status;
}

pub(super) fn pick_incident(state: &State, named: Option<&Id>) -> Result<Incident, Rejection> {
    let open = state.open_incidents().map(|i| &i.id);
    let id = pick(named, "/incident", "incident", open, |id| state.incidents.contains_key(id))?;
    let incident = state.incidents.get(&id).cloned();
    incident.ok_or_else(|| Rejection::not_found("/incident", format!("There is no incident {id}.")))
}

/// Refuses to reopen an incident in a language that the page no longer has: the name and the earlier entries would be
/// shown as if they were in the current one.
fn check_language(state: &State, incident: &Incident) -> Result<(), Rejection> {
    let page = state.page.language();
    let own = incident.own_language();
    if own == page {
        return Ok(());
    }
    Err(Rejection::conflict(
        "/incident",
        format!("{} is in {own}, and the page is in {page} now. Open a new incident.", incident.id),
    ))
}

/// A reopened incident holds again what it held when it was resolved, except for components that were removed since: a present component with
/// the same id is another one.
fn hold_again(state: &State, incident: &mut Incident) {
    let is_there = |id: &Id| {
        let component = state.components.get(id).filter(|component| !component.is_group);
        component.is_some_and(|component| incident.names(component))
    };
    let gone: BTreeSet<Id> = incident.components.keys().filter(|id| !is_there(id)).cloned().collect();
    incident.components.retain(|id, _| !gone.contains(id));
    incident.gone.extend(gone);
}

/// Whether it is news that an incident is over: not if it had been over for a day when the page says so, as in imported history.
pub(super) fn is_news(resolved: Time, now: Time) -> bool {
    now.millis_since(resolved) < limits::NEWS_MILLIS
}

pub(super) fn incident_update(
    state: &mut State,
    update: &IncidentUpdate,
    at: Time,
    now: Time,
) -> Result<Vec<Event>, Rejection> {
    let mut incident = pick_incident(state, update.incident.as_ref())?;
    check_newest(at, incident.updated_at)?;
    let from = incident.status;
    let to = update.status.unwrap_or(from);
    if from == IncidentStatus::Resolved && to != from {
        check_open_incidents(state)?;
        check_language(state, &incident)?;
        if incident.pauses.len() >= limits::REOPENINGS {
            return Err(Rejection::conflict(
                "/status",
                format!(
                    "{} was reopened {} times, which is the limit. Open a new incident.",
                    incident.id,
                    limits::REOPENINGS
                ),
            ));
        }
    }
    let reopens = from == IncidentStatus::Resolved && to != from;
    if reopens {
        hold_again(state, &mut incident);
    }
    check_held(state, &update.components)?;
    let promised = promise(update.next_update_in, update.next_update_at, at)?;
    if to == IncidentStatus::Resolved {
        if promised.is_some() {
            let pointer = if update.next_update_in.is_some() { "/next_update_in" } else { "/next_update_at" };
            return Err(Rejection::invalid(
                pointer,
                "A resolved incident has no next update; remove the promise.",
            ));
        }
        if update.components.values().any(|state| *state != ComponentState::Operational) {
            return Err(Rejection::invalid(
                "/components",
                "A resolved incident holds nothing. Keep it open as monitoring, or set the component with component.set.",
            ));
        }
    }
    let own = incident.own_language();
    let (body, translations) =
        body_of(state, update.body.as_ref(), update.template.as_ref(), &update.values, &own)?;
    let (impact_note, impact_notes) = note_of(state, update.impact_note.as_ref(), &own)?;
    if let Some(roles) = &update.roles {
        check_roles(roles)?;
        incident.roles.clone_from(roles);
    }
    if to != from {
        set_status(&mut incident, to, at);
        incident.news_until = (to == IncidentStatus::Resolved && is_news(at, now))
            .then(|| Time::from_millis(now.as_millis().saturating_add(limits::JUST_RESOLVED_MILLIS)))
            .flatten();
    }
    let kept = incident.next_update_at.map(|promised| at <= promised);
    if let Some(kept) = kept {
        let Promises { kept: in_time, broken: late } = &mut incident.promises;
        let counter = if kept { in_time } else { late };
        *counter = counter.saturating_add(1);
    }
    incident.overdue = false;
    if impact_note.is_some() {
        (incident.impact_note, incident.impact_notes) = (impact_note, impact_notes);
    }
    if update.affected.is_some() {
        incident.affected.clone_from(&update.affected);
    }
    let impact = update.impact.filter(|impact| *impact != incident.impact);
    if let Some(impact) = impact {
        incident.worst_impact = Some(incident.worst_impact.unwrap_or(incident.impact).max(impact));
        incident.impact = impact;
    }
    // A resolved incident keeps what it held last, in case it is reopened. It holds nothing while it is resolved.
    if to != IncidentStatus::Resolved {
        incident.components.extend(update.components.clone());
    }
    // The entry that reopens an incident names all that it held: what it holds again, and as operational what it does not.
    let mut components = update.components.clone();
    if reopens {
        let gone = incident.gone.iter().map(|id| (id.clone(), ComponentState::Operational));
        components = gone.chain(incident.components.clone()).collect();
    }
    let entry = Entry {
        number: incident.latest.number.saturating_add(1),
        status: to,
        body,
        translations,
        components,
        impact,
        at,
        amended_at: None,
    };
    // Dated before the last correction, it is a change after that one all the same.
    if let Some(amended) = incident.amended_at.filter(|amended| at <= *amended) {
        incident.touched_at = incident.touched_at.max(Some(now.max(amended)));
    }
    incident.updated_at = at;
    incident.next_update_at = promised;
    incident.latest = entry.clone();
    let id = incident.id.clone();
    state.incidents.insert(id.clone(), incident);
    Ok(vec![Event::IncidentUpdated { id, from, to, kept, entry }])
}
