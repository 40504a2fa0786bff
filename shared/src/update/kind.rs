//! What every kind of update has: how it is read, when it happened, and what it is about.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{InputError, invalid};
use crate::state::EntityRef;
use crate::time::Time;

/// One kind of update.
pub(super) trait Kind: Sized {
    /// Fields that had another name once: the old name and the present one.
    const RENAMED: &[(&str, &str)] = &[];

    /// When it happened, if the update says so.
    fn at(&self) -> Option<Time> {
        None
    }

    /// The closed entities that the rules need to see; see [`super::Update::needs`].
    fn needs(&self, _version: u64) -> Vec<EntityRef> {
        Vec::new()
    }
}

/// How a kind is read from the fields beside `type`.
pub(super) trait Read: Sized {
    /// Reads the fields of the object at `base`, a JSON pointer.
    fn read(fields: Value, base: &str) -> Result<Self, InputError>;
}

impl<T: Kind + DeserializeOwned> Read for T {
    fn read(fields: Value, base: &str) -> Result<Self, InputError> {
        if let Some((old, new)) = T::RENAMED.iter().find(|(old, _)| fields.get(old).is_some()) {
            return Err(invalid(format!("{base}/{old}"), format!("\"{old}\" is called \"{new}\" now.")));
        }
        typed(fields, base)
    }
}

/// Reads a value; an error says where in it, from `base` on.
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
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        invalid(pointer, error.inner().to_string())
    })
}
