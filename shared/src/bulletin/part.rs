//! What a page says about some of its components.

use std::collections::BTreeSet;

use super::build::bulletin;
use super::document::{Bulletin, Level};
use crate::state::{Indicator, State};
use crate::text::Id;
use crate::time::Time;
use crate::words::Words;

/// A page as if it had only some of its components: with what is open and names one of them or none, which is about the whole page,
/// and with its notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// That page.
    pub state: State,
    /// The components that were asked for and that the page does not have, in order.
    missing: Vec<Id>,
}

impl Part {
    /// The part of a page that these components and the members of these groups are; none if the page has none of them.
    pub fn of<'a>(state: &State, ids: impl IntoIterator<Item = &'a Id>) -> Option<Self> {
        let ids: BTreeSet<&Id> = ids.into_iter().collect();
        let missing = ids.iter().filter(|id| !state.components.contains_key(**id)).map(|id| (*id).clone());
        let missing = missing.collect();
        let mut part = state.clone();
        part.components.retain(|id, component| {
            ids.contains(id) || component.group.as_ref().is_some_and(|group| ids.contains(group))
        });
        let known = &part.components;
        part.incidents.retain(|_, of| {
            of.components.is_empty() || of.components.keys().any(|id| known.contains_key(id))
        });
        part.maintenances.retain(|_, of| {
            of.components.is_empty() || of.components.iter().any(|id| known.contains_key(id))
        });
        (!part.components.is_empty()).then_some(Self { state: part, missing })
    }

    /// Whether nobody can say that all is well: nothing is wrong with what is there, and a component is not.
    pub fn is_unknown(&self) -> bool {
        !self.missing.is_empty()
            && self.state.indicator() == Indicator::None
            && self.state.quiet_incident().is_none()
    }

    /// What is to be said about it now, as [`bulletin`] says it about the page.
    pub fn bulletin(&self, words: &Words, version: u64, published_at: Time, now: Time) -> Bulletin {
        let mut said = bulletin(&self.state, words, version, published_at, now);
        said.missing.clone_from(&self.missing);
        if !self.is_unknown() {
            return said;
        }
        Bulletin { level: Level::Notice, summary: said.unknown.clone(), ..said }
    }
}
