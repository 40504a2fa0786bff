//! The demo keys of `dev`: random, created once, in files that only the owner can read.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use xtask::paths;

/// A key that can sign.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Key {
    /// Parses `id:secret`, the value of `--key`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some((id, secret)) if secret.starts_with("whsec_") => {
                Ok(Self { id: id.to_owned(), secret: secret.to_owned() })
            }
            _ => bail!("--key has to be id:whsec_…"),
        }
    }
}

/// Creates the keys on the first run, writes the worker's settings, and returns the operator's key.
pub(crate) fn prepare(folder: &Path) -> Result<Key> {
    let file = folder.join("keys.json");
    if !file.exists() {
        fs::create_dir_all(folder)?;
        let keys = json!([
            { "id": "ops", "secret": secret()?, "role": "operator" },
            { "id": "probe", "secret": secret()?, "role": "monitor", "components": ["checkins"] },
        ]);
        write_private(&file, &serde_json::to_string_pretty(&keys)?)?;
    }
    let signs = folder.join("edition-key.json");
    if !signs.exists() {
        let keys = json!([{ "id": "dev", "secret": random_secret("whsk_")? }]);
        write_private(&signs, &serde_json::to_string_pretty(&keys)?)?;
    }
    let (keys, signs) = (read(&file)?, read(&signs)?);
    let settings = format!("CANDOR_KEYS='{keys}'\nCANDOR_EDITION_KEY='{signs}'\n");
    write_private(&folder.join("dev.vars"), &settings)?;
    operator(&keys)
}

/// The operator's key that an earlier `dev` created.
pub(crate) fn existing() -> Result<Key> {
    let file = paths::local().join("keys.json");
    if !file.exists() {
        bail!("no key to sign with: run `cargo xtask dev` once, or pass --key id:whsec_…");
    }
    operator(&read(&file)?)
}

fn read(file: &Path) -> Result<Value> {
    serde_json::from_str(&fs::read_to_string(file)?)
        .with_context(|| format!("{} is not JSON: remove it to create new keys", file.display()))
}

fn operator(keys: &Value) -> Result<Key> {
    let text = |key: &Value, field: &str| key.get(field).and_then(Value::as_str).map(str::to_owned);
    keys.as_array()
        .into_iter()
        .flatten()
        .find(|key| text(key, "role").as_deref() == Some("operator"))
        .and_then(|key| Some(Key { id: text(key, "id")?, secret: text(key, "secret")? }))
        .context("no operator's key in .candor/keys.json: remove the file to create new keys")
}

/// A new random key.
pub(crate) fn random(id: &str) -> Result<Key> {
    Ok(Key { id: id.to_owned(), secret: secret()? })
}

/// A random symmetric key in the format of Standard Webhooks.
fn secret() -> Result<String> {
    random_secret("whsec_")
}

/// 32 random bytes in base64 after a prefix: a secret to share, or the private half of an Ed25519 key.
fn random_secret(prefix: &str) -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system provides no random bytes: {error}"))?;
    Ok(format!("{prefix}{}", STANDARD.encode(bytes)))
}

fn write_private(path: &Path, content: &str) -> Result<()> {
    // Removes the file first, because an existing file keeps its permissions.
    let _ = fs::remove_file(path);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content.as_bytes())?;
    Ok(())
}
