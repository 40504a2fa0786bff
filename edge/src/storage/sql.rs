//! What the ledger needs of a database.

use serde_json::Value;
use worker::Result;

/// A SQLite database that one page has for itself. The Durable Object's in production, one in memory in tests.
pub trait Sql {
    /// Runs a statement with its values (strings, integers and null) and returns the rows, each an object by column
    /// name.
    ///
    /// # Errors
    /// If the database refuses or cannot be reached.
    fn run(&self, statement: &str, values: Vec<Value>) -> Result<Vec<Value>>;

    /// Runs `work` as one transaction: if it fails, nothing that it wrote stays.
    ///
    /// # Errors
    /// What `work` returned, or that the database could not commit.
    fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()>;
}
