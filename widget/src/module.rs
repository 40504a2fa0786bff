//! The module that the loader fetches: what the library exports to JavaScript, and nothing else.

// Links the library, and with it its exports.
use candor_widget as _;

fn main() {}
