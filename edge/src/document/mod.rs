//! The list of the public documents.

mod components;
mod kinds;
mod public;

pub use components::Components;
pub use kinds::{Endpoint, FEEDS, Feed, Kind, Variant};
pub use public::{BULLETIN, DISCOVERY, Document, HOME, SIGNED, STATUS, in_language, parameter};
