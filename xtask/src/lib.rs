//! Code that `cargo xtask` and the black-box tests share: paths, process groups that leave no process behind, the local
//! runtime, Node, the browsers, and the compressed size of a body.

pub mod browsers;
pub mod group;
pub mod node;
pub mod paths;
pub mod runtime;
pub mod weight;
