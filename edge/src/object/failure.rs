//! Why the page did not do something.

use crate::http::Problem;

/// Why something was not done.
#[derive(Debug)]
pub enum Failure {
    /// The request is wrong.
    Refused(Box<Problem>),
    /// The storage failed, so that memory may differ from it.
    Storage(worker::Error),
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
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
