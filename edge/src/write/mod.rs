//! `POST /v1/updates` up to the object: checks the signature and the request, and refuses what it can without waking the
//! page's object.

mod body;
mod failures;
mod post;
mod signature;
mod verify;

pub use post::post;
#[cfg(any(test, feature = "fuzzing"))]
pub use verify::is_signed;
pub use verify::{admitted, verified};
