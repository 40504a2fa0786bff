//! Builds the widget's module and glue, the element, what paints, and the loader, which contains the name of their
//! folder.

use super::assets::{copy_if_changed, write_if_changed};
use super::{Build, WASM_FEATURES, names, types, wasm_opt};
use crate::{npm, process, stamp, tools};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::paths;

/// The flags under which the widget and the standard library are built: for size, without panic messages (a panic traps
/// at once), and for engines without reference types. `RUSTC_BOOTSTRAP` is needed because the flags are unstable.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Ctarget-cpu=mvp -Ctarget-feature=+mutable-globals,+sign-ext,+bulk-memory";

/// The module leaves to the scripts around it what they do anyway.
const SCRIPTED: [&str; 3] = ["--no-default-features", "--features", "csr"];

/// The WebAssembly features that the module may use beyond the MVP. They match `RUSTFLAGS`, and the browser versions in
/// README.md depend on them.
const MAY_USE: [&str; 4] =
    ["--enable-mutable-globals", "--enable-sign-ext", "--enable-bulk-memory", "--enable-bulk-memory-opt"];
/// Optimises for size, and strips sections that only tools read.
const SHRINK: [&str; 4] = ["-Oz", "--converge", "--strip-producers", "--strip-target-features"];

pub(super) fn build(build: &Build) -> Result<()> {
    let (small, glue) = module(build)?;
    let loader = loader(build)?;
    let parts = [
        ("widget.wasm", small),
        ("widget.js", glue),
        ("element.js", bundle(build, "element.js", "element/element.js", &["--external:./loader.js"])?),
        ("loader.js", written(build, "defining.js", &defining(&loader)?)?),
        ("take.js", bundle(build, "take.js", "element/take.js", &[])?),
        ("windows.js", bundle(build, "windows.js", "loader/windows.js", &[])?),
        ("live.js", bundle(build, "live.js", "loader/live.js", &["--external:./windows.js"])?),
        ("mirror.js", bundle(build, "mirror.js", "loader/mirror.js", &[])?),
        ("banner.css", sheet(build, "banner")?),
        ("panel.css", sheet(build, "panel")?),
        ("paint.js", written(build, "paint.js", &painter(build)?)?),
        ("unknown.json", written(build, "unknown.json", &unknown()?)?),
    ];
    let parts = parts.into_iter().map(|(name, file)| (name.to_owned(), file));
    let folder = publish(build, parts)?;
    let named = loader.replace(UNNAMED, &format!("{folder}/"));
    write_if_changed(&build.assets().join("widget.js"), named.as_bytes())?;
    // Under names that never change, too: the worker sends what paints with the loader where there is a banner, and a page that was
    // opened before a deployment is led to these.
    for name in STABLE {
        copy_if_changed(&build.assets().join(&folder).join(name), &build.assets().join(name))?;
    }
    // What it has taken over it knows itself, so that it must not be there twice.
    write_if_changed(
        &build.assets().join("take.js"),
        format!("export * from './{folder}/take.js'\n").as_bytes(),
    )?;
    entry(build, &folder)?;
    pages(build)
}

/// The yew widget as a WebAssembly module, and its JavaScript glue.
fn module(build: &Build) -> Result<(PathBuf, PathBuf)> {
    let target = paths::root().join("target");
    let module = if !build.is_dev() {
        // A folder of its own, because its flags differ: in a shared one, each build would discard the other's results.
        build.cargo("building the widget", "candor-widget", &target.join("widget"), |cargo| {
            cargo
                .args(SCRIPTED)
                .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTFLAGS", RUSTFLAGS)
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z");
        })?
    } else {
        build.cargo("building the widget", "candor-widget", &target, |cargo| {
            cargo.args(SCRIPTED);
        })?
    };
    let work = build.folder.join("widget");
    let bindgen = tools::wasm_bindgen("wasm-bindgen")?;
    let salt = [
        &bindgen.to_string_lossy(),
        SHRINK.join(" ").as_str(),
        "twice",
        &npm::lock_text(),
        include_str!("names.rs"),
    ]
    .concat();
    let (small, glue) = (work.join("widget.wasm"), work.join("glue.min.js"));
    let outputs = [small.clone(), glue.clone()];
    stamp::unless_fresh(&build.stamp("widget"), &salt, std::slice::from_ref(&module), &outputs, || {
        fs::create_dir_all(&work)?;
        let mut command = Command::new(&bindgen);
        // The loader passes the module's URL, which contains a hash that the glue does not know.
        command
            .args(["--target", "web", "--no-typescript", "--omit-default-module-path"])
            .args(["--out-name", "candor_widget", "--out-dir"])
            .arg(&work)
            .arg(&module);
        process::step("binding the widget", &mut command)?;
        let (bound, bound_glue) = (work.join("candor_widget_bg.wasm"), work.join("candor_widget.js"));
        if build.is_dev() {
            fs::copy(&bound, &small)?;
            fs::copy(&bound_glue, &glue)?;
            return Ok(());
        }
        let (shrunk, renamed) = (work.join("shrunk.wasm"), work.join("renamed.js"));
        let named = work.join("named.wasm");
        wasm_opt("shrinking the widget", &SHRINK, &bound, &shrunk)?;
        names::shorten(&WASM_FEATURES, (&shrunk, &named), (&bound_glue, &renamed))?;
        // In the order of the new names it compresses better: 200 bytes.
        wasm_opt("shrinking the widget with short names", &SHRINK, &named, &small)?;
        esbuild("shrinking the widget's glue", &renamed, &glue, &["--format=esm"])
    })?;
    Ok((small, glue))
}

