//! Candor's worker.
