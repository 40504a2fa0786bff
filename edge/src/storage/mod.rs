//! The page's storage: the ledger on SQLite, behind a trait of two methods so that tests can run it in memory.

mod archive;
mod audit;
mod durable;
mod history;
mod ledger;
#[cfg(test)]
pub mod memory;
mod schema;
mod sql;

pub use archive::{Happening, Text};
pub use audit::LoggedUpdate;
pub use durable::DurableSql;
pub use ledger::{Accepted, Ledger, LogLine, Remember};
pub use sql::Sql;
