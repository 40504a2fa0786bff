//! Keeps the shown status of components up to date.

use super::event::Event;
use crate::state::{ComponentState, State};
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
