//! Answers reads: the public documents from the nearest current copy, and the audit log and the export from the object.

mod absent;
mod copy;
mod get;
mod health;
mod ladder;
#[cfg(test)]
mod ladder_simulation;
#[cfg(test)]
mod ladder_tests;
mod loader;
mod operators;
mod stamp;
mod steps;
mod unsigned;

pub use get::{Refresh, after_write, from_memory, get, refresh};
pub use health::{health, metrics};
pub use loader::{loader, loader_from_memory};
pub use operators::{Operators, get as for_operators};
