//! The size that `status.json` can reach.

use std::io;

use super::build_status::status_document;
use crate::state::{ComponentState, State};
use crate::time::Time;

/// The size in bytes of the largest `status.json` that this state can lead to without another update: every scheduled
/// maintenance has started, and every promised update is overdue. It serialises that document and counts the bytes.
pub fn largest_status(state: &State) -> usize {
    let mut state = state.clone();
    for maintenance in state.maintenances.values_mut().filter(|m| m.is_open() && m.is_public()) {
        maintenance.near = true;
        for id in &maintenance.components {
            if let Some(component) = state.components.get_mut(id) {
                component.shown = component.shown.max(ComponentState::UnderMaintenance);
            }
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
