//! What a visitor has closed, remembered across pages: under `candor:` and the address of the bulletin, the keys of the lines that
//! were shown then, one in each line. Where there is no storage (a sandboxed frame, a private window), the component remembers
//! it for the page view.

use candor_shared::bulletin::Line;
#[cfg(feature = "csr")]
use web_sys::Storage;

/// The keys of these lines, as they are remembered.
pub(crate) fn keys(lines: &[Line]) -> String {
    lines.iter().map(|line| line.key.as_str()).collect::<Vec<_>>().join("\n")
}

/// Whether a visitor who closed the banner when it showed `seen` has seen all of these lines. What has gone since is no news.
pub(crate) fn is_seen(lines: &[Line], seen: &str) -> bool {
    lines.iter().all(|line| seen.lines().any(|key| key == line.key))
}

#[cfg(feature = "csr")]
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

#[cfg(feature = "csr")]
fn name(address: &str) -> String {
    format!("candor:{address}")
}

/// What was shown when the banner of this address was last closed.
#[cfg(feature = "csr")]
pub(crate) fn recall(address: &str) -> Option<String> {
    storage()?.get_item(&name(address)).ok()?
}

/// Remembers that all this was seen.
#[cfg(feature = "csr")]
pub(crate) fn remember(address: &str, seen: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&name(address), seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn what_was_closed_returns_with_anything_that_was_not_seen() {
        let lines = sample::bulletin("en").lines;
        let seen = keys(&lines);
        assert!(is_seen(&lines, &seen) && !is_seen(&lines, ""));
        assert!(is_seen(&lines[1..], &seen), "what has gone is no news");
        assert!(!is_seen(&lines, &keys(&lines[1..])), "what has come is");
        let mut changed = lines;
        changed[0].key.push('1');
        assert!(!is_seen(&changed, &seen));
        assert!(is_seen(&[], ""));
    }
}
