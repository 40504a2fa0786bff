//! Components and groups.

use std::collections::BTreeMap;

use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::state::{Component, ComponentState, State};
use crate::text::Id;
use crate::time::Time;
use crate::update::{ComponentRemove, ComponentSet};

pub(super) fn component_set(
    state: &mut State,
    update: &ComponentSet,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let existing = state.components.get(&update.id);
    let is_new = existing.is_none();
    let is_group = existing.map_or(update.is_group.unwrap_or(false), |c| c.is_group);
    if existing.is_some() && update.is_group.is_some_and(|wanted| wanted != is_group) {
        return Err(Rejection::conflict(
            "/is_group",
            format!(
                "{} exists, and a component cannot become a group or a group a component. Remove it first.",
                update.id
            ),
        ));
    }
    if is_group && update.status.is_some() {
        return Err(Rejection::invalid(
            "/status",
            format!(
                "{} is a group: it shows the worst status of its members. Set the status of a member.",
                update.id
            ),
        ));
    }
    if let Some(Some(group)) = &update.group {
        if is_group {
            return Err(Rejection::invalid("/group", "A group cannot be a member of another group."));
        }
        match state.components.get(group) {
            Some(component) if component.is_group => {}
            Some(_) => {
                return Err(Rejection::invalid("/group", format!("{group} is a component, not a group.")));
            }
            None => {
                return Err(Rejection::invalid(
                    "/group",
                    format!(
                        "There is no group {group}. Create it first: component.set with \"is_group\": true."
                    ),
                ));
            }
        }
    }
    if let (Some(_), Some(last)) = (update.status, existing.and_then(|component| component.set_at))
        && update.at.is_some_and(|at| at < last)
    {
        return Err(Rejection::invalid(
            "/at",
            format!("{at} is before the status of {} was last set ({last}).", update.id),
        ));
    }
    let changes = update.status.is_some_and(|state| existing.is_none_or(|component| component.set != state));
    let mut component = match existing {
        Some(component) => component.clone(),
        None => {
            let Some(name) = update.name.clone() else {
                return Err(Rejection::invalid(
                    "/name",
                    format!("There is no component {}; a new one needs a \"name\".", update.id),
                ));
            };
            if state.components.len() >= limits::COMPONENTS {
                return Err(Rejection::conflict(
                    "",
                    format!(
                        "The page has {} components, which is the limit. Remove one first.",
                        limits::COMPONENTS
                    ),
                ));
            }
            let last = state.components.values().map(|c| c.position).max();
            Component {
                id: update.id.clone(),
                name,
                description: None,
                group: None,
                is_group,
                position: last.map_or(0, |last| last.saturating_add(1)),
                set: ComponentState::Operational,
                shown: ComponentState::Operational,
                set_at: None,
                since: at,
                created_at: at,
                updated_at: at,
                changed_at: None,
                removed_at: None,
                former: state.removed.get(&update.id).map(Component::with_former).unwrap_or_default(),
            }
        }
    };
    if let Some(removed) = component.follows().filter(|removed| at < *removed) {
        return Err(Rejection::conflict(
            "/at",
            format!(
                "{at} belongs to another component, which had the id {} until it was removed at {removed}. The record keeps that one: \
                 date this update later, or give the new component an id of its own.",
                update.id
            ),
        ));
    }
    if let Some(name) = &update.name {
        component.name.clone_from(name);
    }
    if let Some(description) = &update.description {
        component.description.clone_from(description);
    }
    if let Some(group) = &update.group {
        component.group.clone_from(group);
    }
    if let Some(position) = update.position {
        component.position = position;
    }
    if let Some(set) = update.status {
        component.set = set;
    }
    // Dated before the component was on the page: it was there from then on.
    let was_there_from = component.created_at;
    component.created_at = was_there_from.min(at);
    if component.set_at.is_none() && component.since == was_there_from {
        component.since = component.created_at;
    }
    // A monitor may send the same status every few seconds: what changes nothing makes no version.
    // A status that is dated says until when it was seen, so it counts, once.
    let is_seen_later = update.at.is_some() && update.status.is_some() && component.set_at != Some(at);
    if existing == Some(&component) && !is_seen_later {
        return Ok(Vec::new());
    }
    component.set_at = update.status.map_or(component.set_at, |_| Some(at));
    component.updated_at = at;
    state.components.insert(update.id.clone(), component);
    let from_earlier = at < was_there_from;
    let set = if is_new || from_earlier {
        (!is_group).then(|| update.status.unwrap_or(ComponentState::Operational))
    } else {
        update.status.filter(|_| changes)
    };
    let mut events = vec![Event::ComponentSet { id: update.id.clone(), set, at }];
    // The record has an earlier status from when the component was made, which ends here unless this one goes on.
    if let Some(status) = update.status.filter(|_| from_earlier) {
        events.push(Event::ComponentSet { id: update.id.clone(), set: Some(status), at: was_there_from });
    }
    Ok(events)
}

pub(super) fn component_remove(
    state: &mut State,
    update: &ComponentRemove,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let id = &update.id;
    if !state.components.contains_key(id) {
        return Err(Rejection::not_found("/id", format!("There is no component {id}.")));
    }
    if let Some(incident) = state.open_incidents().find(|i| i.affected_now().any(|held| held == id)) {
        return Err(Rejection::conflict(
            "/id",
            format!("The open incident {} holds {id}; resolve it first, or release {id}.", incident.id),
        ));
    }
    if let Some(maintenance) = state.open_maintenances().find(|m| m.components.contains(id)) {
        return Err(Rejection::conflict(
            "/id",
            format!(
                "The maintenance {} names {id}; {} it first.",
                maintenance.id,
                if maintenance.is_active() { "complete" } else { "cancel" }
            ),
        ));
    }
    if let Some(member) = state.components.values().find(|c| c.group.as_ref() == Some(id)) {
        return Err(Rejection::conflict(
            "/id",
            format!("The group {id} has members ({}); move or remove them first.", member.id),
        ));
    }
    let last = state.components.remove(id).map(|last| Component { removed_at: Some(at), ..last });
    state.removed.extend(last.clone().map(|last| (id.clone(), last)));
    let removed = last.map(Box::new).into_iter().map(|last| Event::ComponentRemoved { id: id.clone(), last });
    let mut events: Vec<Event> = removed.collect();
    // What a visitor's device can try stays, and is about the page as a whole from now on.
    let mut checks =
        state.page.checks.iter_mut().filter(|check| check.component.as_ref() == Some(id)).peekable();
    if checks.peek().is_some() {
        checks.for_each(|check| check.component = None);
        events.push(Event::PageSet);
    }
    Ok(events)
}

/// Checks that an incident, a maintenance or a check may name `id`: it must be a component, not a group.
pub(super) fn check_component(state: &State, pointer: &str, id: &Id) -> Result<(), Rejection> {
    match state.components.get(id) {
        Some(component) if component.is_group => {
            Err(Rejection::invalid(pointer, format!("{id} is a group; name its members.")))
        }
        Some(_) => Ok(()),
        None => Err(Rejection::invalid(
            pointer,
            format!("There is no component {id}. Create it first with component.set, or leave it out."),
        )),
    }
}

pub(super) fn check_held(state: &State, components: &BTreeMap<Id, ComponentState>) -> Result<(), Rejection> {
    components.keys().try_for_each(|id| check_component(state, &format!("/components/{id}"), id))
}
