//! Post-mortems.

use super::event::Event;
use super::rejection::Rejection;
use super::wording::check_shown;
use crate::state::{Postmortem, State};
use crate::time::Time;
use crate::update::PostmortemPublish;

pub(super) fn postmortem_publish(
    state: &mut State,
    update: &PostmortemPublish,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let id = &update.incident;
    match state.incidents.get(id) {
        None => return Err(Rejection::not_found("/incident", format!("There is no incident {id}."))),
        Some(incident) if incident.is_open() => {
            return Err(Rejection::conflict(
                "/incident",
                format!("{id} is open; resolve it before you publish the post-mortem."),
            ));
        }
        Some(_) => {}
    }
    if let (Some(start), Some(end)) = (update.text.started_at, update.text.ended_at)
        && end < start
    {
        return Err(Rejection::invalid("/ended_at", format!("{end} is before the start ({start}).")));
    }
    let happened = update.text.timeline.iter().map(|line| line.what.as_str());
    for text in update.text.prose().chain(happened) {
        check_shown(text, "")?;
    }
    let published_at = state.postmortems.get(id).map_or(at, |known| known.published_at);
    let postmortem =
        Postmortem { incident: id.clone(), published_at, updated_at: at, text: update.text.clone() };
    state.postmortems.insert(id.clone(), postmortem);
    Ok(vec![Event::PostmortemPublished { id: id.clone() }])
}
