//! The configuration for workerd alone says what the deployed one says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use xtask::paths;

fn text(path: &str) -> String {
    fs::read_to_string(paths::root().join(path)).unwrap()
}

/// The names of settings in a text.
fn settings(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
    parts.filter(|part| part.starts_with("CANDOR_") && part.len() > 7).map(str::to_owned).collect()
}

/// A setting that is missing there would be ignored in silence.
#[test]
fn every_setting_can_be_set_on_a_standby() {
    let mut known = BTreeSet::new();
    for entry in fs::read_dir(paths::root().join("edge/src/settings")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let (code, _) = source.split_once("#[cfg(test)]").unwrap_or((&source, ""));
        known.extend(settings(code));
    }
    assert!(known.len() >= 8, "{known:?}");
    let config = text("examples/standby/config.capnp");
    let bound: BTreeSet<String> =
        known.iter().filter(|name| config.contains(&format!("(name = \"{name}\", "))).cloned().collect();
    assert_eq!(bound, known);
    assert_eq!(
        settings(&text("docs/deploying.md")).intersection(&known).count(),
        known.len(),
        "docs/deploying.md"
    );
}

#[test]
fn both_run_the_same_runtime() {
    let deployed = text("edge/wrangler.toml");
    let date = deployed.lines().find_map(|line| line.strip_prefix("compatibility_date = ")).unwrap();
    let config = text("examples/standby/config.capnp");
    let dates: Vec<&str> =
        config.lines().filter_map(|line| line.trim().strip_prefix("compatibilityDate = ")).collect();
    assert!(dates.len() == 3 && dates.iter().all(|of| of.trim_end_matches(',') == date), "{dates:?}");
    let lock: serde_json::Value = serde_json::from_str(&text("edge/package-lock.json")).unwrap();
    let version = lock["packages"]["node_modules/workerd"]["version"].as_str().unwrap();
    for file in ["examples/standby/Containerfile", "examples/standby/README.md"] {
        assert!(
            text(file).contains(&format!("workerd@{version}")),
            "{file} names another version than {version}"
        );
    }
}
