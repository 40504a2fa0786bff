//! Signatures: AWS Signature Version 4 under any provider name, and Standard Webhooks. This module follows the
//! standards and shares no code with the worker, so that a mistake in one does not pass in the other.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::Signer;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A request's headers.
pub type Headers = Vec<(String, String)>;

/// A key that signs.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key's id in `CANDOR_KEYS`.
    pub id: String,
    /// `whsec_` and base64 of the secret; for Ed25519 `whsk_` and base64 of the seed.
    pub secret: String,
}

impl Key {
    /// A random symmetric key.
    pub fn random(id: &str) -> Self {
        Self { id: id.to_owned(), secret: format!("whsec_{}", STANDARD.encode(random::<32>())) }
    }

    /// A random Ed25519 key.
    pub fn random_ed25519(id: &str) -> Self {
        Self { id: id.to_owned(), secret: format!("whsk_{}", STANDARD.encode(random::<32>())) }
    }

    /// The public key of an Ed25519 key: `whpk_` and base64.
    pub fn public(&self) -> String {
        format!("whpk_{}", STANDARD.encode(self.ed25519().verifying_key().as_bytes()))
    }

    /// A signed document (RFC 7515) with this header and payload, by an Ed25519 key.
    pub fn jws(&self, header: &str, payload: &str) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let content = format!("{}.{}", encode(header.as_bytes()), encode(payload.as_bytes()));
        let signature = encode(&self.ed25519().sign(content.as_bytes()).to_bytes());
        format!("{content}.{signature}")
    }

    fn bytes(&self) -> Vec<u8> {
        let (_, encoded) = self.secret.split_once('_').expect("a prefix");
        STANDARD.decode(encoded).expect("base64")
    }

    fn ed25519(&self) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&self.bytes().try_into().expect("32 bytes"))
    }
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("randomness");
    bytes
}

/// A request id that no other request has.
pub fn unique_id() -> String {
    format!("msg_{}", hex(&random::<12>()))
}

/// The three headers of Standard Webhooks, signed with this key: `v1`, or `v1a` for a `whsk_` key.
pub fn webhook(key: &Key, id: &str, at: Timestamp, body: &[u8]) -> Headers {
    let timestamp = at.as_second().to_string();
    let mut content = format!("{id}.{timestamp}.").into_bytes();
    content.extend_from_slice(body);
    let signature = if key.secret.starts_with("whsk_") {
        format!("v1a,{}", STANDARD.encode(key.ed25519().sign(&content).to_bytes()))
    } else {
        format!("v1,{}", STANDARD.encode(mac(&key.bytes(), &content)))
    };
    vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), timestamp),
        ("webhook-signature".to_owned(), signature),
    ]
}

/// A request to sign with Signature Version 4. To test a signature of another request, change a field before
/// signing; to test a wrong signature, change the headers afterwards.
#[derive(Debug, Clone)]
pub struct SigV4<'a> {
    /// `candor` or `aws`: part of the algorithm's name, the end of the scope and the prefix of the secret.
    pub provider: &'a str,
    /// The infix of the date header: `candor` (`x-candor-date`) or `amz`.
    pub header: &'a str,
    /// The method.
    pub method: &'a str,
    /// The `host` header.
    pub host: &'a str,
    /// The path, as sent.
    pub path: &'a str,
    /// The query, sorted, without `?`.
    pub query: &'a str,
    /// The time of the signature.
    pub at: Timestamp,
    /// The scope's region.
    pub region: &'a str,
    /// The scope's service.
    pub service: &'a str,
    /// Further headers to sign. Their names are in lower case.
    pub extra: Headers,
    /// The payload hash to sign. If absent, the SHA-256 of the body.
    pub payload: Option<&'a str>,
    /// Whether the `host` header is signed. The worker requires it.
    pub host_signed: bool,
}

impl<'a> SigV4<'a> {
    /// A `POST /v1/updates` under the candor names.
    pub fn update(host: &'a str) -> Self {
        Self {
            provider: "candor",
            header: "candor",
            method: "POST",
            host,
            path: "/v1/updates",
            query: "",
            at: Timestamp::now(),
            region: "local",
            service: "updates",
            extra: vec![("content-type".to_owned(), "application/json".to_owned())],
            payload: None,
            host_signed: true,
        }
    }

    /// The same under the AWS names.
    pub fn aws(self) -> Self {
        Self { provider: "aws", header: "amz", ..self }
    }

    /// The headers of the signed request: those of the signature, and `extra`.
    pub fn sign(&self, key: &Key, body: &[u8]) -> Headers {
        let upper = self.provider.to_ascii_uppercase();
        let time = self.at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let date = &time[..8];
        let date_name = format!("x-{}-date", self.header);
        let mut signed: Headers = self.extra.clone();
        if self.host_signed {
            signed.push(("host".to_owned(), self.host.to_owned()));
        }
        signed.push((date_name, time.clone()));
        signed.sort();
        let names = signed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
        let tidy = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{}\n", tidy(value))).collect();
        let hash = self.payload.map_or_else(|| hex(&Sha256::digest(body)), str::to_owned);
        let canonical = format!("{}\n{}\n{}\n{lines}\n{names}\n{hash}", self.method, self.path, self.query);
        let scope = format!("{date}/{}/{}/{}4_request", self.region, self.service, self.provider);
        let text = format!("{upper}4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let mut chain = format!("{upper}4{}", key.secret).into_bytes();
        for part in [date, self.region, self.service, &format!("{}4_request", self.provider), &text] {
            chain = mac(&chain, part.as_bytes());
        }
        let authorization = format!(
            "{upper}4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
            key.id,
            hex(&chain)
        );
        let mut headers = signed;
        // The client adds `host` itself.
        headers.retain(|(name, _)| name != "host");
        headers.push(("authorization".to_owned(), authorization));
        headers
    }
}

fn mac(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
