//! `POST /v1/updates`: who signed it, and everything that can be refused without waking the page's object.

mod body;
mod post;
mod signature;
mod verify;

pub use post::post;
pub use verify::verified;
