//! What the fuzzer calls (`cargo xtask fuzz`), and what replays its corpus in `cargo test`: one function for each target. Each takes any
//! bytes, and panics if what it calls does, or if a promise of it does not hold. No part of a program that ships.

use std::collections::BTreeSet;

use candor_shared::published::status_document;
use candor_shared::rules::{Moment, advance, apply, next_change};
use candor_shared::state::State;
use candor_shared::text::{markdown, pieces};
use candor_shared::time::Time;
use candor_shared::update::{Update, parse};

use crate::document::Document;
use crate::settings::{EditionKey, Key, parse_edition_keys, parse_keys};
use crate::storage::{Cursor, reread};
use crate::target::{host, target, without_stray_slashes};
use crate::write::is_signed;

/// A target with its name.
pub type Target = (&'static str, fn(&[u8]));

/// The targets. Their names are those of the folders of `fuzz/corpus/`.
pub const TARGETS: [Target; 7] = [
    ("updates", updates),
    ("signatures", signatures),
    ("keys", keys),
    ("markdown", texts),
    ("routing", routing),
    ("restore", restore),
    ("proofs", proofs),
];

/// A request after a request, on one page. Each line is a body, and a minute passes before each.
pub fn updates(data: &[u8]) {
    let (mut state, mut now, mut version) = (State::default(), Time::from_millis(1_772_366_400_000), 0_u64);
    for body in data.split(|byte| *byte == b'\n').take(20) {
        now = now.and_then(|now| Time::from_millis(now.as_millis().saturating_add(60_000)));
        let Some(now) = now else { return };
        advance(&mut state, now);
        let Ok(updates) = parse(body) else { continue };
        for update in &updates {
            version = version.saturating_add(1);
            applied(&mut state, update, Moment { now, version });
        }
        advance(&mut state, now);
        assert!(next_change(&state).is_none_or(|next| next > now), "what is due was done");
        let document = status_document(&state, version, now);
        assert!(serde_json::to_string(&document).is_ok(), "what is accepted can be published");
    }
}

/// A rejected update leaves no trace.
fn applied(state: &mut State, update: &Update, moment: Moment) {
    let before = state.clone();
    if apply(state, update, moment).is_err() {
        assert!(*state == before, "a rejected update changed the state");
    }
}

/// A request: lines of `name: value`, then an empty line and the body. Nobody signs by chance.
pub fn signatures(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let headers: Vec<(String, String)> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let keys = some_keys();
    let query = headers.iter().find(|(name, _)| name == "query").map_or("", |(_, value)| value);
    let now = Time::from_millis(1_772_366_400_000).unwrap_or(Time::EPOCH);
    assert!(!is_signed(&headers, query, body.as_bytes(), &keys, now), "accepted without a key");
}

/// Keys whose secrets are in no corpus. The bytes of the shared one are a hash, so that nobody finds them.
fn some_keys() -> Vec<Key> {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let secret = Base64::encode_string(&Sha256::digest(std::process::id().to_be_bytes()));
    let public = Base64::encode_string(
        ed25519_dalek::SigningKey::from_bytes(&Sha256::digest(secret.as_bytes()).into())
            .verifying_key()
            .as_bytes(),
    );
    parse_keys(&format!(
        r#"[{{"id":"ops","secret":"whsec_{secret}","role":"operator"}},{{"id":"ci","public_key":"whpk_{public}","role":"operator"}},
            {{"id":"old","secret":"whsec_{}","role":"operator","not_after":"2020-01-01T00:00:00Z"}}]"#,
        secret.replacen(|_: char| true, "x", 1)
    ))
    .unwrap_or_default()
}

/// Both settings with keys. What is accepted has ids and keys that differ; an error quotes no secret.
pub fn keys(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for outcome in [
        parse_keys(&text).map(|keys| keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>()),
        parse_edition_keys(&text).map(|keys| keys.iter().map(|key| key.id.clone()).collect()),
    ] {
        match outcome {
            Ok(ids) => assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "two keys of one id"),
            Err(message) => {
                let secrets = text.split(['"', ' ']).filter(|part| part.starts_with("wh") && part.len() > 20);
                for secret in secrets {
                    assert!(!message.contains(secret), "an error quotes a secret");
                }
            }
        }
    }
}

