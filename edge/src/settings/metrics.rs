//! Who may read `/metrics`, from the setting `CANDOR_METRICS_TOKEN`. No error text contains any part of a secret.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value with which everybody may read them.
const PUBLIC: &str = "public";
/// The least and the largest number of characters of a token.
const CHARS: std::ops::RangeInclusive<usize> = 24..=256;

/// Who may read `/metrics`. An operator's signed request always may.
pub enum MetricsAccess {
    /// Nobody else.
    Signed,
    /// Everybody who sends this token (RFC 6750).
    Token(String),
    /// Everybody.
    Public,
}

/// Shows no token.
impl fmt::Debug for MetricsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signed => "Signed",
            Self::Token(_) => "Token",
            Self::Public => "Public",
        })
    }
}

impl MetricsAccess {
    /// Whether a token is the one that is set. Takes the same time for every wrong one.
    pub fn accepts(&self, token: &str) -> bool {
        let Self::Token(own) = self else { return false };
        // Tags under both tokens are equal only if the tokens are; `verify_slice` compares them in constant time. HMAC fills a short
        // key with zeros, therefore the lengths.
        let tag = |key: &str| Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok();
        match (tag(own), tag(token)) {
            (Some(mac), Some(given)) => {
                own.len() == token.len() && mac.verify_slice(&given.finalize().into_bytes()).is_ok()
            }
            _ => false,
        }
    }
}

/// Parses the setting: a token, `public`, or nothing.
///
/// # Errors
/// A text that says what is wrong and contains no part of the token.
pub(super) fn parse_metrics_access(text: &str) -> Result<MetricsAccess, &'static str> {
    match text {
        "" => Ok(MetricsAccess::Signed),
        PUBLIC => Ok(MetricsAccess::Public),
        // The characters of a bearer token (RFC 6750, section 2.1).
        _ if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) => {
            Err("a token consists of letters, digits and -._~+/= only; make one with `openssl rand -hex 24`")
        }
        _ if !CHARS.contains(&text.len()) => Err(
            "it is neither \"public\" nor a token of 24 to 256 characters; make one with `openssl rand -hex 24`",
        ),
        _ => Ok(MetricsAccess::Token(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdefghijklmn";

    #[test]
    fn a_token_is_long_or_the_word_public() {
        assert!(matches!(parse_metrics_access(""), Ok(MetricsAccess::Signed)));
        assert!(matches!(parse_metrics_access("public"), Ok(MetricsAccess::Public)));
        assert!(matches!(parse_metrics_access(TOKEN), Ok(MetricsAccess::Token(_))));
        for bad in ["hunter2", "Public", "hunter2hunter2hunter2 hunter2", &"hunter2".repeat(99)] {
            let problem = parse_metrics_access(bad).unwrap_err();
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        assert_eq!(format!("{:?}", parse_metrics_access(TOKEN)), "Ok(Token)");
    }

    #[test]
    fn only_the_token_is_accepted() {
        let access = parse_metrics_access(TOKEN).unwrap();
        assert!(access.accepts(TOKEN));
        for other in ["", "0123456789abcdefghijklm", "0123456789abcdefghijklmo", "0123456789ABCDEFGHIJKLMN"] {
            assert!(!access.accepts(other), "{other}");
        }
        assert!(!access.accepts(&format!("{TOKEN}\0")));
        assert!(!MetricsAccess::Signed.accepts("") && !MetricsAccess::Public.accepts("public"));
    }
}
