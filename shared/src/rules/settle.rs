//! Keeps the shown status of components up to date.

use std::collections::BTreeMap;

use super::event::Event;
use crate::state::{Component, ComponentState, Incident, Maintenance, State};
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
            // What holds it may have begun later than the time of a report that is dated back.
            let probe = state.components.get(&id).filter(|component| component.set != to && !groups);
            let probe = probe.map(|component| Component { shown: to, ..component.clone() });
            let held = probe.and_then(|component| held_since(state, &component, Vec::new()));
            if let Some(component) = state.components.get_mut(&id) {
                let from = component.shown;
                component.shown = to;
                component.changed_at = component.changed_at.max(Some(at));
                // Imported history must not move back since when it works.
                component.since = match to {
                    ComponentState::Operational => component.since.max(at),
                    _ => at.max(component.created_at).max(held.unwrap_or(at)),
                };
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

/// The incident or maintenance that an update is about.
pub(super) enum Touched {
    Incident(Id),
    Maintenance(Id),
}

/// From when to when something holds a status; without an end if it still does.
type Span = (Time, Option<Time>);

/// What holds the status that components show, before an update that may say otherwise.
pub(super) struct Holding {
    touched: Touched,
    /// Since when it is held, as far as it goes back without a gap.
    since: BTreeMap<Id, Time>,
    /// For how long by what the update is about.
    spans: BTreeMap<Id, Vec<Span>>,
    /// When that ended, if it is over.
    ended: Option<Time>,
}

impl Holding {
    pub(super) fn new(state: &State, touched: Touched) -> Self {
        let components = || state.components.values().filter(|component| !component.is_group);
        let spans = |component: &Component| touched_spans(state, component, &touched);
        let since = |component: &Component| {
            Some((component.id.clone(), held_since(state, component, spans(component))?))
        };
        Self {
            since: components().filter_map(since).collect(),
            spans: components().map(|component| (component.id.clone(), spans(component))).collect(),
            ended: ended(state, &touched),
            touched,
        }
    }

    /// Corrects since when components have a status that they keep, after the update: where it was what held it that said since when, it
    /// says so again. A status that has just changed is held since no earlier than what holds it. `until`: when what was held ended, unless
    /// the update has corrected its times. `events`: what has happened.
    pub(super) fn corrected(self, state: &mut State, until: Option<Time>, events: &[Event]) -> Vec<Event> {
        let is_new = |of: &Id| {
            events.iter().any(|event| matches!(event, Event::ComponentChanged { id, .. } if id == of))
        };
        // A status that a component has had since something worse ended is held from its corrected end on.
        let moved = self.ended.zip(ended(state, &self.touched)).filter(|(old, new)| old != new);
        let components = state.components.values().filter(|component| !component.is_group);
        let corrected = components.filter_map(|component| {
            let is_of = |(old, _): &(Time, Time)| {
                component.since == *old && names(state, &self.touched, component) && !is_new(&component.id)
            };
            if let Some((_, new)) = moved.filter(is_of) {
                let held =
                    held_since(state, component, Vec::new()).filter(|_| component.set != component.shown);
                return Some((component.id.clone(), held.map_or(new, |held| held.max(new))));
            }
            let mut spans = touched_spans(state, component, &self.touched);
            if let Some(until) = until.filter(|_| !is_new(&component.id)) {
                let held = self.spans.get(&component.id).into_iter().flatten();
                spans.extend(held.map(|(start, end)| (*start, end.or(Some(until)))));
            }
            let since = held_since(state, component, spans)?;
            let is_held = self.since.get(&component.id) == Some(&component.since);
            match until {
                _ if is_new(&component.id) => Some((component.id.clone(), since.max(component.since))),
                // It may have been set to this all the time.
                Some(_) if component.set == component.shown => None,
                _ => is_held.then(|| (component.id.clone(), since)),
            }
        });
        let corrected = corrected.collect();
        correct(state, corrected)
    }
}

/// Since when what is open holds the status that a component shows, as far as it goes back without a gap. `touched`: for how long what an
/// update is about does, or did. Nothing else that is over counts: which of that is loaded depends on the update.
fn held_since(state: &State, component: &Component, touched: Vec<Span>) -> Option<Time> {
    let incidents =
        state.open_incidents().filter(|of| of.components.get(&component.id) == Some(&component.shown));
    let maintenances = state.open_maintenances().filter(|of| holds(of, component) && of.is_active());
    let set = component
        .set_at
        .filter(|_| component.set == component.shown && component.shown != ComponentState::Operational);
    let mut spans = touched;
    spans.extend(incidents.flat_map(stretches));
    spans.extend(maintenances.map(|of| (of.began(), None)));
    spans.extend(set.map(|at| (at, None)));
    let mut since = spans.iter().filter(|(_, end)| end.is_none()).map(|(start, _)| *start).min()?;
    let before = |since: Time| {
        spans
            .iter()
            .find(|(start, end)| *start < since && end.is_some_and(|end| end >= since))
            .map(|span| span.0)
    };
    while let Some(earlier) = before(since) {
        since = earlier;
    }
    Some(since.max(component.created_at))
}

/// For how long what an update is about holds the status that a component shows, or did.
fn touched_spans(state: &State, component: &Component, touched: &Touched) -> Vec<Span> {
    match touched {
        Touched::Incident(id) => {
            let is_it = |of: &&Incident| {
                of.components.get(&component.id) == Some(&component.shown)
                    && (of.is_open() || of.names(component))
            };
            state.incidents.get(id).filter(is_it).into_iter().flat_map(stretches).collect()
        }
        Touched::Maintenance(id) => {
            let is_it =
                |of: &&Maintenance| holds(of, component) && (of.is_active() || of.completed_at.is_some());
            state
                .maintenances
                .get(id)
                .filter(is_it)
                .map(|of| (of.began(), of.completed_at))
                .into_iter()
                .collect()
        }
    }
}

/// When what an update is about was over, if it is an incident.
fn ended(state: &State, touched: &Touched) -> Option<Time> {
    match touched {
        Touched::Incident(id) => state.incidents.get(id)?.resolved_at,
        Touched::Maintenance(_) => None,
    }
}

/// Whether the incident that an update is about held a component.
fn names(state: &State, touched: &Touched, component: &Component) -> bool {
    let held = |of: &Incident| of.components.contains_key(&component.id) && of.names(component);
    matches!(touched, Touched::Incident(id) if state.incidents.get(id).is_some_and(held))
}

fn holds(of: &Maintenance, component: &Component) -> bool {
    component.shown == ComponentState::UnderMaintenance
        && of.is_public()
        && of.components.contains(&component.id)
}

/// From when to when an incident was open: more than once if it was reopened.
fn stretches(of: &Incident) -> Vec<Span> {
    let mut start = of.started_at;
    let mut spans = Vec::new();
    for pause in &of.pauses {
        spans.push((start, Some(pause.from)));
        start = pause.until;
    }
    spans.push((start, of.resolved_at));
    spans
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
