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
    check_past(update, at)?;
    if let (Some(start), Some(end)) = (update.text.started_at, update.text.ended_at)
        && end < start
    {
        return Err(Rejection::invalid("/ended_at", format!("{end} is before the start ({start}).")));
    }
    for (pointer, text) in update.text.written_at() {
        check_shown(text, &pointer)?;
    }
    let published_at = state.postmortems.get(id).map_or(at, |known| known.published_at);
    let postmortem =
        Postmortem { incident: id.clone(), published_at, updated_at: at, text: update.text.clone() };
    state.postmortems.insert(id.clone(), postmortem);
    Ok(vec![Event::PostmortemPublished { id: id.clone() }])
}

/// Refuses times after the update: a post-mortem tells what has happened.
fn check_past(update: &PostmortemPublish, at: Time) -> Result<(), Rejection> {
    let text = &update.text;
    let timeline = text.timeline.iter().enumerate();
    let timeline = timeline.map(|(index, line)| (format!("/timeline/{index}/at"), Some(line.at)));
    let times = [("/started_at".to_owned(), text.started_at), ("/ended_at".to_owned(), text.ended_at)];
    let mut times = times.into_iter().chain(timeline).filter_map(|(field, time)| Some((field, time?)));
    match times.find(|(_, time)| *time > at) {
        Some((field, time)) => Err(Rejection::invalid(
            &field,
            format!("{time} is after this update ({at}); a post-mortem tells what has happened."),
        )),
        None => Ok(()),
    }
}
