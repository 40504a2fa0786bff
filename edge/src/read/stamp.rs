//! What the ladder has to know of a copy, and what it exchanges with the steps of a climb.

use std::rc::Rc;

use candor_shared::time::Time;

/// Where in its page's history a copy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The random id that the object's storage got when it was made.
    pub epoch: Rc<str>,
    /// The version of the page.
    pub version: u64,
    /// When the question began that the object answered with this copy.
    pub confirmed_at: Time,
}

/// A copy of a document, as far as the ladder must know it.
pub trait Copied: Clone {
    /// Its stamp.
    fn stamp(&self) -> &Stamp;
}

/// The answer to a question to the object.
pub enum Reply<C> {
    /// The document.
    Document(C),
    /// The document does not exist.
    Nothing(Stamp),
    /// No answer in time, or a wrong one.
    Failed,
}

/// The next step of a climb.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask the object.
    AskObject,
    /// The climb has ended with a document from the object, which the cache does not have yet.
    Found,
    /// The climb has ended.
    Ended,
}
