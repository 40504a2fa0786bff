//! `build`: builds the worker and the widget into `target/candor`.
//!
//! ```text
//! target/candor/edge/        entry.js, candor_edge.js, candor_edge_bg.wasm: wrangler bundles these
//! target/candor/assets/      widget.js, element.js and candor/HASH/*: the static files, deployed with the worker
//! target/candor/assets-dev/  the static files and the demo host page
//! target/candor/standby/     the worker and its static files with a configuration for workerd alone
//! target/candor/local.json   the worker's configuration for the runtime of the black-box tests
//! target/candor/npm/         the element as a package for bundlers, for `npm pack`
//! target/candor/yew-app/     the example application in yew, for its test
//! target/candor/dev/         all of it except the package, built for build time instead of size, for `dev`
//! ```

mod assets;
mod edge;
mod example;
mod local;
mod names;
mod package;
mod standby;
mod types;
pub(crate) mod widget;

use crate::{npm, process, tools};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::paths;

/// Enabled one by one: with `--all-features` the optimiser writes encodings that browsers do not support yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/// Turns debug information off in unoptimised builds: wasm-bindgen removes it anyway.
pub(crate) const DEBUG: (&str, &str) = ("CARGO_PROFILE_DEV_DEBUG", "0");

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Deployment and measurement: optimised for size or speed.
    Release,
    /// The same, but the worker is built in less time.
    Quick,
    /// Development: built in little time.
    Dev,
}

/// The mode and the output folder of a build.
pub(crate) struct Build {
    mode: Mode,
    folder: PathBuf,
}

impl Build {
    fn release() -> Self {
        Self { mode: Mode::Release, folder: paths::candor() }
    }

    fn dev() -> Self {
        Self { mode: Mode::Dev, folder: paths::candor().join("dev") }
    }

    fn is_dev(&self) -> bool {
        self.mode == Mode::Dev
    }

    fn stamp(&self, name: &str) -> PathBuf {
        self.folder.join("stamps").join(name)
    }

    fn assets(&self) -> PathBuf {
        self.folder.join("assets")
    }

    /// Runs cargo for WebAssembly and returns the module's path. Flags in the caller's environment have no effect.
    fn cargo(
        &self,
        name: &str,
        package: &str,
        target: &Path,
        adjust: impl FnOnce(&mut Command),
    ) -> Result<PathBuf> {
        let mut cargo = tools::cargo();
        cargo
            .args(["build", "--target", tools::WASM, "--package", package, "--target-dir"])
            .arg(target)
            .env(DEBUG.0, DEBUG.1)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_BUILD_TARGET");
        let (profile, folder) = match self.mode {
            Mode::Dev => ("dev", "debug"),
            Mode::Quick if package == "candor-edge" => ("quick", "quick"),
            _ => ("release", "release"),
        };
        cargo.args(["--profile", profile]);
        adjust(&mut cargo);
        process::step(name, &mut cargo)?;
        Ok(target.join(tools::WASM).join(folder).join(format!("{}.wasm", package.replace('-', "_"))))
    }
}

/// Builds for deployment.
pub(crate) fn run() -> Result<()> {
    build(&Build::release())?;
    package::lay_out()?;
    println!("built: {}", paths::candor().display());
    Ok(())
}

/// Builds what tests need, in less time than for deployment: the worker is larger and slower.
pub(crate) fn run_quick() -> Result<()> {
    build(&Build { mode: Mode::Quick, ..Build::release() })?;
    package::lay_out()
}

/// Builds for `dev`, and returns the worker's entry and the folder of the static files.
pub(crate) fn run_dev() -> Result<(PathBuf, PathBuf)> {
    let dev = Build::dev();
    build(&dev)?;
    Ok((dev.folder.join("edge/entry.js"), dev.folder.join("assets-dev")))
}

/// Builds the example application for its test, for build time.
pub(crate) fn run_example() -> Result<()> {
    tools::rust_parts()?;
    example::build(&Build::dev())
}

/// Runs the parts in parallel: a download needs no core, and the last phase of an optimised build only one.
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
            thread
                .join()
                .unwrap_or_else(|_| bail!("a thread of the build panicked: its message is above"))?;
        }
        edge
    })?;
    assets::lay_out(build)?;
    standby::lay_out(build)?;
    local::lay_out(build)
}

fn wasm_opt(name: &str, flags: &[&str], input: &Path, output: &Path) -> Result<()> {
    let mut command = npm::program("wasm-opt")?;
    command.args(flags).args(WASM_FEATURES).arg(input).arg("-o").arg(output);
    process::step(name, &mut command).map(|_| ())
}
