//! A rendered document: its bytes, its ETag, and its Content-Security-Policy.

use candor_shared::text::is_foreign;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::document::{Document, Feed};

/// A rendered document of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The strong entity tag (RFC 9110 section 8.8.3), with quotes: 16 hex digits of the SHA-256 of the body. For
    /// `status.json` it begins with the version, so that a writer can send it as `If-Match`.
    pub etag: String,
    /// The body.
    pub body: String,
    /// The Content-Security-Policy, if the document is an HTML page.
    pub policy: Option<String>,
}

impl Rendered {
    /// A document with this body, in this version. Removes from XML the characters that XML cannot hold.
    pub fn new(document: &Document, version: u64, body: String) -> Self {
        // One such character would make the whole feed unreadable.
        let body = match document.parts().0 {
            Document::Badge(_) | Document::Feed(Feed::Atom | Feed::Rss) => body.replace(is_foreign, ""),
            _ => body,
        };
        let etag = match document {
            Document::Status => format!("\"{version}-{}\"", hash(&body)),
            _ => etag_of(&body),
        };
        Self { etag, body, policy: None }
    }

    /// Whether its body is the one that the entity tag was made of, in this version: not half of it, nor that of another document.
    pub fn is_whole(&self, document: &Document, version: u64) -> bool {
        Self::new(document, version, self.body.clone()).etag == self.etag
    }

    /// A document with the JSON of a value as body.
    ///
    /// # Errors
    /// If the value cannot be serialised.
    pub fn json(document: &Document, version: u64, value: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self::new(document, version, serde_json::to_string(value)?))
    }
}

/// The entity tag of a text that depends on nothing but the text.
pub fn etag_of(body: &str) -> String {
    format!("\"{}\"", hash(body))
}

/// 16 hex digits of the SHA-256.
fn hash(body: &str) -> String {
    let mut hash = base16ct::lower::encode_string(&Sha256::digest(body));
    hash.truncate(16);
    hash
}

/// Whether `If-None-Match` names this ETag. Compares weakly (RFC 9110 section 13.1.2), because a proxy that compresses may
/// have made the ETag weak.
pub fn none_match(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use candor_shared::published::status_document;
    use candor_shared::state::State;

    use super::*;

    #[test]
    fn an_etag_depends_on_the_bytes_and_the_version() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let status = |version| {
            let document = status_document(&State::default(), version, at);
            Rendered::json(&Document::Status, version, &document).unwrap()
        };
        let one = status(1);
        assert_eq!(one, status(1));
        assert_ne!(one.etag, status(2).etag);
        assert!(one.etag.starts_with("\"1-"));
        let badge = Rendered::new(&Document::Badge(None), 1, "<svg>\u{ffff}\u{1}\n</svg>".to_owned());
        assert_eq!(badge.body, "<svg>\n</svg>");
        let feed = Document::Feed(Feed::Atom).in_language("de");
        assert_eq!(Rendered::new(&feed, 1, "<feed>\u{1b}[31m</feed>".to_owned()).body, "<feed>[31m</feed>");
    }

    #[test]
    fn if_none_match_compares_weakly() {
        for header in ["\"1-a\"", "W/\"1-a\"", "\"x\", \"1-a\"", "*"] {
            assert!(none_match(header, "\"1-a\""), "{header}");
        }
        for header in ["", "1-a", "\"1-b\""] {
            assert!(!none_match(header, "\"1-a\""), "{header}");
        }
    }
}
