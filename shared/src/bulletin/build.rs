//! Builds the bulletin from the state, in a language.

use std::cmp::Reverse;

use super::document::{Ailing, Bulletin, Level, Line, LocalizedText, PageLink, Phrases};
use super::terms::{component_word, incident_word, level_word, maintenance_word, overall};
use crate::state::{
    Component, ComponentState, Incident, Indicator, Maintenance, MaintenanceStatus, Notice, State,
};
use crate::text::{Body, Id, Language, Name, Piece, Url, pieces};
use crate::time::Time;
use crate::words::{Count, Part, Word, Words};

/// What is to be said now, in the language of these words. The same state, version, times and words give the same bulletin.
/// It has no style sheet yet ([`Bulletin::styled`]), because that is no matter of words.
pub fn bulletin(state: &State, words: &Words, version: u64, published_at: Time, now: Time) -> Bulletin {
    let speaker = Speaker { state, words, now };
    let lines = speaker.lines();
    let (level, summary) = speaker.overall(&lines);
    Bulletin {
        schema: 1,
        version,
        published_at,
        language: words.tag().to_owned(),
        direction: words.direction().to_owned(),
        level,
        summary,
        unknown: words.get(Word::SummaryUnknown).to_owned(),
        label: words.get(Word::Label).to_owned(),
        page: speaker.page(),
        phrases: (!lines.is_empty()).then(|| phrases(words)),
        components: speaker.components(),
        lines,
        missing: Vec::new(),
        mirrors: None,
        styles: None,
        unconfirmed_since: None,
    }
}

/// Says what is in the state, in a language: for the bulletin, and for the panel.
pub(crate) struct Speaker<'a> {
    /// The state.
    pub(crate) state: &'a State,
    /// The words of the language.
    pub(crate) words: &'a Words,
    /// The time.
    pub(crate) now: Time,
}

