//! Keeps `status.json` within its size limit: every visitor's browser reads all of it at each change.

use std::io;

use super::clock::step_text;
use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::published::status_document;
use crate::state::{ComponentState, MaintenanceStatus, State};
use crate::time::Time;

/// The size in bytes of the largest `status.json` that this state can lead to without another update: every scheduled
/// maintenance has started, with the clock's longest text where that is longer, and every promised update is overdue.
/// It serialises that document and counts the bytes.
pub fn largest_status(state: &State) -> usize {
    let mut state = state.clone();
    let english = state.page.language().is_english();
    let longest = MaintenanceStatus::ALL
        .iter()
        .filter_map(|step| step_text(*step, true))
        .max_by_key(|text| text.as_str().len());
    for maintenance in state.maintenances.values_mut().filter(|m| m.is_open() && m.is_public()) {
        maintenance.near = true;
        maintenance.late = true;
        maintenance.status = MaintenanceStatus::InProgress;
        for id in &maintenance.components {
            if let Some(component) = state.components.get_mut(id) {
                component.shown = component.shown.max(ComponentState::UnderMaintenance);
            }
        }
        if let Some(text) = longest.as_ref().filter(|_| english && maintenance.automatic)
            && text.as_str().len() > maintenance.latest.body.as_str().len()
        {
            maintenance.latest.body.clone_from(text);
        }
    }
    for incident in state.incidents.values_mut() {
        incident.overdue = incident.next_update_at.is_some();
    }
    let mut size = Counter(0);
    match serde_json::to_writer(&mut size, &status_document(&state, u64::MAX, Time::EPOCH)) {
        Ok(()) => size.0,
        // A document that cannot be serialised does not fit.
        Err(_) => usize::MAX,
    }
}

/// Checks that `status.json` is at most [`limits::STATUS_BYTES`] large, with everything that the clock can add. Above
/// the limit, only an update that does not make it larger passes.
///
/// # Errors
/// A [`Rejection`] that asks to resolve or shorten something.
pub fn check_size(before: &State, after: &State) -> Result<(), Rejection> {
    let size = largest_status(after);
    if size <= limits::STATUS_BYTES || size <= largest_status(before) {
        return Ok(());
    }
    Err(Rejection::conflict(
        "",
        format!(
            "With this update status.json could grow to {size} bytes; the limit is {}. Resolve or complete something, or write less.",
            limits::STATUS_BYTES
        ),
    ))
}

/// Removes resolved incidents from `status.json`, oldest first, while there are more than [`limits::JUST_RESOLVED`]
/// or the document is too large: open incidents need the space more.
pub(super) fn make_room(state: &mut State) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let resolved = state.just_resolved();
        let Some(id) = resolved.last().map(|incident| incident.id.clone()) else { return events };
        if resolved.len() <= limits::JUST_RESOLVED && largest_status(state) <= limits::STATUS_BYTES {
            return events;
        }
        if let Some(incident) = state.incidents.get_mut(&id) {
            incident.news_until = None;
        }
        events.push(Event::IncidentPast { id });
    }
}

/// A writer that only counts bytes.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
