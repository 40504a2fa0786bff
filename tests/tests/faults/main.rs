//! Faults behind the worker, injected into the real runtime by `wrapper.js`. `docs/faults.md` has one row for each.

mod harness;
mod log;
mod objects;
mod places;
mod signed;
mod trim;