impl Speaker<'_> {
    /// How bad it is at worst, and the state of the whole page in a sentence. `lines` are all that there are.
    pub(crate) fn overall(&self, lines: &[Line]) -> (Level, String) {
        let level = match (self.state.indicator(), lines.first()) {
            (Indicator::None, Some(first)) => first.level,
            (indicator, _) => indicator.into(),
        };
        let summary = match level {
            Level::Resolved => self.words.get(Word::LevelResolved).to_owned(),
            _ => overall(self.state, self.words),
        };
        (level, summary)
    }

    /// The page. A name is a name in every language.
    pub(crate) fn page(&self) -> PageLink {
        let page = &self.state.page;
        PageLink {
            name: self.localized(vec![Piece::text(page.title())], self.words.tag()),
            url: page.url.as_ref().map(Url::ascii),
        }
    }

    /// The lines of the page: open incidents, failing components that no incident covers and active maintenance, the worst first; incidents
    /// that were just resolved, if nothing has failed; planned maintenance; the notice.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let state = self.state;
        let mut incidents: Vec<&Incident> = state.open_incidents().collect();
        incidents.sort_by_cached_key(|incident| incident_order(state, incident));
        let mut maintenances: Vec<&Maintenance> =
            state.open_maintenances().filter(|m| m.is_public() && (m.near || m.is_active())).collect();
        maintenances.sort_by(|a, b| maintenance_order(a).cmp(&maintenance_order(b)));
        let uncovered = self.uncovered(&incidents, &maintenances);
        let mut lines: Vec<Line> = incidents.iter().map(|incident| self.incident(incident)).collect();
        lines.extend(uncovered.chunk_by(|a, b| a.shown == b.shown).map(|alike| self.ailing(alike)));
        let has_failed = !lines.is_empty();
        let (active, planned): (Vec<&Maintenance>, Vec<&Maintenance>) =
            maintenances.into_iter().partition(|maintenance| maintenance.is_active());
        lines.extend(active.into_iter().map(|maintenance| self.maintenance(maintenance)));
        // Stable: of two lines that are as bad, the incident comes first.
        lines.sort_by_key(|line| Reverse(line.level));
        if !has_failed {
            lines.extend(state.just_resolved().into_iter().filter_map(|incident| self.resolved(incident)));
        }
        lines.extend(planned.into_iter().map(|maintenance| self.maintenance(maintenance)));
        lines.extend(state.notice.as_ref().map(|notice| self.notice(notice)));
        lines
    }

    /// The failing components that neither an incident nor maintenance covers, the worst first: no incident holds them at their status or a
    /// worse one, and no active maintenance names them.
    fn uncovered(&self, incidents: &[&Incident], maintenances: &[&Maintenance]) -> Vec<&Component> {
        let is_covered = |component: &Component| {
            let by_incident = |of: &&Incident| {
                of.components.get(&component.id).is_some_and(|held| *held >= component.shown)
            };
            let by_work = |of: &&Maintenance| of.is_active() && of.components.contains(&component.id);
            incidents.iter().any(by_incident)
                || (component.shown == ComponentState::UnderMaintenance && maintenances.iter().any(by_work))
        };
        let mut components = self.state.components_in_order();
        components.retain(|component| {
            !component.is_group && component.shown != ComponentState::Operational && !is_covered(component)
        });
        components.sort_by_key(|component| Reverse(component.shown));
        components
    }

    /// An open incident. The worst comes first ([`incident_order`]).
    pub(crate) fn incident(&self, of: &Incident) -> Line {
        let words = self.words;
        let mut facts = vec![
            self.fact(Word::Updated, of.updated_at),
            vec![Piece::text(words.get(incident_word(of.status)))],
        ];
        if of.reopened_at.is_some() {
            facts.push(vec![Piece::text(words.get(Word::Reopened))]);
        }
        if let Some(promised) = of.next_update_at {
            facts.push(match of.overdue {
                true => strong(self.fact(Word::Overdue, promised)),
                false => self.fact(Word::NextUpdate, promised),
            });
        }
        let note = of.impact_note.as_ref();
        let severity = self.state.severity(of);
        Line {
            key: key("incident", of.id.as_str(), of.modified_at()),
            level: match Level::from(severity) {
                Level::None => Level::Notice,
                level => level,
            },
            label: self.label(severity, of.components.values().copied().max()),
            name: Some(self.name(&of.name, of.language.as_ref(), &of.names)),
            body: Some(self.body(&of.latest.body, of.language.as_ref(), &of.latest.translations)),
            note: note.map(|note| self.note(note, of.language.as_ref(), &of.impact_notes)),
            facts,
            components: of.affected_now().cloned().collect(),
            url: self.state.page.address(&format!("/incidents/{}", of.id)),
            elsewhere: false,
        }
    }

    /// An open maintenance. The active ones come first ([`maintenance_order`]).
    pub(crate) fn maintenance(&self, of: &Maintenance) -> Line {
        let words = self.words;
        let language = of.language(&self.state.page);
        let mut facts = vec![
            self.fact(Word::Updated, of.updated_at),
            vec![Piece::text(words.get(maintenance_word(of.status)))],
            vec![Piece::Time {
                time: of.started_at.unwrap_or(of.began().min(of.scheduled_for)),
                until: Some(of.scheduled_until),
            }],
        ];
        if of.late {
            facts.push(vec![Piece::Strong { strong: words.get(Word::StoryLate).to_owned() }]);
        }
        Line {
            key: key("maintenance", of.id.as_str(), of.updated_at),
            level: Level::Maintenance,
            label: words.get(Word::LevelMaintenance).to_owned(),
            name: Some(self.name(&of.name, language, &of.names)),
            // The facts say that it has begun, and the clock's text no more than that.
            body: Some(self.body(&of.told().body, language, &of.told().translations)),
            note: None,
            facts,
            components: match of.status {
                MaintenanceStatus::Scheduled => Vec::new(),
                _ => of.components.iter().cloned().collect(),
            },
            url: self.state.page.address(&format!("/maintenances/{}", of.id)),
            elsewhere: false,
        }
    }

    fn resolved(&self, of: &Incident) -> Option<Line> {
        let resolved = of.resolved_at?;
        Some(Line {
            // Visitors hear of it for ten minutes from then on, whenever it was over.
            key: key("resolved", of.id.as_str(), of.said_over_at().unwrap_or(resolved).max(of.modified_at())),
            level: Level::Resolved,
            label: self.words.get(Word::LevelResolved).to_owned(),
            name: Some(self.name(&of.name, of.language.as_ref(), &of.names)),
            body: Some(self.body(&of.latest.body, of.language.as_ref(), &of.latest.translations)),
            note: None,
            facts: vec![self.fact(Word::ResolvedAt, resolved)],
            components: self.named(of),
            url: self.state.page.address(&format!("/incidents/{}", of.id)),
            elsewhere: false,
        })
    }

    /// The components of a resolved incident, without ids that other components have now.
    fn named(&self, of: &Incident) -> Vec<Id> {
        let is_it = |id: &&Id| self.state.components.get(*id).is_none_or(|component| of.names(component));
        of.components.keys().filter(is_it).cloned().collect()
    }

    pub(crate) fn notice(&self, of: &Notice) -> Line {
        let language = self.state.page.language.as_ref();
        Line {
            key: key("notice", "", of.posted_at),
            level: Level::Notice,
            label: self.words.get(Word::LevelNone).to_owned(),
            name: of.title.as_ref().map(|title| self.name(title, language, &of.titles)),
            body: Some(self.body(&of.body, language, &of.translations)),
            note: None,
            facts: vec![self.fact(Word::Updated, of.posted_at)],
            components: Vec::new(),
            url: of.url.as_ref().map(Url::ascii).or_else(|| self.state.page.address("/")),
            elsewhere: of.url.is_some(),
        }
    }

    /// The line about components that have the same status and that no incident covers.
    fn ailing(&self, components: &[&Component]) -> Line {
        let level = self.state.together(components);
        let names: Vec<&str> = components.iter().map(|component| component.name.as_str()).collect();
        let since = components.iter().map(|component| component.since).max().unwrap_or(Time::EPOCH);
        let ids: Vec<&str> = components.iter().map(|component| component.id.as_str()).collect();
        Line {
            key: key("components", &ids.join(","), since),
            level: level.into(),
            label: self.label(level, components.first().map(|component| component.shown)),
            name: Some(self.plain(&self.words.list(&names), self.state.page.language.as_ref())),
            body: None,
            note: None,
            facts: vec![self.fact(Word::Updated, since)],
            components: components.iter().map(|component| component.id.clone()).collect(),
            url: self.state.page.address("/"),
            elsewhere: false,
        }
    }

    fn components(&self) -> Vec<Ailing> {
        let components = self.state.components_in_order().into_iter();
        let ailing = components.filter(|c| !c.is_group && c.shown != ComponentState::Operational);
        ailing
            .map(|c| Ailing {
                id: c.id.clone(),
                group: c.group.clone(),
                name: self.plain(c.name.as_str(), self.state.page.language.as_ref()),
                status: c.shown,
                level: c.shown.level().into(),
                label: self.words.get(component_word(c.shown)).to_owned(),
            })
            .collect()
    }

    /// How bad something is, in a word or two. It is not called less than what the worst component has: no outage is partial by which one
    /// is wholly down, and none with an outage is only degraded.
    fn label(&self, indicator: Indicator, worst: Option<ComponentState>) -> String {
        match (indicator, worst) {
            (Indicator::Major, Some(worst @ ComponentState::MajorOutage))
            | (Indicator::Minor, Some(worst @ ComponentState::PartialOutage)) => {
                self.words.title(component_word(worst))
            }
            (indicator, _) => self.words.get(level_word(indicator)).to_owned(),
        }
    }

    /// A sentence with a time in it.
    pub(crate) fn fact(&self, word: Word, time: Time) -> Vec<Piece> {
        let piece = |part| match part {
            Part::Text(text) => Piece::text(text),
            Part::Place(_) => Piece::Time { time, until: None },
        };
        self.words.parts(word).map(piece).collect()
    }

    /// A name, translated if it can be.
    pub(crate) fn name(
        &self,
        name: &Name,
        own: Option<&Language>,
        names: &std::collections::BTreeMap<Language, Name>,
    ) -> LocalizedText {
        let (name, language) = self.words.translation(name, own, names);
        self.localized(vec![Piece::text(name.as_str())], language)
    }

    /// The text of an update, translated if it can be.
    pub(crate) fn body(
        &self,
        body: &Body,
        own: Option<&Language>,
        bodies: &std::collections::BTreeMap<Language, Body>,
    ) -> LocalizedText {
        let (body, language) = self.words.translation(body, own, bodies);
        self.localized(pieces(body.as_str()), language)
    }

    /// A note is plain text.
    fn note(
        &self,
        note: &Body,
        own: Option<&Language>,
        notes: &std::collections::BTreeMap<Language, Body>,
    ) -> LocalizedText {
        let (note, language) = self.words.translation(note, own, notes);
        self.localized(vec![Piece::text(note.as_str())], language)
    }

    /// A plain text that has no translation.
    pub(crate) fn plain(&self, text: &str, own: Option<&Language>) -> LocalizedText {
        self.localized(vec![Piece::text(text)], own.map_or("en", Language::as_str))
    }

    fn localized(&self, text: Vec<Piece>, language: &str) -> LocalizedText {
        LocalizedText { text, language: (language != self.words.tag()).then(|| language.to_owned()) }
    }
}

