//! A worker whose object, caches and clock fail when a test wants it.

use std::ops::RangeInclusive;
use std::time::Duration;

use candor_tests::{Answer, Edge, Settings, eventually, paths};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

/// A built worker behind the wrapper.
pub(crate) struct Faulty {
    pub edge: Edge,
    _folder: TempDir,
}

impl Faulty {
    /// Starts one with a page.
    pub(crate) fn start() -> Self {
        Self::with_settings(&[])
    }

    /// The same with a setting.
    pub(crate) fn set(name: &str, value: &str) -> Self {
        Self::with_settings(&[(name, value)])
    }

    /// The same, with further settings.
    pub(crate) fn with_settings(more: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("candor-faults-").tempdir().unwrap();
        let built = paths::candor().join("standby/edge");
        for name in ["entry.js", "candor_edge_bg.wasm"] {
            std::fs::copy(built.join(name), folder.path().join(name)).unwrap();
        }
        let worker = folder.path().join("wrapper.js");
        std::fs::write(&worker, include_str!("wrapper.js")).unwrap();
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let edge = Edge::with(&Settings { worker: Some(worker), more, ..Settings::default() });
        edge.set_up_page();
        Self { edge, _folder: folder }
    }

    /// Waits until `/` is in the data centre's cache: a fresh isolate then has a current page without the object.
    pub(crate) fn caches_the_page(&self) {
        eventually("it is in the cache", Duration::from_secs(10), || {
            self.edge.get("/").expect(200);
            self.fresh_isolate();
            self.faults("object=throw");
            let cached = is_current(&self.edge.get("/"));
            self.faults("");
            cached.then_some(())
        });
    }

    /// The same, with copies of these documents in memory and in the cache that are no longer current.
    pub(crate) fn with_old_copies(names: &[&str]) -> Self {
        let faulty = Self::start();
        for name in names {
            faulty.edge.get(name).expect(200);
        }
        faulty.grow_old();
        faulty
    }

    /// Waits until nothing in memory is current.
    pub(crate) fn grow_old(&self) {
        std::thread::sleep(Duration::from_millis(4_200));
    }

    /// Replaces all faults. Returns what was counted since the last time.
    pub(crate) fn faults(&self, faults: &str) -> Value {
        self.edge.get(&format!("/__faults?{faults}")).expect(200).json()
    }

    /// Reads a path as so many visitors at once.
    pub(crate) fn crowd(&self, path: &str, visitors: usize) -> Vec<Answer> {
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..visitors).map(|_| scope.spawn(|| self.edge.get(path))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        })
    }

    /// Makes the isolate lose its memory. There are no faults then.
    pub(crate) fn fresh_isolate(&self) {
        self.faults("trap=/healthz");
        self.edge.get("/healthz").expect(200);
        self.faults("");
    }

    /// Waits until KV has copies of `status.json` and of the status page, of this version and made while the clock was so many
    /// milliseconds ahead.
    pub(crate) fn copied(&self, ahead: i64) {
        let version = self.edge.version();
        let after = Timestamp::now() + SignedDuration::from_millis(ahead / 2);
        let is_made = |copy: &Value| {
            let confirmed_at = copy["confirmed_at"].as_str().and_then(|time| time.parse().ok());
            copy["version"] == version
                && (ahead == 0 || confirmed_at.is_some_and(|time: Timestamp| time > after))
        };
        eventually("the copies", Duration::from_secs(60), || {
            let copies = &self.faults(&format!("clock={ahead}"))["kv copies"];
            self.edge.get("/status.json").expect(200);
            let are_made = ["/status.json", "/"].iter().all(|name| is_made(&copies[name]));
            std::thread::sleep(Duration::from_millis(if are_made { 0 } else { 300 }));
            are_made.then_some(())
        });
    }

    /// Makes the object lose its memory, with this fault of its storage.
    pub(crate) fn lose(&self, fault: &str) {
        self.grow_old();
        self.faults(fault);
        // The object is lost with this read, and made again for a later one.
        self.edge.get("/status.json");
    }
}

/// How many timers of a length in this range, in milliseconds, the product has set. A wait with a limit is a timer: they are
/// counted, because a busy machine makes every measured time longer.
pub(crate) fn timers(counted: &Value, range: RangeInclusive<u64>) -> u64 {
    let timer = |what: &str| what.strip_prefix("timer ")?.parse().ok();
    let all = counted.as_object().unwrap().iter();
    all.filter(|(what, _)| timer(what).is_some_and(|millis: u64| range.contains(&millis)))
        .filter_map(|(_, count)| count.as_u64())
        .sum()
}

/// Whether an answer is an old copy that says so.
pub(crate) fn is_labelled(answer: &Answer) -> bool {
    answer.status == 200 && answer.header("candor-unconfirmed-since").is_some()
}

/// Whether an answer is current.
pub(crate) fn is_current(answer: &Answer) -> bool {
    answer.status == 200 && answer.header("candor-unconfirmed-since").is_none()
}

#[test]
fn what_is_built_cannot_be_made_to_fail() {
    for file in ["entry.js", "candor_edge.js", "candor_edge_bg.wasm"] {
        let bytes = std::fs::read(paths::candor().join("edge").join(file)).unwrap();
        assert!(!bytes.windows(8).any(|part| part == b"__faults"), "{file}");
    }
}
