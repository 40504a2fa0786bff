//! What an incident held after each of its entries.

use std::collections::BTreeMap;

use crate::state::{ComponentState, Entry, IncidentStatus};
use crate::text::Id;

/// What an incident holds, entry by entry.
#[derive(Debug, Default)]
pub(super) struct Held<'a> {
    components: BTreeMap<&'a Id, ComponentState>,
    resolved: bool,
}

impl<'a> Held<'a> {
    /// What the incident holds after its next entry: every component with its status. A resolution releases all of them. One
    /// that an entry does not name stays as it was, also across a resolution: an entry that reopens the incident names all that it
    /// held. Those of earlier versions name only what is held again, or nothing where all is.
    pub(super) fn after(&mut self, entry: &'a Entry<IncidentStatus>) -> BTreeMap<&'a Id, ComponentState> {
        let reopens = self.resolved && entry.status != IncidentStatus::Resolved;
        if reopens && !entry.components.is_empty() {
            self.components.clear();
        }
        self.components.extend(entry.components.iter().map(|(id, state)| (id, *state)));
        self.resolved = entry.status == IncidentStatus::Resolved;
        if self.resolved { BTreeMap::new() } else { self.components.clone() }
    }
}
