//! `POST /v1/updates`, `POST /v1/restore` and `POST /v1/export` up to the object: checks the signature and the request, and refuses what it can
//! without waking the page's object.

mod body;
mod confirm;
mod failures;
mod post;
mod restore;
mod signature;
mod verify;

pub use confirm::confirm;
pub use post::post;
pub use restore::restore;
#[cfg(any(test, feature = "fuzzing"))]
pub use verify::is_signed;
pub use verify::operator;
