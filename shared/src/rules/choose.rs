//! Selects the incident or maintenance of an update, and checks new ids and times.

use super::rejection::Rejection;
use crate::text::Id;
use crate::time::Time;

/// Refuses a chosen id that looks like a generated one, so that a generated id is always new.
pub(super) fn check_chosen(id: Option<&Id>, prefix: &str) -> Result<(), Rejection> {
    match id {
        Some(id) if id.is_generated(prefix) => Err(Rejection::invalid(
            "/id",
            format!("{id} looks like a generated id. Choose another, or leave \"id\" out."),
        )),
        _ => Ok(()),
    }
}

/// The entity that the update names, or the only open one if it names none.
pub(super) fn pick<'a>(
    named: Option<&'a Id>,
    pointer: &str,
    what: &str,
    open: impl Iterator<Item = &'a Id>,
    exists: impl Fn(&Id) -> bool,
) -> Result<Id, Rejection> {
    if let Some(id) = named {
        return if exists(id) {
            Ok(id.clone())
        } else {
            Err(Rejection::not_found(pointer, format!("There is no {what} {id}.")))
        };
    }
    let open: Vec<&Id> = open.collect();
    match open.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Rejection::not_found(
            pointer,
            format!("No {what} is open; give the id of the one that you mean."),
        )),
        several => {
            let list: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            Err(Rejection::conflict(
                pointer,
                format!("Several are open ({}); give the id of the one that you mean.", list.join(", ")),
            ))
        }
    }
}

/// Refuses an update that is older than the newest one: the history of an incident or maintenance is in order.
pub(super) fn check_newest(at: Time, latest: Time) -> Result<(), Rejection> {
    if at < latest {
        return Err(Rejection::invalid(
            "/at",
            format!("{at} is before the newest update ({latest}); updates are added in order of time."),
        ));
    }
    Ok(())
}
