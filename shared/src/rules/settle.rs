//! Keeps the shown status of components up to date.

use super::event::Event;
use crate::state::{ComponentState, Incident, State};
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

/// Corrects since when components have their status, after an incident that holds them was opened or its start was corrected: a status
/// that an incident has held from its start on began with the incident, even if a monitor reported it later. `before`: the start before
/// the correction; none if the incident was opened.
pub(super) fn began(state: &mut State, id: &Id, before: Option<Time>) -> Vec<Event> {
    let is_changed = |of: &&Incident| of.is_open() && before != Some(of.started_at);
    let Some(incident) = state.incidents.get(id).filter(is_changed) else { return Vec::new() };
    let held = incident.components.iter().filter_map(|(id, held)| {
        let component = state.components.get(id).filter(|component| component.shown == *held)?;
        let of_component = |start: Time| start.max(component.created_at);
        let since = match before {
            None => component.since.min(of_component(incident.started_at)),
            Some(before) if component.since != of_component(before) => component.since,
            // Another incident may have held the same status for longer.
            Some(_) => of_component(
                state
                    .open_incidents()
                    .filter(|of| of.components.get(id) == Some(held))
                    .fold(incident.started_at, |first, of| first.min(of.started_at)),
            ),
        };
        (since != component.since).then(|| (id.clone(), since))
    });
    let corrected: Vec<(Id, Time)> = held.collect();
    for (id, since) in &corrected {
        if let Some(component) = state.components.get_mut(id) {
            component.since = *since;
        }
    }
    corrected.into_iter().map(|(id, since)| Event::ComponentBegan { id, since }).collect()
}
