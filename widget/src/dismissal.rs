//! What a visitor has closed, remembered across pages: under `candor:` and the address of status.json,
//! what was shown then, as [`crate::choose::shown`] names it, with commas between. The loader reads and
//! writes the same. Where there is no storage (a sandboxed frame, a private window), the component
//! remembers it for the page view.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn key(url: &str) -> String {
    format!("candor:{url}")
}

/// What was shown when the banner of this address was last closed.
pub(crate) fn recall(url: &str) -> Option<String> {
    storage()?.get_item(&key(url)).ok()?
}

/// Remembers that all this was seen.
pub(crate) fn remember(url: &str, seen: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key(url), seen);
    }
}
