//! Advice: what would make an accepted update better. Advice never refuses an update.

use super::event::Event;
use super::maintenance::by_itself;
use crate::limits;
use crate::review::phrases::{self, BLAMING, EVASIVE};
use crate::review::{gauntlet, is_english};
use crate::state::{
    Change, Component, ComponentState, Entry, Impact, Incident, IncidentStatus, MaintenanceStatus,
    PostmortemText, State, TimelineKind, Visibility,
};
use crate::text::{Body, Id, Translated, Url};
use crate::time::Time;
use crate::update::{IncidentUpdate, MaintenanceUpdate, PageSet, Update};
use crate::words::offered;

/// Suggestions for the operator after `update` was applied and led to `state` and `events`; empty if there are none.
pub fn advice(state: &State, update: &Update, events: &[Event], now: Time) -> Vec<String> {
    // What is dated back by more than a day is history that is imported, not a response that is under way.
    let imported = update.at().is_some_and(|at| now.millis_since(at) > limits::NEWS_MILLIS);
    let mut coach = Coach { advice: Vec::new() };
    let incident = events.iter().find_map(|event| match event {
        Event::IncidentOpened { id, .. }
        | Event::IncidentUpdated { id, .. }
        | Event::IncidentAmended { id, .. } => state.incidents.get(id),
        _ => None,
    });
    if matches!(update, Update::IncidentOpen(_) | Update::MaintenanceSchedule(_)) && !imported {
        coach.nameless(state);
    }
    match (update, incident) {
        (Update::PageSet(set), _) => coach.page(state, set),
        (Update::IncidentOpen(open), Some(incident)) => {
            if incident.is_open() && !imported {
                coach.response(state, incident);
            }
            coach.history(state, incident.components.keys(), incident.started_at);
            if open.started_at.is_none() && open.detected_at.is_none() && !imported {
                coach.advise("When did it begin? Add \"started_at\" as precisely as you know it; incident.amend can correct it later.");
            }
            coach.entry(&incident.latest);
            coach.translated(open.impact_note.as_ref());
        }
        (Update::IncidentUpdate(update), Some(incident)) => {
            let is_late =
                events.iter().any(|event| matches!(event, Event::IncidentUpdated { kept: Some(false), .. }));
            if is_late && incident.is_open() && !imported {
                coach.advise("This update came later than promised. Say so in the text, and promise a time that you can keep.");
            } else if is_late && !imported {
                coach.advise("This update came later than promised. Say so in the text.");
            }
            coach.history(state, update.components.keys(), incident.latest.at);
            coach.holds_again(update, incident, events);
            if incident.is_open() && !imported {
                coach.response(state, incident);
            }
            coach.entry(&incident.latest);
            coach.translated(update.impact_note.as_ref());
        }
        (Update::IncidentAmend(amend), Some(incident)) => {
            if let Some(from) = amend.started_at {
                coach.history(state, incident.components.keys(), from);
            }
            coach.translated(amend.body.as_ref());
        }
        (Update::NoticePost(notice), _) => coach.translated(Some(&notice.body)),
        (Update::MaintenanceSchedule(schedule), _) => {
            if schedule.components.is_empty() && schedule.visibility.unwrap_or_default() == Visibility::Public
            {
                coach.advise(
                    "Visitors do not see what is affected. Name the components: \"components\": [\"id\"].",
                );
            }
            coach.translated(Some(&schedule.body));
            for (field, question) in schedule.change.iter().flat_map(Change::open_questions) {
                coach.advise(&format!("The change does not answer: {question} Add \"{field}\"."));
            }
        }
        (Update::MaintenanceUpdate(update), _) => {
            coach.taken_by_the_clock(state, update, events);
            coach.translated(Some(&update.body));
            let closed = events.iter().find_map(|event| match event {
                Event::MaintenanceUpdated { id, .. } => state.maintenances.get(id),
                _ => None,
            });
            if closed.is_some_and(|m| {
                m.status == MaintenanceStatus::Completed && m.change.is_some() && m.outcome.is_none()
            }) {
                coach.advise("How did the change go? Add \"outcome\": \"succeeded\", \"rolled_back\" or \"failed\", and a \"result\".");
            }
        }
        (Update::PostmortemPublish(publish), _) => {
            let incident = state.incidents.get(&publish.incident);
            let language = incident.and_then(|incident| incident.language.as_ref());
            for criterion in gauntlet(&publish.text, language).criteria {
                if !criterion.advice.is_empty() {
                    coach.advise(&format!("{}: {}. {}", criterion.id, criterion.reason, criterion.advice));
                }
            }
            if let Some(incident) = incident {
                coach.other_times(&publish.text, incident);
            }
            for text in publish.text.written() {
                coach.blame(text);
            }
        }
        _ => {}
    }
    coach.advice
}

