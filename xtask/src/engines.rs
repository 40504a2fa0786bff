//! Installs the browsers of the tests where this needs no password, and otherwise names the missing ones.

use crate::{process, tools};
use anyhow::{Result, bail};
use std::process::Command;
use xtask::browsers::{chromedriver, firefox, webkit, which};

struct Engine {
    name: &'static str,
    is_there: fn() -> bool,
    /// The names of its Debian packages.
    packages: &'static [&'static str],
}

const ENGINES: &[Engine] = &[
    Engine {
        name: "Chromium with chromedriver",
        is_there: || chromedriver().is_some(),
        packages: &["chromium", "chromium-driver"],
    },
    Engine { name: "Firefox", is_there: || firefox().is_some(), packages: &["firefox-esr"] },
    // Linux only: Safari, the WebKit of macOS, has to be enabled by hand for WebDriver.
    #[cfg(target_os = "linux")]
    Engine {
        name: "WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb",
        is_there: || webkit().is_some(),
        packages: &["webkit2gtk-driver", "xvfb"],
    },
];

/// Installs missing browsers and geckodriver. Fails if one is still missing, so that no test is skipped silently.
pub(crate) fn install() -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("skipping the WebKit tests: they need WebKitGTK and run on Linux only");
    }
    let missing = missing();
    if !missing.is_empty() {
        let root = process::output(Command::new("id").arg("-u")).as_deref() == Some("0");
        if !root || which("apt-get").is_none() {
            bail!("{}", advice(&missing));
        }
        let packages: Vec<&str> = missing.iter().flat_map(|engine| engine.packages).copied().collect();
        process::step("apt-get update", Command::new("apt-get").arg("update"))?;
        process::step(
            &format!("apt-get install {}", packages.join(" ")),
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends"])
                .args(&packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    tools::geckodriver()?;
    let missing = self::missing();
    if !missing.is_empty() {
        bail!("still missing after the installation: {}", advice(&missing));
    }
    Ok(())
}

fn missing() -> Vec<&'static Engine> {
    ENGINES.iter().filter(|engine| !(engine.is_there)()).collect()
}

fn advice(missing: &[&Engine]) -> String {
    let names: Vec<&str> = missing.iter().map(|engine| engine.name).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|engine| engine.packages).copied().collect();
    format!(
        "the tests need {}: run `sudo apt-get install {}` on Debian, or install the same packages on your system \
         (set CHROMEDRIVER and GECKODRIVER if the drivers are not on the PATH)",
        names.join("; "),
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_missing_browsers_and_their_packages() {
        let text = advice(&[&ENGINES[1], &ENGINES[0]]);
        assert!(text.contains("the tests need Firefox; Chromium with chromedriver"), "{text}");
        assert!(text.contains("sudo apt-get install firefox-esr chromium chromium-driver`"), "{text}");
    }
}
