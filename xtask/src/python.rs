//! Installs the third-party clients that are written in Python, as pinned, into a virtual environment.

use crate::{process, tools};
use anyhow::{Result, bail};
use std::fs;
use std::process::Command;
use xtask::paths;

/// Creates the virtual environment, unless it already has the pinned packages.
pub(crate) fn packages() -> Result<()> {
    let pinned = paths::root().join("tests/clients/requirements.txt");
    let (folder, wanted) = (paths::python(), fs::read_to_string(&pinned)?);
    let stamp = folder.join(".candor-requirements");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(());
    }
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    if process::output(Command::new("python3").args(["-c", check])).is_none() {
        bail!(
            "Python 3.11 or later with venv is missing, which some tests need: install it (`sudo apt-get install python3-venv` on Debian)"
        );
    }
    let _ = fs::remove_dir_all(&folder);
    process::step("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&pinned);
    let (_, result) = process::logged("pip install for tests/clients", &mut pip)?;
    if let Err(log) = result {
        if tools::offline(&fs::read_to_string(&log).unwrap_or_default()) {
            bail!(
                "no network: pip could not fetch the packages of tests/clients; connect and run this again"
            );
        }
        process::show_tail(&log, 30);
        bail!("pip could not install tests/clients/requirements.txt: its output is above");
    }
    fs::write(stamp, wanted)?;
    Ok(())
}
