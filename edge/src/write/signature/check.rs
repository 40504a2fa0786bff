//! Chooses the signature scheme by the headers of the request.

use candor_shared::text::Id;
use candor_shared::time::Time;

use super::verified::{Request, SignatureError, Verified};
use super::{sigv4, webhook};
use crate::settings::Key;

/// The id of the key that a request claims to be signed with, if its scheme names one and there is such a key. Proves nothing.
pub fn claimed(headers: &[(String, String)], keys: &[Key]) -> Option<Id> {
    let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization")?;
    let id = sigv4::claimed(authorization)?;
    keys.iter().map(|key| &key.id).find(|known| known.as_str() == id).cloned()
}

/// Checks the signature of a request: Standard Webhooks if it has those headers and no SigV4 in `Authorization`, which a gateway
/// may have filled with a token of its own; else SigV4.
///
/// # Errors
/// [`SignatureError`]: why the request is refused.
pub fn verify(request: &Request<'_>, keys: &[Key], now: Time) -> Result<Verified, SignatureError> {
    let authorization = request.header("authorization");
    let names = webhook::names(request).filter(|_| authorization.is_none_or(|value| !sigv4::is_meant(value)));
    if let Some(names) = names {
        return webhook::verify(request, names, keys, now);
    }
    if let Some(authorization) = authorization {
        return sigv4::verify(request, authorization, keys, now);
    }
    let unknown = request.headers.iter().find(|(name, _)| name.contains("signature"));
    let unknown = unknown
        .map(|(name, _)| {
            let name: String = name.chars().take(40).collect();
            format!(" The header {name} belongs to another scheme and is not read.")
        })
        .unwrap_or_default();
    Err(SignatureError::Unreadable(format!(
        "The request is not signed.{unknown} Sign it with curl: --aws-sigv4 \"candor:candor\" --user \"KEY_ID:SECRET\", \
         or as a Standard Webhook (webhook-id, webhook-timestamp, webhook-signature)."
    )))
}
