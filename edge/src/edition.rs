//! An edition: every public document of one version, rendered when it changes, served as bytes.

use candor_shared::{Id, State, StatusDocument, Time, notice_document, status_document};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The document that the widget reads.
pub const STATUS: &str = "/status.json";
/// The measures.
pub const METRICS: &str = "/metrics.json";
/// The notice with its long form.
pub const NOTICE: &str = "/notice.json";

/// The path of an incident's post-mortem.
pub fn postmortem_path(incident: &Id) -> String {
    format!("/postmortems/{incident}.json")
}

/// Whether the page's object may have a document at this path.
pub fn is_document(path: &str) -> bool {
    let postmortem = || path.strip_prefix("/postmortems/").and_then(|name| name.strip_suffix(".json"));
    matches!(path, STATUS | METRICS | NOTICE)
        || postmortem().is_some_and(|id| Id::try_from(id.to_owned()).is_ok())
}

/// One rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Its strong entity tag (RFC 9110 section 8.8.3), with its quotes: the version and a part of
    /// the bytes' hash, because new software may render the same version anew.
    pub etag: String,
    /// Its bytes: UTF-8.
    pub body: String,
}

/// Renders any document.
///
/// # Errors
/// Only if it cannot be written as JSON.
pub fn document(version: u64, document: &impl Serialize) -> serde_json::Result<Rendered> {
    let body = serde_json::to_string(document)?;
    Ok(Rendered { etag: etag(version, &body), body })
}

/// Renders `status.json`.
///
/// # Errors
/// Only if it cannot be written as JSON.
pub fn status(state: &State, version: u64, published_at: Time) -> serde_json::Result<Rendered> {
    document(version, &status_document(state, version, published_at))
}

/// Renders `notice.json`, if there is a notice.
///
/// # Errors
/// Only if it cannot be written as JSON.
pub fn notice(state: &State, version: u64) -> serde_json::Result<Option<Rendered>> {
    state.notice.as_ref().map(|notice| document(version, &notice_document(notice))).transpose()
}

fn etag(version: u64, body: &str) -> String {
    let hash = base16ct::lower::encode_string(&Sha256::digest(body));
    format!("\"{version}-{}\"", hash.get(..12).unwrap_or_default())
}

/// The same document, saying since when nobody could confirm that it is current.
///
/// # Errors
/// If `body` is not a document.
pub fn unconfirmed(path: &str, version: u64, body: &str, since: Time) -> serde_json::Result<Rendered> {
    if path == STATUS {
        let mut status: StatusDocument = serde_json::from_str(body)?;
        status.unconfirmed_since = Some(since);
        return document(version, &status);
    }
    let mut other: Value = serde_json::from_str(body)?;
    if let Some(object) = other.as_object_mut() {
        object.insert("unconfirmed_since".to_owned(), since.to_string().into());
    }
    document(version, &other)
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
        let one = status(&state, 1, at).unwrap();
        assert_eq!(one, status(&state, 1, at).unwrap());
        assert_ne!(one.etag, status(&state, 2, at).unwrap().etag);
        for path in [STATUS, METRICS] {
            let old = unconfirmed(path, 1, &one.body, at).unwrap();
            assert_ne!(one.etag, old.etag);
            assert!(old.body.contains(r#""unconfirmed_since":"2026-03-01T12:00:00.000Z""#));
        }
    }

    #[test]
    fn documents_have_known_paths() {
        for path in ["/status.json", "/metrics.json", "/notice.json", "/postmortems/a-1.json"] {
            assert!(is_document(path), "{path}");
        }
        for path in [
            "/",
            "/status",
            "/postmortems/.json",
            "/postmortems/A.json",
            "/postmortems/a/b.json",
            "/postmortems/../x.json",
        ] {
            assert!(!is_document(path), "{path}");
        }
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
