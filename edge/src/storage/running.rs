//! The SHA-256 of a file that is read or written in parts: its state travels between requests.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256};

/// The number of lines so far, and the state of their SHA-256.
#[derive(Clone, Default)]
pub(super) struct Running {
    lines: u64,
    hash: Sha256,
}

impl Running {
    /// The number of lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Adds a line, with its line end.
    pub fn add(&mut self, line: &[u8]) {
        self.lines = self.lines.saturating_add(1);
        self.hash.update(line);
    }

    /// The SHA-256 of all lines so far, in hex.
    pub fn sha256(&self) -> String {
        base16ct::lower::encode_string(&self.hash.clone().finalize())
    }

    /// The state as text: the number of lines, a point, the hash in base64.
    pub fn to_text(&self) -> String {
        let state = SerializableState::serialize(&self.hash);
        format!("{}.{}", self.lines, Base64UrlUnpadded::encode_string(&state))
    }

    /// What [`Self::to_text`] wrote; none for any other text.
    pub fn from_text(text: &str) -> Option<Self> {
        let (lines, state) = text.split_once('.')?;
        let state = Base64UrlUnpadded::decode_vec(state).ok()?;
        let state = SerializedState::<Sha256>::try_from(state.as_slice()).ok()?;
        Some(Self { lines: lines.parse().ok()?, hash: SerializableState::deserialize(&state).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_hash_in_parts_is_the_hash_of_the_whole(lines in prop::collection::vec(".{0,200}", 0..20)) {
            let mut running = Running::default();
            for line in &lines {
                running = Running::from_text(&running.to_text()).unwrap();
                running.add(line.as_bytes());
            }
            let whole = base16ct::lower::encode_string(&Sha256::digest(lines.concat()));
            prop_assert_eq!(running.sha256(), whole);
            prop_assert_eq!(running.lines(), lines.len() as u64);
        }

        #[test]
        fn any_text_is_a_state_or_none(text in "[0-9]{0,3}\\.?[A-Za-z0-9_-]{0,150}") {
            if let Some(running) = Running::from_text(&text) {
                running.sha256();
            }
        }
    }
}
