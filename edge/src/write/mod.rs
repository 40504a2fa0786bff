//! `POST /v1/updates`, `/v1/restore`, `/v1/export` and `/v1/standby` up to the object: checks the signature and the request, and refuses what it can
//! without waking the page's object.

mod again;
mod body;
mod coding;
mod failures;
mod operators;
mod post;
mod signature;
mod trace;
mod verify;

pub use again::{SHARED_MILLIS, WAIT_SECONDS, advice};
pub use operators::{Command, command};
pub use post::post;
pub use trace::{Entry, Trace};
#[cfg(any(test, feature = "fuzzing"))]
pub use verify::is_signed;
pub use verify::{may_read_metrics, operator};
