//! Review of texts: evasive and blaming phrases, and the gauntlet that grades a post-mortem.

mod gauntlet;
pub mod phrases;

pub use gauntlet::{Criterion, Gauntlet, gauntlet};
