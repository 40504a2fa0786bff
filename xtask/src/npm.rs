//! Installs the pinned npm packages: the local runtime, the bundler, the optimiser.

use crate::{process, tools};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use xtask::{node, paths};

/// Installs the packages that a folder's package-lock.json pins, and returns the path of `node_modules`.
pub(crate) fn packages(folder: &str) -> Result<PathBuf> {
    check()?;
    let folder = paths::root().join(folder);
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.candor-lock");
    // Two parallel steps may need the same packages.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock();
    if fs::read_to_string(&stamp).is_ok_and(|old| old == lock) {
        return Ok(folder.join("node_modules"));
    }
    let name = format!("npm ci in {}", folder.file_name().unwrap_or_default().to_string_lossy());
    let mut ci = Command::new("npm");
    // Install scripts are off: the lock has a package for each platform with the files that scripts would download.
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

/// A program from the packages of `edge/`.
pub(crate) fn program(name: &str) -> Result<Command> {
    node::command(packages("edge")?.join(".bin").join(name))
}

/// Fails with a one-line message if Node or npm is missing.
pub(crate) fn check() -> Result<()> {
    static CHECKED: std::sync::OnceLock<()> = std::sync::OnceLock::new();
    if CHECKED.get().is_some() {
        return Ok(());
    }
    if node::system().is_none() {
        bail!(
            "Node is missing: install Node with npm (https://nodejs.org), then run this again; an old version is enough, \
             because npm installs the version that Candor needs"
        );
    }
    if process::output(Command::new("npm").arg("--version")).is_none() {
        bail!(
            "npm is missing: install it with Node (https://nodejs.org), or on some systems as the package `npm`"
        );
    }
    let _ = CHECKED.set(());
    Ok(())
}

/// The lock that pins the tools. It is part of each stamp that depends on them.
pub(crate) fn lock_text() -> String {
    fs::read_to_string(Path::new(&paths::root()).join("edge/package-lock.json")).unwrap_or_default()
}
