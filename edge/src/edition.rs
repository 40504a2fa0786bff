//! An edition: every public document of one version, rendered once, served as bytes.

use candor_shared::{State, StatusDocument, Time, status_document};
use sha2::{Digest, Sha256};

/// The path of the document that the widget reads.
pub const STATUS: &str = "/status.json";

/// One rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Its strong entity tag (RFC 9110 section 8.8.3), with its quotes: the version and a part of
    /// the bytes' hash, because new software may render the same version anew.
    pub etag: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Renders `status.json`.
///
/// # Errors
/// Only if the document cannot be written as JSON.
pub fn render(state: &State, version: u64, published_at: Time) -> serde_json::Result<Edition> {
    let body = serde_json::to_vec(&status_document(state, version, published_at))?;
    Ok(Edition { etag: etag(version, &body), body })
}

fn etag(version: u64, body: &[u8]) -> String {
    let hash = base16ct::lower::encode_string(&Sha256::digest(body));
    format!("\"{version}-{}\"", hash.get(..12).unwrap_or_default())
}

/// The same document, saying since when nobody could confirm that it is current.
///
/// # Errors
/// If `body` is not a status document.
pub fn unconfirmed(body: &[u8], since: Time) -> serde_json::Result<Edition> {
    let mut document: StatusDocument = serde_json::from_slice(body)?;
    document.unconfirmed_since = Some(since);
    let body = serde_json::to_vec(&document)?;
    Ok(Edition { etag: etag(document.version, &body), body })
}

/// Whether `If-None-Match` names this entity tag (RFC 9110 section 13.1.2: weak comparison, because
/// a proxy that compresses may have weakened it).
pub fn none_match(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_the_bytes() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let state = State::default();
        let one = render(&state, 1, at).unwrap();
        assert_eq!(one, render(&state, 1, at).unwrap());
        assert_ne!(one.etag, render(&state, 2, at).unwrap().etag);
        let old = unconfirmed(&one.body, at).unwrap();
        assert_ne!(one.etag, old.etag);
        assert!(
            String::from_utf8(old.body)
                .unwrap()
                .contains(r#""unconfirmed_since":"2026-03-01T12:00:00.000Z""#)
        );
    }

    #[test]
    fn if_none_match() {
        for header in ["\"1-a\"", "W/\"1-a\"", "\"x\", \"1-a\"", "*"] {
            assert!(none_match(header, "\"1-a\""), "{header}");
        }
        for header in ["", "1-a", "\"1-b\""] {
            assert!(!none_match(header, "\"1-a\""), "{header}");
        }
    }
}
