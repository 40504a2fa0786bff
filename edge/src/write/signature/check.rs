//! Chooses the signature scheme by the headers of the request.

use candor_shared::text::Id;
use candor_shared::time::Time;

use super::verified::{Request, SignatureError, Verified};
use super::{authorization, sigv4, unsigned, webhook};
use crate::settings::Key;

/// The id of the key that a request claims to be signed with, if its scheme names one and there is such a key. Proves nothing.
pub fn claimed(headers: &[(String, String)], keys: &[Key]) -> Option<Id> {
    let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization")?;
    let id = authorization::claimed(authorization)?;
    keys.iter().map(|key| &key.id).find(|known| known.as_str() == id).cloned()
}

/// Checks the signature of a request: SigV4 if `Authorization` holds one, which a gateway may have filled with a token of its own; else
/// Standard Webhooks if it has those headers.
///
/// # Errors
/// [`SignatureError`]: why the request is refused.
pub fn verify(request: &Request<'_>, keys: &[Key], now: Time) -> Result<Verified, SignatureError> {
    let authorization = request.header("authorization").filter(|value| authorization::is_meant(value));
    if let Some(authorization) = authorization {
        return sigv4::verify(request, authorization, keys, now);
    }
    if let Some(names) = webhook::names(request) {
        return webhook::verify(request, names, keys, now);
    }
    Err(SignatureError::Unreadable(unsigned::detail(request)))
}
