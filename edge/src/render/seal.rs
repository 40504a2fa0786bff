//! The seal of a copy that lies outside the object: a hash of everything in it. A copy without the right seal was cut off, changed, or
//! is that of another document, and is not used.

use candor_shared::time::Time;
use sha2::{Digest, Sha256};

/// The largest copy that is kept outside the object, in bytes: 4 MiB. Whether a seal is right takes time in proportion, and what does
/// not fit is asked of the object.
pub const MAX_COPY_BYTES: usize = 4 * 1024 * 1024;

/// What a seal is of.
pub struct Sealed<'a> {
    /// The name of the document.
    pub name: &'a str,
    /// The epoch of the object's storage.
    pub epoch: &'a str,
    /// The version of the page.
    pub version: u64,
    /// When that version was published.
    pub published_at: Time,
    /// When the object confirmed the copy.
    pub confirmed_at: Time,
    /// The entity tag; empty if the copy has none.
    pub etag: &'a str,
    /// The Content-Security-Policy; empty if the copy is no page.
    pub policy: &'a str,
    /// The bytes.
    pub body: &'a str,
}

impl Sealed<'_> {
    /// The seal: the SHA-256 of all parts in hex.
    pub fn seal(&self) -> String {
        let Self { name, epoch, version, published_at, confirmed_at, etag, policy, body } = self;
        let version = version.to_string();
        let [published_at, confirmed_at] = [published_at, confirmed_at].map(|at| at.as_millis().to_string());
        let mut hash = Sha256::new();
        for part in [name, epoch, &*version, &published_at, &confirmed_at, etag, policy, body] {
            hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
            hash.update(part);
        }
        base16ct::lower::encode_string(&hash.finalize())
    }

    /// Whether this is its seal. Nothing is computed for what is too large to be a copy.
    pub fn is_sealed(&self, seal: &str) -> bool {
        self.body.len() <= MAX_COPY_BYTES && self.seal() == seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> Sealed<'static> {
        Sealed {
            name: "/status.json",
            epoch: "a",
            version: 7,
            published_at: Time::EPOCH,
            confirmed_at: Time::EPOCH,
            etag: "\"x\"",
            policy: "",
            body: "{}",
        }
    }

    #[test]
    fn a_seal_is_of_every_part() {
        let whole = copy().seal();
        assert!(copy().is_sealed(&whole));
        let later = Time::from_millis(1).unwrap();
        for other in [
            Sealed { name: "/", ..copy() },
            Sealed { epoch: "b", ..copy() },
            Sealed { version: 8, ..copy() },
            Sealed { published_at: later, ..copy() },
            Sealed { confirmed_at: later, ..copy() },
            Sealed { etag: "", ..copy() },
            Sealed { policy: "x", ..copy() },
            Sealed { body: "{", ..copy() },
            // What moves from one part into the next.
            Sealed { etag: "\"x", policy: "\"", ..copy() },
        ] {
            assert!(!other.is_sealed(&whole));
        }
        assert!(!copy().is_sealed(""), "a copy of an earlier release has none");
    }

    #[test]
    fn what_is_too_large_is_no_copy() {
        let body = "x".repeat(MAX_COPY_BYTES + 1);
        let large = Sealed { body: &body, ..copy() };
        assert!(!large.is_sealed(&large.seal()));
        let body = &body[1..];
        let largest = Sealed { body, ..copy() };
        assert!(largest.is_sealed(&largest.seal()));
    }
}
