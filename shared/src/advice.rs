//! A short coach: what a good update would also have. Advice is never a refusal.

use crate::{Impact, IncidentStatus, State, Update};

/// What the operator might add after `update` was applied, giving `state`; empty if nothing.
pub fn advice(state: &State, update: &Update) -> Vec<String> {
    let mut advice = Vec::new();
    let mut say = |text: &str| advice.push(text.to_owned());
    match update {
        Update::IncidentOpen(open) => {
            if open.next_update_in.is_none() && open.next_update_at.is_none() {
                say("No next update is promised. Add \"next_update_in\": \"30m\", and keep it.");
            }
            if open.components.is_empty() && open.impact != Impact::None && !state.components.is_empty() {
                say(
                    "Nobody is told what is affected. Name the components: \"components\": {\"id\": \"major_outage\"}.",
                );
            }
            if open.started_at.is_none() && open.detected_at.is_none() {
                say(
                    "Since when? Add \"started_at\", as well as you know it; incident.amend can correct it later.",
                );
            }
        }
        Update::IncidentUpdate(update) => {
            let promises = update.next_update_in.is_some() || update.next_update_at.is_some();
            let closes = update.status == Some(IncidentStatus::Resolved);
            if !promises && !closes {
                say("No next update is promised. Add \"next_update_in\": \"30m\", and keep it.");
            }
        }
        Update::MaintenanceSchedule(schedule) if schedule.components.is_empty() => {
            say("Nobody is told what is affected. Name the components: \"components\": [\"id\"].");
        }
        _ => {}
    }
    advice
}
