//! The last-known-good copies in KV, which the worker reads when it cannot reach the object. After each new version, and
//! while the page is read, the object puts fresh copies there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use candor_shared::time::Time;
use serde::Serialize;
use worker::{Delay, Env, Result};

use super::copy_metadata::CopyMetadata;
use super::live::Live;
use crate::clock::seconds;
use crate::document::Document;
use crate::log::Level;
use crate::meter::Point;
use crate::render::Rendered;
use crate::settings::LAST_GOOD;
use crate::wait::limited;
use crate::{clock, log};

/// How often the copies are renewed while the page is read and does not change: 5 minutes, in milliseconds.
const RENEW_MILLIS: i64 = 5 * 60 * 1000;
/// The least time between two copies of the status page, for which the measures are computed: 30 seconds, in milliseconds.
const PAGE_MILLIS: i64 = 30 * 1000;
/// The least time after a failure before the next attempt: 10 seconds, in milliseconds.
const RETRY_MILLIS: i64 = 10 * 1000;
/// The least time between two copies of `status.json` in a burst of updates: 10 seconds, in milliseconds. The last update of
/// the burst is copied too.
const BURST_MILLIS: i64 = 10 * 1000;
/// How long KV may take to store or to read one copy: 5 seconds, in milliseconds.
const KV_MILLIS: i64 = 5 * 1000;

/// Decides when copies are put into KV, and puts them there one after the other.
#[derive(Default)]
pub(super) struct Copies {
    /// Whether [`Self::run`] is running.
    running: Cell<bool>,
    /// Whether a copy is due that the current run of [`Self::run`] has not begun.
    requested: Cell<bool>,
    /// The version in KV, and the time when it was confirmed.
    stored: Cell<Option<(u64, Time)>>,
    /// When the status page was last put into KV.
    page_at: Cell<Option<Time>>,
    /// When the last attempt failed, if it did.
    failed_at: Cell<Option<Time>>,
    /// How many attempts succeeded and failed since this instance of the object started.
    counts: Cell<(usize, usize)>,
    /// Whether this instance of the object has read what an earlier one put into KV.
    recalled: Cell<bool>,
}

impl Copies {
    /// Whether KV needs a copy of this version: KV has another version or an old copy, and no attempt has just failed.
    fn is_due(&self, version: u64, now: Time) -> bool {
        let current = self
            .stored
            .get()
            .is_some_and(|(stored, at)| stored == version && now.millis_since(at) < RENEW_MILLIS);
        let waits = self.failed_at.get().is_some_and(|at| now.millis_since(at) < RETRY_MILLIS);
        !current && !waits
    }

    /// Requests a copy of this version if one is due. Returns true if the caller must call [`Self::run`]. Only one run is
    /// active at a time, so that an older copy never overwrites a newer one.
    pub fn request(&self, version: u64) -> bool {
        if !self.is_due(version, clock::now()) {
            return false;
        }
        self.requested.set(true);
        !self.running.replace(true)
    }

    /// Puts copies into KV until no further one is requested. A failure is logged.
    pub async fn run(self: Rc<Self>, live: Rc<RefCell<Option<Live>>>, env: Env) {
        while self.requested.replace(false) {
            // Yields, so that the response leaves before the copies are rendered.
            Delay::from(self.pause(clock::now())).await;
            let Some((epoch, version)) = live.borrow().as_ref().map(|live| (live.epoch(), live.version()))
            else {
                break;
            };
            if !self.recalled.replace(true) {
                self.recall(&env, &epoch).await;
                if !self.is_due(version, clock::now()) {
                    continue;
                }
            }
            let now = clock::now();
            let page_is_due = self.page_at.get().is_none_or(|at| now.millis_since(at) >= PAGE_MILLIS);
            let (version, published_at, documents) = match live.borrow_mut().as_mut() {
                Some(live) => (live.version(), live.published_at(), live.copies(page_is_due, now)),
                None => break,
            };
            let outcome = put(&env, (&epoch, version), (published_at, now), &documents).await;
            let (stored, failed) = self.counts.get();
            let (word, counts) = match &outcome {
                Ok(()) => ("stored", (stored.saturating_add(1), failed)),
                Err(_) => ("failed", (stored, failed.saturating_add(1))),
            };
            self.counts.set(counts);
            let millis = clock::now().millis_since(now).max(0);
            Point { event: "copy", outcome: word, version, millis, ..Point::default() }.write(&env);
            let line = |level| log::line(level, "copy", word).with("version", version).with("ms", millis);
            match outcome {
                Ok(()) => {
                    line(Level::Info).write();
                    self.stored.set(Some((version, now)));
                    self.failed_at.set(None);
                    if page_is_due {
                        self.page_at.set(Some(now));
                    }
                }
                Err(error) => {
                    self.failed_at.set(Some(now));
                    line(Level::Error).with("error", error.to_string()).write();
                }
            }
        }
        self.running.set(false);
    }

