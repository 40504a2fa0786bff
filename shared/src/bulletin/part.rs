//! What a page says about some of its components.

use super::document::{Bulletin, Level};
use crate::state::{ComponentState, Incident, Indicator, State};
use crate::text::Id;

/// A page as if it had only some of its components: with what is about one of them ([`Incident::is_about`](crate::state::Incident::is_about))
/// or about the whole page, and with its notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// That page.
    pub state: State,
    /// What was asked for and has no status, in order: components that the page does not have, and groups without members.
    missing: Vec<Id>,
}

impl Part {
    /// The part of a page that these components and the members of these groups are; none if the page has none of them. A group
    /// without members is there, but nobody can say that all is well with it.
    pub fn of(state: &State, ids: &[Id]) -> Option<Self> {
        let has_members = |group: &Id| state.components.values().any(|one| one.group.as_ref() == Some(group));
        let has_status =
            |id: &Id| state.components.get(id).is_some_and(|one| !one.is_group || has_members(id));
        let missing = ids.iter().filter(|id| !has_status(id)).cloned().collect();
        let mut part = state.clone();
        part.components.retain(|id, component| {
            ids.contains(id) || component.group.as_ref().is_some_and(|group| ids.contains(group))
        });
        let known = &part.components;
        part.incidents.retain(|_, of| {
            let is_one = |id: &Id| known.get(id).is_some_and(|component| of.is_open() || of.names(component));
            of.is_about(is_one)
        });
        // The part says nothing about other components. An impact that is of those as well is here what the ones in it come to.
        let mut narrowed = Vec::new();
        for of in part.incidents.values_mut() {
            // What was released is no longer affected.
            let failing = |of: &Incident| {
                of.components.values().filter(|held| **held != ComponentState::Operational).count()
            };
            let held = failing(of);
            of.components.retain(|id, _| known.contains_key(id));
            if of.is_open() && (1..held).contains(&failing(of)) {
                narrowed.push(of.id.clone());
            }
        }
        for id in narrowed {
            let held = part.incidents.get(&id).map(|of| part.held_impact(of));
            if let Some((of, held)) = part.incidents.get_mut(&id).zip(held) {
                of.impact = of.impact.min(held);
            }
        }
        part.maintenances.retain(|_, of| {
            of.components.is_empty() || of.components.iter().any(|id| known.contains_key(id))
        });
        (!part.components.is_empty()).then_some(Self { state: part, missing })
    }

    /// Whether nobody can say that all is well: nothing is wrong with what is there, and something has no status.
    pub fn is_unknown(&self) -> bool {
        !self.missing.is_empty()
            && self.state.indicator() == Indicator::None
            && self.state.quiet_incident().is_none()
    }

    /// The bulletin of [`Self::state`], which names what is missing, and does not say that all is well if nobody can.
    #[must_use]
    pub fn honest(&self, said: Bulletin) -> Bulletin {
        let said = Bulletin { missing: self.missing.clone(), ..said };
        if self.is_unknown() {
            Bulletin { level: Level::Notice, summary: said.unknown.clone(), ..said }
        } else {
            said
        }
    }
}
