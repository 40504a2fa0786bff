//! `test`: runs all checks and prints a summary with the time of each step; or runs one file of the black-box tests.
//!
//! If a step fails, the others still run, except those that need its output. Downloads, which wait for the network, and
//! release builds, whose last phase uses one core, run in parallel with the host tests; the lints run beside the black-box tests, which
//! wait for browsers and runtimes most of the time.

mod advisories;
mod black_box;
mod cases;

use advisories::Checked;

use crate::{build, engines, npm, process, python, size, tools};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use xtask::{browsers, node, paths};

struct Summary {
    started: Instant,
    steps: Mutex<Vec<(String, Duration, Result<Checked>)>>,
}

impl Summary {
    fn new() -> Self {
        Self { started: Instant::now(), steps: Mutex::default() }
    }

    fn step(&self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        self.check(name, || step().map(|()| None))
    }

    /// A step that may find that it cannot check anything, which is neither well nor wrong.
    fn check(&self, name: &str, step: impl FnOnce() -> Result<Checked>) -> bool {
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
            let word = match result {
                Ok(None) => "ok",
                Ok(Some(_)) => "unknown",
                Err(_) => "FAILED",
            };
            println!("{word:<7} {name:<34} {:>7.1} s", took.as_secs_f64());
        }
        println!("{:<42} {:>7.1} s", "", self.started.elapsed().as_secs_f64());
        for (name, _, result) in &steps {
            if let Ok(Some(why)) = result {
                println!("{name} not checked: {why}");
            }
        }
        let failed: Vec<&str> =
            steps.iter().filter(|(_, _, result)| result.is_err()).map(|(name, ..)| name.as_str()).collect();
        if !failed.is_empty() {
            bail!("failed: {}; the errors are above", failed.join(", "));
        }
        Ok(())
    }
}

/// `test [[--quick] NAME [FILTER…]]`
pub(crate) fn run(mut args: lexopt::Parser) -> Result<()> {
    let (mut words, mut quick) = (Vec::new(), false);
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("quick") => quick = true,
            lexopt::Arg::Value(word) => words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    npm::check()?;
    match words.split_first() {
        Some((name, filter)) => one(name, filter, quick),
        None if quick => bail!("--quick is for one file: cargo xtask test --quick NAME"),
        None => all(),
    }
}

/// The black-box test of the example application in yew, which only it needs.
const YEW_APP: &str = "yew_app";

/// Runs one file of the black-box tests, after the steps that it needs.
fn one(name: &str, filter: &[String], quick: bool) -> Result<()> {
    let names = black_box::names()?;
    if !names.iter().any(|known| known == name) {
        bail!("no black-box test has the name {name}: use one of {}", names.join(", "));
    }
    let summary = Summary::new();
    let mut ready = summary.step("build", if quick { build::run_quick } else { build::run });
    if name == YEW_APP {
        ready &= summary.step("example in yew", build::run_example);
    }
    ready &= summary.step("browsers", engines::install);
    ready &= summary.step("third-party clients", clients);
    if ready {
        summary.step("black-box tests", || black_box::run(Some(name), filter));
    }
    summary.end()
}

fn all() -> Result<()> {
    let summary = Summary::new();
    tools::rust_parts()?;
    tools::rust_checks()?;
    std::thread::scope(|scope| {
        let fetched = scope.spawn(|| {
            process::in_background();
            let clients = summary.step("third-party clients", clients);
            summary.step("browsers", engines::install) & clients
        });
        let built = scope.spawn(|| {
            process::in_background();
            summary.step("build", build::run) & summary.step("example in yew", build::run_example)
        });
        summary.step("format", || cargo("cargo fmt", &["fmt", "--all", "--check"]));
        summary.step("host tests", host_tests);
        summary.step("licences and sources", deny);
        summary.step("the fuzzer's lock file", fuzzer);
        summary.check("advisories of crates", advisories::crates);
        summary.check("advisories of npm packages", advisories::packages);
        let (fetched, built) = (fetched.join().unwrap_or_default(), built.join().unwrap_or_default());
        scope.spawn(|| {
            process::in_background();
            summary.step("lints", lints)
        });
        if fetched {
            summary.step("tests of the widget in a browser", wasm_tests);
        }
        if fetched && built {
            summary.step("types of the scripts", script_types);
        }
        if built {
            summary.step("sizes", size::run);
        }
        if fetched && built {
            summary.step("black-box tests", || black_box::run(None, &[]));
        }
    });
    summary.end()
}

