//! The last-known-good copies in KV, which the worker reads when it cannot reach the object. After each new version, and
//! while the page is read, the object puts fresh copies there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use candor_shared::time::Time;
use futures_util::future::join_all;
use serde::Serialize;
use worker::{Delay, Env, Error, Result};

use super::copied::{Copied, Kept, pause};
use super::copy_metadata::CopyMetadata;
use super::live::Live;
use crate::clock::{is_recent, seconds};
use crate::document::Document;
use crate::log::Level;
use crate::meter::Point;
use crate::settings::LAST_GOOD;
use crate::wait::limited;
use crate::{clock, log};

/// How long KV may take to store or to read one copy: 5 seconds, in milliseconds.
const KV_MILLIS: i64 = 5 * 1000;
/// When a run is taken for lost, because it has neither ended nor begun anew: a minute, in milliseconds. It waits, reads and writes for
/// half of that at most.
const LOST_MILLIS: i64 = 60 * 1000;

/// Decides when copies are put into KV, and puts them there one after the other.
pub(super) struct Copies {
    /// When [`Self::run`] last began to copy, if it is running.
    running: Cell<Option<Time>>,
    /// Whether a copy is due that the current run of [`Self::run`] has not begun.
    requested: Cell<bool>,
    /// What is known of each copy.
    all: RefCell<[Copied; 3]>,
    /// How many times all that was due was stored, and was not, since this instance of the object started.
    counts: Cell<(usize, usize)>,
    /// Whether this instance of the object has read what an earlier one put into KV.
    recalled: Cell<bool>,
}

impl Default for Copies {
    fn default() -> Self {
        Self {
            running: Cell::default(),
            requested: Cell::default(),
            all: RefCell::new(Copied::all()),
            counts: Cell::default(),
            recalled: Cell::default(),
        }
    }
}

impl Copies {
    /// The documents of which KV needs a copy, each by its place in the list.
    fn due(&self, epoch: &str, version: u64, now: Time) -> Vec<usize> {
        let all = self.all.borrow();
        let due = all.iter().enumerate().filter(|(_, one)| one.is_due(epoch, version, now));
        due.map(|(index, _)| index).collect()
    }

    /// Requests the copies of this version that are due. Returns true if the caller must call [`Self::run`]. Only one run is
    /// active at a time, so that an older copy never overwrites a newer one.
    pub fn request(&self, epoch: &str, version: u64) -> bool {
        let now = clock::now();
        if self.due(epoch, version, now).is_empty() {
            return false;
        }
        self.requested.set(true);
        // Memory outlives a run that the runtime ended.
        if self.running.get().is_some_and(|began| is_recent(began, LOST_MILLIS, now)) {
            return false;
        }
        self.running.set(Some(now));
        true
    }

    /// Puts copies into KV until no further one is requested. A failure is logged.
    pub async fn run(self: Rc<Self>, live: Rc<RefCell<Option<Live>>>, env: Env) {
        while self.requested.replace(false) {
            self.running.set(Some(clock::now()));
            // Yields, so that the response leaves before the copies are rendered.
            let millis = pause(self.all.borrow().as_slice(), clock::now());
            Delay::from(Duration::from_millis(u64::try_from(millis).unwrap_or_default())).await;
            let page = || live.borrow().as_ref().map(|live| (live.epoch(), live.version()));
            if !self.recalled.replace(true)
                && let Some((epoch, _)) = page()
            {
                self.recall(&env, &epoch).await;
            }
            let Some((epoch, version)) = page() else { break };
            let began = clock::now();
            let due = self.due(&epoch, version, began);
            if due.is_empty() {
                continue;
            }
            let mut failed = Vec::new();
            for index in due {
                if let Err((path, error)) = self.copy(index, &live, &env).await {
                    log::line(Level::Error, "copy", "failed")
                        .with("document", path.as_str())
                        .with("version", version)
                        .with("error", error.to_string())
                        .write();
                    failed.push(path);
                }
            }
            let millis = clock::now().millis_since(began).max(0);
            let (stored, not) = self.counts.get();
            let (outcome, counts) = if failed.is_empty() {
                log::line(Level::Info, "copy", "stored").with("version", version).with("ms", millis).write();
                ("stored", (stored.saturating_add(1), not))
            } else {
                ("failed", (stored, not.saturating_add(1)))
            };
            self.counts.set(counts);
            Point { event: "copy", outcome, version, millis, ..Point::default() }.write(&env);
        }
        self.running.set(None);
    }

