//! The harness of the black-box tests. It knows only the output of `cargo xtask build`, the wire formats, and
//! third-party programs, and nothing of the worker's code.
//!
//! ```text
//! Edge      a worker on a free port, with a state and random keys of its own
//! Answer    an HTTP response
//! Listener  an open stream of events
//! sign      signatures, written from the standards and not from the worker's code
//! Session   a browser of any engine, driven through WebDriver
//! Browser   Chromium, with its network log and access to closed shadow roots
//! Site      a web server on another origin: a host page, or an edge that fails in a chosen way
//! s3        S3 servers of other people, behind a gate that can fail in their place
//! chapters  the requests of a story
//! ```
//!
//! Each test starts what it needs and shares nothing, so tests run in any order. To wait for an event, a test polls
//! with [`eventually`] or [`Session::until`] and never sleeps for a fixed time.

mod browser;
pub mod bulletin;
mod edge;
mod http;
mod listen;
pub mod s3;
mod session;
pub mod sign;
mod site;
mod story;

pub use browser::{Browser, Request};
pub use edge::{Edge, Keys, Settings};
pub use http::Answer;
pub use listen::{Event, Heard, Listener};
pub use session::Session;
pub use sign::Key;
pub use site::{RECORDER, Reply, Site};
pub use story::chapters;
pub use xtask::{node, paths, weight};

use std::time::{Duration, Instant};

/// Calls `poll` until it returns a value. Panics with `what` if `patience` runs out.
pub fn eventually<T>(what: &str, patience: Duration, mut poll: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = poll() {
            return answer;
        }
        assert!(started.elapsed() < patience, "not within {} s: {what}", patience.as_secs());
        std::thread::sleep(Duration::from_millis(25));
    }
}
