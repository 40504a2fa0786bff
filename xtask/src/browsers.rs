//! Finds the browsers that the tests use, and their drivers.

use crate::paths;
use std::path::{Path, PathBuf};

/// The version of geckodriver that `cargo xtask test` installs from crates.io, because Debian has no package.
pub const GECKODRIVER: &str = "0.37.1";

/// Chromium's driver, or the program that `CHROMEDRIVER` names. `None` if Chromium is missing.
pub fn chromedriver() -> Option<PathBuf> {
    let browser = || which("chromium").or_else(|| which("google-chrome"));
    named("CHROMEDRIVER").or_else(|| which("chromedriver").filter(|_| browser().is_some()))
}

/// Firefox's driver, or the program that `GECKODRIVER` names.
pub fn geckodriver() -> Option<PathBuf> {
    let pinned = || Some(paths::tools().ok()?.join(format!("geckodriver-{GECKODRIVER}/bin/geckodriver")));
    named("GECKODRIVER").or_else(|| pinned().filter(|path| path.is_file()))
}

/// Firefox.
pub fn firefox() -> Option<PathBuf> {
    let mac = PathBuf::from("/Applications/Firefox.app/Contents/MacOS/firefox");
    which("firefox-esr").or_else(|| which("firefox")).or_else(|| Some(mac).filter(|path| path.is_file()))
}

/// MiniBrowser, which comes with WebKitGTK. `None` if its driver or Xvfb, the virtual display, is missing.
pub fn webkit() -> Option<PathBuf> {
    which("WebKitWebDriver")?;
    which("Xvfb")?;
    // It is not on the PATH. On Debian its folder is named after the architecture.
    let lib = Path::new("/usr/lib");
    let mut folders = vec![lib.to_path_buf(), PathBuf::from("/usr/libexec")];
    folders.extend(std::fs::read_dir(lib).ok()?.flatten().map(|entry| entry.path()));
    folders
        .iter()
        .flat_map(|folder| ["4.1", "4.0"].map(|api| folder.join(format!("webkit2gtk-{api}/MiniBrowser"))))
        .find(|path| path.is_file())
}

/// A program on the PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}
