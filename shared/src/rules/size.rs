//! `status.json` stays within a limit: every visitor's browser reads all of it at each change.

use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::published::largest_status;
use crate::state::State;

/// Checks that `status.json` stays below [`limits::STATUS_BYTES`], whatever the clock adds to it. An update that makes
/// it smaller passes even above the limit.
///
/// # Errors
/// A [`Rejection`] that says to resolve or shorten something.
pub fn check_size(before: &State, after: &State) -> Result<(), Rejection> {
    let size = largest_status(after);
    if size <= limits::STATUS_BYTES || size <= largest_status(before) {
        return Ok(());
    }
    Err(Rejection::conflict(
        "",
        "Everything that is open comes to more text than can be published. Resolve or complete something, or write less.",
    ))
}

/// Takes resolved incidents out of `status.json`, the oldest first, while there are too many of them or the document
/// is too large: what still goes on needs the room more.
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
