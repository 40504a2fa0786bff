//! The error type of the object: the request is refused, or the storage failed.

use std::fmt;

use worker::Error;

use crate::http::Problem;

/// Why the object did not do what a request asked for.
#[derive(Debug)]
pub(super) enum Failure {
    /// The request is refused. Nothing changed.
    Refused(Box<Problem>),
    /// The storage failed. The state in memory may now differ from the storage, so it must be loaded again.
    Storage(Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => f.write_str(&problem.detail),
            Self::Storage(error) => error.fmt(f),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}
