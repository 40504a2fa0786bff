//! The gauntlet: twelve criteria for a published post-mortem, one file per group.

mod admission;
mod clauses;
mod counts;
mod extras;
mod finding;
mod prerequisites;
mod reading;
mod report;
mod requirements;
mod vocabulary;

pub use finding::Criterion;
pub use report::{Gauntlet, gauntlet};
