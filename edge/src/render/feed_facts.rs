//! What a feed says below a text, as the page about it does: when planned work is, and what is affected.

use candor_shared::state::State;
use candor_shared::text::markdown::prose;
use candor_shared::text::{Body, Id};
use candor_shared::time::Time;
use candor_shared::words::{Word, Words};
use quick_xml::escape::escape;
use worker::Result;

use crate::storage::Ledger;

/// The facts about a text.
#[derive(Default)]
pub(super) struct Facts {
    /// The window of planned work.
    window: Option<String>,
    /// The names of what is affected, in one list.
    components: Option<String>,
}

impl Facts {
    /// The facts about a text of an incident, or about planned work, which has a window. Each component comes with the time at
    /// which it was named, or none for the present component.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub(super) fn of<'a>(
        words: &Words,
        (state, ledger): (&State, &Ledger),
        window: Option<(Time, Time)>,
        components: impl Iterator<Item = (&'a Id, Option<Time>)>,
    ) -> Result<Self> {
        let named: Vec<(&Id, Option<Time>)> = components.collect();
        let ids = named.iter().map(|(id, _)| *id);
        let removed = ledger.removed(ids.filter(|id| !state.components.contains_key(*id)))?;
        let names: Vec<&str> = named.iter().map(|(id, at)| removed.name(state, id, *at)).collect();
        Ok(Self {
            window: window.map(|(from, until)| words.window(from, until)),
            components: (!names.is_empty()).then(|| words.list(&names)),
        })
    }

    fn lines(&self) -> impl Iterator<Item = (Word, &str)> {
        let window = self.window.as_deref().map(|window| (Word::StoryPlannedFor, window));
        window.into_iter().chain(self.components.as_deref().map(|names| (Word::PageComponents, names)))
    }

    /// The text with the facts below it.
    pub(super) fn text(&self, words: &Words, body: &Body) -> String {
        let lines: Vec<String> =
            self.lines().map(|(word, value)| words.labelled(words.get(word), value)).collect();
        if lines.is_empty() { body.to_string() } else { format!("{body}\n\n{}", lines.join("\n")) }
    }

    /// The same as an HTML fragment. The facts are in the language of the words, the text may be in another one.
    pub(super) fn html(&self, words: &Words, body: &Body, language: &str) -> String {
        // A name may be written from the other direction.
        let line = |(word, value)| {
            words.labelled(&escape(words.get(word)), &format!("<bdi>{}</bdi>", escape(value)))
        };
        let lines: Vec<String> = self.lines().map(line).collect();
        let text = prose(body.as_str());
        let own = words.tag();
        let marked = if language == own {
            String::new()
        } else {
            format!(" lang=\"{own}\" dir=\"{}\"", words.direction())
        };
        if lines.is_empty() { text } else { format!("{text}\n<p{marked}>{}</p>", lines.join("<br />\n")) }
    }
}
