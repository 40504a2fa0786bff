//! Writes: which requests the worker accepts, and which it refuses without a change.

mod accepted;
mod causes;
mod flood;
mod refused;
mod signing;
