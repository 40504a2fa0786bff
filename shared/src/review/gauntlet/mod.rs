//! The gauntlet: twelve criteria for a published post-mortem, one file per group.
//!
//! A rule says only what is certain from words. `met` rests on a sentence in one of a few narrow forms, or on a field that is
//! given; `partial` and `missing` rest on something that is found, or on a plain fact about the words, which the reason states.
//! Everything else is `unjudged`, and a person judges it.

mod admission;
mod counts;
mod extras;
mod finding;
mod prerequisites;
mod reading;
mod report;
mod requirements;
mod voice;

pub use finding::Criterion;
pub use report::{Gauntlet, gauntlet};
