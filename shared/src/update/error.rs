//! Why a request body holds no updates.

use std::fmt;

/// Why a request body holds no updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputError {
    /// Not JSON (RFC 8259), or nested too deeply, or an object names a member twice.
    NotJson {
        /// Where: from 1.
        line: usize,
        /// Where: from 1.
        column: usize,
        /// What is wrong.
        detail: String,
    },
    /// JSON, but not an update.
    Invalid {
        /// Where: a JSON pointer (RFC 6901) into the body.
        pointer: String,
        /// What is wrong.
        detail: String,
    },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, column, detail } => {
                write!(f, "not JSON at line {line}, column {column}: {detail}")
            }
            Self::Invalid { pointer, detail } if pointer.is_empty() => f.write_str(detail),
            Self::Invalid { pointer, detail } => write!(f, "{pointer}: {detail}"),
        }
    }
}

impl std::error::Error for InputError {}

pub(super) fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> InputError {
    InputError::Invalid { pointer: pointer.into(), detail: detail.into() }
}