/// Whether an address leads to something below its host.
fn has_path(url: &Url) -> bool {
    let place = url.as_str().split_once("://").map_or("", |(_, place)| place);
    place.split_once('/').is_some_and(|(_, path)| !path.trim_matches('/').is_empty())
}

/// How far a time of a post-mortem may be from its incident: twelve hours, in milliseconds. A record seldom has its first minute.
const FAR_MILLIS: i64 = 12 * 60 * 60 * 1000;
/// How many such times are named. A wrong year is usually wrong in all of them.
const FAR_NAMED: usize = 3;

struct Coach {
    advice: Vec<String>,
}

impl Coach {
    /// Once, whatever the number of texts that it is about.
    fn advise(&mut self, text: &str) {
        if !self.advice.iter().any(|known| known == text) {
            self.advice.push(text.to_owned());
        }
    }

    /// Advice to the publisher if nothing of the page was ever set.
    fn nameless(&mut self, state: &State) {
        if state.page.name.is_none() && state.page.url.is_none() {
            self.advise("The page has no name and no address yet, so feeds, the API and answers cannot link to it. Send page.set with \"name\", and \"url\", such as \"https://status.example.com\".");
        }
    }

    /// Advice on the page's own data.
    fn page(&mut self, state: &State, set: &PageSet) {
        if state.page.url.is_none() {
            self.advise("The page has no address, so feeds, the API and answers cannot link to it. Add \"url\", such as \"https://status.example.com\".");
        }
        if set.url.as_ref().is_some_and(|url| url.as_ref().is_some_and(has_path)) {
            self.advise("The pages are served from the root of an address; behind a proxy that adds a path, such as /status, their links lead elsewhere. Give them a host of their own.");
        }
        if let Some(language) = set.language.as_ref().filter(|language| offered(language.as_str()).is_none())
        {
            self.advise(&format!(
                "Candor has no words in {language}: around your texts, its own words are English. Visitors whose language it has read them in that one."
            ));
        }
    }

    /// Advice on the response to an open incident.
    fn response(&mut self, state: &State, incident: &Incident) {
        if incident.next_update_at.is_none() {
            self.advise("No next update is promised. Add \"next_update_in\": \"30m\", and keep it.");
        }
        // What works again was named before.
        let is_later = incident.latest.number > 1;
        let is_named =
            incident.components.values().any(|state| is_later || *state != ComponentState::Operational);
        let has_no_scope = !is_named && incident.impact_note.is_none() && incident.affected.is_none();
        if has_no_scope && incident.impact != Impact::None {
            if state.components.is_empty() {
                self.advise("Visitors do not see who is affected. Add an \"impact_note\".");
            } else {
                self.advise("Visitors do not see what is affected. Name the components: \"components\": {\"id\": \"major_outage\"}, or add an \"impact_note\".");
            }
        }
        match &incident.roles.communications {
            None => self.advise("Nobody is responsible for communications. Let one person inform visitors while others fix: \"roles\": {\"communications\": \"…\", \"responders\": [\"…\"]}."),
            Some(speaker) if incident.roles.responders.contains(speaker) => {
                self.advise("One person fixes and communicates. If you can, let somebody else inform visitors.");
            }
            Some(_) => {}
        }
    }

    /// Names what a reopened incident holds again although the update does not name it.
    fn holds_again(&mut self, update: &IncidentUpdate, incident: &Incident, events: &[Event]) {
        // What came after it in the same request tells more.
        let reopened = events.iter().any(|event| {
            matches!(event, Event::IncidentUpdated { from: IncidentStatus::Resolved, to, entry, .. }
                if *to != IncidentStatus::Resolved && entry.number == incident.latest.number)
        });
        let again = incident.components.iter().filter(|(id, state)| {
            reopened && !update.components.contains_key(*id) && **state != ComponentState::Operational
        });
        let again: Vec<String> = again.map(|(id, state)| format!("{id} ({state})")).collect();
        if !again.is_empty() {
            self.advise(&format!(
                "The reopened incident holds again what it held: {}. If that is no longer so, send \"components\": {{\"id\": \"operational\"}}.",
                again.join(", ")
            ));
        }
    }

