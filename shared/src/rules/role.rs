//! What a key may do.

use std::collections::BTreeSet;

use super::rejection::{Rejection, RejectionKind};
use crate::text::Id;
use crate::update::Update;

/// The role of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Every update.
    Operator,
    /// `component.set` with nothing but `state`, for these components: what a probe needs.
    Monitor(BTreeSet<Id>),
}

impl Role {
    /// Whether a key with this role may send `update`.
    ///
    /// # Errors
    /// [`RejectionKind::Forbidden`], saying what the role is limited to.
    pub fn permits(&self, update: &Update) -> Result<(), Rejection> {
        let Self::Monitor(components) = self else {
            return Ok(());
        };
        let Update::ComponentSet(set) = update else {
            return Err(Rejection::new(
                RejectionKind::Forbidden,
                "/type",
                format!(
                    "A monitor's key may only send component.set; {} needs an operator's key.",
                    update.name()
                ),
            ));
        };
        if !components.contains(&set.id) {
            let list: Vec<&str> = components.iter().map(Id::as_str).collect();
            return Err(Rejection::new(
                RejectionKind::Forbidden,
                "/id",
                format!("This monitor's key may only set {}; it may not set {}.", list.join(", "), set.id),
            ));
        }
        if !set.sets_only_status() {
            return Err(Rejection::new(
                RejectionKind::Forbidden,
                "",
                "A monitor's key may set the status of a component as it is now, and nothing else of it.",
            ));
        }
        Ok(())
    }
}
