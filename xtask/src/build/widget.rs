//! The widget's module, its glue, and the loader that names both.

use super::{cargo_wasm, wasm_opt};
use crate::{npm, process, stamp, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::paths;

/// The standard library is built along: without the text of panics (a panic traps at once), for size, and
/// for engines without reference types. Stable Rust has no name for this yet, hence `RUSTC_BOOTSTRAP`.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Ctarget-cpu=mvp -Ctarget-feature=+mutable-globals,+sign-ext,+bulk-memory";

/// What the module may use of WebAssembly beyond its first version: as in `RUSTFLAGS`, and what README.md says of
/// browsers rests on it.
const MAY_USE: [&str; 4] =
    ["--enable-mutable-globals", "--enable-sign-ext", "--enable-bulk-memory", "--enable-bulk-memory-opt"];

pub(super) fn build() -> Result<()> {
    // Other flags than every other build's, so another folder: neither undoes the other's work.
    let target = paths::root().join("target/widget");
    let mut cargo = cargo_wasm("candor-widget");
    cargo
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(&target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", RUSTFLAGS)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z");
    process::step("building the widget", &mut cargo)?;
    let module = target.join(tools::WASM).join("release/candor_widget.wasm");

    let work = paths::candor().join("widget");
    let bindgen = tools::wasm_bindgen("wasm-bindgen")?;
    let salt = bindgen.to_string_lossy().into_owned() + &npm::lock_text();
    let glue = work.join("glue.min.js");
    let small = work.join("widget.wasm");
    stamp::unless_fresh(
        "widget",
        &salt,
        std::slice::from_ref(&module),
        &[glue.clone(), small.clone()],
        || {
            fs::create_dir_all(&work)?;
            let mut command = Command::new(&bindgen);
            // The loader says where the module is: its name carries a hash that the glue cannot know.
            command
                .args(["--target", "web", "--no-typescript", "--omit-default-module-path"])
                .args(["--out-name", "candor_widget", "--out-dir"])
                .arg(&work)
                .arg(&module);
            process::step("binding the widget", &mut command)?;
            wasm_opt(
                "shrinking the widget",
                &["-Oz", "--converge"],
                &work.join("candor_widget_bg.wasm"),
                &small,
            )?;
            esbuild("shrinking the widget's glue", &work.join("candor_widget.js"), &glue, &["--format=esm"])
        },
    )?;

    let folder = paths::assets().join("candor");
    // One hash for both, since they belong together: the loader says it once.
    let hash = stamp::hash8(&[fs::read(&small)?, fs::read(&glue)?].concat());
    let wasm = content_named(&folder, &hash, "wasm", &small)?;
    let js = content_named(&folder, &hash, "js", &glue)?;
    loader(&js, &wasm)?;
    page()
}

/// Copies under a name with the contents' hash, and removes what an earlier build left there.
fn content_named(folder: &Path, hash: &str, extension: &str, from: &Path) -> Result<String> {
    fs::create_dir_all(folder)?;
    let content = fs::read(from)?;
    let name = format!("widget-{hash}.{extension}");
    for old in stamp::files(folder)? {
        let is_old = old.extension().is_some_and(|its| its == extension)
            && old.file_name().is_some_and(|its| its.to_string_lossy() != name);
        if is_old {
            fs::remove_file(old)?;
        }
    }
    if fs::read(folder.join(&name)).ok().as_ref() != Some(&content) {
        fs::write(folder.join(&name), content)?;
    }
    Ok(format!("candor/{name}"))
}

fn loader(glue: &str, wasm: &str) -> Result<()> {
    let source = paths::root().join("widget/loader");
    let main = source.join("loader.js");
    let out = paths::assets().join("widget.js");
    if !main.exists() {
        bail!("{} is missing", main.display());
    }
    let salt = format!("{glue} {wasm} {}", npm::lock_text());
    stamp::unless_fresh("loader", &salt, &[source], std::slice::from_ref(&out), || {
        let defines = [format!("--define:__GLUE__=\"{glue}\""), format!("--define:__WASM__=\"{wasm}\"")];
        let flags: Vec<&str> = ["--bundle", "--format=iife", "--legal-comments=none"]
            .into_iter()
            .chain(defines.iter().map(String::as_str))
            .collect();
        esbuild("shrinking the loader", &main, &out, &flags)
    })
}

/// The script of the status page.
fn page() -> Result<()> {
    let source = paths::root().join("widget/loader/page.js");
    let out = paths::assets().join("page.js");
    stamp::unless_fresh(
        "page",
        &npm::lock_text(),
        std::slice::from_ref(&source),
        std::slice::from_ref(&out),
        || esbuild("shrinking the page's script", &source, &out, &["--format=iife", "--legal-comments=none"]),
    )
}

fn esbuild(name: &str, input: &Path, output: &Path, flags: &[&str]) -> Result<()> {
    let mut command = Command::new(npm::program("esbuild")?);
    command
        .arg(input)
        .args(["--minify", "--target=es2020"])
        .args(flags)
        .arg(format!("--outfile={}", output.display()));
    process::step(name, &mut command).map(|_| ())
}

/// The loader, the glue and the module, as they are served.
pub(crate) fn served() -> Result<(PathBuf, PathBuf, PathBuf)> {
    let files = stamp::files(&paths::assets().join("candor"))?;
    let with = |extension: &str| {
        files
            .iter()
            .find(|file| file.extension().is_some_and(|its| its == extension))
            .cloned()
            .with_context(|| format!("no candor/*.{extension}: run `cargo xtask build`"))
    };
    Ok((paths::assets().join("widget.js"), with("js")?, with("wasm")?))
}

/// Fails if the module needs an engine that is newer than we say.
pub(crate) fn check_features(module: &Path) -> Result<()> {
    let bare = paths::candor().join("widget/bare.wasm");
    // What a module says that it uses is believed, so that is removed before.
    wasm_opt("reading the widget", &["--strip-target-features"], module, &bare)?;
    let mut command = Command::new(npm::program("wasm-opt")?);
    command.arg("--mvp-features").args(MAY_USE).arg(&bare).args(["-o", "/dev/null"]);
    process::step("checking what the widget uses of WebAssembly", &mut command).map(|_| ())
}
