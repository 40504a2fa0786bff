//! A short coach: what a good update would also have. Advice is never a refusal.

use crate::state::{Change, Visibility};

use super::event::Event;
use crate::review::gauntlet;
use crate::review::phrases;
use crate::review::phrases::{BLAMING, EVASIVE};
use crate::state::{Impact, Incident, IncidentStatus, State};
use crate::update::Update;

/// What the operator might add after `update` was applied, giving `state` and `events`; empty if
/// nothing.
pub fn advice(state: &State, update: &Update, events: &[Event]) -> Vec<String> {
    let mut coach = Coach { advice: Vec::new() };
    let incident = events.iter().find_map(|event| match event {
        Event::IncidentOpened { id, .. } | Event::IncidentUpdated { id, .. } => state.incidents.get(id),
        _ => None,
    });
    match (update, incident) {
        (Update::IncidentOpen(open), Some(incident)) => {
            coach.response(state, incident);
            if open.started_at.is_none() && open.detected_at.is_none() {
                coach.say("Since when? Add \"started_at\", as well as you know it; incident.amend can correct it later.");
            }
            coach.wording(incident.latest.body.as_str());
        }
        (Update::IncidentUpdate(_), Some(incident)) => {
            if events.iter().any(|event| matches!(event, Event::IncidentUpdated { kept: Some(false), .. })) {
                coach.say("This update came later than was promised. Say so in it, and promise a time that you can keep.");
            }
            if incident.status != IncidentStatus::Resolved {
                coach.response(state, incident);
            }
            coach.wording(incident.latest.body.as_str());
        }
        (Update::MaintenanceSchedule(schedule), _) => {
            if schedule.components.is_empty() && schedule.visibility.unwrap_or_default() == Visibility::Public
            {
                coach.say("Nobody is told what is affected. Name the components: \"components\": [\"id\"].");
            }
            for (field, question) in schedule.change.iter().flat_map(Change::open_questions) {
                coach.say(&format!("The change leaves a question open: {question} (\"{field}\")"));
            }
        }
        (Update::MaintenanceUpdate(_), _) => {
            let closed = events.iter().find_map(|event| match event {
                Event::MaintenanceUpdated { id, .. } => state.maintenances.get(id),
                _ => None,
            });
            if closed.is_some_and(|m| !m.is_open() && m.change.is_some() && m.outcome.is_none()) {
                coach.say("How did the change go? Add \"outcome\": \"succeeded\", \"rolled_back\" or \"failed\", and a \"result\".");
            }
        }
        (Update::PostmortemPublish(publish), _) => {
            for criterion in gauntlet(&publish.text).criteria {
                if !criterion.advice.is_empty() {
                    coach.say(&format!("{}: {}. {}", criterion.id, criterion.reason, criterion.advice));
                }
            }
            for text in publish.text.prose() {
                coach.blame(text);
            }
        }
        _ => {}
    }
    coach.advice
}

struct Coach {
    advice: Vec<String>,
}

impl Coach {
    fn say(&mut self, text: &str) {
        self.advice.push(text.to_owned());
    }

    /// How an open incident is being responded to.
    fn response(&mut self, state: &State, incident: &Incident) {
        if incident.next_update_at.is_none() {
            self.say("No next update is promised. Add \"next_update_in\": \"30m\", and keep it.");
        }
        let untold =
            incident.components.is_empty() && incident.impact_note.is_none() && incident.affected.is_none();
        if untold && incident.impact != Impact::None {
            match state.components.is_empty() {
                true => self.say("Nobody is told who is affected. Say it in \"impact_note\"."),
                false => self.say("Nobody is told what is affected. Name the components: \"components\": {\"id\": \"major_outage\"}, or say it in \"impact_note\"."),
            }
        }
        match &incident.roles.communications {
            None => self.say("Nobody is on communications. Let one person keep people informed while others fix: \"roles\": {\"communications\": \"…\", \"responders\": [\"…\"]}."),
            Some(talks) if incident.roles.responders.contains(talks) => {
                self.say("The same one fixes and talks. Let somebody else keep people informed, if there is anybody.");
            }
            Some(_) => {}
        }
    }

    fn wording(&mut self, text: &str) {
        for known in phrases::find(text, &EVASIVE) {
            self.say(&format!("\"{}\" hides something: {}.", known.phrase, known.instead));
        }
        self.blame(text);
    }

    fn blame(&mut self, text: &str) {
        for known in phrases::find(text, &BLAMING) {
            self.say(&format!("\"{}\" blames: {}.", known.phrase, known.instead));
        }
    }
}
