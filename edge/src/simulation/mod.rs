//! `cargo xtask simulate`: what so many open pages cost and see. Deterministic: the same numbers give the same answer. In no program
//! that ships.
//!
//! What one isolate does is not modelled but the real thing: [`Ladder`](crate::read) and its listeners decide, as in the worker. What is
//! assumed is around them: where readers are ([`world`](self)), how long ways are, and how many requests an isolate gets.

mod isolate;
mod object;
mod prices;
mod report;
mod run;
mod steps;
mod world;

pub use report::print;
pub use run::{Plan, one_isolate};
