//! Renders each public document from the state and the ledger, and states on an unconfirmed copy how old it is.

mod badge;
mod clusters;
mod color;
mod discovery;
mod feed;
mod feed_facts;
mod glyphs;
mod json;
mod markup;
mod names;
mod page;
mod publish;
mod refuse;
mod rendered;
mod scripts;
mod seal;
mod signed;
mod source;
mod unconfirmed;
mod width;
mod words;

#[cfg(test)]
pub use discovery::DiscoveryDocument;
pub use names::names;
#[cfg(test)]
pub use page::embed_of_nothing;
pub use page::{mirrored, nothing_yet};
pub use publish::publish;
pub use refuse::{refuse, refuse_document};
pub use rendered::{Rendered, etag_of, none_match};
pub use seal::{MAX_COPY_BYTES, Sealed};
pub use signed::{Claims, sign, sign_text};
pub use source::Source;
pub use unconfirmed::{Doubt, unconfirmed};
