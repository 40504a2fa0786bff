//! Where things are.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Everything `build` makes. `edge/wrangler.toml` names this folder, so that it does not follow
/// `CARGO_TARGET_DIR`.
pub fn candor() -> PathBuf {
    root().join("target/candor")
}

/// What is deployed beside the worker.
pub fn assets() -> PathBuf {
    candor().join("assets")
}

/// The same and the demo product page: for `dev` and the tests.
pub fn assets_dev() -> PathBuf {
    candor().join("assets-dev")
}

/// Where the tests' Python clients are installed.
pub fn python() -> PathBuf {
    candor().join("python")
}

/// Outputs of the steps, kept to be read when one fails.
pub fn logs() -> PathBuf {
    candor().join("logs")
}

/// What `dev` keeps between runs: `.candor` in the checkout, git-ignored, or `CANDOR_LOCAL`.
pub fn local() -> PathBuf {
    std::env::var_os("CANDOR_LOCAL").map_or_else(|| root().join(".candor"), PathBuf::from)
}

/// Pinned tools live outside the checkout, so that a fresh clone does not build them again.
pub fn tools() -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("CANDOR_TOOLS") {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = std::env::var_os("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(dir).join("candor"));
    }
    let home = std::env::home_dir().context(
        "no home folder to keep tools in: set CANDOR_TOOLS to a folder that survives `cargo clean`",
    )?;
    Ok(if cfg!(target_os = "macos") {
        home.join("Library/Caches/candor")
    } else {
        home.join(".cache/candor")
    })
}
