//! How an answer of the object begins: with where the page stands.

use std::rc::Rc;

use candor_shared::time::Time;
use worker::{Response, ResponseBuilder, Result};

use crate::http::{DIGEST_HEADER, EPOCH_HEADER, VERSION_HEADER};
use crate::render::etag_of;

/// The media type of most answers.
pub(super) const JSON: &str = "application/json";

/// Where the page stood when an answer was composed. It is noted before the answer waits for anything: meanwhile a storage that fails may
/// take the page out of memory.
pub(super) struct Place {
    /// The version; 0 if the page is not in memory.
    pub version: u64,
    /// The epoch of the storage; empty if the page is not in memory.
    pub epoch: Rc<str>,
    /// When the version was published.
    pub published_at: Time,
}

impl Place {
    /// The beginning of every answer that is no problem.
    ///
    /// # Errors
    /// If the runtime refuses a header.
    pub fn named(&self) -> Result<ResponseBuilder> {
        Response::builder()
            .with_header(VERSION_HEADER, &self.version.to_string())?
            .with_header(EPOCH_HEADER, &self.epoch)
    }

    /// The beginning of an answer that is neither a document nor a problem. The worker takes it for somebody else's without a version, an
    /// epoch and the hash of its body (`stub.rs`).
    ///
    /// # Errors
    /// If the runtime refuses a header.
    pub fn reply(&self, media_type: &str, body: &str) -> Result<ResponseBuilder> {
        self.named()?
            .with_header("cache-control", "no-store")?
            .with_header("content-type", media_type)?
            .with_header(DIGEST_HEADER, &etag_of(body))
    }
}
