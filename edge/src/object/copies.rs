//! The last-known-good copies in KV, for when the object cannot be reached.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use candor_shared::time::Time;
use serde::{Deserialize, Serialize};
use worker::{Delay, Env, Result};

use super::live::Live;
use crate::document::Document;
use crate::render::Rendered;
use crate::settings::LAST_GOOD;
use crate::{clock, log};

/// How often the copy is confirmed again while it is read: 5 minutes, in milliseconds.
const COPY_MILLIS: i64 = 5 * 60 * 1000;
/// How often the page, which holds measures, is copied at the most: half a minute.
const PAGE_COPY_MILLIS: i64 = 30 * 1000;
/// How soon a copy that failed is tried again: 10 seconds, in milliseconds.
const COPY_RETRY_MILLIS: i64 = 10 * 1000;

/// What is known of the copy in KV.
#[derive(Default)]
pub struct Copies {
    running: Cell<bool>,
    /// Whether there is something newer than what is put there now.
    wanted: Cell<bool>,
    /// The version in KV, and when it was put there.
    there: Cell<Option<(u64, Time)>>,
    /// When the page was put there.
    page_at: Cell<Option<Time>>,
    failed_at: Cell<Option<Time>>,
}

impl Copies {
    /// Whether a copy of this version is due: none is there, it is old, and the last attempt did not just fail.
    fn is_due(&self, version: u64, now: Time) -> bool {
        let current = self
            .there
            .get()
            .is_some_and(|(there, at)| there == version && now.millis_since(at) < COPY_MILLIS);
        let waits = self.failed_at.get().is_some_and(|at| now.millis_since(at) < COPY_RETRY_MILLIS);
        !current && !waits
    }

    /// Asks for a copy of this version. True if the caller has to [`Self::run`] it: one runs at a time, so that an
    /// older copy never overtakes a newer one.
    pub fn ask(&self, version: u64) -> bool {
        if !self.is_due(version, clock::now()) {
            return false;
        }
        self.wanted.set(true);
        !self.running.replace(true)
    }

    /// Puts copies into KV until the newest version is there.
    pub async fn run(self: Rc<Self>, live: Rc<RefCell<Option<Live>>>, env: Env) {
        while self.wanted.replace(false) {
            // The answer goes first.
            Delay::from(Duration::ZERO).await;
            let now = clock::now();
            let page_is_due = self.page_at.get().is_none_or(|at| now.millis_since(at) >= PAGE_COPY_MILLIS);
            let (version, documents) = match live.borrow_mut().as_mut() {
                Some(live) => (live.version(), live.copies(page_is_due, now)),
                None => break,
            };
            match put(&env, version, &documents, now).await {
                Ok(()) => {
                    self.there.set(Some((version, now)));
                    self.failed_at.set(None);
                    if page_is_due {
                        self.page_at.set(Some(now));
                    }
                }
                Err(error) => {
                    self.failed_at.set(Some(now));
                    log::error(
                        "the last-known-good copy could not be stored",
                        &[("error", &error.to_string())],
                    );
                }
            }
        }
        self.running.set(false);
    }
}

async fn put(env: &Env, version: u64, documents: &[(Document, Rendered)], confirmed_at: Time) -> Result<()> {
    let kv = env.kv(LAST_GOOD)?;
    for (document, rendered) in documents {
        let copied = Copied { confirmed_at, version, policy: rendered.policy.clone() };
        kv.put(&document.path(), rendered.body.as_str())?.metadata(copied)?.execute().await?;
    }
    Ok(())
}

/// What is known of a copy in KV.
#[derive(Serialize, Deserialize)]
pub struct Copied {
    /// When the object confirmed it.
    pub confirmed_at: Time,
    /// The version that it is of.
    pub version: u64,
    /// The Content-Security-Policy of a page.
    pub policy: Option<String>,
}
