//! Lays out `standby/`: the worker and its static files with a configuration for workerd alone. The folder can be copied to any
//! machine that has workerd.

use super::Build;
use super::assets::{copy_if_changed, mirror};
use super::widget::esbuild;
use crate::stamp;
use anyhow::Result;
use xtask::paths;

pub(super) fn lay_out(build: &Build) -> Result<()> {
    let (edge, out) = (build.folder.join("edge"), build.folder.join("standby"));
    let source = paths::root().join("examples/standby");
    for file in stamp::files(&source)? {
        copy_if_changed(&file, &out.join(file.strip_prefix(&source)?))?;
    }
    // The scripts that its own call.
    for tools in ["backup", "mirror"] {
        mirror(&paths::root().join("examples").join(tools), &out.join(tools))?;
    }
    mirror(&build.assets(), &out.join("assets"))?;
    std::fs::create_dir_all(out.join("state"))?;
    let (module, bundle) = (edge.join("candor_edge_bg.wasm"), out.join("edge/entry.js"));
    copy_if_changed(&module, &out.join("edge/candor_edge_bg.wasm"))?;
    let mut scripts = stamp::files(&edge)?;
    scripts.retain(|file| *file != module);
    stamp::unless_fresh(&build.stamp("standby"), "", &scripts, std::slice::from_ref(&bundle), || {
        // One module, because the names of wasm-bindgen's snippets change with its version.
        esbuild(
            "bundling the worker for workerd",
            &edge.join("entry.js"),
            &bundle,
            &[
                "--bundle",
                "--format=esm",
                "--external:*.wasm",
                "--external:cloudflare:workers",
                "--keep-names",
            ],
        )
    })
}