/// By what open incidents are sorted: the worst first, then the newest.
pub fn incident_order<'a>(state: &State, of: &'a Incident) -> impl Ord + use<'a> {
    (Reverse(state.severity(of)), Reverse(of.started_at), &of.id)
}

/// By what open maintenance is sorted: the active first, then the next.
pub fn maintenance_order(of: &Maintenance) -> impl Ord {
    (!of.is_active(), of.scheduled_for, &of.id)
}

/// The texts of a sentence stressed, its times as they are.
fn strong(sentence: Vec<Piece>) -> Vec<Piece> {
    let stressed = |piece| match piece {
        Piece::Text(strong) => Piece::Strong { strong },
        other => other,
    };
    sentence.into_iter().map(stressed).collect()
}

fn key(kind: &str, id: &str, at: Time) -> String {
    format!("{kind}/{id}@{}", at.as_millis())
}

/// The words of a painter in a language.
pub fn phrases(words: &Words) -> Phrases {
    let get = |word| words.get(word).to_owned();
    Phrases {
        dismiss: get(Word::Dismiss),
        well: get(Word::SummaryNone),
        details: get(Word::Details),
        show: get(Word::Show),
        close: get(Word::Close),
        not_confirmed: get(Word::NotConfirmed),
        offline: get(Word::Offline),
        more: words
            .forms(Count::More)
            .map(|(category, text)| (category.to_owned(), text.to_owned()))
            .collect(),
    }
}
