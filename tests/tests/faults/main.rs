//! Faults behind the worker, injected into the real runtime by `wrapper.js`. `docs/faults.md` has one row for each.

mod answers;
mod assets;
mod clocks;
mod copies;
mod doubts;
mod events;
mod floods;
mod harness;
mod isolate;
mod late;
mod log;
mod notes;
mod objects;
mod places;
mod signed;
mod trim;
