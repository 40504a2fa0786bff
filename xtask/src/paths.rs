//! The paths of the project's folders.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The output of `build`. It does not follow `CARGO_TARGET_DIR`, because `edge/wrangler.toml` contains this path.
pub fn candor() -> PathBuf {
    root().join("target/candor")
}

/// The static files that are deployed with the worker.
pub fn assets() -> PathBuf {
    candor().join("assets")
}

/// The static files and the demo host page, for `dev` and the tests.
pub fn assets_dev() -> PathBuf {
    candor().join("assets-dev")
}

/// The virtual environment with the tests' Python clients.
pub fn python() -> PathBuf {
    candor().join("python")
}

/// The version of `s3s-fs`, an S3 server for the tests: the newest one for the pinned toolchain.
pub const S3S_FS: &str = "0.14.1";

/// The program `s3s-fs`.
///
/// # Errors
/// If there is no folder for tools.
pub fn s3s_fs() -> Result<PathBuf> {
    Ok(tools()?.join(format!("s3s-fs-{S3S_FS}/bin/s3s-fs")))
}

/// The logs of the steps.
pub fn logs() -> PathBuf {
    candor().join("logs")
}

/// The files that `dev` keeps between runs: `.candor` in the checkout, ignored by git, or `CANDOR_LOCAL`.
pub fn local() -> PathBuf {
    std::env::var_os("CANDOR_LOCAL").map_or_else(|| root().join(".candor"), PathBuf::from)
}

/// The pinned tools. They are outside the checkout, so that a fresh clone does not build them again.
pub fn tools() -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("CANDOR_TOOLS") {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = std::env::var_os("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(dir).join("candor"));
    }
    let home = std::env::home_dir()
        .context("no home folder for the tools: set CANDOR_TOOLS to a folder outside `target/`")?;
    Ok(if cfg!(target_os = "macos") {
        home.join("Library/Caches/candor")
    } else {
        home.join(".cache/candor")
    })
}
