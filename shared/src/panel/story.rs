//! What is open, with its texts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::{Story, StoryUpdate};
use super::link::link;
use crate::bulletin::{Line, LocalizedText, Speaker, incident_word, maintenance_word};
use crate::record::{IncidentRecord, MaintenanceRecord};
use crate::state::{Entry, Notice};
use crate::text::{Language, Piece, Url};
use crate::words::{Count, Word, Words};

/// How many bytes all notes and texts of what is open may have together, as JSON.
const TEXT_BYTES: usize = 96 * 1024;

/// A story, and what there is to tell of it.
pub(super) struct Draft<'a> {
    story: Story,
    note: Option<LocalizedText>,
    /// The texts, newest first. Each is made when it is wanted.
    texts: Box<dyn Iterator<Item = StoryUpdate> + 'a>,
    /// How many texts it has.
    total: u32,
}

impl<'a> Draft<'a> {
    /// An open incident.
    pub(super) fn incident(speaker: &'a Speaker<'_>, record: &'a IncidentRecord) -> Self {
        let of = &record.incident;
        let words = speaker.words;
        let mut line = speaker.incident(of);
        let time = words.duration(speaker.now.millis_since(of.started_at));
        line.facts.push(vec![Piece::text(words.fill(Word::LogOngoing, &[("time", &time)]))]);
        let texts = record.entries.iter().rev().map(move |entry| {
            update(speaker, entry, of.language.as_ref(), words.title(incident_word(entry.status)))
        });
        Self {
            note: line.note.take().or_else(|| {
                let names = record.component_names(speaker.state, of.affected_now());
                named(speaker, &names)
            }),
            story: story(words, format!("incident/{}", of.id), line),
            texts: Box::new(texts),
            total: of.latest.number,
        }
    }

    /// A maintenance that is planned or active.
    pub(super) fn maintenance(speaker: &'a Speaker<'_>, record: &'a MaintenanceRecord) -> Self {
        let of = &record.maintenance;
        let words = speaker.words;
        let own = of.language(&speaker.state.page);
        let texts = record
            .entries
            .iter()
            .rev()
            .map(move |entry| update(speaker, entry, own, words.title(maintenance_word(entry.status))));
        Self {
            note: named(speaker, &record.component_names(speaker.state)),
            story: story(words, format!("maintenance/{}", of.id), speaker.maintenance(of)),
            texts: Box::new(texts),
            total: of.latest.number,
        }
    }

    /// The notice: its message, and the long form if there is one.
    pub(super) fn notice(speaker: &'a Speaker<'_>, of: &'a Notice) -> Self {
        let own = speaker.state.page.language.as_ref();
        let line = Line { facts: Vec::new(), url: None, ..speaker.notice(of) };
        let mut story = story(speaker.words, "notice/".to_owned(), line);
        let url = of.url.as_ref().map(Url::ascii);
        story.links.extend(link(speaker.words, Word::PageReadMore, url));
        let text = |body, facts| StoryUpdate { label: None, body, facts };
        let posted = vec![vec![Piece::Time { time: of.posted_at, until: None }]];
        let message = text(speaker.body(&of.body, own, &of.translations), posted);
        let details =
            of.details.as_ref().map(|body| text(speaker.body(body, own, &BTreeMap::new()), Vec::new()));
        let total = if details.is_some() { 2 } else { 1 };
        Self { note: None, story, texts: Box::new(std::iter::once(message).chain(details)), total }
    }
}

/// The stories with as many of their texts as there is room for: first the note of each and the newest text of each, then the
/// texts before. Whatever is left out, the story says so.
pub(super) fn within_limits(words: &Words, mut drafts: Vec<Draft<'_>>) -> Vec<Story> {
    let mut room = Room(TEXT_BYTES);
    for draft in &mut drafts {
        draft.story.note = draft.note.take().filter(|note| room.takes(note));
    }
    loop {
        let mut has_more = false;
        for draft in &mut drafts {
            match draft.texts.next() {
                Some(text) if room.takes(&text) => {
                    draft.story.updates.push(text);
                    has_more = true;
                }
                Some(_) => draft.texts = Box::new(std::iter::empty()),
                None => {}
            }
        }
        if !has_more {
            break;
        }
    }
    let finish = |Draft { mut story, total, .. }: Draft<'_>| {
        let left_out = usize::try_from(total).unwrap_or(usize::MAX).saturating_sub(story.updates.len());
        if left_out > 0 {
            story.facts.push(vec![Piece::text(words.count(Count::LeftOut, left_out))]);
        }
        story
    };
    drafts.into_iter().map(finish).collect()
}

/// The room that is left for texts, in bytes.
struct Room(usize);

impl Room {
    /// Takes the room for a text, if there is enough.
    fn takes(&mut self, text: &impl Serialize) -> bool {
        let bytes = serde_json::to_string(text).map_or(usize::MAX, |json| json.len());
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

fn story(words: &Words, key: String, line: Line) -> Story {
    Story {
        key,
        level: line.level,
        label: line.label,
        name: line.name,
        note: None,
        facts: line.facts,
        links: link(words, Word::Details, line.url).into_iter().collect(),
        updates: Vec::new(),
    }
}

fn update<Status>(
    speaker: &Speaker<'_>,
    entry: &Entry<Status>,
    own: Option<&Language>,
    label: String,
) -> StoryUpdate {
    let mut facts = vec![vec![Piece::Time { time: entry.at, until: None }]];
    facts.extend(entry.amended_at.map(|at| speaker.fact(Word::StoryCorrected, at)));
    StoryUpdate { label: Some(label), body: speaker.body(&entry.body, own, &entry.translations), facts }
}

/// The names of components; none if there are none.
fn named(speaker: &Speaker<'_>, names: &[&str]) -> Option<LocalizedText> {
    (!names.is_empty())
        .then(|| speaker.plain(&speaker.words.list(names), speaker.state.page.language.as_ref()))
}
