//! `test`: everything that must hold, each step with its time, a summary last.
//!
//! A step that fails does not keep the others from running, apart from those that need what it makes.

use crate::{build, engines, npm, process, python, size, tools};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use xtask::browsers;

/// The worker's, the widget's and the browser's processes share the machine with the tests.
const BLACK_BOX_THREADS: &str = "2";

/// What is tested without a browser.
const PACKAGES: [&str; 4] = ["candor-shared", "candor-edge", "candor-widget", "xtask"];

struct Summary(Vec<(String, Duration, Result<()>)>);

impl Summary {
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        let started = Instant::now();
        let result = step();
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        let well = result.is_ok();
        self.0.push((name.to_owned(), started.elapsed(), result));
        well
    }
}

pub(crate) fn run() -> Result<()> {
    let mut summary = Summary(Vec::new());
    let started = Instant::now();
    npm::node()?;
    tools::rust_parts()?;
    tools::rust_checks()?;

    summary.step("format", || cargo("cargo fmt", &["fmt", "--all", "--check"]));
    summary.step("lints", lints);
    summary.step("licences and sources", deny);
    summary.step("tests on this machine", host_tests);
    summary.step("browsers", engines::install);
    summary.step("tests of the widget in a browser", wasm_tests);
    if summary.step("build", build::run) {
        summary.step("sizes", size::run);
        summary.step("black-box tests", black_box);
    }

    println!();
    for (name, took, result) in &summary.0 {
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{word:<7} {name:<34} {:>7.1} s", took.as_secs_f64());
    }
    println!("{:<42} {:>7.1} s", "", started.elapsed().as_secs_f64());
    let failed: Vec<&str> =
        summary.0.iter().filter(|(_, _, result)| result.is_err()).map(|(name, ..)| name.as_str()).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn cargo(name: &str, args: &[&str]) -> Result<()> {
    process::step(name, tools::cargo().args(args)).map(|_| ())
}

fn lints() -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    // One package a call: together, cargo would build yew with what a browser needs and with what a
    // server needs.
    for package in PACKAGES.into_iter().chain(["candor-tests"]) {
        let args = [&["clippy", "--all-targets", "--package", package], &DENY[..]].concat();
        cargo(&format!("clippy: {package}"), &args)?;
    }
    for package in ["candor-edge", "candor-widget"] {
        let args = [&["clippy", "--target", tools::WASM, "--package", package], &DENY[..]].concat();
        cargo(&format!("clippy for WebAssembly: {package}"), &args)?;
    }
    Ok(())
}

fn deny() -> Result<()> {
    let mut command = Command::new(tools::cargo_deny()?);
    command.current_dir(xtask::paths::root()).args(["check", "bans", "licenses", "sources"]);
    process::step("cargo deny", &mut command).map(|_| ())
}

fn host_tests() -> Result<()> {
    for package in PACKAGES {
        cargo(&format!("cargo test: {package}"), &["test", "--package", package])?;
    }
    Ok(())
}

fn wasm_tests() -> Result<()> {
    let chromedriver = chromedriver()?;
    let runner = tools::wasm_bindgen("wasm-bindgen-test-runner")?;
    let mut command = tools::cargo();
    command
        .args(["test", "--package", "candor-widget", "--target", tools::WASM, "--tests", "--lib"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", chromedriver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    process::step("wasm tests", &mut command).map(|_| ())
}

fn black_box() -> Result<()> {
    // What only the other engines need is missed by their own tests.
    chromedriver()?;
    npm::packages("tests")?;
    python::packages()?;
    let mut command = tools::cargo();
    command
        .args(["test", "--package", "candor-tests", "--no-fail-fast"])
        .env("RUST_TEST_THREADS", BLACK_BOX_THREADS);
    process::step("cargo test: candor-tests", &mut command).map(|_| ())
}

fn chromedriver() -> Result<PathBuf> {
    browsers::chromedriver().context("no Chromium with chromedriver: see the error of the step \"browsers\"")
}
