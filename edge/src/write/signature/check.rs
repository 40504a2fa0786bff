//! Chooses the signature scheme by the headers of the request.

use candor_shared::time::Time;

use super::verified::{Request, SignatureError, Verified};
use super::{sigv4, webhook};
use crate::settings::Key;

/// Checks the signature of a request: SigV4 if it has `Authorization`, else Standard Webhooks.
///
/// # Errors
/// [`SignatureError`]: why the request is refused.
pub fn verify(request: &Request<'_>, keys: &[Key], now: Time) -> Result<Verified, SignatureError> {
    if let Some(authorization) = request.header("authorization") {
        return sigv4::verify(request, authorization, keys, now);
    }
    if let Some(signatures) = request.header("webhook-signature") {
        return webhook::verify(request, signatures, keys, now);
    }
    Err(SignatureError::Unreadable(
        "The request is not signed. Sign it with curl: --aws-sigv4 \"candor:candor\" --user \"KEY_ID:SECRET\", \
         or as a Standard Webhook (webhook-id, webhook-timestamp, webhook-signature)."
            .to_owned(),
    ))
}
