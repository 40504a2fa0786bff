//! Lays out `local.json`: what `edge/wrangler.toml` means to the runtime inside wrangler, for the black-box tests.

use super::Build;
use crate::{process, stamp};
use anyhow::Result;
use xtask::{node, paths};

pub(super) fn lay_out(build: &Build) -> Result<()> {
    let edge = paths::root().join("edge");
    let config = edge.join("wrangler.toml");
    let script = paths::root().join("xtask/src/local/describe.mjs");
    let out = build.folder.join("local.json");
    let inputs = [config.clone(), script.clone(), edge.join("package-lock.json")];
    stamp::unless_fresh(&build.stamp("local"), "", &inputs, std::slice::from_ref(&out), || {
        let mut command = node::command("node")?;
        command.arg(script).arg(config).arg(&out);
        process::step("describing the worker for the local runtime", &mut command).map(|_| ())
    })
}
