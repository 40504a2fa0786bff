//! What the ladder has to know of a copy, and what it exchanges with the steps of a climb.

use std::rc::Rc;

use candor_shared::time::Time;

use crate::names::Names;
use crate::object::{LATE_MILLIS, version_id};
use crate::write::{SHARED_MILLIS, WAIT_SECONDS};

pub use crate::clock::is_recent;

/// How long a copy is current after the object confirmed it: 4 seconds, in milliseconds.
pub const CURRENT_MILLIS: i64 = 4_000;
/// By how much the clocks of sound machines differ, at most: a quarter of a second, in milliseconds.
const DRIFT_MILLIS: i64 = 250;
// After this time, a status shows whether a write was applied.
const _: () = assert!(LATE_MILLIS + CURRENT_MILLIS + DRIFT_MILLIS + SHARED_MILLIS <= WAIT_SECONDS * 1000);
/// The time of a confirmation of which nobody knows when it was: older than any limit.
pub const UNKNOWN: Time = Time::EPOCH;

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

impl Stamp {
    /// The epoch and the version in one word: the id of an event (HTML, server-sent events).
    pub fn id(&self) -> String {
        version_id(&self.epoch, self.version)
    }
}

/// A copy of a document, as far as the ladder must know it.
pub trait Copied: Clone {
    /// Its stamp.
    fn stamp(&self) -> &Stamp;
    /// When its version was published: then it was true, whatever a clock has said since.
    fn published_at(&self) -> Time;
}

/// The answer to a question to the object.
pub enum Reply<C> {
    /// The document.
    Document(C),
    /// The document does not exist; and the list of those that may exist, if the object has one.
    Nothing(Stamp, Option<Names>),
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
    /// The climb has ended before the object was asked, because there is no room for one more (`room.rs`).
    GivenUp,
}

/// Whether a time lies in the future, by more than sound clocks differ. The clock that wrote it was wrong, or this one is: the time
/// says nothing, neither now nor when it has come.
pub fn is_ahead(at: Time, now: Time) -> bool {
    now.millis_since(at) < -DRIFT_MILLIS
}

/// When a copy was confirmed, as far as its times can be believed: if its own lies in the future, when its version was published; if
/// that does too, it is [`UNKNOWN`]. So a copy is never younger than somebody knows.
pub fn believed(copy: &impl Copied, now: Time) -> Time {
    let times = [copy.stamp().confirmed_at, copy.published_at()];
    times.into_iter().find(|at| !is_ahead(*at, now)).unwrap_or(UNKNOWN)
}
