//! `build`: the worker and the widget, into `target/candor`.
//!
//! ```text
//! target/candor/edge/        entry.js, candor_edge.js, candor_edge_bg.wasm: what wrangler bundles
//! target/candor/assets/      widget.js, element.js and candor/HASH/*: what is deployed beside it
//! target/candor/npm/         the element as a package for bundlers: what `npm pack` takes
//! target/candor/assets-dev/  the same, and the demo product page
//! target/candor/dev/         all but the package once more, built fast instead of small: what `dev` runs
//! ```

mod assets;
mod edge;
mod names;
mod package;
pub(crate) mod widget;

use crate::{npm, process, tools};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::paths;

/// Given one by one: with `-all` the optimiser writes encodings that browsers do not read yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/// For unoptimised builds: wasm-bindgen drops what a debugger would read.
pub(crate) const DEBUG: (&str, &str) = ("CARGO_PROFILE_DEV_DEBUG", "0");

/// How it is built, and where to.
pub(crate) struct Build {
    /// What is deployed, measured and tested: optimised for size or speed. Else what is there soonest.
    release: bool,
    folder: PathBuf,
}

impl Build {
    fn release() -> Self {
        Self { release: true, folder: paths::candor() }
    }

    fn dev() -> Self {
        Self { release: false, folder: paths::candor().join("dev") }
    }

    fn stamp(&self, name: &str) -> PathBuf {
        self.folder.join("stamps").join(name)
    }

    fn assets(&self) -> PathBuf {
        self.folder.join("assets")
    }

    /// Runs cargo for WebAssembly, bent by nothing in the caller's environment, and returns the module.
    fn cargo(
        &self,
        name: &str,
        package: &str,
        target: &Path,
        bend: impl FnOnce(&mut Command),
    ) -> Result<PathBuf> {
        let mut cargo = tools::cargo();
        cargo
            .args(["build", "--target", tools::WASM, "--package", package, "--target-dir"])
            .arg(target)
            .args(self.release.then_some("--release"))
            .env(DEBUG.0, DEBUG.1)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        bend(&mut cargo);
        process::step(name, &mut cargo)?;
        let profile = if self.release { "release" } else { "debug" };
        Ok(target.join(tools::WASM).join(profile).join(format!("{}.wasm", package.replace('-', "_"))))
    }
}

/// What is deployed.
pub(crate) fn run() -> Result<()> {
    build(&Build::release())?;
    package::lay_out()?;
    println!("built: {}", paths::candor().display());
    Ok(())
}

/// What `dev` runs: the worker's entry and the static files.
pub(crate) fn run_dev() -> Result<(PathBuf, PathBuf)> {
    let dev = Build::dev();
    build(&dev)?;
    Ok((dev.folder.join("edge/entry.js"), dev.folder.join("assets-dev")))
}

/// Side by side, since a download keeps no core busy, and the last phase of an optimised build one.
fn build(build: &Build) -> Result<()> {
    tools::rust_parts()?;
    std::thread::scope(|scope| {
        let tools = scope.spawn(|| {
            process::in_background();
            npm::packages("edge")?;
            tools::wasm_bindgen("wasm-bindgen").map(|_| ())
        });
        let widget = scope.spawn(|| {
            process::in_background();
            widget::build(build)
        });
        let edge = edge::build(build);
        for thread in [tools, widget] {
            thread.join().unwrap_or_else(|_| bail!("a part of the build has failed"))?;
        }
        edge
    })?;
    assets::lay_out(build)
}

fn wasm_opt(name: &str, flags: &[&str], input: &Path, output: &Path) -> Result<()> {
    let mut command = npm::program("wasm-opt")?;
    command.args(flags).args(WASM_FEATURES).arg(input).arg("-o").arg(output);
    process::step(name, &mut command).map(|_| ())
}