/// Copies files into a folder that is named by a hash of them all, and removes the folders of earlier builds. Returns
/// the folder's name.
fn publish(build: &Build, parts: impl Iterator<Item = (String, PathBuf)>) -> Result<String> {
    let mut content = Vec::new();
    for (name, file) in parts {
        content.push((name, fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?));
    }
    let all: Vec<u8> = content.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes].concat()).collect();
    let hash = stamp::hash8(&all);
    let candor = build.assets().join("candor");
    let folder = candor.join(&hash);
    for old in stamp::files(&candor)? {
        if !content.iter().any(|(name, _)| folder.join(name) == old) {
            fs::remove_file(&old)?;
            // Removes the folder if it is empty now.
            let _ = old.parent().map(fs::remove_dir);
        }
    }
    fs::create_dir_all(&folder)?;
    for (name, bytes) in content {
        if fs::read(folder.join(&name)).ok().as_ref() != Some(&bytes) {
            fs::write(folder.join(&name), bytes)?;
        }
    }
    Ok(format!("candor/{hash}"))
}

/// The files of the folder that have names that never change, too (`edge/src/lib.rs` redirects to them).
const STABLE: [&str; 8] = [
    "loader.js",
    "paint.js",
    "windows.js",
    "live.js",
    "mirror.js",
    "banner.css",
    "panel.css",
    "unknown.json",
];

/// How a module begins that is one expression (`edge/src/read/loader.rs` removes it from what paints).
const MODULE: &str = "export default ";

/// What paints, as a module whose value is one expression: the worker puts that into the call of the loader.
fn painter(build: &Build) -> Result<String> {
    let module = bundle(build, "painter.js", "loader/embed.js", &[])?;
    Ok(format!("{MODULE}(()=>{{{}}})()\n", body(&module)?))
}

/// What a module does that esbuild and terser have made and that only has a default export, as the body of a function that returns it.
fn body(module: &Path) -> Result<String> {
    let text = fs::read_to_string(module).with_context(|| format!("cannot read {}", module.display()))?;
    returning(&text).with_context(|| {
        format!("{} does not end with a default export: adapt xtask/src/build/widget.rs", module.display())
    })
}

fn returning(module: &str) -> Option<String> {
    let (body, name) = module.trim_end().strip_suffix(" as default};")?.rsplit_once("export{")?;
    Some(format!("{body}return {name}"))
}

/// A file that was made here.
fn written(build: &Build, name: &str, text: &str) -> Result<PathBuf> {
    let out = build.folder.join("widget").join(name);
    write_if_changed(&out, text.as_bytes())?;
    Ok(out)
}

/// What an embed shows that has never read anything, in each language and under each other tag of it: a bulletin that says that the
/// status is unknown.
fn unknown() -> Result<String> {
    Ok(serde_json::Value::from(unknown_words()?).to_string())
}

