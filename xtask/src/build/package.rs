//! Builds the element as a package for bundlers in `target/candor/npm`, ready for `npm pack`.
//!
//! The served element computes the URLs of the files that it loads from its own URL. A bundler moves the element and
//! follows only literal imports, so this module replaces the computed URLs by literal imports and the style sheets by their
//! texts.

use super::widget;
use crate::{npm, stamp};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use xtask::paths;

/// The expression with which the widget loads a style sheet.
const SHEET: &str =
    "fetch(at(file), { signal: AbortSignal.timeout(1e4) }).then(answer => answer.ok && answer.text())";
/// What else names a file by its address, and what stands there in the package: in which source, what, and by what it is replaced.
const REPLACED: [(&str, &str, &str); 6] = [
    (
        "loader/files.js",
        "import(at(file))",
        "({ 'paint.js': () => import('./embed.js'), 'windows.js': () => import('./windows.js'), \
         'live.js': () => import('./live.js'), 'mirror.js': () => import('./mirror.js') })[file]()",
    ),
    ("loader/files.js", "import(at('take.js'))", "import('../element/take.js')"),
    ("loader/files.js", "import(at('widget.js'))", "import('./glue.js')"),
    ("loader/files.js", "fetch(at('widget.wasm'))", "fetch(new URL('widget.wasm', import.meta.url))"),
    ("element/beside.js", "new URL(file, import.meta.url)", "file"),
    // The loader itself would look for its tag.
    ("element/loader.js", "'../loader/loader.js'", "'../loader/shared.js'"),
];

pub(super) fn lay_out() -> Result<()> {
    let widget = paths::root().join("widget");
    let package = paths::candor().join("npm");
    let made = paths::candor().join("widget");
    fs::create_dir_all(&package)?;
    // Of an earlier build.
    let _ = fs::remove_dir_all(package.join("locales"));
    element(&package.join("element.js"))?;
    let files = [
        ("glue.js", made.join("glue.min.js")),
        ("widget.wasm", made.join("widget.wasm")),
        ("README.md", widget.join("npm/README.md")),
        ("LICENSE-APACHE", paths::root().join("LICENSE-APACHE")),
        ("LICENSE-MIT", paths::root().join("LICENSE-MIT")),
    ];
    for (name, file) in files {
        fs::copy(&file, package.join(name)).with_context(|| format!("cannot read {}", file.display()))?;
    }

    fs::write(package.join("element.d.ts"), widget::declarations()?)?;
    let manifest = fs::read_to_string(widget.join("npm/package.json"))?;
    let mut manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    if let Some(fields) = manifest.as_object_mut() {
        fields.insert("version".to_owned(), env!("CARGO_PKG_VERSION").into());
    }
    fs::write(package.join("package.json"), format!("{manifest:#}\n"))?;
    Ok(())
}

fn element(out: &Path) -> Result<()> {
    let widget = paths::root().join("widget");
    let folders = ["element", "loader", "css"];
    let mut sources = folders.map(|folder| widget.join(folder)).to_vec();
    sources.push(paths::candor().join("widget/unknown.json"));
    let salt = format!("{SHEET} {REPLACED:?} {}", npm::lock_text());
    let outputs = [out.to_path_buf()];
    stamp::unless_fresh(&paths::candor().join("stamps/npm"), &salt, &sources, &outputs, || {
        let work = paths::candor().join("npm-work");
        for folder in folders {
            super::assets::mirror(&widget.join(folder), &work.join(folder))?;
        }
        let text = |name: &str| {
            Ok::<_, anyhow::Error>(serde_json::to_string(&fs::read_to_string(
                paths::candor().join(format!("widget/{name}")),
            )?)?)
        };
        let sheets = format!(
            "Promise.resolve({{'banner.css':{},'panel.css':{},'unknown.json':{}}}[file])",
            text("banner.css")?,
            text("panel.css")?,
            text("unknown.json")?
        );
        write_out(&work.join("loader/files.js"), SHEET, &sheets)?;
        for (file, from, to) in REPLACED {
            write_out(&work.join(file), from, to)?;
        }
        let flags = ["--bundle", "--format=esm", "--legal-comments=none", "--external:./glue.js"];
        widget::esbuild("shrinking the package's element", &work.join("element/element.js"), out, &flags)
    })
}

fn write_out(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    if text.matches(from).count() != 1 {
        bail!(
            "{} has to contain `{from}` exactly once: adapt xtask/src/build/package.rs to the changed import",
            file.display()
        );
    }
    fs::write(file, text.replace(from, to))?;
    Ok(())
}
