//! Builds the worker's module, its glue, and the entry that wrangler bundles.

use super::{Build, Mode, wasm_opt};
use crate::{npm, process, stamp, tools};
use anyhow::{Context, Result};
use std::fs;
use std::process::Command;
use xtask::paths;

/// What is JavaScript of the worker.
const SCRIPTS: [&str; 3] = ["entry.js", "files.js", "stream.js"];

pub(super) fn build(build: &Build) -> Result<()> {
    let target = paths::root().join("target");
    let module = build.cargo("building the worker", "candor-edge", &target, |_| ())?;

    let scripts = SCRIPTS.map(|name| paths::root().join("edge").join(name));
    let out = build.folder.join("edge");
    let work = build.folder.join("edge-work");
    let bindgen = tools::wasm_bindgen("wasm-bindgen")?;
    let salt = bindgen.to_string_lossy().into_owned() + &npm::lock_text();
    let made = SCRIPTS.into_iter().chain(["candor_edge.js", "candor_edge_bg.wasm"]);
    let outputs: Vec<_> = made.map(|name| out.join(name)).collect();
    let inputs = [std::slice::from_ref(&module), &scripts].concat();
    stamp::unless_fresh(&build.stamp("edge"), &salt, &inputs, &outputs, || {
        let _ = fs::remove_dir_all(&work);
        fs::create_dir_all(&work)?;
        fs::create_dir_all(&out)?;
        let mut command = Command::new(&bindgen);
        // A panic makes the instance unusable, so `entry.js` needs a function that creates a new one.
        command
            .args(["--target", "module", "--no-typescript", "--experimental-reset-state-function"])
            .args(["--out-name", "candor_edge", "--out-dir"])
            .arg(&work)
            .arg(&module);
        process::step("binding the worker", &mut command)?;
        let (bound, optimised) = (work.join("candor_edge_bg.wasm"), out.join("candor_edge_bg.wasm"));
        if build.mode == Mode::Release {
            // A worker must be small enough to be deployed; `-O2` makes it a two-hundredth larger.
            wasm_opt("optimising the worker", &["-Os"], &bound, &optimised)?;
        } else {
            fs::copy(&bound, &optimised)?;
        }
        // workerd imports modules with a plain `import`; the bundler does not support "source phase" imports yet.
        let glue = fs::read_to_string(work.join("candor_edge.js"))?.replace("import source ", "import ");
        fs::write(out.join("candor_edge.js"), glue)?;
        let snippets = work.join("snippets");
        if snippets.exists() {
            super::assets::mirror(&snippets, &out.join("snippets"))?;
        }
        for (script, name) in scripts.iter().zip(SCRIPTS) {
            fs::copy(script, out.join(name)).with_context(|| format!("cannot read {}", script.display()))?;
        }
        Ok(())
    })
}
