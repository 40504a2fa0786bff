//! The gauntlet: twelve criteria for a published post-mortem, one file per group.
//!
//! A rule says only what is certain from words. `met` rests on a sentence in one of a few narrow forms, or on something that
//! can be told from its form: a time, a share, an address, the name of a person. `partial` and `missing` rest on something that
//! is found or absent, or on a plain fact about the words, which the reason states. Everything else is `unjudged`, and a person judges it:
//! that a field is filled does not say that it answers, least of all in a language that no rule reads.

mod admission;
mod extras;
mod finding;
mod prerequisites;
mod reading;
mod report;
mod requirements;
mod voice;

pub use finding::Criterion;
pub use report::{Gauntlet, gauntlet};
