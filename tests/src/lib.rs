//! The harness of the black-box tests. It knows nothing of the worker's inside: only what
//! `cargo xtask build` has made, the wire, and third-party programs.
//!
//! ```text
//! Edge     a worker on a free port, with a state and random keys of its own; ends with the value
//! Answer   what came back over HTTP
//! sign     signatures as the standards have them, written apart from the worker's
//! Session  a browser of any engine through its WebDriver
//! Browser  Chromium, with the network log and closed shadow roots besides
//! Site     a product page from another origin, with the headers of your choice; or an edge that fails as told
//! chapters the requests of a story
//! ```
//!
//! Each test starts what it needs and shares nothing, so that tests run in any order. Nothing sleeps to
//! wait for an event: see [`eventually`] and [`Session::until`].

mod browser;
mod edge;
mod http;
mod session;
pub mod sign;
mod site;
mod story;

pub use browser::{Browser, Request};
pub use edge::{Edge, Keys, Settings};
pub use http::Answer;
pub use session::Session;
pub use sign::Key;
pub use site::{Reply, Site};
pub use story::chapters;
pub use xtask::{node, paths, weight};

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer. Panics with `what` when there is none in time.
pub fn eventually<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < patience, "not within {} s: {what}", patience.as_secs());
        std::thread::sleep(Duration::from_millis(25));
    }
}
