//! The object's logic on SQLite in memory.

mod documents;
mod page;
mod writes;
