//! Installs the pinned programs from crates.io and the missing parts of the Rust toolchain.

use crate::process;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use xtask::{browsers, paths};

const CARGO_DENY: &str = "0.19.9";

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// `wasm-bindgen` or `wasm-bindgen-test-runner`. The version has to equal the crate's, whose format it reads.
pub(crate) fn wasm_bindgen(program: &str) -> Result<PathBuf> {
    installed("wasm-bindgen-cli", &locked_version("wasm-bindgen")?, program)
}

pub(crate) fn cargo_deny() -> Result<PathBuf> {
    installed("cargo-deny", CARGO_DENY, "cargo-deny")
}

/// Firefox's driver, unless the environment names one.
pub(crate) fn geckodriver() -> Result<PathBuf> {
    browsers::geckodriver().map_or_else(|| installed("geckodriver", browsers::GECKODRIVER, "geckodriver"), Ok)
}

/// An S3 server that checks signatures, for the tests. As locked: later versions of what it needs want a newer toolchain.
pub(crate) fn s3s_fs() -> Result<PathBuf> {
    installed_with("s3s-fs", paths::S3S_FS, "s3s-fs", &["--locked", "--features", "binary"])
}

/// Installs a program unless it exists. Without `--locked`, because a published lock file can name versions that were
/// yanked since.
fn installed(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    installed_with(package, version, program, &[])
}

fn installed_with(package: &str, version: &str, program: &str, args: &[&str]) -> Result<PathBuf> {
    let folder = paths::tools()?.join(format!("{package}-{version}"));
    let path = folder.join("bin").join(program);
    // Two parallel steps may need the same program.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock();
    if path.exists() {
        return Ok(path);
    }
    let mut install = cargo();
    // Outside the workspace, so that its .cargo/config.toml does not apply to the tool.
    install
        .current_dir(std::env::temp_dir())
        // Without optimisation, which would take longer than the programs ever run.
        .args(["install", "--debug", package, "--version", version, "--root"])
        .arg(&folder)
        .args(args)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_TARGET_DIR");
    let (_, result) = process::logged(&format!("installing {package} {version} (once)"), &mut install)?;
    if let Err(log) = result {
        let text = fs::read_to_string(&log).unwrap_or_default();
        if offline(&text) {
            bail!("no network: cargo could not fetch {package} {version}; connect and run this again");
        }
        process::show_tail(&log, 30);
        bail!("could not install {package} {version}");
    }
    Ok(path)
}

/// Whether the output of a package manager shows that it could not reach its registry.
pub(crate) fn offline(log: &str) -> bool {
    [
        "Could not resolve host",
        "Couldn't resolve host",
        "Could not connect",
        "Couldn't connect",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ENETUNREACH",
        "network failure",
        "Temporary failure in name resolution",
    ]
    .iter()
    .any(|sign| log.contains(sign))
}

/// Adds the target and components of rust-toolchain.toml if they are missing. rustup does so itself, unless
/// `RUSTUP_AUTO_INSTALL=0` is set. A toolchain without rustup works if it has them.
pub(crate) fn rust_parts() -> Result<()> {
    let sysroot =
        process::output(Command::new("rustc").current_dir(paths::root()).args(["--print", "sysroot"]))
            .context("could not run rustc: install Rust with rustup (https://rustup.rs)")?;
    let lib = PathBuf::from(sysroot).join("lib/rustlib");
    if !lib.join(WASM).join("lib").exists() {
        rustup(&["target", "add", WASM])?;
    }
    if !lib.join("src/rust/library/std").exists() {
        rustup(&["component", "add", "rust-src"])?;
    }
    Ok(())
}

/// Adds the components that only `test` needs.
pub(crate) fn rust_checks() -> Result<()> {
    for (component, verb) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if process::output(cargo().args([verb, "--version"])).is_none() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(args: &[&str]) -> Result<()> {
    let name = format!("rustup {}", args.join(" "));
    let mut command = Command::new("rustup");
    command.current_dir(paths::root()).args(args);
    let (_, result) = process::logged(&name, &mut command).with_context(|| {
        format!("the Rust toolchain is incomplete, and rustup is missing: install it, or run the equivalent of `{name}`")
    })?;
    if let Err(log) = result {
        if offline(&fs::read_to_string(&log).unwrap_or_default()) {
            bail!("no network: `{name}` could not download; connect and run this again");
        }
        process::show_tail(&log, 10);
        bail!("{name} failed");
    }
    Ok(())
}

/// The cargo that runs xtask. Removes the variables that cargo sets for xtask: they would trigger rebuilds.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME" {
            command.env_remove(name.as_ref());
        }
    }
    command
}

fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|line| line.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {package}"))
}
