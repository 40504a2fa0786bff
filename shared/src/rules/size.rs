//! Keeps `status.json` within its size limit: every visitor's browser reads all of it at each change.

use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::published::largest_status;
use crate::state::State;

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
