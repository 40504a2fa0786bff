//! The errors of parsing a request body.

use std::fmt;

/// Why a request body cannot be parsed into updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputError {
    /// Not JSON (RFC 8259), nested too deeply, or an object in which a member appears twice.
    NotJson {
        /// The line of the error, counted from 1.
        line: usize,
        /// The column of the error, counted from 1.
        column: usize,
        /// What is wrong and, if known, how to fix it.
        detail: String,
    },
    /// JSON, but not an update or an array of updates.
    Invalid {
        /// The place of the error: a JSON pointer (RFC 6901) into the body, empty for the whole.
        pointer: String,
        /// What is wrong and, if known, how to fix it.
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

/// The JSON pointer (RFC 6901) to a member of an object.
pub(super) fn member(object: &str, name: &str) -> String {
    format!("{object}/{}", name.replace('~', "~0").replace('/', "~1"))
}
