//! The addresses that a visitor's device can try.

use super::document::{CheckedAddress, DeviceCheck};
use super::link::link;
use crate::bulletin::{Level, Speaker, component_word};
use crate::words::Word;

/// The addresses that operators named; none if they named none. `level` and `summary` are those of the page.
pub(super) fn check(speaker: &Speaker<'_>, level: Level, summary: &str) -> Option<DeviceCheck> {
    let (words, page) = (speaker.words, &speaker.state.page);
    let addresses: Vec<CheckedAddress> = page
        .checks
        .iter()
        .map(|check| {
            let component = check.component.as_ref().and_then(|id| speaker.state.components.get(id));
            CheckedAddress {
                name: speaker.plain(check.name.as_str(), page.language.as_ref()),
                url: check.url.to_string(),
                level: component.map_or(level, |component| component.shown.level().into()),
                label: component.map_or_else(
                    || summary.to_owned(),
                    |component| words.title(component_word(component.shown)),
                ),
            }
        })
        .collect();
    let get = |word| words.get(word).to_owned();
    (!addresses.is_empty()).then(|| DeviceCheck {
        title: get(Word::PanelCheck),
        about: get(Word::PanelCheckAbout),
        start: get(Word::PanelCheckStart),
        checking: get(Word::PanelChecking),
        answers: get(Word::PanelAnswers),
        silent: get(Word::PanelSilent),
        untried: get(Word::LevelUnknown),
        all_answer: get(Word::PanelAllAnswer),
        all_silent: get(Word::PanelAllSilent),
        known: get(Word::PanelKnown),
        not_known: get(Word::PanelNotKnown),
        help: link(words, Word::PageGetHelp, page.support.as_ref().map(ToString::to_string)),
        addresses,
    })
}
