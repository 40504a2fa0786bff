//! What is read: the public documents from the nearest copy, and the signed audit log.

mod ladder;
mod log;

pub use ladder::{after_write, from_memory, get, refresh};
pub use log::get as get_log;
