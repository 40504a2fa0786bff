//! Text from operators, checked once when it is parsed: a value of these types is within its limit and free of
//! control characters.

#[macro_use]
mod plain;
mod autolink;
mod chat;
mod events;
mod fences;
pub mod json;
mod language;
mod lines;
mod link;
pub mod markdown;
mod marks;
mod pieces;
mod places;
mod translated;
mod wrap;

pub use language::Language;
pub use link::{Color, Link, Logo, Url};
pub use pieces::{Block, Piece, pieces};
#[cfg(test)]
pub(crate) use plain::UNSEEN;
pub use plain::{Body, Id, Name, TextError, is_foreign, shows_nothing};
pub use translated::Translated;
