//! Checks whichever signature a request has.

use candor_shared::time::Time;

use super::verified::{Request, SignatureError, Verified};
use super::{sigv4, webhook};
use crate::settings::Key;

/// Checks whichever signature the request has.
///
/// # Errors
/// [`SignatureError`]: why it is not let in.
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
