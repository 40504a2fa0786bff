//! What a page says about some of its components.

use std::collections::BTreeSet;

use super::build::bulletin;
use super::document::{Bulletin, Level};
use crate::state::{Component, Indicator, State};
use crate::text::Id;
use crate::time::Time;
use crate::words::Words;

/// A page as if it had only some of its components: with what is open and names one of them or none, which is about the whole page,
/// and with its notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// That page.
    pub state: State,
    /// Whether the page has all the components that were asked for.
    is_whole: bool,
}

impl Part {
    /// The part of a page that these components and the members of these groups are; none if the page has none of them.
    pub fn of<'a>(state: &State, ids: impl IntoIterator<Item = &'a Id>) -> Option<Self> {
        let ids: BTreeSet<&Id> = ids.into_iter().collect();
        let is_wanted = |component: &Component| {
            ids.contains(&component.id) || component.group.as_ref().is_some_and(|group| ids.contains(group))
        };
        let mut part = State { page: state.page.clone(), notice: state.notice.clone(), ..State::default() };
        let wanted = state.components.iter().filter(|(_, component)| is_wanted(component));
        part.components = wanted.map(|(id, component)| (id.clone(), component.clone())).collect();
        if part.components.is_empty() {
            return None;
        }
        let is_about = |named: BTreeSet<&Id>| {
            named.is_empty() || named.into_iter().any(|id| part.components.contains_key(id))
        };
        let incidents = state.incidents.iter().filter(|(_, of)| is_about(of.components.keys().collect()));
        let maintenances =
            state.maintenances.iter().filter(|(_, of)| is_about(of.components.iter().collect()));
        let incidents = incidents.map(|(id, of)| (id.clone(), of.clone())).collect();
        let maintenances = maintenances.map(|(id, of)| (id.clone(), of.clone())).collect();
        let is_whole = ids.into_iter().all(|id| state.components.contains_key(id));
        Some(Self { state: State { incidents, maintenances, ..part }, is_whole })
    }

    /// Whether nobody can say that all is well: nothing is wrong with what is there, and a component is not.
    pub fn is_unknown(&self) -> bool {
        !self.is_whole && self.state.indicator() == Indicator::None && self.state.quiet_incident().is_none()
    }

    /// What is to be said about it now, as [`bulletin`] says it about the page.
    pub fn bulletin(&self, words: &Words, version: u64, published_at: Time, now: Time) -> Bulletin {
        let said = bulletin(&self.state, words, version, published_at, now);
        if !self.is_unknown() {
            return said;
        }
        Bulletin { level: Level::Notice, summary: said.unknown.clone(), ..said }
    }
}
