//! Node, and the pinned packages from npm: the local runtime, the bundler, the optimiser.

use crate::{process, tools};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use xtask::{node, paths};

/// A folder with a package-lock.json, its packages installed as locked.
pub(crate) fn packages(folder: &str) -> Result<PathBuf> {
    check()?;
    let folder = paths::root().join(folder);
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.candor-lock");
    // Two steps may want the same ones.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock();
    if fs::read_to_string(&stamp).is_ok_and(|old| old == lock) {
        return Ok(folder.join("node_modules"));
    }
    let name = format!("npm ci in {}", folder.file_name().unwrap_or_default().to_string_lossy());
    let mut ci = Command::new("npm");
    // No package's own scripts: what they would fetch is in packages of the lock, for each kind of machine.
    ci.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let (_, result) = process::logged(&name, &mut ci)?;
    if let Err(log) = result {
        if tools::offline(&fs::read_to_string(&log).unwrap_or_default()) {
            bail!(
                "no network: npm could not fetch the packages of {}; connect and run this again",
                folder.display()
            );
        }
        process::show_tail(&log, 30);
        bail!("{name} failed");
    }
    fs::write(stamp, lock)?;
    Ok(folder.join("node_modules"))
}

/// A program of the edge's packages.
pub(crate) fn program(name: &str) -> Result<Command> {
    node::command(packages("edge")?.join(".bin").join(name))
}

/// Fails in one line where nothing can run npm.
pub(crate) fn check() -> Result<()> {
    static CHECKED: std::sync::OnceLock<()> = std::sync::OnceLock::new();
    if CHECKED.get().is_some() {
        return Ok(());
    }
    if node::system().is_none() {
        bail!(
            "Node is missing: install it with npm (https://nodejs.org), then run this again; an old one will do, \
             it only has to run npm, which brings a new one along"
        );
    }
    if process::output(Command::new("npm").arg("--version")).is_none() {
        bail!(
            "npm is missing: it comes with Node (https://nodejs.org); some systems package it apart as `npm`"
        );
    }
    let _ = CHECKED.set(());
    Ok(())
}

/// What a stamp has to know of the tools: the lock that pins them.
pub(crate) fn lock_text() -> String {
    fs::read_to_string(Path::new(&paths::root()).join("edge/package-lock.json")).unwrap_or_default()
}
