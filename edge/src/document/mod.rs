//! The list of the public documents.

mod address;
mod components;
mod kinds;
mod public;

pub use address::{in_language, parameter};
pub use components::Components;
pub use kinds::{Endpoint, FEEDS, Feed, Kind, Variant};
pub use public::{BULLETIN, DISCOVERY, Document, HOME, SIGNED, STATUS};
