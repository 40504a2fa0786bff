//! The worker's settings: bindings, variables, and the keys that may write.

mod key;
mod read;

#[cfg(test)]
pub use key::parse_keys;
pub use key::{CLOCK, Key, Material};
pub use read::{LAST_GOOD, PAGE, Settings, WrongSetting, settings};
