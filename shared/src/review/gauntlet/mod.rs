//! The gauntlet: twelve criteria for a published post-mortem, one file per group.

mod extras;
mod finding;
mod prerequisites;
mod reading;
mod report;
mod requirements;
mod words;

pub use finding::Criterion;
pub use report::{Gauntlet, gauntlet};
