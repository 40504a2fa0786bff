//! What `cargo xtask` and the black-box tests have in common: where things are, how the local runtime is
//! started and ended, where the browsers are, and what a body weighs when it travels.

pub mod browsers;
pub mod paths;
pub mod runtime;
pub mod weight;
