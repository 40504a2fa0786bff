//! The worker's settings: bindings, variables, and the keys that may write. Each is checked once per isolate.

mod address;
mod array;
mod editions;
mod key;
mod metrics;
mod push;
mod read;
mod text;

#[cfg(any(test, feature = "fuzzing"))]
pub use editions::parse_edition_keys;
pub use editions::{EditionKey, Editions};
#[cfg(any(test, feature = "fuzzing"))]
pub use key::parse_keys;
pub use key::{CLOCK, Key, Material, base64_bytes};
pub use metrics::MetricsAccess;
pub use push::Bucket;
#[cfg(test)]
pub use push::parse_push;
pub use read::{EDITION_KEY, FAILURES, KEYS, LAST_GOOD, METRICS, PAGE, Settings, WrongSetting, settings};