    /// Says that a step that is reported was taken already by a maintenance that goes on by itself.
    fn taken_by_the_clock(&mut self, state: &State, update: &MaintenanceUpdate, events: &[Event]) {
        let reported = events.iter().find_map(|event| match event {
            Event::MaintenanceUpdated { id, from, to, .. } if from == to => state.maintenances.get(id),
            _ => None,
        });
        let Some(of) = reported.filter(|of| of.automatic && update.status == Some(of.status)) else { return };
        let since = match of.status {
            MaintenanceStatus::InProgress => of.started_at,
            MaintenanceStatus::Completed => of.completed_at,
            _ => None,
        };
        if let Some(since) = since {
            let known = format!(
                "{} is {} since {since} already; this update leaves that as it is.",
                of.id, of.status
            );
            self.advise(&by_itself(of, since).map_or(known.clone(), |why| format!("{known} {why}")));
        }
    }

    /// Advice on a post-mortem whose times are not those of its incident, such as those of another year or month. What led to an incident,
    /// and what came after it, may be in notes.
    fn other_times(&mut self, text: &PostmortemText, incident: &Incident) {
        let Some(over) = incident.resolved_at else { return };
        let fields = [("started_at", text.started_at), ("ended_at", text.ended_at)];
        let fields = fields.into_iter().filter_map(|(field, at)| Some((format!("\"{field}\""), at?)));
        let entries = text.timeline.iter().enumerate().filter(|(_, entry)| entry.kind != TimelineKind::Note);
        let entries = entries.map(|(place, entry)| (format!("\"timeline/{place}/at\""), entry.at));
        let is_far = |at: Time| {
            incident.started_at.millis_since(at) > FAR_MILLIS || at.millis_since(over) > FAR_MILLIS
        };
        for (what, at) in fields.chain(entries).filter(|(_, at)| is_far(*at)).take(FAR_NAMED) {
            self.advise(&format!(
                "{what}, {at}, is not in the time of {}, which lasted from {} to {over}. Correct it here, or the incident with incident.amend.",
                incident.id, incident.started_at
            ));
        }
    }

    /// Advice on components that are younger than what an incident says of them.
    fn history<'a>(&mut self, state: &State, named: impl Iterator<Item = &'a Id>, from: Time) {
        let named = named.filter_map(|id| state.components.get(id));
        // Of a time when another component had the id, that one is meant.
        let is_younger = |component: &&Component| component.created_at > from && component.had_its_id(from);
        for component in named.filter(is_younger) {
            self.advise(&format!(
                "{} is on the page only since {}, so the uptime does not count what came before. For history, create the component with \"at\" set to when it began.",
                component.id, component.created_at
            ));
        }
    }

    /// Advice on the wording of an update, in each language in which it is given.
    fn entry<Status>(&mut self, entry: &Entry<Status>) {
        self.wording(entry.body.as_str());
        entry.translations.values().for_each(|text| self.wording(text.as_str()));
    }

    /// The same on a text.
    fn translated(&mut self, text: Option<&Translated<Body>>) {
        match text {
            Some(Translated::One(text)) => self.wording(text.as_str()),
            Some(Translated::PerLanguage(texts)) => {
                texts.values().for_each(|text| self.wording(text.as_str()));
            }
            None => {}
        }
    }

    fn wording(&mut self, text: &str) {
        if !is_english(text) {
            return;
        }
        for known in phrases::find(text, &EVASIVE) {
            self.advise(&format!("\"{}\" is evasive: {}.", known.words, known.instead));
        }
        self.blame(text);
    }

    fn blame(&mut self, text: &str) {
        if !is_english(text) {
            return;
        }
        for known in phrases::find(text, &BLAMING) {
            self.advise(&format!("\"{}\" blames a person: {}.", known.words, known.instead));
        }
    }
}
