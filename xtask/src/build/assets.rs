//! The folders that wrangler serves as static files.

use super::Build;
use crate::stamp;
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use xtask::paths;

/// The pages for `dev` and the tests: the path, and the folder in `examples/` that is served there.
const EXAMPLES: [(&str, &str); 2] = [("demo", "website"), ("gallery", "gallery")];

pub(super) fn lay_out(build: &Build) -> Result<()> {
    let (assets, dev) = (build.assets(), build.folder.join("assets-dev"));
    fs::create_dir_all(&assets)?;
    let headers = paths::root().join("edge/_headers");
    copy_if_changed(&headers, &assets.join("_headers"))?;
    write_if_changed(&assets.join("openapi.json"), description()?.as_bytes())?;
    write_if_changed(&build.folder.join("edge/sums.js"), sums(&assets)?.as_bytes())?;
    mirror(&assets, &dev)?;
    for (name, example) in EXAMPLES {
        mirror(&paths::root().join("examples").join(example), &dev.join(name))?;
    }
    Ok(())
}

/// The module of the worker that has the SHA-256 of each static file, by its path (`edge/files.js`).
fn sums(assets: &Path) -> Result<String> {
    let mut sums = serde_json::Map::new();
    for file in stamp::files(assets)? {
        let path: Vec<_> = file.strip_prefix(assets)?.iter().map(|part| part.to_string_lossy()).collect();
        sums.insert(format!("/{}", path.join("/")), stamp::sum(&fs::read(&file)?).into());
    }
    Ok(format!("export default {};\n", serde_json::Value::from(sums)))
}

/// The description of the API, without the white space that makes the file in the checkout readable.
fn description() -> Result<String> {
    let file = paths::root().join("edge/openapi.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let json: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    Ok(json.to_string())
}

/// Makes `to` equal to `from`: copies changed files and removes files that `from` lacks. Unchanged files keep their
/// modification times, because the local runtime watches them.
pub(super) fn mirror(from: &Path, to: &Path) -> Result<()> {
    for file in stamp::files(to)? {
        let name = file.strip_prefix(to)?;
        if !from.join(name).exists() && !EXAMPLES.iter().any(|(example, _)| name.starts_with(example)) {
            fs::remove_file(&file)?;
        }
    }
    for file in stamp::files(from)? {
        copy_if_changed(&file, &to.join(file.strip_prefix(from)?))?;
    }
    Ok(())
}

/// Copies a file. What can be run stays so.
pub(super) fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    const RUN: u32 = 0o111;
    write_if_changed(to, &fs::read(from).with_context(|| format!("cannot read {}", from.display()))?)?;
    let (wanted, mut permissions) =
        (fs::metadata(from)?.permissions().mode(), fs::metadata(to)?.permissions());
    let mode = permissions.mode();
    let new = (mode & !RUN) | (wanted & RUN);
    if mode != new {
        permissions.set_mode(new);
        fs::set_permissions(to, permissions)?;
    }
    Ok(())
}

pub(super) fn write_if_changed(to: &Path, content: &[u8]) -> Result<()> {
    if fs::read(to).is_ok_and(|known| known == content) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, content).with_context(|| format!("cannot write {}", to.display()))
}
