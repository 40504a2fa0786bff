//! Who sent a request. A [`Verified`] exists only after a signature was checked.
//!
//! Two schemes, so that nobody needs a tool of ours: what curl signs by itself ([`sigv4`]), and
//! Standard Webhooks ([`webhook`]).

mod check;
mod sigv4;
mod verified;
mod webhook;

pub use check::verify;
pub use verified::{Request, Verified};
