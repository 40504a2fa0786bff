//! Answers reads: the public documents from the nearest current copy, and the audit log from the object.

mod ladder;
mod log;

pub use ladder::{after_write, from_memory, get, refresh};
pub use log::get as get_log;
