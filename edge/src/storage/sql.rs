//! What the ledger needs from a database: the trait [`Sql`].

use serde_json::Value;
use worker::{Error, Result};

/// The largest integer that JavaScript holds exactly, and so the largest that a value may be. The runtime warns about larger ones.
pub(super) const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The SQLite database of one page: the Durable Object's in production, one in memory in tests.
pub trait Sql {
    /// Runs one statement and returns its rows, each a JSON object by column name. `values` are the parameters in order:
    /// strings, integers and null.
    ///
    /// # Errors
    /// If the database refuses or cannot be reached.
    fn run(&self, statement: &str, values: Vec<Value>) -> Result<Vec<Value>>;

    /// Runs `work` as one transaction. If `work` fails, everything that it wrote is rolled back.
    ///
    /// # Errors
    /// The error of `work`, or that of the commit, which may have been made all the same ([`may_be_stored`]).
    fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()>;
}

/// The error of a commit of which nobody knows whether it was made. No other error of a database is of this kind.
pub(super) fn in_doubt(why: String) -> Error {
    Error::BindingError(why)
}

/// Whether what failed with this error may be stored all the same.
pub fn may_be_stored(error: &Error) -> bool {
    matches!(error, Error::BindingError(_))
}
