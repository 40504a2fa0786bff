//! Applies one update: the result is events, or a rejection that changed nothing.
//!
//! Every rule first checks everything and then changes the state, so that a rejected update leaves no trace.

use super::amend::incident_amend;
use super::component::{component_remove, component_set};
use super::event::Event;
use super::followup::followup_set;
use super::incident::{incident_open, incident_update, pick_incident};
use super::maintenance::{maintenance_schedule, maintenance_update, pick_maintenance};
use super::moment::Moment;
use super::notice::{notice_clear, notice_post};
use super::page::page_set;
use super::postmortem::postmortem_publish;
use super::rejection::Rejection;
use super::settle::{Holding, Touched, began, settle};
use super::size::make_room;
use super::template::{template_remove, template_set};
use crate::limits;
use crate::state::State;
use crate::text::Id;
use crate::update::Update;

/// Applies one update to the state.
///
/// Before, the caller loads what [`Update::needs`] names into `state`, and calls [`crate::rules::advance`] with the time of the
/// update, its `at` or else the present: what comes by itself until then has happened. After the last update of a request it calls `advance` with
/// the present time, because a step of a backdated update may be due already.
///
/// # Errors
/// A [`Rejection`]; the state is then unchanged.
pub fn apply(state: &mut State, update: &Update, moment: Moment) -> Result<Vec<Event>, Rejection> {
    if let Some(at) = update.at().filter(|at| at.millis_since(moment.now) > limits::CLOCK_SKEW_MILLIS) {
        return Err(Rejection::invalid("/at", format!("{at} is in the future; the time is {}.", moment.now)));
    }
    let at = update.when(moment.now);
    let holding = touched(state, update).map(|touched| Holding::new(state, touched));
    let mut events = match update {
        Update::PageSet(u) => page_set(state, u)?,
        Update::ComponentSet(u) => component_set(state, u, at)?,
        Update::ComponentRemove(u) => component_remove(state, u, at)?,
        Update::IncidentOpen(u) => incident_open(state, u, u.id_or_generated(moment.version), at)?,
        Update::IncidentUpdate(u) => incident_update(state, u, at, moment.now)?,
        Update::IncidentAmend(u) => incident_amend(state, u, at, moment.now)?,
        Update::MaintenanceSchedule(u) => {
            maintenance_schedule(state, u, u.id_or_generated(moment.version), at)?
        }
        Update::MaintenanceUpdate(u) => maintenance_update(state, u, at)?,
        Update::NoticePost(u) => notice_post(state, u, at, moment.now)?,
        Update::NoticeClear(_) => notice_clear(state)?,
        Update::TemplateSet(u) => template_set(state, u, at)?,
        Update::TemplateRemove(u) => template_remove(state, &u.id)?,
        Update::PostmortemPublish(u) => postmortem_publish(state, u, at)?,
        Update::FollowupSet(u) => followup_set(state, u, u.id_or_generated(moment.version), at)?,
    };
    events.extend(settle(state, at));
    // An incident with an `at` may be imported history, which must not change since when a component fails now.
    if let (Update::IncidentOpen(u), None) = (update, update.at()) {
        events.extend(began(state, &u.id_or_generated(moment.version)));
    }
    if let Some(holding) = holding {
        let until = (!matches!(update, Update::IncidentAmend(_))).then_some(at);
        let corrected = holding.corrected(state, until, &events);
        events.extend(corrected);
    }
    events.extend(make_room(state));
    Ok(events)
}

/// The incident or maintenance of which an update may say that it began or ended at another time than now, before something else that holds
/// the same.
fn touched(state: &State, update: &Update) -> Option<Touched> {
    let incident = |named: Option<&Id>| Some(Touched::Incident(pick_incident(state, named).ok()?.id));
    match update {
        Update::IncidentUpdate(u) if u.at.is_some() => incident(u.incident.as_ref()),
        Update::IncidentAmend(u) => incident(u.incident.as_ref()),
        Update::MaintenanceUpdate(u) if u.at.is_some() => {
            Some(Touched::Maintenance(pick_maintenance(state, u.maintenance.as_ref()).ok()?.id))
        }
        _ => None,
    }
}
