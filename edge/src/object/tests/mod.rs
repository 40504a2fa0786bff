//! The object's logic on SQLite in memory.

mod documents;
mod measures;
mod page;
mod signed;
mod writes;
