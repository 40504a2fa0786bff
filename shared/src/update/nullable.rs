//! Fields whose value can be removed.

use serde::{Deserialize, Deserializer};

/// Distinguishes `null` from an absent field: absent (`None`) leaves the value, `null` (`Some(None)`) removes it, and
/// any other sets it. Needs `#[serde(default)]` on the field.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
