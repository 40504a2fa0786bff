//! Fetches the home page of a healthy service from a worker on this machine, to measure its size.

use crate::{dev, keys};
use anyhow::{Result, bail};
use std::fs;
use std::time::Duration;
use xtask::paths;
use xtask::runtime::{self, Runtime};

/// Starts a worker, loads the demo page, and returns the HTML of `/`.
pub(crate) fn page() -> Result<String> {
    let folder = paths::candor().join("size");
    let _ = fs::remove_dir_all(&folder);
    let key = keys::prepare(&folder)?;
    let port = runtime::free_port()?;
    let mut runtime = Runtime::start(&runtime::Options::in_folder(&folder, port))?;
    let (status, health) = runtime.wait(Duration::from_secs(90), || false)?;
    if status != 200 {
        bail!("the worker is not healthy: /healthz answers {status}: {health}");
    }
    dev::load_demo(&format!("http://127.0.0.1:{port}"), &key)?;
    match runtime::get(port, "/") {
        Some((200, page)) => Ok(page),
        other => bail!("expected 200 for /, got {other:?}"),
    }
}

/// The tags of a page that fetch from another origin.
pub(crate) fn foreign(page: &str) -> Vec<String> {
    let fetching = ["<script ", "<link ", "<img ", "<iframe ", "<source "];
    let tags = page.split('<').map(|tag| format!("<{}", tag.split('>').next().unwrap_or(tag)));
    tags.filter(|tag| {
        let own = ["rel=\"canonical\"", "rel=\"alternate\""].iter().any(|kind| tag.contains(kind));
        fetching.iter().any(|start| tag.starts_with(start)) && tag.contains("=\"http") && !own
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn tags_that_fetch_from_another_origin_are_found() {
        let page = "<link rel=\"canonical\" href=\"https://a.example/\"><script src=\"/page.js\"></script>\
            <a href=\"https://b.example/\">b</a><img src=\"https://c.example/x.png\"><link rel=\"icon\" href=\"data:,\">";
        assert_eq!(foreign(page), ["<img src=\"https://c.example/x.png\""]);
    }
}
