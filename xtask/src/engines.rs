//! The browsers of the tests: says which are missing, and installs them where that is possible without asking.

use crate::{process, tools};
use anyhow::{Result, bail};
use std::process::Command;
use xtask::browsers::{chromedriver, firefox, webkit, which};

struct Engine {
    name: &'static str,
    is_there: fn() -> bool,
    /// What Debian calls it.
    packages: &'static [&'static str],
}

const ENGINES: &[Engine] = &[
    Engine {
        name: "Chromium with chromedriver",
        is_there: || chromedriver().is_some(),
        packages: &["chromium", "chromium-driver"],
    },
    Engine { name: "Firefox", is_there: || firefox().is_some(), packages: &["firefox-esr"] },
    // Elsewhere there is no WebKit that can be driven without a person: Safari asks for one.
    #[cfg(target_os = "linux")]
    Engine {
        name: "WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb",
        is_there: || webkit().is_some(),
        packages: &["webkit2gtk-driver", "xvfb"],
    },
];

/// All of them, and geckodriver. One that cannot be had is a failure: nothing is skipped in silence.
pub(crate) fn install() -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("the tests run in Chromium and Firefox; those in WebKit (WebKitGTK) run on Linux only");
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
        bail!("after the installation, {}", advice(&missing));
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
        "the tests need {}: `sudo apt-get install {}` on Debian, or the same from your system's packages \
         (CHROMEDRIVER and GECKODRIVER name the drivers if they are not on the PATH)",
        names.join("; "),
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_what_to_install() {
        let text = advice(&[&ENGINES[1], &ENGINES[0]]);
        assert!(text.contains("the tests need Firefox; Chromium with chromedriver"), "{text}");
        assert!(text.contains("sudo apt-get install firefox-esr chromium chromium-driver`"), "{text}");
    }
}
