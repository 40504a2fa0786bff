//! What is to be said to a visitor now, in a language: the one answer to which thing is said first, how bad it is, in which words,
//! and how old it is. Everything that people read takes it from here.

mod build;
mod document;
mod part;
mod terms;

pub(crate) use build::Speaker;
pub use build::{bulletin, incident_order, maintenance_order, phrases};
pub use document::{Ailing, Bulletin, Level, Line, LocalizedText, Mirrors, PageLink, Phrases};
pub use part::Part;
pub use terms::{
    component_word, impact_word, incident_word, level_word, maintenance_word, overall, some_are,
    summary_word, timeline_word,
};
