//! One rendered document of an edition: its bytes, its entity tag, and how it says that it is old.

use candor_shared::published::StatusDocument;
use candor_shared::time::Time;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::badge;
use crate::document::{Document, Feed};
use crate::page;

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

/// The same document, saying since when nobody could confirm that it is current. A feed says when each
/// thing happened; it stays as it is.
///
/// # Errors
/// If `body` is not what the document is.
pub fn unconfirmed(
    document: &Document,
    version: u64,
    rendered: &Rendered,
    since: Time,
) -> serde_json::Result<Rendered> {
    let body = match document {
        Document::Status => {
            let mut status: StatusDocument = serde_json::from_str(&rendered.body)?;
            status.unconfirmed_since = Some(since);
            // Whether it has come back, nobody knows.
            status.resolved.clear();
            serde_json::to_string(&status)?
        }
        Document::Badge(_) => badge::unknown(),
        Document::Feed(_) => rendered.body.clone(),
        _ if rendered.policy.is_some() => page::unconfirmed(&rendered.body, since),
        _ => {
            let mut other: Value = serde_json::from_str(&rendered.body)?;
            if let Some(object) = other.as_object_mut() {
                object.insert("unconfirmed_since".to_owned(), since.to_string().into());
            }
            serde_json::to_string(&other)?
        }
    };
    Ok(Rendered { policy: rendered.policy.clone(), ..Rendered::new(document, version, body) })
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
        for document in [Document::Status, Document::Metrics] {
            let old = unconfirmed(&document, 1, &one, at).unwrap();
            assert_ne!(one.etag, old.etag);
            assert!(old.body.contains(r#""unconfirmed_since":"2026-03-01T12:00:00.000Z""#));
        }
        let badge = Rendered::new(&Document::Badge(None), 1, "<svg>\u{ffff}</svg>".to_owned());
        assert_eq!(badge.body, "<svg></svg>");
        assert!(unconfirmed(&Document::Badge(None), 1, &badge, at).unwrap().body.contains("unknown"));
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
