//! Checks times of one update against each other.

use super::rejection::Rejection;
use crate::time::Time;

/// A time with the name of its field.
#[derive(Clone, Copy)]
pub(super) struct Named {
    field: &'static str,
    time: Time,
    /// Whether the update has the field. If not, the time is the one that is known.
    is_sent: bool,
}

impl Named {
    /// The time that was sent, or else the one that is known.
    pub(super) fn new(field: &'static str, sent: Option<Time>, known: Time) -> Self {
        Self { field, time: sent.unwrap_or(known), is_sent: sent.is_some() }
    }
}

/// How one time must stand to another.
#[derive(Clone, Copy)]
pub(super) enum Order {
    After,
    NotBefore,
    Before,
}

/// Refuses a time that does not stand to another one as it must. The pointer names a field that was sent, the text the other one.
pub(super) fn check_order(of: Named, order: Order, other: Named) -> Result<(), Rejection> {
    let (is_right, said, said_of_other) = match order {
        Order::After => (of.time > other.time, "is not after", "is not before"),
        Order::NotBefore => (of.time >= other.time, "is before", "is after"),
        Order::Before => (of.time < other.time, "is not before", "is not after"),
    };
    if is_right {
        return Ok(());
    }
    let (wrong, other, said) =
        if of.is_sent || !other.is_sent { (of, other, said) } else { (other, of, said_of_other) };
    let advice = if other.is_sent { "" } else { " To change both, send both." };
    Err(Rejection::invalid(
        &format!("/{}", wrong.field),
        format!("{} {said} \"{}\" ({}).{advice}", wrong.time, other.field, other.time),
    ))
}
