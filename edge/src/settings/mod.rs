//! The worker's settings: bindings, variables, and the keys that may write. Each is checked once per isolate.

mod key;
mod read;

pub use key::{CLOCK, Key, Material, parse_keys};
pub use read::{LAST_GOOD, PAGE, Settings, WrongSetting, settings};
