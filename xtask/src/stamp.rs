//! Skips a step whose inputs are those of its last good run.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs `step` unless its inputs (files, folders, and `salt`: versions and flags) hash as they did after
/// its last success, which the file `stamp` keeps, and every output is still there.
pub(crate) fn unless_fresh(
    stamp: &Path,
    salt: &str,
    inputs: &[PathBuf],
    outputs: &[PathBuf],
    step: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let hash = hash(salt, inputs)?;
    if fs::read_to_string(stamp).is_ok_and(|old| old == hash) && outputs.iter().all(|output| output.exists())
    {
        return Ok(());
    }
    // Not left behind by a step that fails half-way.
    let _ = fs::remove_file(stamp);
    step()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Hex SHA-256 of names and contents.
fn hash(salt: &str, inputs: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    for input in inputs {
        for file in files(input)? {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            hasher.update(file.to_string_lossy().as_bytes());
            hasher.update(content.len().to_le_bytes());
            hasher.update(content);
        }
    }
    Ok(hex(&hasher.finalize()))
}

/// The first eight hex digits of a content's SHA-256: enough to tell versions apart in a file's name.
pub(crate) fn hash8(content: &[u8]) -> String {
    hex(&Sha256::digest(content)).chars().take(8).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file itself, or all files under a folder, in order; nothing if it is not there.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            found.extend(files(&entry?.path())?);
        }
        found.sort();
    } else if path.exists() {
        found.push(path.to_path_buf());
    }
    Ok(found)
}
