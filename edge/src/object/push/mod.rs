//! Puts each edition into S3-compatible buckets, where readers find it when this deployment is gone.

mod bucket;
mod files;
mod held;
mod mirror;
mod mirrors;

pub use mirrors::{MirrorHealth, Mirrors};