fn cargo(name: &str, args: &[&str]) -> Result<()> {
    process::step(name, tools::cargo().args(args)).map(|_| ())
}

/// The packages of each cargo call. Within a call, a dependency gets the features that any package enables, so the
/// widget and the example that uses it have calls of their own: otherwise yew would be built for the browser and for the server at once.
const CALLS: [&[&str]; 2] = [
    &["--workspace", "--exclude", "candor-widget", "--exclude", "candor-example-yew-app"],
    &["--package", "candor-widget", "--package", "candor-example-yew-app"],
];

fn lints() -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    for packages in CALLS {
        let args = [&["clippy", "--all-targets"], packages, &DENY].concat();
        lint(&format!("clippy {}", packages.join(" ")), &args)?;
    }
    for package in ["candor-edge", "candor-widget", "candor-example-yew-app"] {
        let args = [&["clippy", "--target", tools::WASM, "--package", package], &DENY[..]].concat();
        lint(&format!("clippy for WebAssembly: {package}"), &args)?;
    }
    Ok(())
}

/// Calls cargo with the lowest priority, and in a folder of its own: cargo locks the one that it works in, and some tests call it too.
fn lint(name: &str, args: &[&str]) -> Result<()> {
    let cargo = tools::cargo();
    let mut command = Command::new("nice");
    command.args(["-n", "19"]).arg(cargo.get_program()).args(args).current_dir(paths::root());
    for (name, value) in cargo.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("CARGO_TARGET_DIR", paths::root().join("target/lints"));
    process::step(name, &mut command).map(|_| ())
}

fn deny() -> Result<()> {
    let mut command = Command::new(tools::cargo_deny()?);
    command.current_dir(paths::root()).args(["check", "bans", "licenses", "sources"]);
    process::step("cargo deny", &mut command).map(|_| ())
}

/// The fuzzer is outside the workspace, so that nothing else finds out that its lock file no longer fits the crates that it tries.
fn fuzzer() -> Result<()> {
    let manifest = paths::root().join("fuzz/Cargo.toml");
    let mut command = tools::cargo();
    command.args(["metadata", "--locked", "--format-version", "1", "--manifest-path"]).arg(manifest);
    process::step("cargo metadata of the fuzzer", &mut command)
        .map(|_| ())
        .context("update it with `cargo metadata --manifest-path fuzz/Cargo.toml`, and commit it")
}

/// Runs all tests except the black-box tests. Those are excluded from compilation too, because their dependencies would
/// enable a feature that changes the order of the fields that the worker writes.
fn host_tests() -> Result<()> {
    let rest = [CALLS[0], &["--exclude", "candor-tests"]].concat();
    for packages in [&rest[..], CALLS[1]] {
        for kind in [&["--lib", "--bins", "--tests"][..], &["--doc"]] {
            let args = [&["test", "--no-fail-fast"], packages, kind].concat();
            cargo(&args.join(" "), &args)?;
        }
    }
    Ok(())
}

/// Checks the types in `widget/loader` and `widget/element`, by what is written in comments and by those of the documents, which the
/// build makes.
fn script_types() -> Result<()> {
    let compiler = npm::packages("tests")?.join(".bin/tsc");
    let mut command = node::command(compiler)?;
    command.arg("--project").arg(paths::root().join("widget"));
    process::step("tsc", &mut command).map(|_| ())
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
    tools::s3s_fs()?;
    python::packages()
}

fn chromedriver() -> Result<PathBuf> {
    browsers::chromedriver()
        .context("Chromium or chromedriver is missing: see the error of the step \"browsers\"")
}
