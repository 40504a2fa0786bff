//! The review of texts: evasive and blaming phrases, and the gauntlet that grades a post-mortem.

mod gauntlet;
mod language;
mod own;
pub mod phrases;
mod placeholder;
mod words;

pub use gauntlet::{Criterion, Gauntlet, gauntlet};
pub use language::is_english;
