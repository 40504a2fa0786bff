//! A request as it arrived, and what a checked signature proves.

use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use sha2::{Digest, Sha256};

/// How far the clocks of the two sides may differ: five minutes, in milliseconds.
const SKEW_MILLIS: u64 = 5 * 60 * 1000;

/// A request as it arrived. Header names are lower case.
pub struct Request<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The host that was asked, with the port unless it is the scheme's own.
    pub host: &'a str,
    /// The path, as it was sent.
    pub path: &'a str,
    /// The query, as it was sent, without the `?`.
    pub query: &'a str,
    /// All other headers. A name may occur twice.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

impl Request<'_> {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A request whose signature was right.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who signed.
    pub key: Id,
    /// What that key may do.
    pub role: Role,
    /// Names this signed request: whatever is accepted under it is accepted once.
    pub signature: String,
    /// The sender's own name for the request, if the scheme signs one.
    pub message_id: Option<String>,
}

/// Why a request is not let in.
#[derive(Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// There is no signature, or it cannot be read. What is wrong.
    Unreadable(String),
    /// No key has this id.
    UnknownKey(String),
    /// The key has ended.
    Expired(Id),
    /// Signed too long ago, or in the future. The time that was signed, if it is one.
    Skew(String),
    /// The signature is not that of this request. What may be the reason.
    Mismatch(String),
}

impl SignatureError {
    /// What to tell the operator.
    pub fn detail(&self, now: Time) -> String {
        match self {
            Self::Unreadable(what) => what.clone(),
            Self::UnknownKey(id) => format!(
                "No key has the id \"{id}\". The part of curl's --user before the colon is the key's id."
            ),
            Self::Expired(id) => format!("The key {id} has ended. Sign with another one."),
            Self::Skew(signed) => format!(
                "The request was signed for {signed}, and it is {now} here. The clocks may differ by 5 minutes; sign it again, or set the clock."
            ),
            Self::Mismatch(what) => what.clone(),
        }
    }
}

pub(super) fn check_skew(signed: Time, now: Time) -> Result<(), SignatureError> {
    if signed.millis_since(now).unsigned_abs() > SKEW_MILLIS {
        return Err(SignatureError::Skew(signed.to_string()));
    }
    Ok(())
}

pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
