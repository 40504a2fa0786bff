//! What every kind of update defines: how it is parsed, when it happened, and which entities the rules need for it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{InputError, invalid, member};
use crate::state::EntityRef;
use crate::time::Time;

/// One kind of update.
pub(super) trait Kind: Sized {
    /// Renamed fields: the old name and the new one. The old name is refused with an error that gives the new one.
    const RENAMED: &[(&str, &str)] = &[];

    /// When it happened, if the update has an `at`.
    fn at(&self) -> Option<Time> {
        None
    }

    /// The entities that the rules need; see [`super::Update::needs`].
    fn needs(&self, _version: u64) -> Vec<EntityRef> {
        Vec::new()
    }
}

/// Parses a kind of update from its fields.
pub(super) trait Read: Sized {
    /// Parses `fields`: the update at the JSON pointer `base`, without `type`.
    fn read(fields: Value, base: &str) -> Result<Self, InputError>;
}

impl<T: Kind + DeserializeOwned> Read for T {
    fn read(fields: Value, base: &str) -> Result<Self, InputError> {
        if let Some((old, new)) = T::RENAMED.iter().find(|(old, _)| fields.get(old).is_some()) {
            return Err(invalid(
                format!("{base}/{old}"),
                format!("\"{old}\" was renamed to \"{new}\"; use that."),
            ));
        }
        typed(fields, base)
    }
}

/// Deserialises a value. An error carries the pointer to its place, which begins with `base`.
pub(super) fn typed<T: DeserializeOwned>(value: Value, base: &str) -> Result<T, InputError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = base.to_owned();
        for segment in error.path() {
            use serde_path_to_error::Segment;
            let name = match segment {
                Segment::Map { key } => key.clone(),
                Segment::Enum { variant } => variant.clone(),
                Segment::Seq { index } => index.to_string(),
                Segment::Unknown => continue,
            };
            pointer = member(&pointer, &name);
        }
        invalid(pointer, in_words(error.inner().to_string()))
    })
}

/// The parser's message without the names of this program's types.
fn in_words(message: String) -> String {
    if let Some(unknown) = message.strip_suffix(", there are no fields") {
        return format!("{unknown}; this update has no field but \"type\"");
    }
    match message.strip_suffix("expected u32") {
        Some(given) => format!("{given}expected a whole number from 0 to {}, such as 3", u32::MAX),
        None => message,
    }
}
