//! The page's storage: the ledger on SQLite, behind a trait of two methods so that tests can run it in memory.

mod archive;
mod audit;
mod derived;
mod documents;
mod durable;
mod forget;
mod happenings;
mod history;
mod ledger;
mod measures;
#[cfg(test)]
pub mod memory;
mod schema;
mod sql;
mod uptime_sums;

pub use archive::Text;
pub use audit::LoggedUpdate;
pub use durable::DurableSql;
pub use happenings::Happening;
pub use ledger::{Accepted, Ledger, LogLine, Remember};
pub use sql::Sql;
