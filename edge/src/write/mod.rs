//! `POST /v1/updates` and `POST /v1/restore` up to the object: checks the signature and the request, and refuses what it can
//! without waking the page's object.

mod body;
mod failures;
mod post;
mod restore;
mod signature;
mod trace;
mod verify;

pub use post::post;
pub use restore::restore;
pub use trace::Trace;
#[cfg(any(test, feature = "fuzzing"))]
pub use verify::is_signed;
pub use verify::{may_read_metrics, operator};
