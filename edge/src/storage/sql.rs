//! What the ledger needs from a database: the trait [`Sql`].

use serde_json::Value;
use worker::Result;

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
    /// The error of `work`, or the error of the commit.
    fn transaction(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()>;
}
