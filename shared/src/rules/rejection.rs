//! Rejections: why an update was not applied.

use std::fmt;

/// The kind of a rejection. Each has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionKind {
    /// The role of the key does not permit the update (403).
    Forbidden,
    /// The update names something that does not exist (404).
    NotFound,
    /// The update contradicts the current state, or a limit is reached (409).
    Conflict,
    /// The update has a value that the rules do not allow (422).
    Invalid,
}

/// Why an update was refused. A refused update changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The kind, which decides the HTTP status.
    pub kind: RejectionKind,
    /// The place in the update: a JSON pointer (RFC 6901), empty for the whole update.
    pub pointer: String,
    /// For an operator: what is wrong, and how to fix it.
    pub detail: String,
}

impl Rejection {
    pub(crate) fn new(kind: RejectionKind, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { kind, pointer: pointer.into(), detail: detail.into() }
    }

    pub(crate) fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(RejectionKind::Invalid, pointer, detail)
    }

    pub(crate) fn not_found(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(RejectionKind::NotFound, pointer, detail)
    }

    pub(crate) fn conflict(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(RejectionKind::Conflict, pointer, detail)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.detail),
            pointer => write!(f, "{pointer}: {}", self.detail),
        }
    }
}

impl std::error::Error for Rejection {}
