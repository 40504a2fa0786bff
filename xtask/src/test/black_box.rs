//! Finds the black-box tests and runs those of one file or of all.

use super::cases::{self, Case};
use crate::{process, tools};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::paths;

/// The files whose tests run a second time on workerd alone, as a standby does.
const STANDALONE: [&str; 5] = ["durability", "pages", "reads", "signed", "writes"];
/// The tests in them about copies outside the object, which workerd alone has not.
const NEEDS_KV: [&str; 1] = ["the_last_known_good_copy_is_marked_unconfirmed"];

fn folder() -> PathBuf {
    paths::root().join("tests/tests")
}

/// The names of `tests/tests/NAME.rs` and `tests/tests/NAME/main.rs`.
pub(super) fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let is_one = path.join("main.rs").is_file() || path.extension().is_some_and(|ending| ending == "rs");
        names.extend(path.file_stem().filter(|_| is_one).map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Runs the tests of one file or of all. With a filter, only those whose name contains one of its parts.
pub(super) fn run(only: Option<&str>, filter: &[String]) -> Result<()> {
    let names = only.map_or_else(names, |name| Ok(vec![name.to_owned()]))?;
    let mut found = Vec::new();
    for (name, program) in compile(only, &names)? {
        for test in list(&program)? {
            if filter.is_empty() || filter.iter().any(|part| test.contains(part)) {
                let case = |standalone| Case {
                    file: name.clone(),
                    name: test.clone(),
                    program: program.clone(),
                    standalone,
                };
                found.push(case(false));
                if only.is_none() && STANDALONE.contains(&name.as_str()) && !NEEDS_KV.contains(&test.as_str())
                {
                    found.push(case(true));
                }
            }
        }
    }
    if found.is_empty() {
        bail!("no test in {} has {} in its name", names.join(", "), filter.join(" or "));
    }
    cases::run(found)
}

/// Compiles the test programs and returns their names and paths, as cargo reports them.
fn compile(only: Option<&str>, names: &[String]) -> Result<Vec<(String, PathBuf)>> {
    let mut command = tools::cargo();
    command.args(["test", "--no-run", "--message-format=json-render-diagnostics"]);
    command.args(["--package", "candor-tests"]);
    if let Some(name) = only {
        command.args(["--test", name]);
    }
    let log = match process::logged("compiling the black-box tests", &mut command)? {
        (_, Ok(log)) => log,
        (_, Err(log)) => {
            process::show_tail(&log, 60);
            bail!("the black-box tests do not compile: the errors are above");
        }
    };
    let (folder, mut programs) = (folder(), Vec::new());
    for line in fs::read_to_string(&log)?.lines() {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        // Skips tests of other packages with the same name.
        if let (Some(name), Some(program)) = (text("/target/name"), text("/executable"))
            && text("/target/src_path").is_some_and(|path| Path::new(path).starts_with(&folder))
            && names.iter().any(|known| known == name)
        {
            programs.push((name.to_owned(), PathBuf::from(program)));
        }
    }
    if programs.len() != names.len() {
        bail!(
            "cargo reported {} programs for {} test files; its whole output is in {}",
            programs.len(),
            names.len(),
            log.display()
        );
    }
    Ok(programs)
}

fn list(program: &PathBuf) -> Result<Vec<String>> {
    let list = process::output(Command::new(program).args(["--list", "--format", "terse"]));
    let list = list.with_context(|| format!("{} does not list its tests", program.display()))?;
    Ok(list.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}
