//! Fields that can be taken away.

use serde::{Deserialize, Deserializer};

/// Absent: leave it. `null`: take it away. A value: set it.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
