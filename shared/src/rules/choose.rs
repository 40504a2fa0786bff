//! Which incident or maintenance an update is about, and which ids and times it may have.

use super::rejection::Rejection;
use crate::text::Id;
use crate::time::Time;

/// An id that somebody chose is not one that might have been made.
pub(super) fn check_chosen(id: Option<&Id>, prefix: &str) -> Result<(), Rejection> {
    match id {
        Some(id) if id.is_made(prefix) => Err(Rejection::invalid(
            "/id",
            format!("{id} looks like an id that is made here. Choose another, or leave it out."),
        )),
        _ => Ok(()),
    }
}

/// The one that is named, or the only one there is to mean.
pub(super) fn pick<'a>(
    named: Option<&'a Id>,
    pointer: &str,
    what: &str,
    open: impl Iterator<Item = &'a Id>,
    exists: impl Fn(&Id) -> bool,
) -> Result<Id, Rejection> {
    if let Some(id) = named {
        return match exists(id) {
            true => Ok(id.clone()),
            false => Err(Rejection::not_found(pointer, format!("There is no {what} {id}."))),
        };
    }
    let open: Vec<&Id> = open.collect();
    match open.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Rejection::not_found(pointer, format!("No {what} is open; name the one you mean."))),
        several => {
            let list: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            Err(Rejection::conflict(
                pointer,
                format!("Several are open ({}); name the one you mean.", list.join(", ")),
            ))
        }
    }
}

/// The texts of one incident or maintenance are in the order of their times.
pub(super) fn check_newest(at: Time, latest: Time) -> Result<(), Rejection> {
    if at < latest {
        return Err(Rejection::invalid(
            "/at",
            format!("{at} is before its newest update ({latest}); updates come in order."),
        ));
    }
    Ok(())
}
