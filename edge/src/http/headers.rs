//! The headers that responses carry.

use worker::{Headers, Result};

/// The version that an answer is about.
pub const VERSION_HEADER: &str = "candor-version";
/// Since when what is answered is not confirmed to be current.
pub const UNCONFIRMED_HEADER: &str = "candor-unconfirmed-since";
/// Between the object and whoever asks it: the Content-Security-Policy of a page.
pub const POLICY_HEADER: &str = "candor-policy";
/// How long a copy in a browser or a cache is good. `stale-while-revalidate` and `stale-if-error`
/// are RFC 5861.
pub const PUBLIC_CACHE: &str = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";

/// Headers of everything that any page may read.
///
/// # Errors
/// If the runtime refuses a header.
pub fn public(headers: &Headers) -> Result<()> {
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, date, candor-unconfirmed-since")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")
}

/// Headers of every page (HTML): what it may load, and what it tells others.
///
/// # Errors
/// If the runtime refuses a header.
pub fn page(headers: &Headers, policy: &str) -> Result<()> {
    headers.set("content-security-policy", policy)?;
    headers.set("referrer-policy", "no-referrer")?;
    headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}
