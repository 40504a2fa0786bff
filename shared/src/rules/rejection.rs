//! Why an update was not applied.

use std::fmt;

/// What kind of refusal it is; each has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionKind {
    /// The key may not do this (403).
    Forbidden,
    /// What the update names does not exist (404).
    NotFound,
    /// It contradicts what there is now (409).
    Conflict,
    /// A value or a transition that the rules do not allow (422).
    Invalid,
}

/// A refusal. Whoever gets one changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The kind.
    pub kind: RejectionKind,
    /// Where in the update it is: a JSON pointer (RFC 6901), empty for the whole update.
    pub pointer: String,
    /// What is wrong and what to do, for an operator.
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
