//! Looks for known vulnerabilities in what is built and tested with: in the crates (RustSec) and in the npm packages.
//!
//! Both databases are on the network. Where one cannot be had, the step does not fail and is not green: it says that nothing was
//! checked, and why.

use crate::{process, tools};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use xtask::group::Group;
use xtask::paths;

/// How long a database may take to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether something was checked: if not, why.
pub(super) type Checked = Option<String>;

/// Checks the crates of Cargo.lock.
pub(super) fn crates() -> Result<Checked> {
    let deny = || -> Result<Command> {
        let mut command = Command::new(tools::cargo_deny()?);
        command.current_dir(paths::root());
        Ok(command)
    };
    let log = paths::logs().join("advisories-of-crates.log");
    if !within(deny()?.args(["fetch", "db"]), &log)? {
        let text = fs::read_to_string(&log).unwrap_or_default();
        let why = if tools::offline(&text) { "the network is missing" } else { "it could not be fetched" };
        return Ok(Some(format!("the RustSec database: {why} ({})", log.display())));
    }
    // As it was fetched: between the two, the network may be lost.
    process::step("cargo deny advisories", deny()?.args(["check", "--disable-fetch", "advisories"]))?;
    Ok(None)
}

/// Checks the npm packages of the lock files.
pub(super) fn packages() -> Result<Checked> {
    let mut unchecked = Vec::new();
    for folder in ["edge", "tests"] {
        let log = paths::logs().join(format!("advisories-of-{folder}.log"));
        let mut npm = Command::new("npm");
        npm.current_dir(paths::root().join(folder)).args(["audit", "--package-lock-only", "--json"]);
        within(&mut npm, &log)?;
        let text = fs::read_to_string(&log).unwrap_or_default();
        match judged(&text).with_context(|| format!("npm audit in {folder}; see {}", log.display()))? {
            Audit::Clean => {}
            Audit::Unknown(why) => unchecked.push(format!("{folder}: {why}")),
        }
    }
    Ok((!unchecked.is_empty()).then(|| format!("npm audit: {}", unchecked.join("; "))))
}

/// What an output of `npm audit --json` says.
#[derive(Debug, PartialEq, Eq)]
enum Audit {
    Clean,
    /// There was no answer: why.
    Unknown(String),
}

/// Reads an output of `npm audit --json`. Fails if there is a vulnerability that npm calls high or critical.
fn judged(output: &str) -> Result<Audit> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Report {
        #[expect(dead_code, reason = "only a report has it")]
        audit_report_version: u32,
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        vulnerabilities: BTreeMap<String, u64>,
    }
    #[derive(Deserialize)]
    struct Failure {
        message: String,
    }
    // Warnings follow the JSON, and may come before it.
    let json = output.find('{').and_then(|at| output.get(at..)).unwrap_or_default();
    let first = |text| serde_json::Deserializer::from_str(text).into_iter::<Report>().next();
    if let Some(Ok(report)) = first(json) {
        let count = |level: &str| report.metadata.vulnerabilities.get(level).copied().unwrap_or_default();
        let (high, critical) = (count("high"), count("critical"));
        if high + critical > 0 {
            bail!("{critical} critical and {high} high vulnerabilities");
        }
        return Ok(Audit::Clean);
    }
    let failure = serde_json::Deserializer::from_str(json).into_iter::<Failure>().next();
    let why = match failure {
        Some(Ok(failure)) => failure.message.lines().next().unwrap_or_default().to_owned(),
        _ => "no report".to_owned(),
    };
    Ok(Audit::Unknown(why))
}

/// Runs a command with its output in a log, for a limited time. Returns whether it succeeded.
fn within(command: &mut Command, log: &Path) -> Result<bool> {
    fs::create_dir_all(paths::logs())?;
    let output = fs::File::create(log)?;
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let mut group = Group::spawn(command)
        .with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
    // Dropping it ends a program that still runs.
    Ok(group.ended_within(PATIENCE)?.is_some_and(|status| status.success()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_report_is_judged_and_anything_else_is_unknown() {
        let report = |high: u32| {
            format!(
                r#"{{"auditReportVersion":2,"vulnerabilities":{{}},"metadata":{{"vulnerabilities":{{"moderate":3,"high":{high},"critical":0}}}}}}"#
            )
        };
        assert_eq!(judged(&report(0)).unwrap(), Audit::Clean);
        assert_eq!(judged(&format!("npm warn x\n{}\nnpm error", report(0))).unwrap(), Audit::Clean);
        assert!(judged(&report(1)).is_err());
        let refused = r#"{"message":"405 Method Not Allowed - POST\nmore","error":{"summary":""}}"#;
        assert_eq!(judged(refused).unwrap(), Audit::Unknown("405 Method Not Allowed - POST".to_owned()));
        for nothing in ["", "npm error code ENOTFOUND", "{}"] {
            assert_eq!(judged(nothing).unwrap(), Audit::Unknown("no report".to_owned()), "{nothing}");
        }
    }
}