    /// How the copies are doing. `published_at`: when `version` was published, if anything was.
    pub fn health(&self, version: u64, published_at: Option<Time>, now: Time) -> CopyHealth {
        let stored = self.stored.get();
        let lag = match (stored, published_at) {
            (Some((held, _)), _) if held == version => Some(0.0),
            // What an earlier instance of the object put there is read with the next copy.
            (None, _) if !self.recalled.get() => None,
            (_, published_at) => published_at.map(|at| seconds(now.millis_since(at))),
        };
        CopyHealth {
            copied_version: stored.map(|(held, _)| held),
            confirmed_at: stored.map(|(_, at)| at),
            lag,
            counts: self.counts.get(),
        }
    }

    /// How long to wait before the next copy, so that a burst of updates does not use up what KV permits in a day.
    fn pause(&self, now: Time) -> Duration {
        let since = self.stored.get().map_or(BURST_MILLIS, |(_, at)| now.millis_since(at));
        let left = if since < 0 { 0 } else { BURST_MILLIS.saturating_sub(since) };
        Duration::from_millis(u64::try_from(left).unwrap_or_default())
    }

    /// Reads what an earlier instance of the object put into KV: memory is lost whenever the object is idle for a while, and
    /// a page that is read every 15 seconds would otherwise be copied at every read.
    async fn recall(&self, env: &Env, epoch: &str) {
        // What nobody could use is not there.
        let metadata = |document: Document| async move {
            let name = document.path();
            let read =
                async { Ok(env.kv(LAST_GOOD)?.get(&name).text_with_metadata::<CopyMetadata>().await?) };
            let (body, of) = limited(KV_MILLIS, read).await.ok()?;
            of.zip(body).filter(|(of, body)| of.epoch == epoch && of.is_of(&document, body)).map(|(of, _)| of)
        };
        if let Some(of) = metadata(Document::Status).await {
            self.stored.set(Some((of.version, of.confirmed_at)));
        }
        if let Some(of) = metadata(Document::Home).await {
            self.page_at.set(Some(of.confirmed_at));
        }
    }
}

/// How the last-known-good copies are doing. Spans are in seconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CopyHealth {
    /// The version in KV; absent if the object has not looked since it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_version: Option<u64>,
    /// When the copies in KV were confirmed to be current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Time>,
    /// How long KV has been without the page's version: 0 if it has it. Absent if nothing is published, or the object has not looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag: Option<f64>,
    /// How many attempts succeeded and failed since the object started.
    #[serde(skip)]
    pub counts: (usize, usize),
}

async fn put(
    env: &Env,
    version: (&str, u64),
    times: (Time, Time),
    documents: &[(Document, Rendered)],
) -> Result<()> {
    let kv = env.kv(LAST_GOOD)?;
    for (document, rendered) in documents {
        let metadata = CopyMetadata::new(document, rendered, version, times);
        let put = kv.put(&document.path(), rendered.body.as_str())?.metadata(metadata)?;
        limited(KV_MILLIS, async { Ok(put.execute().await?) }).await?;
    }
    Ok(())
}
