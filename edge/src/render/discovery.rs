//! `.well-known/candor.json`: the keys that sign the page's documents, and where to find what is signed.

use candor_shared::published::PageEntry;
use candor_shared::text::Url;
use serde::Serialize;

use super::source::Source;
use crate::document::SIGNED;
use crate::settings::Editions;

/// `GET /.well-known/candor.json`, schema 1. It is a JWK Set (RFC 7517) with further members.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DiscoveryDocument {
    /// The schema: 1.
    pub schema: u32,
    /// The page.
    pub page: PageEntry,
    /// The keys whose signatures hold; empty if nothing is signed.
    pub keys: Vec<PublicKey>,
    /// Where signed documents are: a URI template (RFC 6570), whose `path` is the name of a document, such as `/status.json`. Absent
    /// if nothing is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// The addresses at which others hold signed copies.
    pub mirrors: Vec<Url>,
}

/// An Ed25519 public key as a JWK (RFC 7517, RFC 8037).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PublicKey {
    /// The id of the key, which signatures name.
    pub kid: String,
    /// The kind of key: `OKP`.
    pub kty: &'static str,
    /// The curve: `Ed25519`.
    pub crv: &'static str,
    /// The algorithm: `EdDSA`.
    pub alg: &'static str,
    /// What the key is for: `sig`, signatures.
    #[serde(rename = "use")]
    pub purpose: &'static str,
    /// The public key, in base64url.
    pub x: String,
}

/// The document, with the keys that have not expired.
pub(super) fn discovery_document(source: &Source<'_>, editions: &Editions) -> DiscoveryDocument {
    let page = &source.state.page;
    let keys: Vec<PublicKey> = editions
        .valid(source.now)
        .map(|key| PublicKey {
            kid: key.id.to_string(),
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            purpose: "sig",
            x: key.public(),
        })
        .collect();
    // A name begins with a slash, so none stands before it.
    let signed = (!keys.is_empty()).then(|| page.address_or_path(&format!("{SIGNED}{{+path}}")));
    DiscoveryDocument {
        schema: 1,
        page: PageEntry::of(page),
        keys,
        signed,
        mirrors: editions.mirrors.clone(),
    }
}
