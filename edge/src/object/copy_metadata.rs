//! What stands beside a copy in KV, and makes it usable: its times, its version, and its seal.

use candor_shared::time::Time;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::render::{Rendered, Sealed};

/// The metadata of a copy in KV, stored as JSON beside the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyMetadata {
    /// When the object confirmed that the copy was current.
    pub confirmed_at: Time,
    /// When its version was published; 1970 on a copy of an earlier deployment.
    #[serde(default = "unknown")]
    pub published_at: Time,
    /// The version of the page that the copy shows.
    pub version: u64,
    /// The epoch of the object's storage; empty on a copy of an earlier deployment.
    #[serde(default)]
    pub epoch: String,
    /// The Content-Security-Policy, if the copy is an HTML page.
    pub policy: Option<String>,
    /// The [seal](Sealed) of the copy; empty on a copy of an earlier deployment, which is not used.
    #[serde(default)]
    seal: String,
}

fn unknown() -> Time {
    Time::EPOCH
}

impl CopyMetadata {
    /// That of a document in this epoch and version, which was published and then confirmed at these times.
    pub(super) fn new(
        document: &Document,
        rendered: &Rendered,
        (epoch, version): (&str, u64),
        (published_at, confirmed_at): (Time, Time),
    ) -> Self {
        let (epoch, policy, seal) = (epoch.to_owned(), rendered.policy.clone(), String::new());
        let metadata = Self { confirmed_at, published_at, version, epoch, policy, seal };
        let seal = metadata.of(&document.path(), &rendered.body).seal();
        Self { seal, ..metadata }
    }

    /// Whether this is the metadata of that document with these bytes: neither was cut off, changed or exchanged.
    pub fn is_of(&self, document: &Document, body: &str) -> bool {
        self.of(&document.path(), body).is_sealed(&self.seal)
    }

    /// What the seal is of. A copy in KV has no ETag.
    fn of<'a>(&'a self, name: &'a str, body: &'a str) -> Sealed<'a> {
        let Self { confirmed_at, published_at, version, epoch, policy, .. } = self;
        let (confirmed_at, published_at, version) = (*confirmed_at, *published_at, *version);
        let policy = policy.as_deref().unwrap_or_default();
        Sealed { name, epoch, version, published_at, confirmed_at, etag: "", policy, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_in_kv_is_whole_and_its_own_or_none() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let page = Rendered::new(&Document::Home, 7, "<p>".to_owned());
        let page = Rendered { policy: Some("default-src 'none'".to_owned()), ..page };
        let metadata = CopyMetadata::new(&Document::Home, &page, ("a", 7), (at, at));
        let stored = serde_json::to_string(&metadata).unwrap();
        // KV takes 1024 bytes.
        assert!(stored.len() < 400, "{stored}");
        let metadata: CopyMetadata = serde_json::from_str(&stored).unwrap();
        assert!(metadata.is_of(&Document::Home, "<p>"));
        assert!(!metadata.is_of(&Document::Home, "<"), "it was cut off");
        assert!(!metadata.is_of(&Document::Status, "<p>"), "it is another document");
        let later =
            CopyMetadata { confirmed_at: "2026-03-02T12:00:00Z".parse().unwrap(), ..metadata.clone() };
        assert!(!later.is_of(&Document::Home, "<p>"), "it has another time");
        let bare = CopyMetadata { policy: None, ..metadata };
        assert!(!bare.is_of(&Document::Home, "<p>"), "a page without its policy");
        // What an earlier release put there.
        let earlier = r#"{"confirmed_at":"2026-03-01T12:00:00.000Z","version":7,"epoch":"a","policy":null}"#;
        let earlier: CopyMetadata = serde_json::from_str(earlier).unwrap();
        assert!(!earlier.is_of(&Document::Status, "{}"));
    }
}
