//! How wording is judged: phrases that hide or blame, and the gauntlet that grades a post-mortem.

mod gauntlet;
pub mod phrases;

pub use gauntlet::{Criterion, Gauntlet, gauntlet};
