//! Roles: which updates a key may send.

use std::collections::BTreeSet;

use super::rejection::{Rejection, RejectionKind};
use crate::state::State;
use crate::text::Id;
use crate::update::Update;

/// The role of a key: which updates it may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// An operator: every update.
    Operator,
    /// A monitor: only `component.set` of these components, with no other fields than `id` and `status`.
    Monitor(BTreeSet<Id>),
}

impl Role {
    /// Whether a key with this role may send `update`.
    ///
    /// # Errors
    /// [`RejectionKind::Forbidden`]; the detail names what the role permits. [`RejectionKind::Invalid`] if only the status is missing.
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
                "A monitor's key may send only the \"id\" and \"status\" of a component; other fields need an operator's key.",
            ));
        }
        if set.status.is_none() {
            return Err(Rejection::invalid(
                "/status",
                "\"status\" is missing: a monitor's key sets the status of a component, and nothing else.",
            ));
        }
        Ok(())
    }

    /// Whether a key with this role may send `update`, which it permits, to a page in this state: only operators create components.
    ///
    /// # Errors
    /// [`RejectionKind::Invalid`]: the key is the right one, and somebody else has something to do first.
    pub fn permits_now(&self, update: &Update, state: &State) -> Result<(), Rejection> {
        match (self, update) {
            (Self::Monitor(_), Update::ComponentSet(set)) if !state.components.contains_key(&set.id) => {
                let id = &set.id;
                Err(Rejection::invalid(
                    "/id",
                    format!(
                        "There is no component {id} yet, and a monitor's key cannot create it. Create it with an operator's key first: {{\"type\":\"component.set\",\"id\":\"{id}\",\"name\":\"…\"}}."
                    ),
                ))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_monitor_lacks_is_no_matter_of_its_key() {
        let id = Id::try_from("checkins".to_owned()).unwrap();
        let monitor = Role::Monitor(BTreeSet::from([id]));
        for (fields, wanted) in [
            (r#""status":"operational""#, None),
            (r#""name":"Check-ins""#, Some((RejectionKind::Forbidden, ""))),
            (r#""status":"operational","name":"Check-ins""#, Some((RejectionKind::Forbidden, ""))),
            (r#""status":null"#, Some((RejectionKind::Invalid, "/status"))),
        ] {
            let update = format!(r#"{{"type":"component.set","id":"checkins",{fields}}}"#);
            let update = crate::update::parse(update.as_bytes()).unwrap().remove(0);
            let refused = monitor.permits(&update).err();
            assert_eq!(refused.as_ref().map(|of| (of.kind, of.pointer.as_str())), wanted, "{fields}");
        }
    }
}
