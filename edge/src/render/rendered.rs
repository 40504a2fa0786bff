//! One rendered document of an edition: its bytes and its entity tag.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::document::{Document, Feed};

/// One rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Its strong entity tag (RFC 9110 section 8.8.3), with its quotes: a part of the bytes' hash. That
    /// of `status.json` begins with the version, so that it can be given as `If-Match`.
    pub etag: String,
    /// Its bytes: UTF-8.
    pub body: String,
    /// The Content-Security-Policy of a page.
    pub policy: Option<String>,
}

impl Rendered {
    /// The bytes of a document in a version.
    pub fn new(document: &Document, version: u64, body: String) -> Self {
        // XML 1.0 (section 2.2) cannot hold two characters that an operator's text may have.
        let body = match document {
            Document::Badge(_) | Document::Feed(Feed::Atom | Feed::Rss) => {
                body.replace(['\u{FFFE}', '\u{FFFF}'], "")
            }
            _ => body,
        };
        let hash = base16ct::lower::encode_string(&Sha256::digest(&body));
        let hash = hash.get(..16).unwrap_or_default();
        let etag = match document {
            Document::Status => format!("\"{version}-{hash}\""),
            _ => format!("\"{hash}\""),
        };
        Self { etag, body, policy: None }
    }

    /// A document in JSON.
    ///
    /// # Errors
    /// Only if it cannot be written as JSON.
    pub fn json(document: &Document, version: u64, value: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self::new(document, version, serde_json::to_string(value)?))
    }
}

/// Whether `If-None-Match` names this entity tag (RFC 9110 section 13.1.2: weak comparison, because
/// a proxy that compresses may have weakened it).
pub fn none_match(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use candor_shared::published::status_document;
    use candor_shared::state::State;

    use super::*;

    #[test]
    fn a_tag_names_the_bytes() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let status = |version| {
            let document = status_document(&State::default(), version, at);
            Rendered::json(&Document::Status, version, &document).unwrap()
        };
        let one = status(1);
        assert_eq!(one, status(1));
        assert_ne!(one.etag, status(2).etag);
        assert!(one.etag.starts_with("\"1-"));
        let badge = Rendered::new(&Document::Badge(None), 1, "<svg>\u{ffff}</svg>".to_owned());
        assert_eq!(badge.body, "<svg></svg>");
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
