//! What both schemes share: the request as it arrived, the result of the check, and its errors.

use candor_shared::limits;
use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;

/// A request as it arrived. Header names are lower case.
pub struct Request<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The host, with the port unless it is the default port of the URL's scheme.
    pub host: &'a str,
    /// The path, not decoded.
    pub path: &'a str,
    /// The query, not decoded, without the `?`.
    pub query: &'a str,
    /// The headers. A name may occur twice.
    pub headers: &'a [(String, String)],
    /// The bytes of the body.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// The first value of a header, by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a header that may come only once. The runtime joins the values of a header that came twice with `, `, which other
    /// values have in them as well: it came twice if each part by itself is what the header is to hold.
    pub(super) fn once(
        &self,
        name: &str,
        is_one: impl Fn(&str) -> bool,
    ) -> Result<Option<&str>, SignatureError> {
        let value = self.header(name);
        let several = self.headers.iter().filter(|(known, _)| known == name).count() > 1;
        let joined = |value: &str| value.contains(", ") && value.split(", ").all(&is_one);
        if several || value.is_some_and(joined) {
            return Err(SignatureError::twice(name));
        }
        Ok(value)
    }
}

/// What a valid signature proves about a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// The id of the key that signed.
    pub key: Id,
    /// What the key may do.
    pub role: Role,
    /// Identifies the signed request, so that the object accepts it only once.
    pub signature: String,
    /// The sender's id for the request, if the scheme signs one: `webhook-id`.
    pub message_id: Option<String>,
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// There is no signature, or it cannot be parsed. The text says what is wrong.
    Unreadable(String),
    /// No key of the scheme has this id, which is none if it cannot be an id, or may be a secret.
    UnknownKey(Option<Id>),
    /// The key has expired.
    Expired(Id),
    /// The request was signed too long ago, or in the future: at this time.
    Skew(String),
    /// The signature does not match the request. The text names possible reasons.
    Mismatch(String),
}

/// Where curl has the id of a key from.
const USER: &str = "With curl, the id is the part of --user before the colon: --user \"KEY_ID:SECRET\".";
/// The fewest characters of a secret without what it begins with: 24 bytes in base64.
const SECRET_CHARS: usize = 32;

impl SignatureError {
    /// No key has the id that stands there. It is named only if it cannot be a secret that stands in the wrong place.
    pub(super) fn unknown_key(given: &str) -> Self {
        let id = (given.len() < SECRET_CHARS).then(|| Id::try_from(given.to_owned()).ok());
        Self::UnknownKey(id.flatten())
    }

    /// A header that may come only once came twice.
    pub(super) fn twice(name: &str) -> Self {
        Self::Unreadable(format!(
            "The header {name} came twice. Send it once; a proxy or a default header of your client may add the second."
        ))
    }

    /// The reason in a word, for the log.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::UnknownKey(_) => "unknown_key",
            Self::Expired(_) => "expired",
            Self::Skew(_) => "skew",
            Self::Mismatch(_) => "mismatch",
        }
    }

    /// The sentence for the detail of a 401: what is wrong, and what to do.
    pub fn detail(&self, now: Time) -> String {
        match self {
            Self::Unreadable(what) => what.clone(),
            Self::UnknownKey(Some(id)) => {
                format!("No key with a secret has the id \"{id}\". {USER}")
            }
            Self::UnknownKey(None) => format!(
                "What stands in the place of the key's id is not the id of a key. The id and the secret may be swapped, the id may have \
                 capital letters, or something else than a colon separates them. {USER}"
            ),
            Self::Expired(id) => format!("The key {id} has expired. Sign with another key."),
            Self::Skew(signed) => format!(
                "The request was signed at {signed}, but the time here is {now}. The clocks may differ by 5 minutes: sign the request again, or set your clock."
            ),
            Self::Mismatch(what) => what.clone(),
        }
    }
}

/// Refuses a request that was not signed within five minutes of `now`.
pub(super) fn check_skew(signed: Time, now: Time) -> Result<(), SignatureError> {
    if signed.millis_since(now).unsigned_abs() > limits::CLOCK_SKEW_MILLIS.unsigned_abs() {
        return Err(SignatureError::Skew(signed.to_string()));
    }
    Ok(())
}
