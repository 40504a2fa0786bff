//! What the ladder and those who use it hand to each other: readers, their next steps, and searches.

use candor_shared::time::Time;

use super::stamp::is_recent;
use crate::render::Doubt;

/// How long a copy answers a reader who has heard of a newer version: a quarter of a second, in milliseconds.
const JUST_NOW_MILLIS: i64 = 250;

/// The next step of a reader.
pub enum Next<C> {
    /// Answer with a current copy.
    Current(C),
    /// Answer with an old copy, labelled as unconfirmed.
    Unconfirmed(C, Doubt),
    /// Answer that the document does not exist.
    Absent,
    /// Answer that nothing is known.
    Unavailable,
    /// Start this climb in the background, and look again when the cache has answered, after so many milliseconds at the latest: what
    /// it has may be a copy at hand.
    Climb(Climb, i64),
    /// A climb runs. Look again after its end, and after this many milliseconds at the latest.
    Wait(i64),
    /// Ask KV, hand over what it has (`Ladder::last_known_good`), and look again.
    AskKv,
}

/// A request that reads a document.
pub struct Reader {
    pub(super) name: String,
    pub(super) has_kv_copy: bool,
    /// The version that it has heard of. No older copy answers it, unless the object confirmed that one just now.
    pub(super) at: u64,
    pub(super) began: Time,
    /// Whether it has begun a climb for its document.
    pub(super) climbed: bool,
    /// Whether it has begun one that confirms the version.
    pub(super) confirmed: bool,
    pub(super) asked_kv: bool,
}

impl Reader {
    /// A reader of the document `name`. `has_kv_copy`: whether KV may hold it.
    pub fn new(name: String, has_kv_copy: bool, now: Time) -> Self {
        Self { name, has_kv_copy, at: 0, began: now, climbed: false, confirmed: false, asked_kv: false }
    }

    /// The same, after hearing of a version.
    #[must_use]
    pub fn at(self, version: u64) -> Self {
        Self { at: version, ..self }
    }

    /// Whether a current copy is new enough. Anybody can claim to have heard of a version, so the object is asked for it
    /// [a few times a second](JUST_NOW_MILLIS) at most.
    pub(super) fn accepts(&self, version: u64, confirmed_at: Time, now: Time) -> bool {
        version >= self.at || is_recent(confirmed_at, JUST_NOW_MILLIS, now)
    }
}

/// A running search for one document.
#[derive(Debug)]
pub struct Climb {
    pub(super) name: String,
    pub(super) id: u64,
    /// The ladder's turn when the question to the object began.
    pub(super) turn: u64,
    /// The version that the reader has heard of who began it. No older copy of the cache ends it.
    pub(super) at: u64,
    pub(super) asks_again: bool,
    pub(super) skips_cache: bool,
    /// Whether it ends with the cache, because the object is asked for enough (`room.rs`).
    pub(super) is_near: bool,
}

impl Climb {
    /// Whether it begins at the object.
    pub fn skips_cache(&self) -> bool {
        self.skips_cache
    }

    /// The name of the document that is searched for.
    pub fn name(&self) -> &str {
        &self.name
    }
}
