//! Answers reads: the public documents from the nearest current copy, and the audit log and the export from the object.

mod absent;
mod cache;
mod climb;
mod copy;
mod doubts;
mod events;
mod get;
mod health;
mod known;
mod ladder;
#[cfg(test)]
mod ladder_clock_tests;
#[cfg(test)]
mod ladder_simulation;
#[cfg(test)]
mod ladder_tests;
#[cfg(test)]
mod ladder_worth_tests;
mod listeners;
mod loader;
mod news;
mod notes;
mod operators;
mod place;
mod room;
mod stamp;
mod steps;
mod unsigned;

// The state machines, for the simulation (`../simulation/`).
#[cfg(any(test, feature = "simulation"))]
pub use {
    climb::{Climb, Next, Reader},
    ladder::{CLIMB_MILLIS, Ladder, SPREAD_MILLIS},
    listeners::{Ask, Listeners, MAX_STREAMS, Outcome, Stream, TICK_MILLIS, Turn},
    notes::{CLAIM_MILLIS, CROWD_SECONDS, LOOK_MILLIS},
    stamp::{Copied, Reply, Stamp, Step},
};

pub use events::listen;
pub use get::{AT, Refresh, after_doubt, after_write, from_memory, get, refresh};
pub use health::{health, metrics};
pub use loader::{loader, loader_from_memory};
pub use operators::{Operators, get as for_operators};