fn unknown_words() -> Result<serde_json::Map<String, serde_json::Value>> {
    let shared = paths::root().join("shared");
    let folder = shared.join("locales");
    let read = |file: &Path| -> Result<serde_json::Value> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
    };
    let known = read(&folder.join("cldr.json"))?;
    let mut all = serde_json::Map::new();
    for file in
        stamp::files(&folder)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "json"))
    {
        let tag = file.file_stem().map(|tag| tag.to_string_lossy().into_owned()).unwrap_or_default();
        if tag == "cldr" {
            continue;
        }
        let words = read(&file)?;
        let word = |pointer: &str| {
            words.pointer(pointer).cloned().with_context(|| format!("{tag} has no {pointer}"))
        };
        let direction = known.pointer(&format!("/{tag}/direction")).cloned().unwrap_or_else(|| "ltr".into());
        let bulletin = serde_json::json!({
            "language": tag,
            "direction": direction,
            "label": word("/label")?,
            "unknown": word("/summary/unknown")?,
            "level": "none",
            "page": { "name": { "text": [] } },
        });
        all.insert(tag.clone(), bulletin);
    }
    // The loader looks a tag up, and then its first subtag. Which language any other tag finds, `shared/src/words/choose.rs` says.
    let others = read(&shared.join("src/words/other_tags.json"))?;
    for (tag, offered) in others.as_object().into_iter().flatten() {
        let offered = offered.as_str().unwrap_or_default();
        let words = all.get(offered).cloned().with_context(|| format!("{tag}: no language {offered}"))?;
        all.insert(tag.clone(), words);
    }
    Ok(all)
}

/// A style sheet without white space.
fn sheet(build: &Build, name: &str) -> Result<PathBuf> {
    let source = paths::root().join(format!("widget/css/{name}.css"));
    let out = build.folder.join(format!("widget/{name}.css"));
    let sources = [source.clone()];
    stamp::unless_fresh(&build.stamp(name), &npm::lock_text(), &sources, std::slice::from_ref(&out), || {
        esbuild(&format!("shrinking {name}.css"), &source, &out, &[])
    })?;
    Ok(out)
}

/// A module that the loader loads, bundled with its imports.
fn bundle(build: &Build, name: &str, source: &str, flags: &[&str]) -> Result<PathBuf> {
    let widget = paths::root().join("widget");
    let sources = ["element", "loader"].map(|folder| widget.join(folder));
    let out = build.folder.join("widget").join(name);
    let flags = [&["--bundle", "--format=esm", "--legal-comments=none"], flags].concat();
    let salt = format!("terser, --module: {} {}", flags.join(" "), npm::lock_text());
    stamp::unless_fresh(&build.stamp(name), &salt, &sources, std::slice::from_ref(&out), || {
        let bundle = build.folder.join("widget").join(format!("bundle-{name}"));
        esbuild(&format!("bundling {name}"), &widget.join(source), &bundle, &flags)?;
        terser(&format!("shrinking {name}"), &bundle, &out, &["--module"])
    })?;
    Ok(out)
}

/// The element's types: its own, and those of the documents.
pub(super) fn declarations() -> Result<String> {
    let own = fs::read_to_string(paths::root().join("widget/element/element.d.ts"))?;
    Ok(types::types()? + &own)
}

/// The files whose URL never changes: the element's module, which re-exports the hashed one, and its types.
fn entry(build: &Build, folder: &str) -> Result<()> {
    let js = format!("export * from './{folder}/element.js'\n");
    for (name, content) in [("element.js", js.into_bytes()), ("element.d.ts", declarations()?.into_bytes())] {
        let out = build.assets().join(name);
        if fs::read(&out).ok().as_ref() != Some(&content) {
            fs::write(out, content)?;
        }
    }
    Ok(())
}

/// The loader, a function that calls itself. It names [`UNNAMED`] where the folder of its files is to be named.
fn loader(build: &Build) -> Result<String> {
    let define = format!("--define:__FOLDER__=\"{UNNAMED}\"");
    let [bulletin, served, paint] = ARGUMENTS.map(|(name, short)| format!("--define:{name}={short}"));
    let module = bundle(build, "loader.js", "loader/loader.js", &[&define, &bulletin, &served, &paint])?;
    Ok([LOADER.0, &body(&module)?, LOADER.1].concat())
}

/// The same for the element: a module, in which the loader is called with nothing, so that it only defines.
fn defining(loader: &str) -> Result<String> {
    let function = loader.strip_suffix(LOADER.1).context("the loader does not call itself")?;
    Ok(format!("{MODULE}{function}}})();\n"))
}

