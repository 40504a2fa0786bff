//! The page's storage: the ledger on SQLite, behind a trait of two methods so that tests can run it in memory.

mod accepted;
mod archive;
mod audit;
mod derived;
mod documents;
mod durable;
mod export;
mod follow;
mod forget;
mod happenings;
mod history;
mod ledger;
mod lines;
mod measures;
#[cfg(test)]
pub mod memory;
mod pushed;
mod reader;
mod restore;
mod running;
mod schema;
mod sql;
mod standby;
mod trim;
mod uptime_sums;

pub use archive::Text;
pub use audit::LoggedUpdate;
pub use durable::DurableSql;
pub use export::{Cursor, ExportPart};
pub use happenings::Happening;
pub use ledger::{Accepted, Ledger, LogLine, Remember, Stored};
#[cfg(any(test, feature = "fuzzing"))]
pub use lines::reread;
pub use lines::{CHUNK_BYTES, END_BYTES, FORMAT, Manifest, end_of_export};
pub use reader::MAX_VERSION;
pub use restore::Progress;
pub use sql::{Sql, may_be_stored};
pub use standby::Standby;
pub use trim::{Confirmed, Trimmed};
