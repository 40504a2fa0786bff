//! Writing: what is let in and what is not. Whatever is refused has changed nothing.

mod accepted;
mod refused;
mod signing;
