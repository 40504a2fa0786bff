//! Builds the example application in yew into `target/candor/yew-app`, as its reader's own tool would: Trunk replaces the two lines of
//! `index.html` that are marked for it.

use super::Build;
use super::assets::{copy_if_changed, write_if_changed};
use crate::{process, stamp, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;
use xtask::paths;

const PACKAGE: &str = "candor-example-yew-app";
/// The lines for Trunk, and what stands in the page that is served.
const LINES: [(&str, &str); 2] = [
    (r#"<link data-trunk rel="css" href="style.css">"#, r#"<link rel="stylesheet" href="style.css">"#),
    (
        r#"<link data-trunk rel="rust">"#,
        r#"<script type="module">import start from './yew-app.js'; start()</script>"#,
    ),
];

pub(super) fn build(build: &Build) -> Result<()> {
    let target = paths::root().join("target");
    let library = build.cargo("building the example in yew", PACKAGE, &target, |_| ())?;
    // A program keeps the hyphens of its name.
    let module = library.with_file_name(PACKAGE).with_extension("wasm");
    let (source, out) = (paths::root().join("examples/yew-app"), paths::candor().join("yew-app"));
    let bindgen = tools::wasm_bindgen("wasm-bindgen")?;
    let salt = bindgen.to_string_lossy().into_owned();
    let outputs = ["yew-app.js", "yew-app_bg.wasm"].map(|name| out.join(name));
    stamp::unless_fresh(&build.stamp("yew-app"), &salt, std::slice::from_ref(&module), &outputs, || {
        let mut command = Command::new(&bindgen);
        command.args(["--target", "web", "--no-typescript", "--out-name", "yew-app", "--out-dir"]);
        process::step("binding the example in yew", command.arg(&out).arg(&module)).map(|_| ())
    })?;
    copy_if_changed(&source.join("style.css"), &out.join("style.css"))?;
    let page = source.join("index.html");
    let mut text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    for (from, to) in LINES {
        if !text.contains(from) {
            bail!("{} has no {from}: adapt xtask/src/build/example.rs", page.display());
        }
        text = text.replace(from, to);
    }
    write_if_changed(&out.join("index.html"), text.as_bytes())
}
