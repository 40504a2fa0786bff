//! `build`: the worker and the widget, into `target/candor`.
//!
//! ```text
//! target/candor/edge/        entry.js, candor_edge.js, candor_edge_bg.wasm: what wrangler bundles
//! target/candor/assets/      widget.js, element.js and candor/HASH/*: what is deployed beside it
//! target/candor/npm/         the element as a package for bundlers: what `npm pack` takes
//! target/candor/assets-dev/  the same, and the demo product page
//! ```

mod assets;
mod edge;
mod names;
mod package;
pub(crate) mod widget;

use crate::{npm, process, tools};
use anyhow::Result;
use std::path::Path;
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

pub(crate) fn run() -> Result<()> {
    npm::packages("edge")?;
    tools::rust_parts()?;
    widget::build()?;
    package::lay_out()?;
    edge::build()?;
    assets::lay_out()?;
    println!("built: {}", paths::candor().display());
    Ok(())
}

/// A cargo build for WebAssembly that nothing in the caller's environment bends.
fn cargo_wasm(package: &str) -> Command {
    let mut cargo = tools::cargo();
    cargo
        .args(["build", "--release", "--target", tools::WASM, "--package", package])
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET");
    cargo
}

fn wasm_opt(name: &str, flags: &[&str], input: &Path, output: &Path) -> Result<()> {
    let mut command = Command::new(npm::program("wasm-opt")?);
    command.args(flags).args(WASM_FEATURES).arg(input).arg("-o").arg(output);
    process::step(name, &mut command).map(|_| ())
}
