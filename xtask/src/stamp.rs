//! Skips a step whose inputs have not changed since its last success.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs `step`, unless the hash of its inputs equals the one in the file `stamp` and every output exists. The inputs are
/// files, folders, and `salt`, which holds versions and flags. `stamp` is written after each success.
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
    // Removed first, so that a step that fails half-way leaves no stamp.
    let _ = fs::remove_file(stamp);
    step()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, hash).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The SHA-256 of names and contents, in hex.
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

/// The SHA-256 in hex.
pub(crate) fn sum(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// The first eight hex digits of the SHA-256: enough to distinguish versions in a file name.
pub(crate) fn hash8(content: &[u8]) -> String {
    sum(content).chars().take(8).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file itself, or all files in a folder and its subfolders, sorted. Empty if the path does not exist.
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
