//! The header names of this worker, and the sets of headers that responses share.

use worker::{Headers, Result};

/// The version of the page that a response is about.
pub const VERSION_HEADER: &str = "candor-version";
/// The epoch of the object's storage: a random id that it got when it was made. A version counts within its epoch only.
pub const EPOCH_HEADER: &str = "candor-epoch";
/// On a document that the object hands over, and on a copy: when its version was published, in milliseconds since 1970.
pub const PUBLISHED_HEADER: &str = "candor-published-at";
/// On a document that the object hands over, and on its refusal of a late write: the object's own time, in milliseconds since 1970.
pub const CLOCK_HEADER: &str = "candor-clock";
/// On every question of the worker to the object: the worker's own time, in milliseconds since 1970. A write also has the object's
/// ([`CLOCK_HEADER`]), as the worker has heard it before the write began.
pub const ASKED_HEADER: &str = "candor-asked-at";
/// On an answer of the object that is no document: the hash of the body, as an ETag.
pub const DIGEST_HEADER: &str = "candor-digest";
/// On a question of the worker to the object: the version whose documents the worker has listed, so that a 404 need not list
/// them again.
pub const LISTED_HEADER: &str = "candor-listed";
/// On a question of the worker to the object: the version that the worker knows, with its epoch. The answer comes when there is another.
pub const KNOWN_HEADER: &str = "candor-known";
/// On the answer to that: for how long the object held it back, in milliseconds.
pub const HELD_HEADER: &str = "candor-held";
/// On an unconfirmed copy: when the object last confirmed it (RFC 3339).
pub const UNCONFIRMED_HEADER: &str = "candor-unconfirmed-since";
/// On an error of a request to write: nobody knows whether it was done.
pub const DOUBT_HEADER: &str = "candor-in-doubt";
/// On a question of the worker to the object of a standby: that a page may be old which the standby cannot vouch for. On the answer:
/// when the page that it follows last confirmed it, in milliseconds since 1970.
pub const LAST_KNOWN_HEADER: &str = "candor-last-known";
/// Carries the Content-Security-Policy of a page from the object to the worker. Visitors never get this header.
pub const POLICY_HEADER: &str = "candor-policy";

/// Sets the headers of every public response: any site may read it.
///
/// # Errors
/// If the runtime refuses a header.
pub fn public(headers: &Headers) -> Result<()> {
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, date, candor-unconfirmed-since")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")
}

/// Sets the headers of an HTML page: its Content-Security-Policy, no referrer, no device permissions.
///
/// # Errors
/// If the runtime refuses a header.
pub fn page(headers: &Headers, policy: &str) -> Result<()> {
    headers.set("content-security-policy", policy)?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}
