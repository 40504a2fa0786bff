//! A signed document: a JWS in its compact form (RFC 7515), Ed25519 (RFC 8037). The payload is the document as it is served.

use base64ct::{Base64UrlUnpadded, Encoding};
use candor_shared::text::Url;
use candor_shared::time::Time;
use serde::Serialize;
use worker::Result;

use super::rendered::Rendered;
use super::source::Source;
use crate::document::Document;
use crate::settings::EditionKey;

/// The protected header. Everything in it is signed. The last six are Candor's own; none of their names is registered.
#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    kid: &'a str,
    typ: &'static str,
    #[serde(flatten)]
    claims: &'a Claims<'a>,
}

/// The metadata of a signed text.
#[derive(Serialize)]
pub struct Claims<'a> {
    /// The media type of the payload.
    pub cty: &'a str,
    /// The address of the page; absent until it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<&'a str>,
    /// The name of the document.
    pub path: &'a str,
    pub version: u64,
    pub epoch: &'a str,
    pub published_at: Time,
    /// When the document was known to be true.
    pub signed_at: Time,
}

/// A document as it was rendered, signed.
///
/// # Errors
/// If the header cannot be serialised.
pub fn sign(
    document: &Document,
    rendered: &Rendered,
    key: &EditionKey,
    source: &Source<'_>,
) -> Result<Rendered> {
    let Source { state, version, epoch, published_at, now: signed_at, .. } = *source;
    let (media_type, path) = (document.media_type(), document.path());
    // RFC 7515, section 4.1.10: "application/" is left out where no other slash follows.
    let cty = media_type.strip_prefix("application/").unwrap_or(media_type);
    let page = state.page.url.as_ref().map(Url::ascii);
    let page = page.as_deref();
    let claims = Claims { cty, page, path: &path, version, epoch, published_at, signed_at };
    let jws = sign_text(&rendered.body, key, &claims)?;
    Ok(Rendered::new(&Document::Signed(Box::new(document.clone())), version, jws))
}

/// A text, signed together with its metadata.
///
/// # Errors
/// If the header cannot be serialised.
pub fn sign_text(text: &str, key: &EditionKey, claims: &Claims<'_>) -> Result<String> {
    let header =
        serde_json::to_string(&Header { alg: "EdDSA", kid: key.id.as_str(), typ: "candor+jws", claims })?;
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    let signed = format!("{}.{}", encode(&header), encode(text));
    let signature = key.sign(&signed);
    Ok(format!("{signed}.{signature}"))
}
