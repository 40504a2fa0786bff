//! What an address in a setting must not have. No text here contains any part of an address, which may be a secret.

use candor_shared::rules::names_somebody;
use candor_shared::text::Url;

/// Why the address is refused; nothing if it is not. It comes into feeds, into `/healthz` and into answers, which everybody reads.
pub(super) fn fault(url: &Url) -> Option<String> {
    if names_somebody(url) {
        return Some("has a user name or a password, which everybody could read; leave them out".to_owned());
    }
    url.fault()
}

/// The same of an address to which a path is added.
pub(super) fn base_fault(url: &Url) -> Option<String> {
    let is_base = !url.as_str().contains(['?', '#']);
    fault(url)
        .or_else(|| (!is_base).then(|| "has a query or a fragment; give the address without them".to_owned()))
}
