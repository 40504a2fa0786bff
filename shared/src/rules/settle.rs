//! Keeps the shown status of components up to date.

use std::collections::BTreeMap;

use super::event::Event;
use crate::state::{Component, ComponentState, State};
use crate::text::Id;
use crate::time::Time;

/// Derives the shown status of every component again, and returns an event for each change.
pub(crate) fn settle(state: &mut State, at: Time) -> Vec<Event> {
    let mut changes = Vec::new();
    // Members before groups: a group shows the worst status of its members.
    for groups in [false, true] {
        let shown: Vec<(Id, ComponentState)> = state
            .components
            .values()
            .filter(|component| component.is_group == groups)
            .map(|component| (component.id.clone(), state.derived(component)))
            .filter(|(id, to)| state.components.get(id).is_some_and(|c| c.shown != *to))
            .collect();
        for (id, to) in shown {
            if let Some(component) = state.components.get_mut(&id) {
                let from = component.shown;
                component.shown = to;
                // Imported history must not move `since` back.
                component.since = component.since.max(at);
                changes.push(Event::ComponentChanged { id, from, to, at });
            }
        }
    }
    changes
}

/// Corrects since when components have their status, after an incident that holds them was opened: a status that an incident holds from
/// its start on began with the incident, even if a monitor reported it later.
pub(super) fn began(state: &mut State, id: &Id) -> Vec<Event> {
    let Some(incident) = state.incidents.get(id) else { return Vec::new() };
    let held = incident.components.iter().filter_map(|(id, held)| {
        let component = state.components.get(id).filter(|component| component.shown == *held)?;
        let since = component.since.min(incident.started_at.max(component.created_at));
        Some((id.clone(), since))
    });
    let began = held.collect();
    correct(state, began)
}

/// Since when what is open holds the status that components show, as far as it goes back without a gap. What `touched` names counts for
/// the time that it has held them, although it is over.
pub(super) fn held_since(state: &State, touched: Option<&Touched>) -> BTreeMap<Id, (ComponentState, Time)> {
    let components = state.components.values().filter(|component| !component.is_group);
    let held = components.filter_map(|component| {
        let spans: Vec<(Time, Option<Time>)> = spans(state, component, touched).collect();
        let mut since = spans.iter().filter(|(_, end)| end.is_none()).map(|(start, _)| *start).min()?;
        while let Some((earlier, _)) =
            spans.iter().find(|(start, end)| *start < since && end.is_some_and(|end| end >= since))
        {
            since = *earlier;
        }
        Some((component.id.clone(), (component.shown, since.max(component.created_at))))
    });
    held.collect()
}

/// The incident or maintenance that an update is about.
pub(super) enum Touched {
    Incident(Id),
    Maintenance(Id),
}

/// From when to when the status that a component shows is held, and by what: without an end by what is open.
fn spans<'a>(
    state: &'a State,
    component: &'a Component,
    touched: Option<&'a Touched>,
) -> impl Iterator<Item = (Time, Option<Time>)> + 'a {
    let incidents = state.incidents.values().filter(move |of| {
        let is_touched = matches!(touched, Some(Touched::Incident(id)) if *id == of.id);
        (of.is_open() || is_touched) && of.components.get(&component.id) == Some(&component.shown)
    });
    let maintenances = state.maintenances.values().filter(move |of| {
        let is_touched = matches!(touched, Some(Touched::Maintenance(id)) if *id == of.id);
        component.shown == ComponentState::UnderMaintenance
            && of.is_public()
            && (of.is_active() || (is_touched && of.completed_at.is_some()))
            && of.components.contains(&component.id)
    });
    incidents
        .map(|of| (of.reopened_at.unwrap_or(of.started_at), of.resolved_at))
        .chain(maintenances.map(|of| (of.began(), of.completed_at)))
}

/// Corrects since when components have a status that they keep, after something that holds them has begun or ended at another time: where
/// it was what held it that said since when, it says so again. A status that has just changed is held since no earlier than what holds it.
/// `before`: what [`held_since`] gave before. `events`: what has happened.
pub(super) fn held_anew(
    state: &mut State,
    touched: &Touched,
    before: &BTreeMap<Id, (ComponentState, Time)>,
    events: &[Event],
) -> Vec<Event> {
    let is_new =
        |of: &Id| events.iter().any(|event| matches!(event, Event::ComponentChanged { id, .. } if id == of));
    let after = held_since(state, Some(touched));
    let corrected = after.into_iter().filter_map(|(id, (shown, since))| {
        let component = state.components.get(&id)?;
        if is_new(&id) {
            return (component.set != shown).then(|| (id, since.max(component.since)));
        }
        let is_held = before.get(&id).is_some_and(|(_, was)| component.since == *was);
        is_held.then_some((id, since))
    });
    let corrected = corrected.collect();
    correct(state, corrected)
}

fn correct(state: &mut State, since: Vec<(Id, Time)>) -> Vec<Event> {
    let mut events = Vec::new();
    for (id, since) in since {
        if let Some(component) = state.components.get_mut(&id).filter(|component| component.since != since) {
            component.since = since;
            events.push(Event::ComponentBegan { id, since });
        }
    }
    events
}
