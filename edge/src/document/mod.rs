//! The list of the public documents.

mod kinds;
mod public;

pub use kinds::{Endpoint, Feed, Variant};
pub use public::{BULLETIN, Document, HOME, STATUS, in_language, parameter};