    /// Renders one document and puts it into KV. Notes how that went.
    async fn copy(
        &self,
        index: usize,
        live: &RefCell<Option<Live>>,
        env: &Env,
    ) -> std::result::Result<(), (String, Error)> {
        let Some(document) = self.all.borrow().get(index).map(|one| one.document.clone()) else {
            return Ok(());
        };
        let path = document.path();
        let outcome = put(&document, &path, live, env).await;
        if let Some(one) = self.all.borrow_mut().get_mut(index) {
            match &outcome {
                Ok(kept) => one.keeps(kept.clone()),
                Err(_) => one.failed(clock::now()),
            }
        }
        outcome.map(|_| ()).map_err(|error| (path, error))
    }

    /// How the copies are doing: as the one that is furthest behind. `published_at`: when `version` was published, if anything was.
    pub fn health(&self, version: u64, published_at: Option<Time>, now: Time) -> CopyHealth {
        let all = self.all.borrow();
        let kept = |one: &Copied| one.kept.as_ref().map(|kept| (kept.version, kept.at));
        let kept: Option<Vec<(u64, Time)>> = all.iter().map(kept).collect();
        let copied_version = kept.as_ref().and_then(|kept| kept.iter().map(|(version, _)| *version).min());
        let lag = match copied_version {
            Some(copied) if copied == version => Some(0.0),
            // What an earlier instance of the object put there is read with the next copy.
            None if !self.recalled.get() => None,
            // A version that is dated into the future says nothing of how long that is.
            _ => published_at.filter(|at| *at <= now).map(|at| seconds(now.millis_since(at))),
        };
        CopyHealth {
            copied_version,
            confirmed_at: kept.and_then(|kept| kept.iter().map(|(_, at)| *at).min()),
            lag,
            counts: self.counts.get(),
        }
    }

    /// For tests: there is nothing in KV.
    #[cfg(test)]
    pub fn has_looked(&self) {
        self.recalled.set(true);
    }

    /// Reads what an earlier instance of the object put into KV: memory is lost whenever the object is idle for a while, and
    /// a page that is read every 15 seconds would otherwise be copied at every read.
    async fn recall(&self, env: &Env, epoch: &str) {
        let paths: Vec<String> = self.all.borrow().iter().map(|one| one.document.path()).collect();
        let found = join_all(paths.iter().map(|path| {
            let read = async { Ok(env.kv(LAST_GOOD)?.get(path).text_with_metadata::<CopyMetadata>().await?) };
            async { limited(KV_MILLIS, read).await.ok() }
        }));
        let found = found.await;
        for (one, found) in self.all.borrow_mut().iter_mut().zip(found) {
            // What nobody could use is not there.
            let whole = found.and_then(|(body, of)| body.zip(of));
            if let Some((_, of)) =
                whole.filter(|(body, of)| of.epoch == epoch && of.is_of(&one.document, body))
            {
                one.keeps(Kept { epoch: epoch.into(), version: of.version, at: of.confirmed_at });
            }
        }
    }
}

/// Renders a document of the page as it is now, and puts it into KV. One that the page does not have counts as put.
async fn put(document: &Document, path: &str, live: &RefCell<Option<Live>>, env: &Env) -> Result<Kept> {
    let now = clock::now();
    let (kept, rendered) = {
        let mut slot = live.borrow_mut();
        let live = slot.as_mut().ok_or_else(|| Error::RustError("the page is not in memory".to_owned()))?;
        let rendered = live
            .keep_up(now)
            .and_then(|()| live.document(document, now))
            .map_err(|failure| Error::RustError(failure.to_string()))?;
        (
            Kept { epoch: live.epoch(), version: live.version(), at: now },
            rendered.map(|it| (it, live.published_at())),
        )
    };
    if let Some((rendered, published_at)) = rendered {
        let version = (&*kept.epoch, kept.version);
        let metadata = CopyMetadata::new(document, &rendered, version, (published_at, now));
        let put = env.kv(LAST_GOOD)?.put(path, rendered.body.as_str())?.metadata(metadata)?;
        limited(KV_MILLIS, async { Ok(put.execute().await?) }).await?;
    }
    Ok(kept)
}

/// How the last-known-good copies are doing. Spans are in seconds.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CopyHealth {
    /// The version in KV, of the copy that is furthest behind; absent if one is missing, or the object has not looked since it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied_version: Option<u64>,
    /// When the copies in KV were confirmed to be current, the oldest of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Time>,
    /// How long KV has been without the page's version: 0 if it has it. Absent if nothing is published, if the object has not looked, or if the version is
    /// dated into the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag: Option<f64>,
    /// How many times everything that was due was stored, and was not, since the object started.
    #[serde(skip)]
    pub counts: (usize, usize),
}