/// Stands for the folder of the loader's files, whose name is a hash of them.
const UNNAMED: &str = "candor/00000000/";
/// What the loader is called with, under the name in its source and the one in the file: the bulletin, the server's time, and
/// what paints. The source may name nothing so, and what is free in it, esbuild and terser give to nothing else.
const ARGUMENTS: [(&str, &str); 3] = [("BULLETIN", "$"), ("SERVED", "$$"), ("PAINT", "$_")];
/// How the loader begins and ends: a function of these, which the worker calls with them in the place of the 0
/// (`edge/src/read/loader.rs`).
const LOADER: (&str, &str) = ("(($,$$,$_)=>{", "})(0);");

/// The scripts of the pages: `page.js` keeps a page up to date, `host.js` sends messages from `/embed` to an app.
fn pages(build: &Build) -> Result<()> {
    for name in ["page", "host"] {
        let file = format!("{name}.js");
        let source = paths::root().join("widget/loader").join(&file);
        let out = build.assets().join(&file);
        stamp::unless_fresh(
            &build.stamp(name),
            &npm::lock_text(),
            std::slice::from_ref(&source),
            std::slice::from_ref(&out),
            || {
                let flags = ["--format=iife", "--legal-comments=none"];
                esbuild(&format!("shrinking {file}"), &source, &out, &flags)
            },
        )?;
    }
    Ok(())
}

/// Makes a script of esbuild's a little smaller.
fn terser(name: &str, input: &Path, output: &Path, flags: &[&str]) -> Result<()> {
    let mut terser = npm::program("terser")?;
    terser
        .arg(input)
        .args(flags)
        .args(["--ecma=2022", "--compress=passes=4,unsafe", "--mangle", "--output"])
        .arg(output);
    process::step(name, &mut terser).map(|_| ())
}

pub(super) fn esbuild(name: &str, input: &Path, output: &Path, flags: &[&str]) -> Result<()> {
    let mut command = npm::program("esbuild")?;
    command
        .arg(input)
        .args(["--minify", "--target=es2022"])
        .args(flags)
        .arg(format!("--outfile={}", output.display()));
    process::step(name, &mut command).map(|_| ())
}

/// The files that visitors download: the loader, and the contents of the folder that it names.
pub(crate) fn served() -> Result<Vec<(String, PathBuf)>> {
    let files = stamp::files(&paths::assets().join("candor"))?.into_iter();
    let named = files.filter_map(|file| Some((file.file_name()?.to_string_lossy().into_owned(), file)));
    Ok(named.chain([("loader".to_owned(), paths::assets().join("widget.js"))]).collect())
}

/// Fails if the module uses a WebAssembly feature that is not in [`MAY_USE`].
pub(crate) fn check_features(module: &Path) -> Result<()> {
    let bare = paths::candor().join("widget/bare.wasm");
    // wasm-opt trusts the module's `target_features` section, so remove the section first.
    wasm_opt("reading the widget", &["--strip-target-features"], module, &bare)?;
    let mut command = npm::program("wasm-opt")?;
    command.arg("--mvp-features").args(MAY_USE).arg(&bare).args(["-o", "/dev/null"]);
    process::step("checking what the widget uses of WebAssembly", &mut command).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_said_under_every_tag_of_a_language() {
        let all = unknown_words().unwrap();
        let same = |tag: &str, offered: &str| assert_eq!(all[tag], all[offered], "{tag}");
        for (tag, offered) in [
            ("zh", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("no", "nb"),
            ("nn", "nb"),
            ("iw", "he"),
            ("in", "id"),
        ] {
            same(tag, offered);
        }
        assert_eq!(all["iw"]["direction"], "rtl");
    }

    #[test]
    fn a_default_export_becomes_what_a_function_returns() {
        for module in ["var a=()=>{};export{a as default};", "var a=()=>{};export{a as default};\n"] {
            assert_eq!(returning(module).as_deref(), Some("var a=()=>{};return a"));
        }
        for module in ["", "f();", "export default 1;", "var a=1;export{a as b};"] {
            assert_eq!(returning(module), None, "{module}");
        }
    }

    #[test]
    fn for_the_element_the_loader_is_called_with_nothing() {
        let defining = defining("(($,$$,$_)=>{f(0);return a})(0);").unwrap();
        assert_eq!(defining, "export default (($,$$,$_)=>{f(0);return a})();\n");
        assert!(super::defining("f();").is_err());
    }
}
