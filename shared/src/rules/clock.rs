//! What changes with time alone: `status.json` begins to list a maintenance; the maintenance starts, is verified and
//! completes, or is late; a notice expires; a promised update or a follow-up task becomes overdue; a resolved incident leaves
//! `status.json`.

use std::collections::BTreeMap;

use super::event::Event;
use super::maintenance::move_maintenance;
use super::settle::settle;
use crate::limits;
use crate::state::{FollowupStatus, MaintenanceStatus, State};
use crate::text::{Body, Id};
use crate::time::Time;

/// Makes every change that is due at `now`, in order of time, and returns the events.
///
/// A second call with the same time changes nothing, because an alarm may ring twice.
pub fn advance(state: &mut State, now: Time) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some((at, due)) = next(state).filter(|(at, _)| *at <= now) {
        match due {
            Due::Notice => {
                state.notice = None;
                events.push(Event::NoticeCleared);
            }
            Due::Promise(id) => {
                if let Some(incident) = state.incidents.get_mut(&id) {
                    incident.overdue = true;
                }
                events.push(Event::PromiseBroken { id, promised: at });
            }
            Due::NewsEnds(id) => {
                if let Some(incident) = state.incidents.get_mut(&id) {
                    incident.news_until = None;
                }
                events.push(Event::IncidentPast { id });
            }
            Due::Followup(id, incident) => {
                if let Some(followup) = state.followups.get_mut(&id) {
                    followup.overdue = true;
                }
                events.push(Event::FollowupOverdue { id, incident });
            }
            Due::Near(id) => {
                if let Some(maintenance) = state.maintenances.get_mut(&id) {
                    maintenance.near = true;
                }
                events.push(Event::MaintenanceNear { id });
            }
            Due::Late(id) => {
                if let Some(maintenance) = state.maintenances.get_mut(&id) {
                    maintenance.late = true;
                }
                events.push(Event::MaintenanceLate { id });
            }
            Due::Maintenance(id, to, planned) => {
                let is_in_time = at.millis_since(planned) <= limits::CLOCK_SKEW_MILLIS;
                // The clock's texts are in English. On a page in another language the newest text stays.
                let text = state.page.language().is_english().then(|| step_text(to, is_in_time)).flatten();
                let Some(maintenance) = state.maintenances.get_mut(&id) else { return events };
                let from = maintenance.status;
                let told = maintenance.told().clone();
                let is_clocks = text.is_some();
                let text = text.map_or_else(
                    || (told.body.clone(), told.translations.clone()),
                    |body| (body, BTreeMap::new()),
                );
                let entry = move_maintenance(maintenance, to, text, at);
                // That it is over is what the clock has to say.
                maintenance.told = (is_clocks && maintenance.is_open()).then_some(told);
                events.push(Event::MaintenanceUpdated { id, from, to, entry });
            }
        }
        events.extend(settle(state, at));
    }
    events
}

/// When [`advance`] has something to do next; `None` if nothing changes without an update.
pub fn next_change(state: &State) -> Option<Time> {
    next(state).map(|(at, _)| at)
}

enum Due {
    Notice,
    Promise(Id),
    NewsEnds(Id),
    Followup(Id, Id),
    Near(Id),
    Late(Id),
    /// The step, and when it was planned.
    Maintenance(Id, MaintenanceStatus, Time),
}

fn next(state: &State) -> Option<(Time, Due)> {
    let notice = state.notice.iter().filter_map(|notice| Some((notice.until?, Due::Notice)));
    let maintenances = state.maintenances.values().filter(|m| m.automatic).filter_map(|m| {
        let (at, to) = match m.status {
            MaintenanceStatus::Scheduled => (m.scheduled_for, MaintenanceStatus::InProgress),
            MaintenanceStatus::InProgress => match m.verify_at {
                Some(verify) => (verify, MaintenanceStatus::Verifying),
                None => (m.scheduled_until, MaintenanceStatus::Completed),
            },
            MaintenanceStatus::Verifying => (m.scheduled_until, MaintenanceStatus::Completed),
            MaintenanceStatus::Completed | MaintenanceStatus::Cancelled => return None,
        };
        // The step happens no earlier than the newest update, which may have come after the planned time.
        Some((at.max(m.updated_at), Due::Maintenance(m.id.clone(), to, at)))
    });
    let late = state
        .open_maintenances()
        .filter(|m| !m.late && m.is_public())
        .filter_map(|m| Some((m.due_at()?.max(m.updated_at), Due::Late(m.id.clone()))));
    let near = state.open_maintenances().filter(|m| !m.near && m.is_public()).map(|m| {
        let near = m.scheduled_for.as_millis().saturating_sub(limits::STARTING_SOON_MILLIS);
        (Time::from_millis(near).unwrap_or(m.created_at), Due::Near(m.id.clone()))
    });
    let promises = state
        .open_incidents()
        .filter(|incident| !incident.overdue)
        .filter_map(|incident| Some((incident.next_update_at?, Due::Promise(incident.id.clone()))));
    let news = state
        .incidents
        .values()
        .filter_map(|incident| Some((incident.news_until?, Due::NewsEnds(incident.id.clone()))));
    let followups = state
        .followups
        .values()
        .filter(|followup| followup.status == FollowupStatus::Open && !followup.overdue)
        .filter_map(|followup| {
            Some((followup.due?, Due::Followup(followup.id.clone(), followup.incident.clone())))
        });
    notice
        .chain(near)
        .chain(maintenances)
        .chain(late)
        .chain(promises)
        .chain(news)
        .chain(followups)
        // What begins when something else ends leaves no gap.
        .min_by_key(|(at, due)| (*at, !matches!(due, Due::Maintenance(_, MaintenanceStatus::InProgress, _))))
}

/// The clock's text for a step of a maintenance, which may come later than it was planned. Visitors see it.
pub(super) fn step_text(to: MaintenanceStatus, is_in_time: bool) -> Option<Body> {
    let text = match to {
        MaintenanceStatus::Scheduled => "The maintenance is scheduled.",
        MaintenanceStatus::InProgress if is_in_time => "The maintenance has started, as planned.",
        MaintenanceStatus::InProgress => "The maintenance has started.",
        MaintenanceStatus::Verifying => "The work is done, and we are checking that all is well.",
        MaintenanceStatus::Completed if is_in_time => "The maintenance is over, as planned.",
        MaintenanceStatus::Completed => "The maintenance is over.",
        // The clock calls nothing off.
        MaintenanceStatus::Cancelled => return None,
    };
    Body::try_from(text.to_owned()).ok()
}
