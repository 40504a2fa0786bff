//! The worker's settings: bindings, variables, and the keys that may write. Each is checked once per isolate.

mod key;
mod read;
mod text;

#[cfg(test)]
pub use key::parse_keys;
pub use key::{CLOCK, Key, Material, base64_bytes};
pub use read::{LAST_GOOD, PAGE, Settings, WrongSetting, settings};
pub use text::json_hint;
