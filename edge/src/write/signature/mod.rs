//! Checks signatures. A [`Verified`] exists only after a signature was checked.
//!
//! There are two schemes, so that senders need no tool of this project: AWS Signature Version 4, which curl implements
//! ([`sigv4`]), and Standard Webhooks ([`webhook`]).

mod authorization;
mod check;
#[cfg(test)]
mod cost_tests;
#[cfg(test)]
mod mutation_tests;
mod sigv4;
mod spelling;
mod unsigned;
mod verified;
mod webhook;

pub use check::{claimed, verify};
pub use verified::{Request, Verified};
