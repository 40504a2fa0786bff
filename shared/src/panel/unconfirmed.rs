//! The panel when nobody can confirm it.

use super::document::Panel;
use crate::bulletin::Level;
use crate::time::Time;
use crate::words::{Word, Words};

impl Panel {
    /// The panel with `unconfirmed_since`, and without what is over, because it may have been reopened. If it is `in_doubt`,
    /// nothing in it says any more that all is well, or that no trouble is known.
    #[must_use]
    pub fn unconfirmed(mut self, since: Time, in_doubt: bool) -> Self {
        let words = Words::of(&self.language).unwrap_or_default();
        self.unconfirmed_since = Some(since);
        let over = words.get(Word::PanelOver);
        self.sections.retain(|section| section.title != over);
        if in_doubt {
            self.doubt(&words);
        }
        self
    }

    fn doubt(&mut self, words: &Words) {
        let says_well =
            |text: &str| [Word::SummaryNone, Word::LevelResolved].iter().any(|word| text == words.get(*word));
        let page_was_well = says_well(&self.summary);
        if page_was_well {
            self.summary.clone_from(&self.unknown);
            self.level = self.level.max(Level::Notice);
        }
        // Neither green nor red.
        let hide = |level: &mut Level, label: &mut String| {
            let was_well = *level < Level::Notice || says_well(label);
            if was_well {
                *level = Level::Notice;
                words.get(Word::LevelUnknown).clone_into(label);
            }
            was_well
        };
        let groups = self.uptime.iter_mut().flat_map(|uptime| &mut uptime.groups);
        for component in groups.flat_map(|group| &mut group.components) {
            hide(&mut component.level, &mut component.label);
        }
        let Some(check) = &mut self.check else { return };
        let mut any_was_well = page_was_well;
        for address in &mut check.addresses {
            any_was_well |= hide(&mut address.level, &mut address.label);
        }
        if any_was_well {
            check.known.clone_from(&self.unknown);
            check.not_known.clone_from(&self.unknown);
        }
    }
}