/// An operator's text in every form in which it is shown: HTML has the few elements of the subset, and no other.
pub fn texts(data: &[u8]) {
    const ELEMENTS: [&str; 12] =
        ["p", "a", "ul", "ol", "li", "em", "strong", "code", "pre", "br", "blockquote", "del"];
    let text = String::from_utf8_lossy(data);
    let html = markdown::to_html(&text);
    for tag in html.split('<').skip(1) {
        let name = tag
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let is_heading = name.len() == 2 && name.starts_with('h');
        assert!(ELEMENTS.contains(&name) || is_heading, "<{tag} in the HTML of an operator's text");
    }
    for html in [html, markdown::prose(&text)] {
        let tags = html.split('<').filter_map(|tag| tag.split('>').next());
        for link in
            tags.filter_map(|tag| tag.split_once("href=\"")).map(|(_, link)| link.to_ascii_lowercase())
        {
            let schemes = ["https:", "http:", "mailto:"];
            assert!(schemes.iter().any(|scheme| link.starts_with(scheme)), "a link to {link}");
        }
    }
    let _ = markdown::first_line(&text);
    assert!(serde_json::to_string(&pieces(&text)).is_ok_and(|json| !json.contains("\"to\":\"javascript:")));
}

/// Any URL. The name of a document leads back to it.
pub fn routing(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for url in [text.clone(), format!("https://status.example.com/{text}").into()] {
        let _ = host(&url);
        let (path, query) = target(&url);
        if let Some(document) = Document::at(path, query) {
            assert_eq!(Document::named(&document.path()), Some(document), "{url}");
        }
        if let Some(plain) = without_stray_slashes(path) {
            assert_eq!(without_stray_slashes(&plain), None, "{path}");
        }
    }
}

/// A part of an export that is to be restored.
pub fn restore(data: &[u8]) {
    reread(data);
}

/// A cursor of an export, or a text and a signature with a line end between, as in a JWS. No key has signed either.
pub fn proofs(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let keys = some_edition_keys();
    assert_eq!(keys.len(), 1, "the key itself is in order");
    let is_ours = |text: &str, signature: &str| keys.iter().any(|key| key.has_signed(text, signature));
    if let Some(cursor) = Cursor::read(&text, u64::MAX) {
        assert!(!cursor.is_sealed(is_ours), "accepted without a key");
        assert_eq!(
            Cursor::read(&cursor.to_string(), u64::MAX),
            Some(cursor),
            "a cursor changes when it is read"
        );
    }
    let (signed, signature) = text.split_once('\n').unwrap_or((&text, ""));
    assert!(!is_ours(signed, signature), "accepted without a key");
}

/// A key that has signed nothing in the corpora.
fn some_edition_keys() -> Vec<EditionKey> {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let secret = Base64::encode_string(&Sha256::digest(std::process::id().to_le_bytes()));
    parse_edition_keys(&format!(r#"[{{"id":"2026","secret":"whsk_{secret}"}}]"#)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that was found once is tried again.
    #[test]
    fn the_corpora_are_replayed() {
        for (name, target) in TARGETS {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
            let files: Vec<_> =
                std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(!files.is_empty(), "{}", folder.display());
            for file in files {
                let data = std::fs::read(&file).unwrap();
                assert!(data.len() <= 16 * 1024, "{} is too long for a corpus", file.display());
                println!("{}", file.display());
                target(&data);
            }
        }
    }

    /// A corpus whose cursors are none would try nothing.
    #[test]
    fn the_cursors_of_the_corpus_are_cursors() {
        for name in ["unsealed", "sealed-by-another"] {
            let file =
                std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/proofs").join(name);
            assert!(Cursor::read(&std::fs::read_to_string(file).unwrap(), u64::MAX).is_some(), "{name}");
        }
    }
}
