//! The object's logic on SQLite in memory.

mod again;
mod backup;
mod backup_refused;
mod clocks;
mod documents;
mod histories;
mod imports;
mod languages;
mod last_days;
mod measures;
mod page;
mod proofs;
mod records;
mod refusing;
mod signed;
mod standby;
mod texts;
mod trim;
mod writes;
