//! What `cargo xtask` and the black-box tests have in common: where things are, how programs are started so that
//! nothing is left of them, how the local runtime is, which Node there is, where the browsers are, and what a body
//! weighs when it travels.

pub mod browsers;
pub mod group;
pub mod node;
pub mod paths;
pub mod runtime;
pub mod weight;
