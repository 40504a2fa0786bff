//! `test`: everything that must hold, each step with its time, a summary last; or one file of the black-box tests.
//!
//! A step that fails does not keep the others from running, apart from those that need what it makes. What waits for
//! the network, and the builds for release, whose last phases keep one core busy, run beside the lints and the tests on
//! this machine.

mod black_box;
mod cases;

use crate::{build, engines, npm, process, python, size, tools};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use xtask::browsers;

struct Summary {
    started: Instant,
    steps: Mutex<Vec<(String, Duration, Result<()>)>>,
}

impl Summary {
    fn new() -> Self {
        Self { started: Instant::now(), steps: Mutex::default() }
    }

    fn step(&self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        let started = Instant::now();
        let result = step();
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        let well = result.is_ok();
        if let Ok(mut steps) = self.steps.lock() {
            steps.push((name.to_owned(), started.elapsed(), result));
        }
        well
    }

    fn end(self) -> Result<()> {
        let steps = self.steps.into_inner().unwrap_or_default();
        println!();
        for (name, took, result) in &steps {
            let word = if result.is_ok() { "ok" } else { "FAILED" };
            println!("{word:<7} {name:<34} {:>7.1} s", took.as_secs_f64());
        }
        println!("{:<42} {:>7.1} s", "", self.started.elapsed().as_secs_f64());
        let failed: Vec<&str> =
            steps.iter().filter(|(_, _, result)| result.is_err()).map(|(name, ..)| name.as_str()).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

/// `test [NAME [FILTER…]]`
pub(crate) fn run(mut args: lexopt::Parser) -> Result<()> {
    let mut words = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    npm::check()?;
    match words.split_first() {
        Some((name, filter)) => one(name, filter),
        None => all(),
    }
}

/// One file of the black-box tests, with all that it needs.
fn one(name: &str, filter: &[String]) -> Result<()> {
    let names = black_box::names()?;
    if !names.iter().any(|known| known == name) {
        bail!("no black-box test is called {name}: there are {}", names.join(", "));
    }
    let summary = Summary::new();
    let mut ready = summary.step("build", build::run);
    ready &= summary.step("browsers", engines::install);
    ready &= summary.step("other people's clients", clients);
    if ready {
        summary.step("black-box tests", || black_box::run(Some(name), filter));
    }
    summary.end()
}

fn all() -> Result<()> {
    let summary = Summary::new();
    tools::rust_parts()?;
    tools::rust_checks()?;
    let (fetched, built) = std::thread::scope(|scope| {
        let fetched = scope.spawn(|| {
            process::in_background();
            let clients = summary.step("other people's clients", clients);
            summary.step("browsers", engines::install) & clients
        });
        let built = scope.spawn(|| {
            process::in_background();
            summary.step("build", build::run)
        });
        summary.step("format", || cargo("cargo fmt", &["fmt", "--all", "--check"]));
        summary.step("lints", lints);
        summary.step("tests on this machine", host_tests);
        summary.step("licences and sources", deny);
        (fetched.join().unwrap_or_default(), built.join().unwrap_or_default())
    });
    if fetched {
        summary.step("tests of the widget in a browser", wasm_tests);
    }
    if built {
        summary.step("sizes", size::run);
    }
    if fetched && built {
        summary.step("black-box tests", || black_box::run(None, &[]));
    }
    summary.end()
}

fn cargo(name: &str, args: &[&str]) -> Result<()> {
    process::step(name, tools::cargo().args(args)).map(|_| ())
}

/// In one call of cargo, every dependency gets the features that any of the packages asks for. So the widget is apart
/// from the others: yew would get what a browser needs and what a server needs.
const APART: [&[&str]; 2] = [&["--workspace", "--exclude", "candor-widget"], &["--package", "candor-widget"]];

fn lints() -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    for packages in APART {
        let args = [&["clippy", "--all-targets"], packages, &DENY].concat();
        cargo(&format!("clippy {}", packages.join(" ")), &args)?;
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

/// All but the black-box tests, which are apart here too: what they depend on would change the order in which the
/// worker writes fields.
fn host_tests() -> Result<()> {
    let rest = [APART[0], &["--exclude", "candor-tests"]].concat();
    for packages in [&rest[..], APART[1]] {
        for kind in [&["--lib", "--bins", "--tests"][..], &["--doc"]] {
            let args = [&["test"], packages, kind].concat();
            cargo(&args.join(" "), &args)?;
        }
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
        .env(build::DEBUG.0, build::DEBUG.1)
        .env("CHROMEDRIVER", chromedriver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    process::step("wasm tests", &mut command).map(|_| ())
}

fn clients() -> Result<()> {
    npm::packages("tests")?;
    python::packages()
}

fn chromedriver() -> Result<PathBuf> {
    browsers::chromedriver().context("no Chromium with chromedriver: see the error of the step \"browsers\"")
}
