//! What a visitor has closed, remembered across pages: under `candor:` and the address of status.json,
//! the time of the newest thing that was shown. The loader reads and writes the same. Where there is
//! no storage (a sandboxed frame, a private window), the component remembers it for the page view.

use candor_shared::Time;
use web_sys::Storage;

use crate::clock::iso;
use crate::read::time;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn key(url: &str) -> String {
    format!("candor:{url}")
}

/// When the banner of this address was last closed.
pub(crate) fn recall(url: &str) -> Option<Time> {
    time(&storage()?.get_item(&key(url)).ok()??)
}

/// Remembers that all up to here was seen.
pub(crate) fn remember(url: &str, newest: Time) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key(url), &iso(newest));
    }
}
