//! Follow-up tasks.

use super::choose::check_chosen;
use super::event::Event;
use super::rejection::Rejection;
use crate::limits;
use crate::state::{Followup, FollowupStatus, State};
use crate::text::Id;
use crate::time::Time;
use crate::update::FollowupSet;

pub(super) fn followup_set(
    state: &mut State,
    update: &FollowupSet,
    id: Id,
    at: Time,
) -> Result<Vec<Event>, Rejection> {
    let mut followup = match state.followups.get(&id) {
        Some(known) => {
            if update.incident.as_ref().is_some_and(|incident| *incident != known.incident) {
                return Err(Rejection::conflict(
                    "/incident",
                    format!("{id} belongs to the incident {}; that cannot be changed.", known.incident),
                ));
            }
            known.clone()
        }
        None => {
            check_chosen(update.id.as_ref(), "followup")?;
            let Some(incident) = update.incident.clone() else {
                return Err(Rejection::invalid(
                    "/incident",
                    format!(
                        "There is no follow-up {id}; a new one needs an \"incident\", such as \"incident-42\"."
                    ),
                ));
            };
            if !state.incidents.contains_key(&incident) {
                return Err(Rejection::not_found("/incident", format!("There is no incident {incident}.")));
            }
            let Some(name) = update.name.clone() else {
                return Err(Rejection::invalid(
                    "/name",
                    "A new follow-up needs a \"name\": what to do, in one line.",
                ));
            };
            Followup {
                id: id.clone(),
                incident,
                name,
                prevents: None,
                owner: None,
                due: None,
                status: FollowupStatus::Open,
                reason: None,
                overdue: false,
                created_at: at,
                updated_at: at,
            }
        }
    };
    let was_open = state.followups.get(&id).is_some_and(|known| known.status == FollowupStatus::Open);
    followup.status = update.status.unwrap_or(followup.status);
    if update.reason.is_some() {
        followup.reason.clone_from(&update.reason);
    }
    match followup.status {
        FollowupStatus::Dropped if followup.reason.is_none() => {
            return Err(Rejection::invalid("/reason", "A dropped task needs a \"reason\"."));
        }
        FollowupStatus::Dropped => {}
        _ if update.reason.is_some() => {
            return Err(Rejection::invalid(
                "/reason",
                "Only a dropped task has a reason: add \"status\": \"dropped\", or leave it out.",
            ));
        }
        _ => followup.reason = None,
    }
    let open = state.followups.values().filter(|known| known.status == FollowupStatus::Open).count();
    if followup.status == FollowupStatus::Open && !was_open && open >= limits::OPEN_FOLLOWUPS {
        return Err(Rejection::conflict(
            "",
            format!(
                "{} follow-ups are open, which is the limit. Set one to done or dropped first.",
                limits::OPEN_FOLLOWUPS
            ),
        ));
    }
    if let Some(name) = &update.name {
        followup.name.clone_from(name);
    }
    if update.prevents.is_some() {
        followup.prevents.clone_from(&update.prevents);
    }
    if update.owner.is_some() {
        followup.owner.clone_from(&update.owner);
    }
    if let Some(due) = update.due {
        followup.due = due;
    }
    // `advance` sets it again if the task is still overdue.
    followup.overdue = false;
    // What changes nothing makes no version.
    let same = |known: &Followup| {
        Followup { overdue: known.overdue, updated_at: known.updated_at, ..followup.clone() } == *known
    };
    if state.followups.get(&id).is_some_and(same) {
        return Ok(Vec::new());
    }
    followup.updated_at = at;
    let incident = followup.incident.clone();
    state.followups.insert(id.clone(), followup);
    Ok(vec![Event::FollowupSet { id, incident }])
}
